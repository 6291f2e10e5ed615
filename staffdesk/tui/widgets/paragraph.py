"""Several lines to type into: Enter begins the next one, Tab goes on to the next field."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import TextArea

from staffdesk.tui.keys import act_in_turn
from staffdesk.tui.messages import PastedTooMuch
from staffdesk.tui.plain import HIDDEN
from staffdesk.tui.widgets.field import types


class Paragraph(TextArea, inherit_bindings=False):
    """Text of at most ``longest`` characters; while it is ``masked`` it keeps its text and shows none of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("left", "cursor_left", show=False),
        Binding("right", "cursor_right", show=False),
        Binding("home", "cursor_line_start", show=False),
        Binding("end", "cursor_line_end", show=False),
        Binding("pageup", "cursor_page_up", show=False),
        Binding("pagedown", "cursor_page_down", show=False),
        Binding("backspace", "delete_left", show=False),
        Binding("delete", "delete_right", show=False),
    ]

    masked: reactive[bool] = reactive(False)

    def __init__(self, *, longest: int, id: str | None = None) -> None:  # noqa: A002 - the framework's name
        """Start empty."""
        super().__init__(id=id, compact=True, highlight_cursor_line=False)
        self._longest = longest
        self.cursor_blink = False

    async def on_key(self, event: events.Key) -> None:
        """Take keys in the order they were pressed, and no more text than fits."""
        if await act_in_turn(self, event):
            return
        if len(self.text) >= self._longest and (event.is_printable or event.key == "enter"):
            event.stop()
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Take of what is pasted as much as fits, and tell the screen what did not."""
        room = max(self._longest - len(self.text), 0)
        if len(event.text) > room:
            self.post_message(PastedTooMuch(f"Cut: of {len(event.text):,} characters pasted the first {room:,} fit."))
            event.text = event.text[:room]

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Keep keys that type, and the one that begins a line, from being commands."""
        return key == "enter" or types(key, character)

    def render_line(self, y: int) -> Strip:
        """Paint the text; masked, a short one looks as a long one does."""
        if not self.masked:
            return super().render_line(y)
        shown = HIDDEN if y == 0 and self.text else ""
        return Strip([Segment(shown)]).adjust_cell_length(self.size.width).apply_style(self.rich_style)
