"""One word out of a few, on one line: left and right or its first letter choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from staffdesk.tui.keys import act_in_turn
from staffdesk.tui.plain import MUTED, fit, joined, plain

_A_WORD: Final = 1.0
"""Seconds within which the next letter goes on with what is being typed."""


class Choice(Widget, can_focus=True, inherit_bindings=False):
    """A closed list as one line; ``wide`` shows all its words beside one another, else only the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,down", "turn(1)", show=False),
        Binding("left,up", "turn(-1)", show=False),
        Binding("enter", "done", show=False),
    ]

    index: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a choice."""

        choice: Choice

        @property
        def control(self) -> Choice:
            """The choice, for ``on``."""
            return self.choice

    @dataclass
    class Changed(Message):
        """Another word was chosen."""

        choice: Choice

        @property
        def control(self) -> Choice:
            """The choice, for ``on``."""
            return self.choice

    def __init__(self, words: Sequence[str], *, wide: bool = False, id: str | None = None) -> None:  # noqa: A002 - the framework's
        """Offer these words, the first one chosen."""
        super().__init__(id=id)
        self._words = tuple(words)
        self._wide = wide
        self._typed = ""
        self._typed_at = 0.0

    @property
    def value(self) -> str:
        """The chosen word."""
        return self._words[self.index]

    def choose(self, word: str) -> None:
        """Choose this word, if it is offered."""
        if word in self._words:
            self.index = self._words.index(word)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keep letters from being commands while one chooses."""
        del key
        return character is not None and character.isalnum()

    async def on_key(self, event: events.Key) -> None:
        """Choose the next word that begins with this letter, or do what the key does here.

        Letters that follow one another are a word that is typed: it stays where that begins what is chosen.
        """
        if await act_in_turn(self, event):
            return
        if event.character is None or not event.character.isalpha():
            return
        event.stop()
        letter, before = event.character.casefold(), self._typed if self._follows(event.time) else ""
        found, self._typed = None, f"{before}{letter}"
        if before and self._typed != letter * len(self._typed):
            found = self._beginning(self._typed, self.index)
        if found is None:
            found, self._typed = self._beginning(letter, self.index + 1), letter
        if found is not None:
            self.index = found

    def _follows(self, now: float) -> bool:
        follows, self._typed_at = now - self._typed_at < _A_WORD, now
        return follows

    def _beginning(self, typed: str, start: int) -> int | None:
        """Return the first word from ``start`` on, and round again, that begins with what was typed."""
        order = [*range(start, len(self._words)), *range(min(start, len(self._words)))]
        return next((i for i in order if self._words[i].casefold().startswith(typed)), None)

    def action_turn(self, step: int) -> None:
        """Choose the next or the previous word."""
        self.index = (self.index + step) % len(self._words)

    def action_done(self) -> None:
        """Tell the screen that Enter was pressed."""
        self.post_message(self.Chosen(self))

    def watch_index(self) -> None:
        """Tell the screen that another word was chosen."""
        self.post_message(self.Changed(self))

    def render(self) -> RenderResult:
        """Show the chosen word, or all of them with the chosen one marked."""
        if not self._wide:
            arrows = "\u2190\u2192" if self.has_focus and len(self._words) > 1 else ""
            return fit(joined(plain(self.value), plain(f" {arrows}", MUTED)), self.content_size.width)
        return joined(
            *(
                plain(f"▸ {word}", "bold $text-accent" if self.has_focus else "bold")
                if i == self.index
                else plain(f"  {word}", MUTED)
                for i, word in enumerate(self._words)
            ),
            by="  ",
        )
