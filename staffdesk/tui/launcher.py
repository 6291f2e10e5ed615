"""The process above the desk: it waits, and gives the terminal back whatever became of the desk below.

It holds no data and imports neither the framework nor the data layer: what ends the desk finds nothing here. The desk
stays in its process group: the terminal reads, writes and is resized as if there were one process.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import sys
import termios
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, Final

_KEYS: Final = 0
_FRAMES: Final = 2
_LOCAL_MODES: Final = 3
_SIGNALLED: Final = 128

_ALWAYS_PASSED: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGCONT)
_PASSED_WHERE_THE_TERMINAL_SENDS_NONE: Final = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
"""From a key these reach the desk by themselves; the desk's terminal makes none of its keys a signal."""

_BLANK: Final = b"\x18\x1b[2J\x1b[H"
"""Ends whatever sequence the desk was in the middle of, then wipes the screen."""
_GIVEN_BACK: Final = b"".join((
    b"\x18",
    b"\x1b[?2026l",  # a frame that is held back
    b"\x1b[0m\x1b[r",
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l",  # the mouse
    b"\x1b[?1004l\x1b[?2004l\x1b[?2048l",  # focus, pasting, sizes as keys
    b"\x1b[<u",  # the kitty keyboard, which each screen has for itself
    b"\x1b[?1049l",
    b"\x1b[?7h\x1b[?25h\x1b[0m",
))  # fmt: skip
"""Ends every mode that a desk may have begun; each alone is nothing to a terminal that is not in it."""

_PR_SET_PDEATHSIG: Final = 1

_SENTENCE: Final = "staffdesk was stopped (signal {number}). No record was written to the terminal.\n"


_above: int | None = None
"""The process that waits for this one."""
_stops = mmap.mmap(-1, 1)
"""One byte of both processes: how often, modulo 256, the one below was found stopped."""


def launch() -> None:
    """Return in a child process; this one waits for it, restores the terminal, and ends with its code.

    Call it once, before there is a thread and before anything of a customer is read. The child ends as for a lost
    terminal when this process is gone, on Linux even where it was stopped by then. A child that a signal ended is said
    to have been stopped, and the code is 128 and its number, as a shell has it.
    """
    global _above  # noqa: PLW0603 - there is one such process, and only the child asks for it
    as_found = _modes()
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    above, below = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(below)
        _above = parent
        _run_on_without()
        threading.Thread(target=_end_with, args=(above,), name="launcher-watch", daemon=True).start()
        return
    os.close(above)
    os._exit(_wait(child, as_found))


def is_orphaned() -> bool:
    """Say whether this is a child whose launcher is gone: it shows nothing more, its end has begun."""
    return _above is not None and os.getppid() != _above


def times_stopped() -> int:
    """Return a number that is another each time the process above found this one stopped, before it wipes anything."""
    return _stops[0]


def _run_on_without() -> None:
    """Let a child that is stopped go on when the process above is gone, so that it can end."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGCONT, 0, 0, 0)


def _end_with(above: int) -> None:
    """Hang up once nothing holds the other end of this pipe, which the process above alone does."""
    os.read(above, 1)
    os.kill(os.getpid(), signal.SIGHUP)


def _wait(child: int, as_found: list[Any] | None) -> int:
    def pass_on(number: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    def pass_on_from_outside(number: int, frame: FrameType | None) -> None:
        modes = _modes()
        if modes is not None and not modes[_LOCAL_MODES] & termios.ISIG:
            pass_on(number, frame)

    for numbers, handler in ((_ALWAYS_PASSED, pass_on), (_PASSED_WHERE_THE_TERMINAL_SENDS_NONE, pass_on_from_outside)):
        for number in numbers:
            signal.signal(number, handler)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            _stopped(as_found)
        elif os.WIFSIGNALED(status):
            _give_back(as_found)
            _write(_SENTENCE.format(number=os.WTERMSIG(status)).encode("ascii"))
            return _SIGNALLED + os.WTERMSIG(status)
        else:
            _restore(as_found)
            return os.waitstatus_to_exitcode(status)


def _stopped(as_found: list[Any] | None) -> None:
    """Leave nothing to read on the screen of a stopped desk; stop too where it gave the terminal back to a shell.

    First of all the desk learns of it: what it had painted by then must not follow the wipe when it goes on.
    """
    _stops[0] = (_stops[0] + 1) % 256
    if _modes() != as_found:
        _write(_BLANK)
    elif os.getpgrp() != os.getsid(0):
        os.kill(os.getpid(), signal.SIGSTOP)


def _give_back(as_found: list[Any] | None) -> None:
    """Do what a desk that was killed could not; its frame is wiped only where one may stand."""
    _write((_BLANK if _modes() != as_found else b"") + _GIVEN_BACK)
    _restore(as_found)


def _restore(as_found: list[Any] | None) -> None:
    """Set the modes of the keyboard as they were, and drop what was typed for the desk where they were not."""
    if as_found is None or _modes() == as_found:
        return
    with suppress(termios.error):  # the terminal is gone
        termios.tcsetattr(_KEYS, termios.TCSANOW, as_found)
        termios.tcflush(_KEYS, termios.TCIFLUSH)


def _modes() -> list[Any] | None:
    try:
        return termios.tcgetattr(_KEYS)
    except termios.error:
        return None


def _write(sequence: bytes) -> None:
    with suppress(OSError):  # the terminal is gone
        os.write(_FRAMES, sequence)
