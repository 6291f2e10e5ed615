"""A field for a password: it shows how much was typed, gives the value once, and posts, copies and prints nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from staffdesk.parameters import load
from staffdesk.tui.keys import act_in_turn
from staffdesk.tui.plain import BAD, joined, plain
from staffdesk.tui.widgets.field import types

_DOT = "•"
_REFUSED = "✗ over {most:,} bytes: not taken"


class SecretInput(Widget, can_focus=True, inherit_bindings=False):
    """What is typed is held here alone: no reactive, no message and no representation carries it.

    It holds as much as a password may have. What would make it longer is refused whole, which the field says, and Enter
    waits until it was typed anew or something was taken back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "done", show=False),
        Binding("backspace", "delete", show=False),
        Binding("ctrl+u", "clear", show=False),
    ]

    @dataclass
    class Entered(Message):
        """Enter was pressed; whoever handles it calls ``take``."""

        field: SecretInput

        @property
        def control(self) -> SecretInput:
            """The field, for ``on``."""
            return self.field

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the framework's name
        """Start empty."""
        super().__init__(id=id)
        self.__typed: list[str] = []
        self._refused = False

    def held(self) -> str:
        """Return what was typed, which stays: for a field that is given again with others that were refused."""
        return "".join(self.__typed)

    def take(self) -> str:
        """Return what was typed and forget it."""
        typed = "".join(self.__typed)
        self.action_clear()
        return typed

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.__typed

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keep printable keys from being commands while a password is typed."""
        return types(key, character)

    async def on_key(self, event: events.Key) -> None:
        """Take a printable character, or do what the key does here."""
        if await act_in_turn(self, event):
            return
        if event.is_printable and event.character is not None:
            event.stop()
            event.prevent_default()
            self._add(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted password, up to the end of its first line."""
        event.stop()
        event.prevent_default()
        self._add(event.text.splitlines()[0] if event.text else "")

    def action_delete(self) -> None:
        """Drop the last character."""
        del self.__typed[-1:]
        self._refused = False
        self.refresh()

    def action_clear(self) -> None:
        """Drop everything."""
        self.__typed.clear()
        self._refused = False
        self.refresh()

    def action_done(self) -> None:
        """Tell the screen that Enter was pressed, unless what was meant is not what is held."""
        if not self._refused:
            self.post_message(self.Entered(self))

    def render(self) -> RenderResult:
        """Show one dot a character, as far as there is room, or that something was refused."""
        if self._refused:
            return plain(_REFUSED.format(most=_most_bytes()), BAD)
        room = max(self.content_size.width - 1, 0)
        dots = plain(_DOT * min(len(self.__typed), room))
        return joined(dots, Content.styled(" ", "reverse")) if self.has_focus else dots

    def _add(self, text: str) -> None:
        held, most = "".join(self.__typed), _most_bytes()
        # Composing shortens no text to a quarter of its characters: a longer one need not be composed to be refused.
        self._refused = len(held) + len(text) > 4 * most or _bytes(held + text) > most
        if not self._refused:
            self.__typed.extend(text)
        self.refresh()


@cache
def _most_bytes() -> int:
    """Return how long a password may be; from the file as it stands, since what checks its shape is not loaded yet."""
    return int(str(load("passwords")["most_bytes"]))


def _bytes(text: str) -> int:
    """Return how long a text is in the form in which passwords are hashed."""
    return len(unicodedata.normalize("NFC", text).encode(errors="surrogatepass"))
