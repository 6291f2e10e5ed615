"""What an employee writes while a call goes on: repairs, confirmations, notes, who called, how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from textual.content import Content

from staffdesk.domain.access import Act, RecordKind
from staffdesk.domain.accuracy import first_to_ask
from staffdesk.domain.classes import Exposure
from staffdesk.domain.correction import Seen, check_field, check_repairable, known_fields
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.matters import CaseRow
from staffdesk.domain.records import Cell, Page, Record
from staffdesk.domain.uses import NEWS
from staffdesk.tui.command import Command
from staffdesk.tui.due import today
from staffdesk.tui.opening import open_record
from staffdesk.tui.phrases import count, failure
from staffdesk.tui.plain import GOOD, MUTED, WARN, plain
from staffdesk.tui.record.currency import known
from staffdesk.tui.record.law import mail_stopped
from staffdesk.tui.record.licences import licences_of
from staffdesk.tui.record.rights import RightsRecord
from staffdesk.tui.widgets.rows import Rows

_NO_CASE = "No case is in hand. Ctrl+N starts one."
_NOBODY = "No person is known for this record."
_UNSEEN = "Reveal it first (v): what is confirmed or repaired must be seen."
_OF_CASES = frozenset({"record.caller", "record.close-case", "case.note", "case.licence"})
_IN_A_CALL = (
    "app.retry",
    "record.caller", "record.reveal", "record.confirm", "case.note", "record.close-case", "record.unsubscribe",
)  # fmt: skip
_WITHOUT_A_CASE = (
    "app.retry", "record.reveal", "record.copy", "case.new", "record.correct", "record.erase", "record.who",
)  # fmt: skip
"""The commands of the key line, the most useful first."""


class ChangingRecord(RightsRecord, inherit_bindings=False):
    """A record whose fields are repaired and confirmed, under a case in which one notes what was said."""

    def is_useful(self, command: Command) -> bool:
        """Offer what is written into a case where one is in hand, and what would change or show something."""
        case = self.session.case
        if command.id in _OF_CASES and case is None:
            return False
        match command.id:
            case "record.caller":
                return case is not None and case.customer is None and self.record.customer is not None
            case "record.unsubscribe":
                return self.session.may(Act.REQUEST_MOVED) and not mail_stopped(self.record, self._asked_for)
            case "record.reveal":
                return self.record.holds_masked
            case "record.news":
                return NEWS in self.record.sections
            case _:
                return super().is_useful(command)

    def rank(self, command: Command) -> int:
        """Put first what a call needs while a case is in hand."""
        order = _WITHOUT_A_CASE if self.session.case is None else _IN_A_CALL
        return order.index(command.id) + 1 if command.id in order else command.foot and command.foot + len(order)

    def notice(self) -> Content:
        """Say where the field under the cursor came from; else that the case in hand names nobody yet."""
        case = self.session.case
        pane = self.focused
        if isinstance(pane, Rows) and pane.id == "person":
            current, cell = known(self.record).get(pane.current), self.record.cell(pane.current)
            if current is not None and cell is not None:
                masked = cell.held and self._sight.clear(cell) is None
                asks = f"{' v shows it,' if masked else ''} m confirms it." if current.due else ""
                said = f"{cell.label}: {current.sentence}"
                return plain(said + asks if len(said + asks) < self.app.size.width - 1 else said, MUTED)
        if case is not None and case.customer is None and self.record.customer is not None:
            return plain(f"{case.number} names nobody yet. b: this person called.", WARN)
        return super().notice()

    def action_repair(self) -> None:
        """Ask what the field under the cursor is to be, and by which evidence."""
        from staffdesk.tui.screens.repair import RepairDialog  # noqa: PLC0415 - rarely needed

        cell = self._field_in_hand()
        if cell is None or self.record.customer is None:
            self.say(plain("Go to a field of the person or the company, then f."))
            return
        table, _, column = cell.key.split(":")
        try:
            check_repairable(table, column)
        except StaffdeskError as error:
            self.say(failure(error.sentence, error.hint))
            return
        if cell.held and self._sight.clear(cell) is None:
            self.say(plain(_UNSEEN))
        elif cell.exposure is Exposure.NONE:
            self._is_withheld(cell)
        else:
            shows = partial(self._sight.text, cell)
            dialog = RepairDialog(self.record.customer, cell.label, self._seen(cell), self._access, shows)
            self.app.push_screen(dialog, partial(self._repaired, cell))

    def action_confirm(self) -> None:
        """Note that the field under the cursor was confirmed; on a line without one ask about all that are shown."""
        if self.record.customer is None:
            self.say(plain(_NOBODY))
            return
        cell = self._field_in_hand()
        if cell is None:
            cells = [each for each in self._fields() if self._sight.clear(each) is not None]
        else:
            cells = [cell]
            table, _, column = cell.key.split(":")
            try:
                check_field(table, column)
            except StaffdeskError as error:
                self.say(failure(error.sentence, error.hint))
                return
            if cell.held and self._sight.clear(cell) is None:
                self.say(plain(_UNSEEN))
                return
        if len(cells) > 1:
            # Pressed by mistake it would say of all of them that they are right.
            named = ", ".join(each.label for each in cells)
            question = f"Did the customer confirm all {count(len(cells), 'field')} that are shown: {named}?"
            self.confirm(question, "notes it", partial(self._confirm, self.record.customer, cells))
        else:
            self._confirm(self.record.customer, cells)

    def _confirm(self, customer: int, cells: Sequence[Cell]) -> None:
        seen = [self._seen(each) for each in cells]
        job = partial(self.desk.repairs.confirm, self._access, customer, seen)
        self.ask(job, partial(self._confirmed, [each.label for each in cells]), "writing")

    def action_note(self) -> None:
        """Report in the case in hand what was said."""
        from staffdesk.tui.screens.note import NoteDialog  # noqa: PLC0415 - brings the widget for several lines

        case = self._case_in_hand()
        if case is not None:
            self.app.push_screen(NoteDialog(case.number), partial(self._noted, case))

    def action_licence(self) -> None:
        """Show the steps of the licence request in hand, or start one about a licence of this record."""
        from staffdesk.tui.screens.licence_request import LicenceRequestDialog  # noqa: PLC0415 - once in many calls

        case = self._case_in_hand()
        if case is None:
            return
        if case.customer is None or case.customer != self.record.customer:
            says = "names nobody yet. b: this person called." if case.customer is None else "names somebody else."
            self.say(plain(f"{case.number} {says}"))
            return
        pane = self.focused
        under = pane.current if isinstance(pane, Rows) else ""
        dialog = LicenceRequestDialog(case.number, licences_of(self.record, under))
        self.app.push_screen(dialog, partial(self._licence_written, case.number))

    def action_tie(self) -> None:
        """Let the case in hand name this person."""
        case = self._case_in_hand()
        if case is None:
            return
        if self.record.customer is None:
            self.say(plain(_NOBODY))
        elif case.customer is not None:
            whom = "this person" if case.customer == self.record.customer else "somebody else"
            self.say(plain(f"{case.number} names {whom} already."))
        else:
            access = replace(self.session.access, reference=case.number)
            job = partial(self.desk.cases.tie, access, case.number, self.record.customer)
            self.ask(job, lambda _done: self._tied(case), "writing")

    def action_close_case(self) -> None:
        """Close the case in hand, once that is confirmed."""
        from staffdesk.tui.screens.close_case import CloseCaseDialog  # noqa: PLC0415 - once a call

        case = self._case_in_hand()
        if case is not None:
            asked = self._to_ask() if case.customer == self.record.customer else ""
            self.app.push_screen(CloseCaseDialog(case.number, asked), partial(self._gone_on, case.number))

    def _to_ask(self) -> str:
        """Return what is still to be asked of this customer, before the call ends."""
        return first_to_ask(self.record, today())

    def action_colleagues(self) -> None:
        """List the others of this person's organisation."""
        if self.record.customer is None:
            self.say(plain(_NOBODY))
            return
        listings, access, customer = self.desk.listings, self._access, self.record.customer
        self.desk_app.turns.lead(self)
        self.look(partial(listings.colleagues, access, customer), self._show_colleagues, "listing")

    def action_company(self) -> None:
        """Open the company of this person."""
        for row in self.record.rows("organisation"):
            open_record(self, RecordKind.ORGANISATION, row.id)
            return
        self.say(plain("No company is shown for this record."))

    def _case_in_hand(self) -> CaseRow | None:
        case = self.session.case
        if case is None:
            self.say(plain(_NO_CASE))
        return case

    def _field_in_hand(self) -> Cell | None:
        pane = self.focused
        return self.record.cell(pane.current) if isinstance(pane, Rows) and pane.current else None

    def _fields(self) -> Iterator[Cell]:
        for table in ("person", "organisation"):
            for row in self.record.rows(table):
                yield from (row.cells[column] for column in known_fields(table) if column in row.cells)

    def _seen(self, cell: Cell) -> Seen:
        return Seen(cell.key, self._sight.clear(cell))

    def _confirmed(self, labels: Sequence[str], fields: int) -> None:
        named = f"{count(fields, 'field')}: {', '.join(labels)}" if fields > 1 else ", ".join(labels)
        self._read_again(f"✓ Confirmed with the customer: {named}.")

    def _repaired(self, cell: Cell, done: bool | None) -> None:
        if done:
            # What was revealed of it is no longer so.
            self._sight.shown.pop(cell.key, None)
            self._read_again(f"✓ {cell.label} is set right.")

    def _noted(self, case: CaseRow, done: bool | None) -> None:
        if done and case.customer is None and self.record.customer is not None:
            self._read_again(f"✓ Noted in {case.number}, which names nobody yet. b: this person called.")
        elif done:
            self._read_again(f"✓ Noted in {case.number}.")

    def _licence_written(self, number: str, written: bool | None) -> None:
        if written:
            self._read_again(f"✓ Written in {number}.")

    def _tied(self, case: CaseRow) -> None:
        self.session.take(replace(case, customer=self.record.customer))
        self._read_again(f"✓ {case.number} names this person.")

    def _gone_on(self, number: str, done: bool | None) -> None:
        from staffdesk.tui.screens.search import SearchScreen  # noqa: PLC0415 - it opens this screen

        if done:
            self.session.drop(number)
            for beneath in self.app.screen_stack:
                if isinstance(beneath, SearchScreen):
                    beneath.change_call(over=True)
            # What was shown for the call goes with it.
            self._redraw(self._sight.hide())
            self.refresh_top()
            self.say(plain(f"✓ {number} is closed.", GOOD))

    def _show_colleagues(self, page: Page) -> None:
        from staffdesk.tui.screens.colleagues import ColleaguesDialog  # noqa: PLC0415 - rarely needed

        self.session.logged(page.seq)
        if not page.hits:
            self.say(plain("No colleagues are on file."))
            return
        self.app.push_screen(ColleaguesDialog(page), self._go_to_colleague)

    def _go_to_colleague(self, customer: int | None) -> None:
        if customer is not None:
            open_record(self, RecordKind.PERSON, customer)

    def _read_again(self, said: str) -> None:
        """Open the record anew where it stands, under the same number: what was written is in it."""
        gateway, access, kind, number = self.desk.gateway, self._access, self.record.kind, self.record.id
        self.look(partial(gateway.open, access, kind, number), partial(self._renew, said), "reading")

    def _renew(self, said: str, record: Record) -> None:
        self.session.opened(record)
        self.record = record
        self._asked_for.clear()
        self._top.name_place(plain("Record", MUTED), plain(record.title))
        self._show_law()
        self._fill()
        self.say(plain(said, GOOD))
