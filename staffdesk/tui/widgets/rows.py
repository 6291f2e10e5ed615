"""A list of lines laid out in columns for the width there is, with a cursor; the lines may be made anew at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import NOTHING


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line: ``draw`` lays it out for a width in cells; ``key`` says what it stands for, "" for a line of words."""

    key: str
    draw: Callable[[int], Content]

    def __repr__(self) -> str:
        return "<Line>"


def words(content: Content) -> Line:
    """Return a line that is only read: the cursor passes over it."""
    return Line("", lambda _width: content)


class Rows(OptionList, inherit_bindings=False):
    """Lines with a cursor; Enter posts ``OptionSelected`` with the line's key as the option's id."""

    BINDINGS = bindings_of(Place.LIST)
    _INNER_PADDING = 1

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the framework's name
        """Start empty."""
        super().__init__(id=id, markup=False)
        self._shown: tuple[Line, ...] = ()
        self._drawn_for = 0

    @property
    def current(self) -> str:
        """The key of the line under the cursor, or nothing."""
        option = self.highlighted_option
        return "" if option is None or option.id is None else option.id

    def put(self, lines: Sequence[Line], *, keep: bool = False) -> None:
        """Show these lines; with ``keep`` the cursor stays on the line with the same key, or at the same place."""
        key, index = (self.current, self.highlighted) if keep else ("", None)
        top = self.scroll_y if keep else 0
        self._shown = tuple(lines)
        self._draw()
        if self._shown:
            self.highlighted = self._place_of(key, index)
        if keep:
            self.scroll_to(y=top, animate=False, immediate=True)

    def redraw(self, keys: Sequence[str]) -> None:
        """Draw the lines with these keys again where they stand."""
        for index, line in enumerate(self._shown):
            if line.key and line.key in keys:
                self.replace_option_prompt_at_index(index, line.draw(self._drawn_for))

    def go_to(self, key: str) -> None:
        """Put the cursor on the line with this key, if there is one."""
        for index, line in enumerate(self._shown):
            if line.key == key:
                self.highlighted = index

    def on_resize(self) -> None:
        """Lay the lines out again for a new width."""
        if self._width() != self._drawn_for:
            index = self.highlighted
            self._draw()
            self.highlighted = index if index is not None else self._place_of("", None)

    def _width(self) -> int:
        return self.scrollable_content_region.width - self._INNER_PADDING

    def _draw(self) -> None:
        self._drawn_for = self._width()
        self.set_options(
            Option(line.draw(self._drawn_for) or NOTHING, id=line.key or None, disabled=not line.key)
            for line in self._shown
        )

    def _place_of(self, key: str, index: int | None) -> int | None:
        selectable = [place for place, line in enumerate(self._shown) if line.key]
        if key:
            for place in selectable:
                if self._shown[place].key == key:
                    return place
        if index is not None:
            return next((place for place in selectable if place >= index), selectable[-1] if selectable else None)
        return selectable[0] if selectable else None
