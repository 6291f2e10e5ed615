"""Cases: what a call or a mail is dealt with under; the number is the reference of every look that follows."""

from __future__ import annotations

import time

from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.matters import CaseLists
from staffdesk.data.tables.support import Case, CaseOrigin
from staffdesk.data.transaction import Append, Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, NotFound, SessionEnded
from staffdesk.domain.matters import CaseRow, NewCase
from staffdesk.domain.numbers import Series, format_number
from staffdesk.domain.provenance import Source
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.standing import reference_number

KINDS = ("support", "sale")
CHANNELS = ("call", "email", "visit", "event", "chat")
_SOURCES = {"call": Source.CALL_IN, "email": Source.EMAIL_IN}
"""Where a case came from, by channel; the others reach the support desk."""
RECOGNISED = ("last order", "reply from the address on file", "call-back", "not recognised")


class Cases:
    """Opens, lists and closes cases."""

    def __init__(self, door: Door) -> None:
        """Read and write through ``door``."""
        self._door = door

    def open(self, access: Access, new: NewCase) -> CaseRow:
        """Open a case and return it; raises :class:`BadInput`, :class:`MustNotBeHeld`, :class:`NotFound`."""
        _check(new)
        record = None if new.customer is None else ("person", new.customer)
        draft = Draft(wanted=Wanted(act=Act.CASE_OPENED, record=record), kinds=("case",))
        today = today_in_brussels()
        now = time.time_ns() // 1_000_000

        def write(tx: Change, cleared: Clearance) -> tuple[CaseRow, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            writing = Writing(tx)
            number = format_number(Series.CASE, today.year, writing.next_number("case", today.year))
            case = Case.checked(
                {
                    "aid": new_aid(Case),
                    "number": number,
                    "kind": new.kind,
                    "channel": new.channel,
                    "origin": CaseOrigin.OWN,
                    "product_name": new.product or None,
                    "person_id": new.customer,
                    "organisation_id": None if cleared.subject is None else cleared.subject.organisation_id,
                    "opened_by": cleared.actor.staff_id,
                    "opened_at": now,
                    "recognised": new.recognised or None,
                    "caller": new.caller or None,
                    "summary": new.summary or None,
                    "source": _SOURCES.get(new.channel, Source.SUPPORT),
                    "obtained_on": today,
                }
            )
            (case_id,) = writing.add([case])
            row = CaseRow(case_id, number, new.kind, new.channel, new.product or "", now, True, new.customer)
            return row, Result(act=Act.CASE_OPENED, obj=(case.aid,), kinds=("case",), n=1)

        return self._door.change(access, draft, write)

    def mine(self, sid: str) -> tuple[CaseRow, ...]:
        """Return the open cases of whoever is signed in, newest first: references and products, no names.

        Raises :class:`SessionEnded`.
        """
        return self._door.peek(Access(session=sid), lambda tx: CaseLists(tx).open_of_session(sid))

    def close(self, access: Access, number: str) -> None:
        """Close a case; raises :class:`NotFound` if there is no open one with this number."""
        draft = Draft(wanted=Wanted(act=Act.CASE_CLOSED), kinds=("case",))
        now = time.time_ns() // 1_000_000

        def write(tx: Append, _cleared: Clearance) -> tuple[None, Result]:
            aid = CaseLists(tx).close(reference_number(number), now)
            if aid is None:
                raise NotFound("There is no open case with this number.", "Look at the list of your cases.")
            return None, Result(act=Act.CASE_CLOSED, obj=(aid,), kinds=("case",), n=1)

        self._door.change(access, draft, write)


def _check(new: NewCase) -> None:
    for value, known, name in ((new.kind, KINDS, "kind"), (new.channel, CHANNELS, "channel")):
        if value not in known:
            raise BadInput(f"This {name} of a case is not known.", f"Choose one of: {', '.join(known)}.")
    if new.customer is None and not (new.product or new.caller or new.summary):
        raise BadInput("A case about nothing is not opened.", "Say which product, who is calling, or what it is about.")
    if new.recognised and new.recognised not in RECOGNISED:
        raise BadInput("This way of recognising a caller is not known.", f"Choose one of: {', '.join(RECOGNISED)}.")
