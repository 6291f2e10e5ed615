"""A field for a password: it shows how much was typed, gives the value once, and posts, copies and prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from staffdesk.tui.keys import act_in_turn
from staffdesk.tui.plain import joined, plain
from staffdesk.tui.widgets.field import types

LONGEST = 256
_DOT = "•"


class SecretInput(Widget, can_focus=True, inherit_bindings=False):
    """What is typed is held here alone: no reactive, no message and no representation carries it."""

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
        self.refresh()

    def action_clear(self) -> None:
        """Drop everything."""
        self.__typed.clear()
        self.refresh()

    def action_done(self) -> None:
        """Tell the screen that Enter was pressed."""
        self.post_message(self.Entered(self))

    def render(self) -> RenderResult:
        """Show one dot a character, as far as there is room."""
        room = max(self.content_size.width - 1, 0)
        dots = plain(_DOT * min(len(self.__typed), room))
        return joined(dots, Content.styled(" ", "reverse")) if self.has_focus else dots

    def _add(self, text: str) -> None:
        self.__typed.extend(text[: LONGEST - len(self.__typed)])
        self.refresh()
