"""From a row or a case to its record: the purpose and the reference first, then the entry, then the record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from staffdesk.domain.access import Act, RecordKind
from staffdesk.tui.plain import plain

if TYPE_CHECKING:
    from staffdesk.domain.matters import CaseRow
    from staffdesk.domain.records import Record
    from staffdesk.tui.base import DeskScreen
    from staffdesk.tui.trail import Where

R = TypeVar("R")


def open_record(
    screen: DeskScreen[R], kind: RecordKind, record_id: int, *, then: Callable[[Screen[None]], None] | None = None
) -> None:
    """Open a record on top of ``screen``, and do ``then`` on it.

    Where purpose or reference is missing they are asked for first.
    """
    session = screen.session
    if session.purpose is None or not session.reference:
        from staffdesk.tui.screens.purpose import PurposeDialog  # noqa: PLC0415 - asked once in many records

        def go_on(said: bool | None) -> None:
            if said:
                open_record(screen, kind, record_id, then=then)

        screen.app.push_screen(PurposeDialog(needs_reference=True), go_on)
        return
    access, gateway = session.access_to((kind, record_id)), screen.desk.gateway

    def show(record: Record) -> None:
        session.opened(record)
        screen.desk_app.show_record(record, access, screen, then=then)

    screen.desk_app.turns.lead(screen)
    screen.look(partial(gateway.open, access, kind, record_id), show, "opening")


def go_on_with(screen: DeskScreen[None], case: CaseRow) -> None:
    """Take a case in hand and go to its customer, else to the record last opened under it, else to the search.

    One of a kind for which this person does not look stays where it is, and that is said.
    """
    session = screen.session
    if case.kind not in session.purposes():
        screen.say(plain(f"{case.number} is a case of {case.kind}, for which your roles look at no customer."))
        return
    session.take(case)
    _go_to(screen, _customer_of(case) or session.call.opened)


def go_to_call(screen: DeskScreen[None]) -> None:
    """Go to where the call in hand was: the record last opened in it, else its case's customer, else the search."""
    call = screen.session.call
    _go_to(screen, call.opened or _customer_of(call.case))


def _go_to(screen: DeskScreen[None], where: Where | None) -> None:
    if where is not None and screen.session.may(Act.CUSTOMER_OPENED):
        open_record(screen, *where)
    else:
        screen.desk_app.action_go("search")


def _customer_of(case: CaseRow | None) -> Where | None:
    return None if case is None or case.customer is None else (RecordKind.PERSON, case.customer)
