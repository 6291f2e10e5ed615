"""Keys that one read of the terminal brought: typed ahead on a slow line, or a paste without brackets round it.

A terminal that puts no brackets round a paste sends its letters as keys. In a field they are what is pasted; where no
field has the focus each of them would be a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import ClassVar, Final, Protocol

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from staffdesk.tui.command import Command, Place
from staffdesk.tui.commands import at, by_id
from staffdesk.tui.plain import MUTED, WARN, joined, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field, types
from staffdesk.tui.widgets.secret_input import SecretInput

LINGERS: Final = 0.1
"""Seconds after a key that was not taken within which the next ones are of its paste: it may take several reads."""

_FEWEST_PASTED: Final = 4
"""Fewer keys than this are a person's, whose line stood still for the blink of an eye.

Nothing tells them from a paste: one with brackets round it never comes here, whether a terminal puts them it need not
say, and keys that waited on the line come in one read, without any time between them, as a paste does.
"""
_MOST_AHEAD: Final = 12
"""More keys than this nobody types while a slow line stands still."""

_LINE_ENDS: Final = frozenset({"enter", "ctrl+j"})
_TEXT: Final = _LINE_ENDS | {"tab"}
_STEPS: Final = frozenset(key for each in at(Place.LIST) if each.id != "list.open" for key in each.keys)
_TO_LOOKING: Final = frozenset({"go.search", "search.edit", "log.filter", "review.filter"})
_TO_A_FIELD: Final = _TO_LOOKING | {"app.commands", "case.new", "case.note", "customer.new", "desk.purpose"}
"""The commands behind which one types: what is typed ahead on a slow line belongs into the field they lead to."""

_BEGIN_AN_ANSWER: Final = frozenset({
    "left_square_bracket", "right_square_bracket", "underscore", "circumflex_accent", "alt+shift+p", "alt+shift+x",
})  # fmt: skip
"""The keys as which the signs come that follow the Escape of a CSI, OSC, APC, PM, DCS and SOS."""

_PASTED: Final = "! That was pasted: no key acted."
_UNSENT: Final = "! An Enter among keys that come at once answers nothing."


class Where(Protocol):
    """The screen on top, as far as keys that come at once ask it."""

    PLACE: ClassVar[Place]

    @property
    def asks(self) -> bool:
        """Whether a question stands that Enter answers with yes."""

    def commands(self) -> tuple[Command, ...]:
        """Return every command that holds here for these roles."""


class AtOnce(events.Event, bubble=False):
    """The keys of one read, all of them of a text; what became of the first ones says what the others may do."""

    def __init__(self, keys: Iterable[events.Key]) -> None:
        """Bring these keys, none of which has acted yet."""
        super().__init__()
        self.keys = tuple(keys)
        self._refusal: Content | None = None
        self._left = len(self.keys)
        self._led: str | None = None

    def in_turn(self) -> Iterator[events.Key]:
        """Yield them until one could not act: none behind it is looked at."""
        return takewhile(lambda _: self._refusal is None, self.keys)

    def refuses(self, key: events.Key, screen: Where, focused: Widget | None) -> Content | None:
        """Say why the next key of these may not act here and now, and with it none behind it; nothing if it may."""
        self._left -= 1
        if self._refusal is None:
            self._refusal = self._refused(key, screen, focused)
        return self._refusal

    def refuse(self, screen: Where) -> None:
        """Refuse all of them: they go on with what was not taken."""
        self._refusal = _pasted(screen)

    def _refused(self, key: events.Key, screen: Where, focused: Widget | None) -> Content | None:
        if (focused is not None and focused.check_consume_key(key.key, key.character)) or key.key == "tab":
            return None
        if key.key in _LINE_ENDS:
            if screen.asks or (self._led is not None and self._led not in _TO_LOOKING):
                return joined(plain(_UNSENT, WARN), plain(" Look it over, then press Enter.", MUTED))
            return None if isinstance(focused, Field | SecretInput | Choice) or self._may_act() else _pasted(screen)
        if key.key in _STEPS and self._led is None:
            return None
        command = next((each.id for each in screen.commands() if key.key in each.keys), "")
        if not self._may_act(typed_behind=command in _TO_A_FIELD):
            return _pasted(screen)
        self._led = command
        return None

    def _may_act(self, *, typed_behind: bool = False) -> bool:
        """Say whether a key can be a command: one of few, or the last, or the one behind which one types ahead."""
        if len(self.keys) < _FEWEST_PASTED:
            return True
        return self._led is None and len(self.keys) <= _MOST_AHEAD and (typed_behind or not self._left)


def at_once_in(read: Iterable[Message]) -> Iterator[Message]:
    """Yield what one read brought, the keys of a text as one; those of a key that is held down stay what they are."""
    came = tuple(read)
    keys = [each for each in came if isinstance(each, events.Key) and _is_text(each)]
    if len(keys) == len(came) and len({each.key for each in keys}) > 1:
        yield AtOnce(keys)
    else:
        yield from came


def but_answers(waited: Iterable[Message]) -> tuple[Message, ...]:
    """Return what stood behind an Escape until it was over, but for what a terminal answered: nobody pressed that.

    What the framework knows no meaning of it hands on as keys, and a terminal may answer late what a shell had asked.
    """
    came = tuple(waited)
    is_answer = len(came) > 1 and isinstance(came[0], events.Key) and came[0].key in _BEGIN_AN_ANSWER
    return () if is_answer else came


def pasted_in_vain(event: events.Paste, screen: Where, focused: Widget | None) -> Content | None:
    """Return what is said of a paste where nothing takes one; nothing where something does, or nothing was pasted."""
    takes = focused is not None and focused.check_consume_key("x", "x") and not isinstance(focused, Choice)
    return None if takes or not event.text.strip() else _pasted(screen)


def _is_text(key: events.Key) -> bool:
    return key.key in _TEXT or types(key.key, key.character)


def _pasted(screen: Where) -> Content:
    """Say that a paste did nothing, and where it would."""
    box = by_id("search.edit" if screen.PLACE is Place.SEARCH else "go.search")
    if box not in screen.commands():
        return plain(_PASTED, WARN)
    return joined(plain(_PASTED, WARN), plain(f" {box.key} goes to the search box: paste there.", MUTED))
