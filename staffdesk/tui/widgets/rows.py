"""A list of lines laid out in columns for the width there is, with a cursor.

A widget of our own, since over a slow connection it matters what a key costs: a step of the cursor paints two lines
and a second of a countdown one, where the framework's list paints itself whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import NOTHING

_CURSOR = "rows--cursor"


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line: ``draw`` lays it out for a width in cells; ``key`` says what it stands for, "" for a line of words.

    One that ``stays`` heads the lines below it: while these scroll away under it, it stands in the first line.
    """

    key: str
    draw: Callable[[int], Content]
    stays: bool = False

    def __repr__(self) -> str:
        return "<Line>"


def words(content: Content) -> Line:
    """Return words that are only read: they wrap, and the cursor passes over them."""
    return Line("", lambda width: Content("\n").join(content.wrap(width)) if content else NOTHING)


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines with a cursor; a line may be several cells high. Enter or a click posts ``Selected``."""

    BINDINGS = bindings_of(Place.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {_CURSOR}

    class Told(Message):
        """What is said about one line."""

        def __init__(self, rows: Rows, key: str) -> None:
            """Name the list and the line."""
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> Rows:
            """The list, for ``on``."""
            return self.rows

    class Selected(Told):
        """Enter or a click on a line."""

    class Moved(Told):
        """The cursor came to stand on a line."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the framework's name
        """Start empty."""
        super().__init__(id=id)
        self._shown: tuple[Line, ...] = ()
        self._drawn: list[list[Content]] = []
        self._tops: list[int] = []
        self._room = 0
        self._at: int | None = None
        self._head: int | None = None
        self._below = 0

    @property
    def current(self) -> str:
        """The key of the line under the cursor, or nothing."""
        return "" if self._at is None else self._shown[self._at].key

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._shown)

    def put(self, lines: Sequence[Line], *, keep: bool = False) -> None:
        """Show these lines; with ``keep`` the cursor stays on the line with the same key, or at the same place."""
        key, place = (self.current, self._at) if keep else ("", None)
        self._shown = tuple(lines)
        self._at = self._place_of(key, place)
        self._head = next((at for at, line in enumerate(self._shown) if line.stays), None)
        self._draw()
        if not keep:
            self.scroll_to(y=0, animate=False, immediate=True)
        self._follow()

    def redraw(self, keys: Sequence[str]) -> None:
        """Draw the lines with these keys again; only a line that changes its height moves anything."""
        for place, line in enumerate(self._shown):
            if line.key and line.key in keys:
                before = len(self._drawn[place])
                self._drawn[place] = self._lines_of(line)
                if len(self._drawn[place]) != before:
                    self._draw()
                    return
                self.refresh_lines(self._tops[place], before)

    def go_to(self, key: str) -> None:
        """Put the cursor on the line with this key, if there is one: never on words, which have none."""
        for place, line in enumerate(self._shown):
            if key and line.key == key:
                self._step_to(place)

    def show_below(self, count: int) -> None:
        """Bring so many lines under the cursor into sight, as far as the cursor's own line stays there."""
        if not self.size.height:  # it was hidden until now: how high it is is known once it is laid out
            self._below = count
            return
        if self._at is None or count <= 0:
            return
        top, last = self._tops[self._at], min(self._at + count, len(self._shown) - 1)
        height = min(self._tops[last] + len(self._drawn[last]) - top, self.scrollable_content_region.height)
        region = Region(0, top, max(self.size.width, 1), max(height, 1))
        self.scroll_to_region(region, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self._draw()
        self._follow()
        count, self._below = self._below, 0
        self.show_below(count)

    def on_show(self) -> None:
        """Bring the cursor into sight: it may have moved while the list was hidden."""
        self._bring_into_sight()

    def on_click(self, event: events.Click) -> None:
        """Select the line that was clicked."""
        at = event.get_content_offset(self)
        place = None if at is None else self._place_shown(at.y)[0]
        if place is not None and self._shown[place].key:
            self._step_to(place)
            self.action_select()

    def render_line(self, y: int) -> Strip:
        """Paint one line of the screen.

        A list that was hidden is painted before it is told its width.
        """
        width = self.scrollable_content_region.width
        if self._room != max(width - 1, 1):
            self._lay_out()
        place, within = self._place_shown(y)
        if place is None:
            return Strip.blank(width, self.rich_style)
        style = self.get_visual_style(_CURSOR) if place == self._at else self.visual_style
        content = self._drawn[place][within]
        strips = Visual.to_strips(self, content, width, 1, style, pad=True)
        return strips[0] if strips else Strip.blank(width, style.rich_style)

    def action_select(self) -> None:
        """Tell the screen that the line under the cursor was chosen."""
        if self.current:
            self.post_message(self.Selected(self, self.current))

    def action_cursor_down(self) -> None:
        """Go one line down."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """Go one line up."""
        self._move(-1)

    def action_first(self) -> None:
        """Go to the first line."""
        self._step_to(self._place_of("", None))
        self.scroll_to(y=0, animate=False, immediate=True)

    def action_last(self) -> None:
        """Go to the last line."""
        self._step_to(next((place for place in reversed(range(len(self._shown))) if self._shown[place].key), None))
        self.scroll_to(y=self.virtual_size.height, animate=False, immediate=True)

    def action_page_down(self) -> None:
        """Go one page down."""
        self._move(max(self.scrollable_content_region.height - 1, 1))

    def action_page_up(self) -> None:
        """Go one page up."""
        self._move(1 - max(self.scrollable_content_region.height, 2))

    def _move(self, step: int) -> None:
        if self._at is None:
            return
        selectable = [place for place, line in enumerate(self._shown) if line.key]
        place = selectable[max(0, min(selectable.index(self._at) + step, len(selectable) - 1))]
        if place == self._at:
            # Words stand beyond the first and the last line the cursor may stand on: they come into sight.
            self.scroll_to(y=self.scroll_y + step, animate=False, immediate=True)
        self._step_to(place)

    def _step_to(self, place: int | None) -> None:
        if place is None or place == self._at:
            return
        for each in (self._at, place):
            if each is not None:
                self.refresh_lines(self._tops[each], len(self._drawn[each]))
        self._at = place
        self._follow()

    def _follow(self) -> None:
        """Keep the cursor in sight, and tell the screen where it stands."""
        if self._at is None or not self.is_mounted:
            return
        self._bring_into_sight()
        self.post_message(self.Moved(self, self.current))

    def _bring_into_sight(self) -> None:
        if self._at is None or not self.size.height:  # hidden, it has no height to scroll by: see on_show
            return
        top, height = self._tops[self._at], len(self._drawn[self._at])
        if self._head is not None and self._head < self._at:
            top, height = top - 1, height + 1
        region = Region(0, top, max(self.size.width, 1), height)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)

    def _draw(self) -> None:
        height = self._lay_out()
        self.virtual_size = Size(self.scrollable_content_region.width, height)
        self.refresh(layout=self.styles.auto_dimensions)

    def _lay_out(self) -> int:
        """Lay the lines out for the width there is now, and return how high they are together."""
        # One cell stays free beside the scrollbar; before the screen is laid out there is no room, and a line is empty.
        width = self.scrollable_content_region.width
        self._room = max(width - 1, 1) if width else 0
        self._drawn = [self._lines_of(line) for line in self._shown]
        self._tops = []
        height = 0
        for drawn in self._drawn:
            self._tops.append(height)
            height += len(drawn)
        return height

    def _lines_of(self, line: Line) -> list[Content]:
        if not self._room:
            return [NOTHING]
        parts = line.draw(self._room).split(allow_blank=True)
        return [part.rstrip().truncate(self._room, ellipsis=True) for part in parts] or [NOTHING]

    def _place_shown(self, y: int) -> tuple[int | None, int]:
        """Return what stands in a line of the widget, and which of its lines: the head over what scrolled under it."""
        top = y + round(self.scroll_y)
        if y == 0 and self._head is not None and self._tops[self._head] < top:
            return self._head, 0
        place = self._place_at(top)
        return place, 0 if place is None else top - self._tops[place]

    def _place_at(self, y: int) -> int | None:
        for place in range(len(self._tops)):
            if self._tops[place] <= y < self._tops[place] + len(self._drawn[place]):
                return place
        return None

    def _place_of(self, key: str, place: int | None) -> int | None:
        """Return the line with ``key``, else the first one from ``place`` on, that the cursor may stand on."""
        selectable = [each for each, line in enumerate(self._shown) if line.key]
        if not selectable:
            return None
        same = next((each for each in selectable if key and self._shown[each].key == key), None)
        if same is not None:
            return same
        return next((each for each in selectable if each >= (place or 0)), selectable[-1])
