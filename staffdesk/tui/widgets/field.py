"""A line to type into: bound in length, compact, and the owner of every key that types."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.widgets import Input

from staffdesk.tui.keys import act_in_turn

_TYPED: Final = frozenset({"at", "backslash", "minus", "plus", "slash", "underscore"})
"""Keys that type a character although the framework finds none by their name."""


def types(key: str, character: str | None) -> bool:
    """Say whether a key types something, and so belongs to the field that has the focus rather than to a command."""
    return key in _TYPED or (character is not None and character.isprintable())


class Field(Input):
    """One line of at most ``longest`` characters."""

    def __init__(
        self,
        value: str = "",
        *,
        longest: int,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - the framework's name
    ) -> None:
        """Begin with ``value``; ``placeholder`` says what may be typed."""
        super().__init__(value, placeholder=placeholder, id=id, max_length=longest, select_on_focus=False, compact=True)
        self.cursor_blink = False

    async def on_key(self, event: events.Key) -> None:
        """Take keys in the order they were pressed."""
        await act_in_turn(self, event)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keep keys that type from being commands."""
        return types(key, character)
