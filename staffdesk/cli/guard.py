"""What stands between a command and the process's end: sentences for what was foreseen, an incident id for the rest."""

from __future__ import annotations

import io
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Final, NoReturn

from staffdesk.cli.output import STOPPED, CannotPrint, ReaderGone, finish, leave_line, refuse, say
from staffdesk.domain.errors import StaffdeskError
from staffdesk.services.quiet import keep_libraries_quiet

CRASHED: Final = 1
UNREAD: Final = 128 + signal.SIGPIPE


def guarded(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; whatever happens, no traceback and no value is printed."""
    try:
        code = _run(list(arguments))
        finish()
    except ReaderGone:
        _discard()
        return UNREAD
    except CannotPrint as error:
        _discard()
        return refuse(error)
    except StaffdeskError as error:
        return refuse(error)
    except KeyboardInterrupt:
        leave_line()
        say("Stopped.")
        return STOPPED
    except Exception as error:  # noqa: BLE001 - the last place that can keep values off the terminal
        return _crashed(error)
    return code


def _discard() -> None:
    """Point standard output at nothing: the interpreter's own last flush of it would fail aloud."""
    with suppress(OSError, ValueError, AttributeError):  # closed, or none
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str]) -> int:
    """Open the terminal at once where nothing else is asked for: reading a command line costs a third of a frame."""
    if arguments in ([], ["run"]):
        from staffdesk.cli.seat import home_of  # noqa: PLC0415 - an error in what a command imports is caught here too
        from staffdesk.cli.terminal import open_terminal  # noqa: PLC0415 - as above

        open_terminal(home_of(None))
        return 0
    from staffdesk.cli.dispatch import dispatch  # noqa: PLC0415 - as above

    return dispatch(arguments)


def prepare_process() -> None:
    """Let a signal end the session in the log, no library speak, and what the character set lacks be its number."""
    keep_libraries_quiet()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with suppress(OSError):  # it takes nothing, which is said where something is printed
                stream.reconfigure(errors="backslashreplace")


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by way of every ``finally``, so that the session is ended in the log."""
    sys.exit(128 + number)


def _crashed(error: Exception) -> int:
    """Say that something went wrong, by an id and the place in the program; never a value of it."""
    incident = secrets.token_hex(3).upper()
    place = ""
    frame = error.__traceback__
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "?")
        place = f"{module}:{frame.tb_lineno}" if str(module).startswith("staffdesk") else place
        frame = frame.tb_next
    say(
        f"staffdesk stopped (incident {incident}: {type(error).__name__} at {place or '?'}).",
        "Nothing was shown that is not in the log. Report the line above.",
    )
    return CRASHED
