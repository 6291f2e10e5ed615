"""Where the program starts: the version without further ado, everything else by the command's name."""

from __future__ import annotations

import gc
import sys
from typing import Final, NoReturn

from staffdesk import __version__

_OFTEN_ENOUGH: Final = (50_000, 20, 20)
"""How much is made before it is looked for garbage: what a command imports is none, and is most of what it makes."""


def main() -> NoReturn:
    """Run the command of ``sys.argv`` and end the process with its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"] and _said_version():
        sys.exit(0)
    gc.set_threshold(*_OFTEN_ENOUGH)
    from staffdesk.cli.guard import guarded, prepare_process  # noqa: PLC0415 - the version needs nothing of it

    prepare_process()
    sys.exit(guarded(arguments))


def _said_version() -> bool:
    """Say the version; who cannot say it leaves the words about that to the guard."""
    try:
        sys.stdout.write(f"staffdesk {__version__}\n")
        sys.stdout.flush()
    except (OSError, AttributeError):  # a full disk, a reader that is gone, or no standard output
        return False
    return True
