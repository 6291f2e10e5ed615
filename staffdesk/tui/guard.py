"""Between the desk and the terminal: no control character, no link, no unlogged copy, no picture, no traceback.

The rendering guard sits in ``App._filters``, which is private to Textual: its version is bounded, a test reads bytes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import secrets
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Never

from rich.console import RenderableType
from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.screen import Screen

from staffdesk.domain.errors import Misconfigured

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e0fff\ud800-\udfff]")
_SENTENCE: Final = "staffdesk stopped (error {id}). No record was written to the terminal."
_CRASHED: Final = 1


class TerminalGuard(LineFilter):
    """Drops what a terminal would act on from every line that is about to be painted.

    It only drops: ``plain`` made such characters visible before the layout; a line made longer would break columns.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the interface's
        """Return the segments without control characters."""
        if not any(_CONTROL.search(segment.text) for segment in segments):
            return segments
        return [Segment(_CONTROL.sub("", text), style, control) for text, style, control in segments]


class Incident:
    """A crash, known to the terminal by its id alone."""

    def __init__(self, error: BaseException, file: Path | None) -> None:
        """Give the crash an id; where there is a file for it, leave the type and the places there, without values."""
        self.id = secrets.token_hex(4).upper()
        if file is not None:
            _leave(file, self.id, error)

    @property
    def sentence(self) -> str:
        """Return what may be said of it."""
        return _SENTENCE.format(id=self.id)


def _leave(file: Path, incident: str, error: BaseException) -> None:
    lines = [f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {incident} {_chain(error)}"]
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        lines.append(f"  {Path(code.co_filename).name}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    try:
        with open(file, "a", encoding="ascii", errors="backslashreplace", opener=_for_owner) as log:
            log.write("\n".join(lines) + "\n")
    except OSError:
        # Nothing can be done for a report whose disk is full: the sentence on the terminal still gives the id.
        return


def _chain(error: BaseException) -> str:
    named: list[str] = []
    each: BaseException | None = error
    while each is not None:
        named.append(type(each).__name__)
        each = each.__cause__ or each.__context__
    return " from ".join(named)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


class GuardedApp(App[None], inherit_bindings=False):
    """An application that takes nothing out of the desk by itself."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    COMMANDS = set()  # noqa: RUF012 - the framework's name and type

    def __init__(self, *, incidents: Path | None = None) -> None:
        """Put the guard after all other filters; ``incidents`` is where crashes leave their id and place."""
        super().__init__()
        self._filters.append(TerminalGuard())
        self._incidents = incidents
        self._incident: Incident | None = None

    @property
    def stopped(self) -> bool:
        """Whether a crash is what ends this application."""
        return self._incident is not None

    def copy_to_clipboard(self, text: str) -> None:
        """Refuse: whatever Ctrl+C finds selected was not logged. ``hand_over`` is the logged way."""

    def hand_over(self, logged: str) -> None:
        """Send a value whose copying is in the log to the terminal's clipboard; whether it arrived is not known."""
        super().copy_to_clipboard(logged)
        self._clipboard = ""

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing: a browser on this host is a way out of the desk."""

    def action_suspend_process(self) -> None:
        """Stay: a suspended desk leaves its screen to the shell."""

    def get_system_commands(self, screen: Screen[Any]) -> Any:  # noqa: ANN401, ARG002 - the interface's
        """Offer nothing of the framework's own: among it is a picture of the screen."""
        return ()

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Take no picture."""

    def save_screenshot(self, *_: object, **__: object) -> Never:
        """Take no picture."""
        raise _no_picture()

    def deliver_screenshot(self, *_: object, **__: object) -> Never:
        """Take no picture."""
        raise _no_picture()

    def export_screenshot(self, *_: object, **__: object) -> Never:
        """Take no picture."""
        raise _no_picture()

    def deliver_text(self, *_: object, **__: object) -> Never:
        """Write no file."""
        raise _no_picture()

    def deliver_binary(self, *_: object, **__: object) -> Never:
        """Write no file."""
        raise _no_picture()

    def panic(self, *renderables: object) -> None:  # noqa: ARG002 - what the framework would print holds values
        """Stop, and say nothing but an id."""
        self._stop_for(RuntimeError())

    def report(self, _type: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """Say the id of an error that ends the interpreter; for ``sys.excepthook``."""
        print(Incident(error, self._incidents).sentence, file=sys.__stderr__)

    def report_thread(self, args: threading.ExceptHookArgs) -> None:
        """Stop for an error in a thread that nobody waits for; for ``threading.excepthook``."""
        if args.exc_value is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop_for, args.exc_value)

    def watch_loop(self) -> None:
        """Treat an error in a forgotten task as any other; asyncio would print it."""
        asyncio.get_running_loop().set_exception_handler(self._stop_for_context)

    def _stop_for_context(self, _loop: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
        error = context.get("exception")
        self._stop_for(error if isinstance(error, BaseException) else RuntimeError())

    def may_paint(self) -> bool:
        """Say whether what is about to be painted may still be seen; what is not painted now does not come later."""
        return True

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self.may_paint():
            super()._display(screen, renderable)

    def _handle_exception(self, error: Exception) -> None:
        if self._exception is None:
            # Only a pilot reads it: it raises it again where a test can see it.
            self._exception = error
            self._exception_event.set()
        self._stop_for(error)

    def _fatal_error(self) -> None:
        self._stop_for(sys.exception() or RuntimeError())

    def _stop_for(self, error: BaseException) -> None:
        self._return_code = _CRASHED
        if self._incident is None:
            self._incident = Incident(error, self._incidents)
            self._exit_renderables[:] = [Text(self._incident.sentence)]
        self._close_messages_no_wait()


def _no_picture() -> Misconfigured:
    return Misconfigured(
        "The desk gives out no picture and no file of a screen.", "Copy one value with y: it is logged."
    )


def guard_process(app: GuardedApp) -> None:
    """Replace what Python prints of an unhandled error, in the main thread and in any other, by an incident's id."""
    sys.excepthook = app.report
    threading.excepthook = app.report_thread
