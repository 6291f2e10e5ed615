"""Where a file lies, as somebody types it or drops it on a terminal."""

from __future__ import annotations

import shlex
from pathlib import Path

from staffdesk.services.home import expanded


def path_of(typed: str) -> Path:
    """Return a path as it was typed, or as a window of files drops it on a terminal: in quotes, or with backslashes."""
    plainly = expanded(Path(typed))
    if plainly.exists():
        return plainly
    try:
        parts = shlex.split(typed)
    except ValueError:
        return plainly
    return expanded(Path(parts[0])) if len(parts) == 1 else plainly
