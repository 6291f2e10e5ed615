"""Any words out of a few: arrows or a first letter go to one, space takes it or leaves it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from staffdesk.tui.keys import act_in_turn
from staffdesk.tui.plain import GOOD, MUTED, fit, joined, plain

_CELL: Final = 12


class Ticks(Widget, can_focus=True, inherit_bindings=False):
    """A closed list in as many lines as its words need; Enter posts ``Taken``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,down", "turn(1)", show=False),
        Binding("left,up", "turn(-1)", show=False),
        Binding("space", "tick", show=False),
        Binding("enter", "done", show=False),
    ]

    at: reactive[int] = reactive(0)
    ticked: reactive[frozenset[str]] = reactive(frozenset[str]())

    @dataclass
    class Taken(Message):
        """Enter was pressed."""

        ticks: Ticks

        @property
        def control(self) -> Ticks:
            """The list, for ``on``."""
            return self.ticks

    def __init__(self, words: Sequence[str], ticked: Collection[str] = (), *, id: str | None = None) -> None:  # noqa: A002 - the framework's
        """Offer these words, ``ticked`` of them taken already."""
        super().__init__(id=id)
        self._words = tuple(words)
        self.set_reactive(Ticks.ticked, frozenset(ticked))

    @property
    def values(self) -> tuple[str, ...]:
        """The words that are taken, in the order of the list."""
        return tuple(word for word in self._words if word in self.ticked)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keep letters from being commands while one chooses."""
        del key
        return character is not None and (character.isalnum() or character == " ")

    async def on_key(self, event: events.Key) -> None:
        """Go to the next word that begins with this letter, or do what the key does here."""
        if await act_in_turn(self, event):
            return
        if event.character is None or not event.character.isalpha():
            return
        event.stop()
        order = [*range(self.at + 1, len(self._words)), *range(self.at + 1)]
        self.at = next((i for i in order if self._words[i].startswith(event.character.lower())), self.at)

    def action_turn(self, step: int) -> None:
        """Go to the next or the previous word."""
        self.at = (self.at + step) % len(self._words)

    def action_tick(self) -> None:
        """Take the word, or leave it."""
        self.ticked = self.ticked ^ {self._words[self.at]}

    def action_done(self) -> None:
        """Tell the screen that Enter was pressed."""
        self.post_message(self.Taken(self))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines the words need."""
        del container, viewport
        return -(-len(self._words) // max(width // _CELL, 1))

    def render(self) -> RenderResult:
        """Show every word, those taken with a mark, the one in hand with an arrow."""
        row = max(self.content_size.width // _CELL, 1)
        cells = [
            joined(
                plain("▸" if at == self.at and self.has_focus else " ", "bold $text-accent"),
                fit(plain(f"✓ {word}", GOOD) if word in self.ticked else plain(f"· {word}", MUTED), _CELL - 1),
            )
            for at, word in enumerate(self._words)
        ]
        return joined(*(joined(*cells[at : at + row]) for at in range(0, len(cells), row)), by="\n")
