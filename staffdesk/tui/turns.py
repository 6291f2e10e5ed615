"""Keys that wait for their turn, so that each finds the screen and the field to which the ones before it lead.

A burst, a paste or a slow line brings a command and what is typed behind it at once: without a turn the letters would
reach the field that is being left (a password the user name's), or nobody while a dialog is being built.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import events
from textual.widget import Widget

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.messages import TurnOver

if TYPE_CHECKING:
    from staffdesk.tui.app import DeskApp

_LONGEST: Final = 1.0
"""Seconds after which a turn is over in any case: keys must never wait for a message that was lost on its way."""


@dataclass(frozen=True, slots=True)
class _Turn:
    number: int
    widget: Widget
    until: float


class Turns:
    """The keys of one application that have come and not yet acted."""

    def __init__(self, app: DeskApp) -> None:
        """Hold keys for ``app``."""
        self._app = app
        self._held: deque[events.Key | events.Paste] = deque()
        self._turn: _Turn | None = None
        self._turns = 0
        self.changing = 0

    def hold(self, event: events.Key | events.Paste) -> None:
        """Put a key behind those that wait."""
        self._held.append(event)

    def drop(self) -> None:
        """Forget the keys that wait: they were meant for what is not there any more."""
        self._held.clear()

    def next(self) -> events.Key | events.Paste | None:
        """Return the key that may act now, or nothing while the one before is still at work."""
        return None if not self._held or self._busy() else self._held.popleft()

    def begin(self, event: events.Event, widget: Widget | None) -> None:
        """Begin the turn of a key that was handed to ``widget``: Enter alone leads elsewhere by a message."""
        if widget is None or not isinstance(event, events.Key) or event.key != "enter" or not widget.is_attached:
            return
        self._turns += 1
        self._turn = _Turn(self._turns, widget, time.monotonic() + _LONGEST)
        # Once the widget has taken the key: what it posts for it goes before.
        widget.call_later(widget.post_message, TurnOver(self._turns))

    def end(self, number: int) -> None:
        """End this turn, unless another one has begun."""
        if self._turn is not None and self._turn.number == number:
            self._turn = None

    def _busy(self) -> bool:
        screen, turn = self._app.screen, self._turn
        if self.changing or (isinstance(screen, DeskScreen) and not screen.ready):
            return True
        if turn is None:
            return False
        return turn.widget.is_attached and turn.widget.screen is screen and time.monotonic() < turn.until
