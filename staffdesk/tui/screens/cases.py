"""My open cases: the first screen of whoever talks to customers; references and products, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.access import Act, Purpose
from staffdesk.domain.products import as_shown
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import go_on_with
from staffdesk.tui.phrases import count, moment, short_moment
from staffdesk.tui.plain import ACCENT, DASH, GOOD, MUTED, STRONG, column, fit, joined, plain
from staffdesk.tui.waiting import (
    GO,
    LOGS,
    account_lines,
    accounts_for,
    asked_lines,
    open_logs,
    quarantine_for,
    quarantine_lines,
    request_lines,
    requests_for,
    under,
)
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.domain.accuracy import WorkList
    from staffdesk.domain.case_mail import AttachedMail
    from staffdesk.domain.matters import CaseRow
    from staffdesk.services.desk import Desk
    from staffdesk.tui.session import Session

_MARK, _NUMBER, _KIND, _CHANNEL, _OPENED, _OPENED_SHORT = 2, 14, 9, 9, 17, 13
_LONGEST_PRODUCT = 24
_WIDE = 68
_WITH_CASES: Final = frozenset({Purpose.SUPPORT, Purpose.SALE})
"""The purposes of who has cases."""


class CasesScreen(DeskScreen[None], inherit_bindings=False):
    """Enter goes on with a case: to its customer where it has one, else to the search."""

    PLACE: ClassVar[Place] = Place.CASES
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.CASES)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("My cases"))
        self._cases: dict[str, CaseRow] = {}
        self._in_hand = ""

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="cases")
        rows.border_title = plain("My open cases")
        yield rows

    def notice(self) -> Content:
        """Say what Enter does."""
        return plain("Enter goes on with a case. Ctrl+N starts one.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer nothing for a case where there is none."""
        of_a_case = {
            "list.open", "case.close", "case.note", "case.mail", "case.licence", "case.logs", "case.to-ask",
        }  # fmt: skip
        return bool(self._cases) if command.id in of_a_case else super().is_useful(command)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(Rows).focus()
        self.read()

    def on_screen_resume(self) -> None:
        """Read the list again, since a case may have been started on top of it; but let a record open first."""
        if not self.waiting:
            self.read()

    def begin_call(self) -> None:
        """Go on at the search, where what is typed next belongs, unless these roles look at no customer for it."""
        case = self.session.case
        if case is not None and case.kind in self.session.purposes():
            self.desk_app.action_go("search")

    def read(self) -> None:
        """Read my open cases."""
        self.ask(partial(_read, self.desk, self.session), lambda read: self.show(*read), "reading")

    def show(self, cases: Sequence[CaseRow], waiting: Sequence[Line] = ()) -> None:
        """List them, newest first; the cursor goes to the case in hand when that is another one than before."""
        first = not self._cases
        self._cases = {case.number: case for case in cases}
        rows = self.query_one(Rows)
        rows.border_subtitle = plain(count(len(cases), "open case"))
        self.refresh_keys()
        if not cases:
            none = (words(plain("No open cases.")), words(plain("Ctrl+N starts one; S searches.", MUTED)))
            rows.put([*under(waiting), *none])
            return
        in_hand = self.session.reference
        rows.put(
            [
                *under(waiting),
                Line("", _heads, stays=True),
                *(Line(case.number, partial(_line, case, in_hand)) for case in cases),
            ],
            keep=True,
        )
        if in_hand != self._in_hand:
            self._in_hand = in_hand
            rows.go_to(in_hand)
        elif first:
            rows.go_to(cases[0].number)

    @on(Rows.Selected)
    def go_on(self, event: Rows.Selected) -> None:
        """Take the case in hand, or go to what waits."""
        if event.key.startswith(GO):
            self.desk_app.action_go(event.key.removeprefix(GO))
        if event.key.startswith(LOGS):
            open_logs(self, event.key)
        case = self._cases.get(event.key)
        if case is not None:
            go_on_with(self, case)

    def action_close_case(self) -> None:
        """Close the case under the cursor, once that is confirmed."""
        from staffdesk.tui.screens.close_case import CloseCaseDialog  # noqa: PLC0415 - once a call

        number = self.query_one(Rows).current
        if number in self._cases:
            self.app.push_screen(CloseCaseDialog(number), partial(self._forget, number))

    def action_note(self) -> None:
        """Report in the case under the cursor what was said."""
        from staffdesk.tui.screens.note import NoteDialog  # noqa: PLC0415 - brings the widget for several lines

        number = self.query_one(Rows).current
        if number in self._cases:
            self.app.push_screen(NoteDialog(number), partial(self._noted, number))

    def action_mail(self) -> None:
        """Attach a mail to the case under the cursor."""
        from staffdesk.tui.screens.case_mail import CaseMailDialog  # noqa: PLC0415 - once in many calls

        number = self.query_one(Rows).current
        if number in self._cases:
            self.app.push_screen(CaseMailDialog(number), self._attached)

    def action_licence(self) -> None:
        """Show the steps of the licence request under the cursor."""
        from staffdesk.tui.screens.licence_request import LicenceRequestDialog  # noqa: PLC0415 - once in many calls

        number = self.query_one(Rows).current
        if number in self._cases:
            self.app.push_screen(LicenceRequestDialog(number))

    def action_logs(self) -> None:
        """List the support logs of the case under the cursor."""
        from staffdesk.tui.screens.support_logs import SupportLogsScreen  # noqa: PLC0415 - once in many calls

        number = self.query_one(Rows).current
        if number in self._cases:
            self.app.push_screen(SupportLogsScreen(number))

    def action_to_ask(self) -> None:
        """List what to ask whoever stands in one of my open cases."""
        purpose = next(each for each in self.session.purposes() if each in _WITH_CASES)
        access, accuracy = replace(self.session.desk_access, purpose=purpose), self.desk.accuracy
        self.look(partial(accuracy.every, access), self._show_to_ask, "listing")

    def _show_to_ask(self, lists: Sequence[WorkList]) -> None:
        from staffdesk.tui.screens.to_ask import ToAskDialog  # noqa: PLC0415 - once in many calls

        self.session.logged(lists[-1].seq)
        if any(found.rows for found in lists):
            self.app.push_screen(ToAskDialog(lists), self._ask)
        else:
            self.say(plain("Nothing is to be asked of those in your open cases."))

    def _ask(self, customer: int | None) -> None:
        his = [each for each in self._cases.values() if customer is not None and each.customer == customer]
        mine = [each for each in his if each.kind in self.session.purposes()]
        if his:
            go_on_with(self, (mine or his)[0])

    def _attached(self, attached: AttachedMail | None) -> None:
        from staffdesk.domain.case_mail import told_of  # noqa: PLC0415 - once in many calls

        if attached is not None:
            self.say(joined(plain(f"✓ {attached.line}.", GOOD), plain(" ".join(told_of(attached)), MUTED), by=" "))

    def _noted(self, number: str, done: bool | None) -> None:
        if done:
            self.say(plain(f"✓ Noted in {number}.", GOOD))

    def _forget(self, number: str, done: bool | None) -> None:
        if done:
            self.session.drop(number)
            self.say(plain(f"✓ {number} is closed.", GOOD))
            self.read()


