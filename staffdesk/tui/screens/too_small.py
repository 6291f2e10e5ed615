"""What is shown where nothing could be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import TIMES, plain


class TooSmallScreen(DeskScreen[None], inherit_bindings=False):
    """Asks for a larger window; what is beneath stays as it is."""

    PLACE: ClassVar[Place] = Place.READING
    BINDINGS = bindings_of(Place.READING)

    def __init__(self, width: int, height: int) -> None:
        """Say which size is needed."""
        super().__init__()
        self._needed = (width, height)

    def compose(self) -> ComposeResult:
        """Leave out the frame: there is no room for it."""
        yield from self.body()

    def body(self) -> Iterable[Widget]:
        """One sentence."""
        yield Static(id="too-small")

    def on_resize(self, event: events.Resize) -> None:
        """Say how far it is."""
        width, height = self._needed
        text = f"Make the window at least {width}{TIMES}{height} (now {event.size.width}{TIMES}{event.size.height})."
        self.query_one(Static).update(plain(text))

    def action_back(self) -> None:
        """Stay: the window decides."""
