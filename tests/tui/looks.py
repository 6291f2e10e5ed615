"""A look that somebody else had before, for who reads the log."""

from __future__ import annotations

from staffdesk.domain.access import Access, Purpose, RecordKind
from tests.tui.seat import Seat


def look_at_the_person(seat: Seat) -> int:
    """Let the support account open the demo's person under its case; return the customer's number."""
    desk, demo = seat.app.desk_coming.result(), seat.demo
    account = next(each for each in demo.accounts if each.role == "support")
    signed_in = desk.sign_in.sign_in(account.user, account.password, "desk 2")
    access = Access(session=signed_in.sid, purpose=Purpose.SUPPORT, reference=demo.case, host="desk 2")
    desk.gateway.search(access, "vision")
    desk.gateway.open(access, RecordKind.PERSON, demo.person)
    desk.sign_in.sign_out(signed_in.sid)
    return demo.person
