"""Whether a folder is one's own: who else can put files in it, or look into it."""

from __future__ import annotations

import os
import stat
from typing import Final

OTHERS_READ: Final = stat.S_IRWXO
"""What everybody else on the machine may do there."""

OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
"""What lets another put a file in the place of one that is there."""

ANY_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def shared(found: os.stat_result, name: str, closed: int) -> tuple[str, str] | None:
    """Return why a folder is not this process's own, and what to do; nothing where it is.

    ``closed`` are the rights that nobody else may have on it. Ask of an open descriptor where it is then written to.
    """
    if found.st_uid != os.geteuid():
        return f"The folder {name} is another account's.", "Give it to the account staffdesk runs under: chown"
    if stat.S_IMODE(found.st_mode) & closed:
        mode = stat.S_IMODE(found.st_mode) & ~closed
        return f"The folder {name} is open to others.", f"Run: chmod {mode:o} {name}"
    return None
