"""An opened record in its panes: what is in sight, where the cursor stands, what is said about the line under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.records import Record
from staffdesk.domain.request_rows import RequestRow
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command
from staffdesk.tui.opening import open_record
from staffdesk.tui.plain import MUTED, WARN, plain
from staffdesk.tui.record.history import unread_lines
from staffdesk.tui.record.law import law_lines
from staffdesk.tui.record.layout import LOOKED, ORDER, PANES, SHORT, SHOWN_FIRST, TITLES, strip
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.widgets.rows import Line, Rows

_STEPS: Final = frozenset({"focus.next", "focus.previous"})


class RecordView(DeskScreen[None], inherit_bindings=False):
    """The panes beside one another; where there is room for one only, Tab and their numbers go through them."""

    AUTO_FOCUS = None
    WHAT: ClassVar[str] = "Record"
    PANES: ClassVar[Mapping[str, Callable[[Record, Sight], list[Line]]]] = PANES
    TITLES: ClassVar[Mapping[str, str]] = TITLES
    SHORT: ClassVar[Mapping[str, str]] = SHORT
    ORDER: ClassVar[Sequence[str]] = ORDER

    def __init__(self, record: Record, access: Access) -> None:
        """Show ``record``, which was opened under ``access``; further looks are taken under the same."""
        super().__init__(plain(self.WHAT, MUTED), plain(record.title))
        self.record = record
        self._access = access
        self._sight = Sight()
        self._asked_for: list[RequestRow] = []

    @property
    def over(self) -> bool:
        """Whether the case it was opened under was closed here, and no other is in hand."""
        return self.session.case is None and self.session.reference != self._access.reference

    def body(self) -> Iterable[Widget]:
        """Yield what the law is doing to this record, then the panes."""
        law = law_lines(self.record, self._asked_for)
        line = Static(law, id="law")
        line.display = bool(law)
        yield line
        active = SHOWN_FIRST[self.record.kind]
        yield Static(strip(active, self.app.size.width, self.SHORT), id="strip")
        with Container(id="panes"):
            for name in self.ORDER:
                pane = Rows(id=name)
                pane.set_class(name == active, "active")
                pane.border_title = plain(self.TITLES[name])
                yield pane

    def is_useful(self, command: Command) -> bool:
        """Offer the next pane also where there is room for one only."""
        return command.id in _STEPS or super().is_useful(command)

    def notice(self) -> Content:
        """Say under which entry the record was opened."""
        if self._sight.elsewhere:
            return plain(f"Opened under {self._sight.elsewhere}, which is about somebody else.", WARN)
        return plain(f"Opened under {self.record.reference}, entry {self.record.seq:,}.", MUTED)

    def on_mount(self) -> None:
        """Fill the panes and go to what was opened."""
        case = self.session.case
        if case is not None and case.number == self.record.reference and case.customer is not None:
            self._sight.elsewhere = "" if case.customer == self.record.customer else case.number
            self.rest_unless_said()
        self._fill()
        pane = self._pane(self.begin())
        pane.focus()
        pane.go_to(":".join(map(str, self.record.focus)))

    def begin(self) -> str:
        """Fill what the record itself does not, and return the pane to begin in."""
        self._pane(LOOKED).put(unread_lines())
        return SHOWN_FIRST[self.record.kind]

    def on_resize(self) -> None:
        """Name the panes for the room there is."""
        first = next(iter(self.TITLES))
        self._name_panes(next((each for each in self.TITLES if self._pane(each).has_class("active")), first))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the pane that has the focus: where there is room for one, it is the one that shows."""
        if isinstance(event.widget, Rows):
            self._activate(event.widget.id or "")
            self.tell_of_line()

    @on(Rows.Moved)
    def tell_of_line(self) -> None:
        """Say what there is to say of the line the cursor comes to, unless something was said that goes before it."""
        if not self._sight.away:
            self.rest_unless_said()
        self.refresh_keys()

    def mask(self, hidden: bool) -> None:
        """Hide every personal value, and forget those that were revealed."""
        super().mask(hidden)
        self._sight.hide()
        self._sight.away = hidden
        name = plain(f"customer {self.record.customer}" if hidden else self.record.title)
        self._top.name_place(plain(self.WHAT, MUTED), name)
        self._fill()

    def reopen(self) -> None:
        """Open the record anew under the case now in hand: what is looked at from here on belongs to that one.

        Behind a dialog nothing is opened.
        """
        if self.app.screen is not self:
            return
        self.desk_app.back()
        under = self.desk_app.screen_stack[-1]
        if isinstance(under, DeskScreen):
            open_record(under, self.record.kind, self.record.id)

    def action_pane(self, number: int) -> None:
        """Go to a pane by its number."""
        self._go_to(tuple(self.TITLES)[number])

    def action_next_field(self) -> None:
        """Go to the next pane."""
        self._step(1)

    def action_previous_field(self) -> None:
        """Go to the pane before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        names = [*self.TITLES]
        focused = self.focused.id if self.focused is not None and self.focused.id in names else names[0]
        self._go_to(names[(names.index(focused or names[0]) + step) % len(names)])

    def _go_to(self, name: str) -> None:
        self._activate(name)
        self.set_focus(self._pane(name))

    def _pane(self, name: str) -> Rows:
        return self.query_one(f"#{name}", Rows)

    def _activate(self, name: str) -> None:
        if self._pane(name).has_class("active"):
            return
        for each in self.TITLES:
            self._pane(each).set_class(each == name, "active")
        self._name_panes(name)

    def _name_panes(self, active: str) -> None:
        self.query_one("#strip", Static).update(strip(active, self.app.size.width, self.SHORT))

    def _fill(self, only: str | None = None) -> None:
        for name, lines in self.PANES.items():
            if only in {None, name}:
                self._pane(name).put(lines(self.record, self._sight), keep=True)

    def _redraw(self, keys: Sequence[str]) -> None:
        rows = {":".join(key.split(":")[:2]) for key in keys}
        for name in self.PANES:
            self._pane(name).redraw((*keys, *rows))
