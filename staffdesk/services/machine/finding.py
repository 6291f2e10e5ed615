"""What was found at one look, and the machine that is looked at."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import Misconfigured

_PATIENCE: Final = 10
_TIME_ERROR: Final = 5
_ROOM_FOR_TIMEX: Final = 512


class Grade(StrEnum):
    """How a look ended; the value is the word a person reads."""

    GOOD = "ok"
    OPEN = "open"
    UNREAD = "not read"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One look: what it was at, one sentence, the next step, and the exit code it asks for (0 where none)."""

    about: str
    found: str
    hint: str = ""
    grade: Grade = Grade.GOOD
    exit_code: int = 0


def open_still(about: str, found: str, hint: str) -> Finding:
    """Return what would be better closed; it stops nothing."""
    return Finding(about, found, hint, Grade.OPEN)


def unread(about: str, found: str, hint: str = "") -> Finding:
    """Return what could not be looked at, and why."""
    return Finding(about, found, hint, Grade.UNREAD)


def wrong(about: str, found: str, hint: str) -> Finding:
    """Return what lets somebody past the desk or at its files."""
    return Finding(about, found, hint, Grade.WRONG, Misconfigured.exit_code)


def run(command: Sequence[str]) -> str | None:
    """Return what a command of the system prints, or None where it is not there or refuses."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, and names of accounts from the system's own list
            command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def clock_is_set() -> bool | None:
    """Return whether the kernel says that its clock follows another, or None where it cannot be asked."""
    if sys.platform != "linux":
        return None
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_ROOM_FOR_TIMEX))
    return None if state < 0 else int(state) != _TIME_ERROR


@dataclass(frozen=True, slots=True)
class Machine:
    """What is looked at: the files below ``root``, and what a command prints there."""

    root: Path = Path("/")
    system: str = sys.platform
    is_root: bool = os.geteuid() == 0
    run: Callable[[Sequence[str]], str | None] = run
    clock_is_set: Callable[[], bool | None] = clock_is_set

    @property
    def is_linux(self) -> bool:
        """Whether what only Linux tells can be read."""
        return self.system == "linux"

    def file(self, path: str) -> Path:
        """Return a file of this machine by its absolute path."""
        return self.root / path.removeprefix("/")

    def text(self, path: str) -> str | None:
        """Return what stands in a file, or None where it is not there or closed."""
        try:
            return self.file(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
