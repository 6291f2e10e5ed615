"""A record, masked as its reader may see it; values are revealed one by one, each an entry, each for a short while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.containers import Container
from textual.content import Content
from textual.css.query import NoMatches
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.data.deadline import Deadline
from staffdesk.domain.access import Access
from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.matters import RequestRow
from staffdesk.domain.records import Cell, Look, Record, Revealed
from staffdesk.domain.requests import RequestType
from staffdesk.parameters.shapes import sessions
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import PATIENCE, open_record
from staffdesk.tui.plain import GOOD, MUTED, plain
from staffdesk.tui.record.history import UNREAD, history_lines, unread_lines
from staffdesk.tui.record.law import asked_already, law_lines
from staffdesk.tui.record.layout import LOOKED, ORDER, PANES, SHOWN_FIRST, TITLES, strip
from staffdesk.tui.record.panes import row_of
from staffdesk.tui.record.remarks import copied, hidden, how_long, withheld
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.widgets.rows import Rows


class RecordScreen(DeskScreen[None], inherit_bindings=False):
    """Five panes beside one another; where there is room for one only, Tab and their numbers go through them."""

    PLACE: ClassVar[Place] = Place.RECORD
    BINDINGS = bindings_of(Place.RECORD)
    CSS_PATH = "../styles/record.tcss"
    AUTO_FOCUS = None

    def __init__(self, record: Record, access: Access) -> None:
        """Show ``record``, which was opened under ``access``; further looks are taken under the same."""
        super().__init__(plain("Record", MUTED), plain(record.title))
        self.record = record
        self._access = access
        self._sight = Sight()
        self._asked_for: list[RequestRow] = []
        self._countdown: Timer | None = None
        self._remarked_at: tuple[str | None, str] | None = None

    def body(self) -> Iterable[Widget]:
        """Yield what the law is doing to this record, then the panes."""
        law = law_lines(self.record, self._asked_for)
        line = Static(law, id="law")
        line.display = bool(law)
        yield line
        active = SHOWN_FIRST[self.record.kind]
        yield Static(strip(active), id="strip")
        with Container(id="panes"):
            for name in ORDER:
                pane = Rows(id=name)
                pane.set_class(name == active, "active")
                pane.border_title = plain(TITLES[name])
                yield pane

    def notice(self) -> Content:
        """Say under which entry the record was opened."""
        return plain(f"Opened under {self.record.reference}, entry {self.record.seq:,}.", MUTED)

    def on_mount(self) -> None:
        """Fill the panes and go to what was opened."""
        self._fill()
        self._pane(LOOKED).put(unread_lines())
        pane = self._pane(SHOWN_FIRST[self.record.kind])
        pane.focus()
        pane.go_to(":".join(map(str, self.record.focus)))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the pane that has the focus: where there is room for one, it is the one that shows."""
        if isinstance(event.widget, Rows):
            self._activate(event.widget.id or "")
            self.leave_remark()

    @on(Rows.Moved)
    def leave_remark(self) -> None:
        """Take a remark back once the cursor has left what it was about."""
        if self._remarked_at is not None and self._place() != self._remarked_at:
            self.rest()

    def remark(self, notice: Content) -> None:
        """Say something about the line under the cursor."""
        self.say(notice)
        self._remarked_at = self._place()

    def rest(self) -> None:
        """Say again under what the record is open."""
        self._remarked_at = None
        super().rest()

    def failed(self, error: StaffdeskError) -> None:
        """Say what went wrong with the line under the cursor."""
        super().failed(error)
        self._remarked_at = self._place()

    def mask(self, hidden: bool) -> None:
        """Hide every personal value, and forget those that were revealed."""
        super().mask(hidden)
        self._sight.hide()
        self._sight.away = hidden
        name = plain(f"customer {self.record.customer}" if hidden else self.record.title)
        self._top.name_place(plain("Record", MUTED), name)
        self._fill()

    def reopen(self) -> None:
        """Open the record anew under the case now in hand: what is looked at from here on belongs to that one."""
        self.desk_app.back()
        under = self.desk_app.screen_stack[-1]
        if isinstance(under, DeskScreen):
            open_record(under, self.record.kind, self.record.id)

    @on(Rows.Selected)
    def unfold(self, event: Rows.Selected) -> None:
        """Unfold a row into its values, or fold it up again."""
        event.stop()
        if event.key == UNREAD:
            self.action_who_looked()
        elif event.key.count(":") == 1:
            before = event.rows.count
            self._sight.toggle(event.key)
            self.rest()
            self._fill(event.rows.id)
            event.rows.show_below(event.rows.count - before)

    def action_reveal(self) -> None:
        """Reveal the value under the cursor; on a row with several, unfold it and stand on the first."""
        cell = self._cell_in_hand()
        if cell is None:
            return
        if cell.exposure is Exposure.SHOWN or cell.key in self._sight.shown:
            self.remark(plain("This is shown already."))
        elif not self._is_withheld(cell):
            gateway, deadline = self.desk.gateway, Deadline(PATIENCE)
            self.ask(partial(gateway.reveal, self._access, cell.key, deadline), self._show_value, "revealing")

    def action_hide(self) -> None:
        """Hide every revealed value, and say how many there were."""
        keys = self._sight.hide()
        self._redraw(keys)
        self.remark(hidden(len(keys)))

    def action_copy_value(self) -> None:
        """Send the value under the cursor to the terminal's clipboard; the copy is logged first."""
        cell = self._cell_in_hand()
        if cell is not None and not self._is_withheld(cell):
            gateway, deadline = self.desk.gateway, Deadline(PATIENCE)
            self.ask(partial(gateway.copy, self._access, cell.key, deadline), partial(self._hand_over, cell.label))

    def action_who_looked(self) -> None:
        """Read who looked at this person."""
        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
            return
        job = partial(self.desk.gateway.history, self._access, self.record.customer, Deadline(PATIENCE))
        self.ask(job, self._show_looks, "reading")

    def action_correct(self) -> None:
        """Start a request to correct."""
        self._ask_for(RequestType.RECTIFY)

    def action_erase(self) -> None:
        """Start a request to delete."""
        self._ask_for(RequestType.ERASE)

    def action_pane(self, number: int) -> None:
        """Go to a pane by its number."""
        self._go_to(tuple(TITLES)[number])

    def action_next_field(self) -> None:
        """Go to the next pane."""
        self._step(1)

    def action_previous_field(self) -> None:
        """Go to the pane before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        names = [*TITLES]
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
        for each in TITLES:
            self._pane(each).set_class(each == name, "active")
        self.query_one("#strip", Static).update(strip(name))

    def _fill(self, only: str | None = None) -> None:
        for name, lines in PANES.items():
            if only in {None, name}:
                self._pane(name).put(lines(self.record, self._sight), keep=True)

    def _redraw(self, keys: Sequence[str]) -> None:
        rows = {":".join(key.split(":")[:2]) for key in keys}
        for name in PANES:
            self._pane(name).redraw((*keys, *rows))

    def _cell_in_hand(self) -> Cell | None:
        pane = self.focused
        if not isinstance(pane, Rows) or not pane.current:
            return None
        cell = self.record.cell(pane.current)
        if cell is not None:
            return cell
        row = row_of(self.record, pane.current)
        if row is None:
            return None
        masked = [each for each in row.cells.values() if each.revealable and each.key not in self._sight.shown]
        if len(masked) == 1:
            return masked[0]
        self._sight.unfolded.add(pane.current)
        self._fill(pane.id)
        if masked:
            pane.go_to(masked[0].key)
            self.remark(plain("Choose the value, then v."))
        return None

    def _is_withheld(self, cell: Cell) -> bool:
        """Say why a value can be neither revealed nor copied, where it cannot."""
        why = withheld(self.record, cell, choosable=len(self.session.purposes()) > 1)
        if why is not None:
            self.remark(why)
        return why is not None

    def _place(self) -> tuple[str | None, str]:
        return (self.focused.id, self.focused.current) if isinstance(self.focused, Rows) else (None, "")

    def _show_value(self, revealed: Revealed) -> None:
        self.session.logged(revealed.seq)
        self._sight.reveal(revealed)
        self._redraw((revealed.key,))
        if self._countdown is None:
            self._countdown = self.set_interval(1.0, self._count_down)
        self.remark(how_long(revealed))

    def _count_down(self) -> None:
        keys = tuple(self._sight.shown)
        self._sight.expire()
        try:
            self._redraw(keys)
        except NoMatches:
            # The screen is being taken down while the clock still ticks.
            return
        if len(self._sight.shown) < len(keys):
            self.rest()
        if not self._sight.shown and self._countdown is not None:
            self._countdown.stop()
            self._countdown = None

    def _hand_over(self, label: str, value: str) -> None:
        self.desk_app.hand_over(value)
        self.remark(copied(label))

    def _show_looks(self, looks: tuple[Look, ...]) -> None:
        self._pane(LOOKED).put(history_lines(looks, sessions().open_record_minutes))
        self._go_to(LOOKED)

    def _ask_for(self, kind: RequestType) -> None:
        from staffdesk.tui.screens.request_form import RequestDialog  # noqa: PLC0415 - rarely needed

        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
            return
        asked = asked_already(self.record, self._asked_for, kind)
        self.app.push_screen(RequestDialog(kind, self.record.customer, self._access, asked), self._note_request)

    def _note_request(self, request: RequestRow | None) -> None:
        if request is not None:
            self._asked_for.append(request)
            self._show_law()
            self.say(plain(f"✓ {request.number} is registered; privacy goes on with it.", GOOD))

    def _show_law(self) -> None:
        line, law = self.query_one("#law", Static), law_lines(self.record, self._asked_for)
        line.display = bool(law)
        line.update(law)
