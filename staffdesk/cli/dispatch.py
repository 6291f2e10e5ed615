"""From a command line to its command, and from a usage error to a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from staffdesk.cli.commands import app
from staffdesk.cli.output import say


def dispatch(arguments: Sequence[str]) -> int:
    """Run the command that ``arguments`` name and return its exit code; 2 for a command line nobody understands."""
    try:
        code = app(list(arguments), prog_name="staffdesk", standalone_mode=False)
    except TyperException as error:
        say(error.format_message(), "Run: staffdesk --help, or the command with --help")
        return error.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0
