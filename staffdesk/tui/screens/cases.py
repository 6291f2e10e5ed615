"""My open cases: the first screen of whoever talks to customers; references and products, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.access import Act, RecordKind
from staffdesk.domain.matters import CaseRow
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import open_record
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import ACCENT, DASH, MUTED, STRONG, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows, words

_MARK, _NUMBER, _KIND, _CHANNEL, _PRODUCT, _OPENED = 2, 14, 9, 9, 24, 18


class CasesScreen(DeskScreen[None], inherit_bindings=False):
    """Enter goes on with a case: to its customer where it has one, else to the search."""

    PLACE: ClassVar[Place] = Place.CASES
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.CASES)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("My cases"))
        self._cases: dict[str, CaseRow] = {}
        self._to_close = ""

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="cases")
        rows.border_title = plain("My open cases")
        yield rows

    def first_notice(self) -> Content:
        """Say what the sign-in had to tell, or what Enter does."""
        told = self.news()
        return plain(" ".join(told)) if told else plain("Enter goes on with a case. Ctrl+N starts one.", MUTED)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(Rows).focus()
        self.read()

    def on_screen_resume(self) -> None:
        """Read the list again: a case may have been started on top of it."""
        self.read()

    def read(self) -> None:
        """Read my open cases."""
        self.ask(partial(self.desk.cases.mine, self.session.sid), self.show, "reading")

    def show(self, cases: Sequence[CaseRow]) -> None:
        """List them, newest first."""
        self._cases = {case.number: case for case in cases}
        rows = self.query_one(Rows)
        rows.border_subtitle = plain(count(len(cases), "open case"))
        if not cases:
            rows.put([words(plain("No open cases.")), words(plain("Ctrl+N starts one; S searches.", MUTED))])
            return
        in_hand = self.session.reference
        rows.put([words(_heads()), *(Line(case.number, partial(_line, case, in_hand)) for case in cases)], keep=True)

    @on(Rows.Selected)
    def go_on(self, event: Rows.Selected) -> None:
        """Take the case in hand."""
        case = self._cases.get(event.key)
        if case is None:
            return
        self.session.take(case)
        if case.customer is not None and self.session.purpose is not None and self.session.may(Act.CUSTOMER_OPENED):
            open_record(self, RecordKind.PERSON, case.customer)
        else:
            self.desk_app.action_go("search")

    def action_close_case(self) -> None:
        """Close the case under the cursor; the key must be pressed twice."""
        number = self.query_one(Rows).current
        if number not in self._cases:
            return
        if self._to_close != number:
            self._to_close = number
            self.say(plain(f"x once more closes {number}."))
            return
        self._to_close = ""
        self.ask(partial(self.desk.cases.close, self.session.desk_access, number), lambda _done: self._forget(number))

    def _forget(self, number: str) -> None:
        self.session.drop(number)
        self.say(plain(f"✓ {number} is closed.", "$text-success"))
        self.read()


def _heads() -> Content:
    widths = (("Number", _NUMBER), ("Kind", _KIND), ("Channel", _CHANNEL), ("Product", _PRODUCT), ("Opened", _OPENED))
    return joined(plain(" " * _MARK), *(column(plain(head, MUTED), width) for head, width in widths))


def _line(case: CaseRow, in_hand: str, width: int) -> Content:
    return fit(
        joined(
            column(plain("▸" if case.number == in_hand else "", ACCENT), _MARK),
            column(plain(case.number, STRONG), _NUMBER),
            column(plain(case.kind), _KIND),
            column(plain(case.channel), _CHANNEL),
            column(plain(case.product or DASH), _PRODUCT),
            plain(moment(case.opened_at), MUTED),
        ),
        width,
    )
