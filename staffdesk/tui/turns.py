"""Keys that wait for their turn, so that each finds the screen and the field to which the ones before it lead.

A burst, a paste or a slow line brings a command and what is typed behind it at once: without a turn the letters would
reach the field that is being left (a password the user name's), or nobody while a dialog is being built or an answer
is on its way.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import events
from textual.timer import Timer
from textual.widget import Widget

from staffdesk.tui.asking import PATIENCE
from staffdesk.tui.at_once import LINGERS, AtOnce, pasted_in_vain
from staffdesk.tui.base import DeskDialog, DeskScreen
from staffdesk.tui.commands import by_id
from staffdesk.tui.messages import TurnOver
from staffdesk.tui.widgets.field import Field, types

if TYPE_CHECKING:
    from staffdesk.tui.application import Application

_LONGEST: Final = 5.0
"""Seconds after which a turn is over in any case: keys must never wait for a message that was lost on its way.

Longer than a busy machine may stop a process: a turn that ends before its message comes sends a key where the one
before has not led yet.
"""

UNSEEN: Final = frozenset(key for each in ("app.quit", "app.lock") for key in by_id(each).keys if len(key) > 1)
"""The keys for which no answer is waited for, and that also act in a window too small to see what they do."""


@dataclass(slots=True)
class _Turn:
    number: int
    of: Widget
    at: Widget
    until: float
    awaited: Callable[[], bool] | None = None

    @property
    def waits(self) -> bool:
        """Whether the answer to what this key asked is still on its way."""
        return self.awaited is not None and self.awaited()


class Turns:
    """The keys of one application that have come and not yet acted."""

    def __init__(self, app: Application) -> None:
        """Hold keys for ``app``."""
        self._app = app
        self._held: deque[tuple[events.Key | events.Paste, AtOnce | None]] = deque()
        self._turn: _Turn | None = None
        self._turns = 0
        self._refused_at = 0.0
        self._bound: Timer | None = None
        self.changing = 0

    def hold(self, event: events.Key | events.Paste, at_once: AtOnce | None = None) -> None:
        """Put a key, one of those that came ``at_once`` if so, behind those that wait.

        One that makes the answer they wait for needless takes their place.
        """
        turn = self._turn
        if turn is not None and turn.waits and isinstance(event, events.Key) and self._makes_needless(event, turn):
            self._end()
            self._held.clear()
        self._held.append((event, at_once))

    def in_vain(self, event: events.Key | events.Paste) -> bool:
        """Say whether a key types where no more fits: a paste that comes as keys is tens of thousands of them."""
        screen, field = self._app.screen, self._app.focused
        return (
            isinstance(event, events.Key)
            and isinstance(field, Field)
            and field.takes_no_more
            and types(event.key, event.character)
            and not (isinstance(screen, DeskScreen) and screen.asks)
            and not self._held
            and not self._busy()
        )

    def drop(self) -> None:
        """Forget the keys that wait: they were meant for what is not there, or did not come."""
        self._held.clear()

    def next(self) -> events.Key | events.Paste | None:
        """Return the key that may act now, or nothing while the one before is still at work."""
        while self._held and not self._busy():
            event, at_once = self._held.popleft()
            if not self._is_refused(event, at_once):
                return event
        return None

    def _is_refused(self, event: events.Key | events.Paste, at_once: AtOnce | None) -> bool:
        """Say whether this was pasted where no field takes it, and tell the screen so."""
        screen, focused = self._app.screen, self._app.focused
        if not isinstance(screen, DeskScreen):
            return False
        if isinstance(event, events.Paste):
            said = pasted_in_vain(event, screen, focused)
        else:
            if at_once is None and types(event.key, event.character) and event.time - self._refused_at < LINGERS:
                at_once = AtOnce((event,))
                at_once.refuse(screen)
            said = None if at_once is None else at_once.refuses(event, screen, focused)
            if at_once is not None and said is not None:
                self._refused_at = at_once.keys[-1].time
                self._held = deque(each for each in self._held if each[1] is not at_once)
        if said is not None:
            screen.say(said)
        return said is not None

    def begin(self, event: events.Event, widget: Widget | None) -> None:
        """Begin the turn of a key that was handed to ``widget``: Enter alone leads elsewhere by a message."""
        if widget is None or not isinstance(event, events.Key) or event.key != "enter" or not widget.is_attached:
            return
        self._begin_at(widget)

    def lead(self, screen: Widget) -> None:
        """Begin a turn at a screen whose answer leads elsewhere, whichever key asked: what is typed on waits for it."""
        if self._turn is None:
            self._begin_at(screen)

    def asked(self, awaited: Callable[[], bool]) -> None:
        """Let the turn in hand last while the answer just asked for is ``awaited``, or patience is long at an end."""
        if self._turn is not None:
            self._turn.awaited = awaited
            self._last(PATIENCE + _LONGEST)

    def answered(self) -> None:
        """Let the turn in hand end once what the answer led to stands: a screen goes, another one asks."""
        turn = self._turn
        if turn is not None and turn.awaited is not None and not turn.waits:
            turn.awaited = None
            self._follow(self._app.screen)

    def end(self, number: int) -> None:
        """End this turn, unless another one has begun, an answer is on its way, or it goes on at another screen."""
        turn = self._turn
        if turn is None or turn.number != number or turn.waits:
            return
        if self._has_left(turn):
            self._follow(self._app.screen)
        else:
            self._end()

    def _makes_needless(self, event: events.Key, turn: _Turn) -> bool:
        """Say whether a key leaves, or types on in the box of a screen in which Enter was pressed."""
        if event.key in UNSEEN:
            return True
        if self._held:
            return False
        box = self._app.focused
        types_on = isinstance(box, Field) and box is turn.of and not isinstance(box.screen, DeskDialog)
        return event.key == "escape" or (types_on and types(event.key, event.character))

    def _begin_at(self, widget: Widget) -> None:
        self._turn = _Turn(0, widget, widget, 0.0)
        self._last(_LONGEST)
        self._follow(widget)

    def _follow(self, widget: Widget) -> None:
        turn = self._turn
        if turn is not None:
            # Each step has its own number: a message still on its way from the step before must not end this one.
            self._turns += 1
            turn.number, turn.at = self._turns, widget
            # Once the widget has taken the key, or what led to it: what it posts for it goes before.
            widget.call_later(widget.post_message, TurnOver(turn.number))

    def _end(self) -> None:
        self._turn = None
        if self._bound is not None:
            self._bound.stop()
            self._bound = None

    def _last(self, seconds: float) -> None:
        """Let the turn last no longer than this, whatever comes."""
        if self._turn is None:
            return
        self._turn.until = time.monotonic() + seconds
        if self._bound is not None:
            self._bound.stop()
        self._bound = self._app.set_timer(seconds, self._app.hand_out_keys)

    def _has_left(self, turn: _Turn) -> bool:
        return not turn.at.is_attached or turn.at.screen is not self._app.screen

    def _busy(self) -> bool:
        screen, turn = self._app.screen, self._turn
        if self.changing or (isinstance(screen, DeskScreen) and not screen.ready):
            return True
        if turn is None:
            return False
        if time.monotonic() >= turn.until:
            self._end()
            return False
        if not turn.waits and self._has_left(turn):
            self._follow(screen)
        return True
