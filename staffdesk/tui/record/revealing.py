"""Looking further into an opened record: rows unfold, values are revealed one by one, each an entry, for a while."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on
from textual.css.query import NoMatches
from textual.timer import Timer

from staffdesk.domain.access import Access, Act
from staffdesk.domain.classes import Exposure
from staffdesk.domain.records import Cell, Look, Record, Revealed
from staffdesk.parameters.shapes import sessions
from staffdesk.tui.plain import plain
from staffdesk.tui.record.history import LOOK, UNREAD, history_lines
from staffdesk.tui.record.layout import LOOKED
from staffdesk.tui.record.panes import row_of
from staffdesk.tui.record.remarks import copied, hidden, how_long, withheld
from staffdesk.tui.record.view import RecordView
from staffdesk.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from staffdesk.services.audit_review import EntryDetail

_NO_VALUE: Final = "This line is no value: go to one first, then v shows it and y copies it."


class RevealingRecord(RecordView, inherit_bindings=False):
    """A record whose values are revealed, copied and hidden again, and which tells who looked."""

    def __init__(self, record: Record, access: Access) -> None:
        """See :class:`RecordView`."""
        super().__init__(record, access)
        self._countdown: Timer | None = None

    @on(Rows.Selected)
    def unfold(self, event: Rows.Selected) -> None:
        """Unfold a row into its values, or fold it up again."""
        event.stop()
        if event.key == UNREAD:
            self.action_who_looked()
        elif event.key.startswith(LOOK):
            self._open_look(int(event.key.removeprefix(LOOK)))
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
            self.say(plain("This is shown already."))
        elif not self._is_withheld(cell):
            gateway, access, key = self.desk.gateway, self._access, cell.key
            self.look(partial(gateway.reveal, access, key), self._show_value, "revealing")

    def action_hide(self) -> None:
        """Hide every revealed value, and say how many there were."""
        keys = self._sight.hide()
        self._redraw(keys)
        self.say(hidden(len(keys)))

    def action_copy_value(self) -> None:
        """Send the value under the cursor to the terminal's clipboard; the copy is logged first."""
        cell = self._cell_in_hand()
        if cell is not None and not self._is_withheld(cell):
            gateway, access, key = self.desk.gateway, self._access, cell.key
            told = partial(self._hand_over, cell.label)
            self.look(partial(gateway.copy, access, key), told, "copying")

    def action_who_looked(self) -> None:
        """Read who looked at this person."""
        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
            return
        gateway, access, customer = self.desk.gateway, self._access, self.record.customer
        self.look(partial(gateway.history, access, customer), self._show_looks, "reading")

    def _open_look(self, seq: int) -> None:
        """Open the entry of a look with the values it commits to, where these roles may."""
        if self.record.customer is None or not self.session.may(Act.AUDIT_OPENED):
            self.say(plain("Privacy opens an entry from here; the log's reviewers from the log."))
            return
        job = partial(self.desk.audit.entry_about, self._access, self.record.customer, seq)
        self.ask(job, self._show_entry, "reading")

    def _show_entry(self, detail: EntryDetail) -> None:
        from staffdesk.tui.screens.entry import EntryScreen  # noqa: PLC0415 - rarely needed

        self.app.push_screen(EntryScreen(detail, "Record"))

    def _cell_in_hand(self) -> Cell | None:
        pane = self.focused
        if not isinstance(pane, Rows) or not pane.current:
            self.say(plain(_NO_VALUE))
            return None
        cell = self.record.cell(pane.current)
        if cell is not None:
            return cell
        row = row_of(self.record, pane.current)
        if row is None:
            self.say(plain(_NO_VALUE))
            return None
        masked = [each for each in row.cells.values() if each.revealable and each.key not in self._sight.shown]
        if len(masked) == 1:
            return masked[0]
        self._sight.unfolded.add(pane.current)
        self._fill(pane.id)
        if masked:
            pane.go_to(masked[0].key)
        self.say(plain("Choose the value, then v." if masked else _NO_VALUE))
        return None

    def _is_withheld(self, cell: Cell) -> bool:
        """Say why a value can be neither revealed nor copied, where it cannot."""
        choosable = len(self.session.purposes()) > 1
        why = withheld(self.record, cell, choosable=choosable, elsewhere=self._sight.elsewhere)
        if why is not None:
            self.say(why)
        return why is not None

    def _show_value(self, revealed: Revealed) -> None:
        self.session.logged(revealed.seq)
        self._sight.reveal(revealed)
        self._redraw((revealed.key,))
        if self._countdown is None:
            self._countdown = self.set_interval(1.0, self._count_down)
        self.say(how_long(revealed))

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
        self.say(copied(label))

    def _show_looks(self, looks: tuple[Look, ...]) -> None:
        self._pane(LOOKED).put(history_lines(looks, sessions().open_record_minutes))
        self._go_to(LOOKED)
