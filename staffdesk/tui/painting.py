"""From the framework's updates to what the terminal is sent: only what changed."""

from __future__ import annotations

import codecs
import os
import selectors
import sys
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.screen import Screen

from staffdesk.tui.at_once import at_once_in, but_answers
from staffdesk.tui.curtain import Curtain, Fallen, Painted, Paper
from staffdesk.tui.frame import Frame, erases
from staffdesk.tui.guard import GuardedApp

if TYPE_CHECKING:
    from rich.console import RenderableType

_TICK: Final = 0.1
"""Seconds between two looks whether an Escape stands alone, and whether the terminal is left."""
_AT_MOST: Final = 4096
"""Bytes of one read."""


class PaintingApp(GuardedApp, inherit_bindings=False):
    """An application that knows what stands on its terminal.

    ``_display`` is private to the framework, whose version is bounded; a test in a real terminal counts the bytes.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - handed on as they are
        """See :class:`GuardedApp`."""
        super().__init__(**options)
        self.frame = Frame(erasing=erases(os.environ.get("TERM", "")), colours=not self.no_color)
        self.curtain = Curtain()
        self.driver_class = _SlowLine

    def take_back(self) -> None:
        """Take back what was painted and is not written yet; whatever is painted from now on is written whole."""
        self.curtain.fall()
        self.frame.forget()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # Before it is asked whether this may be painted: who is stopped in between must not paint it afterwards.
        begun = self.curtain.fallen
        if isinstance(renderable, CompositorUpdate):
            renderable = _Changes(renderable, self.frame, self.size, begun)
        super()._display(screen, renderable)


class _SlowLine(LinuxDriver):
    """A terminal that may take what it is sent late."""

    def __init__(self, app: PaintingApp, **options: Any) -> None:  # noqa: ANN401 - handed on as they are
        super().__init__(app, **options)
        if sys.__stderr__ is not None:
            self._file = Paper(app.curtain, sys.__stderr__.fileno())  # type: ignore[assignment] # all that is called

    def run_input_thread(self) -> None:
        """Hand on what is read, read by read: what comes together is a paste, or was typed ahead."""
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.DefaultSelector() as ready:
            ready.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if ready.select(_TICK):
                    read = os.read(self.fileno, _AT_MOST)
                    if not read:
                        break  # nothing comes any more, and the next look would find so at once
                    text = decode(read)
                    # An empty text would tell the parser that the terminal is gone; the middle of a letter is one too.
                    for message in at_once_in(parser.feed(text) if text else ()):
                        self.process_message(message)
                for message in but_answers(parser.tick()):
                    self.process_message(message)


class _Changes(CompositorUpdate):
    """An update, of which what stands on the terminal already is left out once it is written."""

    def __init__(self, update: CompositorUpdate, frame: Frame, size: Size, begun: Fallen) -> None:
        self._update = update
        self._frame = frame
        self._size = size
        self._begun = begun

    def render_segments(self, console: Console) -> str:
        """Return what is to be written, and take it for written."""
        return Painted(self._frame.changes(self._update, self._size, console), self._begun)
