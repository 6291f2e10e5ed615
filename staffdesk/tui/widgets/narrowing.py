"""A field over a list: what is typed narrows the list, the keys that move a cursor move that of the list."""

from __future__ import annotations

from typing import Final

from textual import events

from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows

_LONGEST: Final = 40
_MOVES: Final = {
    "down": Rows.action_cursor_down, "up": Rows.action_cursor_up, "pagedown": Rows.action_page_down,
    "pageup": Rows.action_page_up, "home": Rows.action_first, "end": Rows.action_last,
}  # fmt: skip


class Narrowing(Field):
    """One line; the list it narrows is the only one on its screen."""

    def __init__(self, placeholder: str) -> None:
        """Say with ``placeholder`` what may be typed."""
        super().__init__(id="narrow", longest=_LONGEST, placeholder=placeholder)

    def on_key(self, event: events.Key) -> None:  # type: ignore[override] # called before the field's own, not in its place
        """Move the cursor of the list; whatever types is the field's."""
        move = _MOVES.get(event.key)
        if move is not None:
            event.stop()
            event.prevent_default()
            move(self.screen.query_one(Rows))