def _read(desk: Desk, session: Session) -> tuple[tuple[CaseRow, ...], tuple[Line, ...]]:
    """Read my cases, and what waits: a question to oneself, and for who answers requests or decides about accounts."""
    asked = asked_lines(desk.asked.waiting(session.desk_access))
    requests, accounts = (
        request_lines(requests_for(desk, session)),
        account_lines(accounts_for(desk, session), decides=session.may(Act.STAFF_APPROVED)),
    )
    zips = quarantine_lines(quarantine_for(desk, session))
    return desk.cases.mine(session.sid), (*asked, *zips, *requests, *accounts)


def _heads(width: int) -> Content:
    return _columns([plain(head, MUTED) for head in ("", "Number", "Kind", "Channel", "Product", "Opened")], width)


def _line(case: CaseRow, in_hand: str, width: int) -> Content:
    opened = moment(case.opened_at) if width >= _WIDE else short_moment(case.opened_at)
    cells = [
        plain("▸" if case.number == in_hand else "", ACCENT),
        plain(case.number, STRONG),
        plain(case.kind),
        plain(case.channel),
        plain(as_shown(case.product) or DASH),
        plain(opened, MUTED),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    sizes = [_MARK, _NUMBER, _KIND, _CHANNEL if width >= _WIDE else 0]
    opened = _OPENED if width >= _WIDE else _OPENED_SHORT
    product = min(max(width - sum(sizes) - opened, 1), _LONGEST_PRODUCT)
    return fit(joined(*map(column, cells, (*sizes, product, opened))), width)
