"""A line to type into: bound in length, compact, and the owner of every key that types."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Input

from staffdesk.domain.text import unbadged
from staffdesk.tui.keys import act_in_turn
from staffdesk.tui.messages import PastedTooMuch
from staffdesk.tui.plain import HIDDEN

_TYPED: Final = frozenset({"at", "backslash", "minus", "plus", "slash", "underscore"})
"""Keys that type a character although the framework finds none by their name."""


def types(key: str, character: str | None) -> bool:
    """Say whether a key types something, and so belongs to the field that has the focus rather than to a command."""
    return key in _TYPED or (character is not None and character.isprintable())


def at_enter(event: Message, field: Field) -> str:
    """Return what ``field`` held when Enter was pressed in it, or what it holds if ``event`` is of another widget.

    By the time Enter is answered, letters typed behind it may stand in the field.
    """
    return event.value if isinstance(event, Input.Submitted) and event.input is field else field.value


class Field(Input):
    """One line of at most ``longest`` characters; while it is ``masked`` it keeps its text and shows none of it."""

    masked: reactive[bool] = reactive(False)

    def __init__(
        self,
        value: str = "",
        *,
        longest: int,
        edited: bool = False,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - the framework's name
    ) -> None:
        """Begin with ``value``, a proposal that what is typed replaces; ``placeholder`` says what may be typed.

        A value to be ``edited`` stays: the cursor stands behind its last letter.

        What would act on a terminal, or shows nothing, is left out of it: no line to type into can show a badge.
        """
        super().__init__(
            unbadged(value),
            placeholder=placeholder,
            id=id,
            max_length=longest,
            select_on_focus=bool(value) and not edited,
            compact=True,
        )
        self.cursor_blink = False
        self._longest = longest
        self._said_full = False

    @property
    def takes_no_more(self) -> bool:
        """Whether it has said that no more fits, and nothing that was pressed since makes room."""
        return self._said_full and self.selection.is_empty and not self.message_queue_size

    def restricted(self) -> None:
        """Say that no more fits; the bell would ring at each key of a paste that comes as keys."""
        self._said_full = True
        self.post_message(PastedTooMuch(f"No more fits: at most {self._longest:,} characters here."))

    def watch_value(self) -> None:
        """Take keys again: what was pressed made room, or filled it."""
        self._said_full = False

    async def on_key(self, event: events.Key) -> None:
        """Take keys in the order they were pressed."""
        await act_in_turn(self, event)

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line of what is pasted, if all of it fits: half a name or half a number is another one."""
        line, *more = event.text.splitlines() or ("",)
        held = len(self.value) - len(self.selected_text)
        if held + len(line) > self._longest:
            event.prevent_default()
            event.stop()
            self.post_message(
                PastedTooMuch(f"Not pasted: {len(line):,} characters, at most {self._longest:,} fit here.")
            )
        elif any(each.strip() for each in more):
            self.post_message(PastedTooMuch("Only the first line was pasted: there is room for one here."))

    def render_line(self, y: int) -> Strip:
        """Paint the text; masked, a short one looks as a long one does."""
        if y or not self.masked or not self.value:
            return super().render_line(y)
        width = self.scrollable_content_region.width + 1
        return Strip([Segment(HIDDEN)]).adjust_cell_length(width).apply_style(self.rich_style)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keep keys that type from being commands."""
        return types(key, character)
