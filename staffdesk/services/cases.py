"""Cases: what a call or a mail is dealt with under; the number is the reference of every look that follows."""

from __future__ import annotations

import time

from staffdesk.data.case_lists import CaseLists, OpenCase
from staffdesk.data.log import Opened
from staffdesk.data.tables.support import Case, CaseOrigin, ContactReport
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.matters import CaseRow, NewCase
from staffdesk.domain.numbers import Series, format_number
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.provenance import Source
from staffdesk.domain.text import optional_line
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.standing import reference_number

KINDS = ("support", "sale")
CHANNELS = ("call", "email", "visit", "event", "chat")
_SOURCES = {"call": Source.CALL_IN, "email": Source.EMAIL_IN}
"""Where a case came from, by channel; the others reach the support desk."""
LONGEST_RESOLUTION = 500
RECOGNISED = ("not recognised", "last order", "reply from the address on file", "call-back")


class Cases:
    """Opens, lists and closes cases, and notes in them what was said and who called."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Read and write through ``door``; ``matrix`` says who closes a colleague's case."""
        self._door = door
        self._matrix = matrix

    def open(self, access: Access, new: NewCase) -> CaseRow:
        """Open a case and return it; raises :class:`BadInput`, :class:`MustNotBeHeld`, :class:`NotFound`."""
        from staffdesk.data.customers.writing import Writing, new_aid  # noqa: PLC0415 - the first screen lists cases
        from staffdesk.domain.screening import warm  # noqa: PLC0415 - as above

        _check(new)
        if new.summary:
            warm()  # before anybody waits for the transaction, which refuses and is in the log
        record = None if new.customer is None else ("person", new.customer)
        draft = Draft(wanted=Wanted(act=Act.CASE_OPENED, record=record), kinds=("case",))
        today = today_in_brussels()
        now = time.time_ns() // 1_000_000

        def write(tx: Change, cleared: Clearance) -> tuple[CaseRow, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            writing = Writing(tx)
            whose = None if cleared.subject is None else cleared.subject.person_id
            number = format_number(Series.CASE, today.year, writing.next_number("case", today.year))
            case = Case.checked(
                {
                    "aid": new_aid(Case),
                    "number": number,
                    "kind": new.kind,
                    "channel": new.channel,
                    "origin": CaseOrigin.OWN,
                    "product_name": new.product or None,
                    "person_id": whose,
                    "organisation_id": None if cleared.subject is None else cleared.subject.organisation_id,
                    "opened_by": cleared.actor.staff_id,
                    "opened_at": now,
                    "recognised": new.recognised or None,
                    "caller": new.caller or None,
                    "summary": new.summary or None,
                    "source": source_of(new.channel),
                    "obtained_on": today,
                }
            )
            (case_id,) = writing.add([case])
            row = CaseRow(case_id, number, new.kind, new.channel, new.product or "", now, True, whose)
            return row, Result(act=Act.CASE_OPENED, obj=(case.aid,), kinds=("case",), n=1)

        return self._door.change(access, draft, write)

    def mine(self, sid: str) -> tuple[CaseRow, ...]:
        """Return the open cases of whoever is signed in, newest first: references and products, no names.

        Raises :class:`SessionEnded`.
        """
        return self._door.peek(Access(session=sid), lambda tx: CaseLists(tx).open_of_session(sid))

    def note(self, access: Access, number: str, *, topic: str, text: str | None = None) -> None:
        """Report a contact in an open case: one line of what it was about, and what was said.

        Raises :class:`BadInput`, :class:`MustNotBeHeld`, :class:`NotFound` if there is no open case with this number,
        :class:`Denied` where whom it is about may not be received, :class:`Conflict` where it names somebody since.
        """
        from staffdesk.data.customers.writing import Writing  # noqa: PLC0415 - the first screen lists cases
        from staffdesk.domain.screening import FieldKind, refuse_forbidden  # noqa: PLC0415 - as above

        # Before anybody waits for the transaction: a process takes its time to make the rules ready, once.
        refuse_forbidden(f"{topic}\n{text or ''}", FieldKind.NOTE)
        case_number = reference_number(number)
        draft = case_draft(self._door, access, Act.CASE_NOTED, case_number, ("report",))
        today, now = today_in_brussels(), time.time_ns() // 1_000_000

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            case = locked_case(tx, case_number, draft)
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            report = ContactReport.checked(
                {
                    "case_id": case.id,
                    "person_id": case.person_id,
                    "organisation_id": case.organisation_id,
                    "channel": case.channel,
                    "contact_at": now,
                    "author_id": cleared.actor.staff_id,
                    "topic": topic,
                    "body": text or None,
                    "source": source_of(case.channel),
                    "obtained_on": today,
                }
            )
            Writing(tx).add([report])
            return None, Result(act=Act.CASE_NOTED, obj=(case.aid,), kinds=("report",), n=1)

        self._door.change(access, draft, write)

    def tie(self, access: Access, number: str, customer: int) -> None:
        """Say whom an own open case is about that names nobody yet; what was noted in it becomes his too.

        Raises :class:`NotFound` (no open case, no such customer), :class:`Conflict` if it names somebody already,
        :class:`Denied` for a colleague's case.
        """
        case_number = reference_number(number)
        draft = Draft(wanted=Wanted(act=Act.CASE_TIED, record=("person", customer)), kinds=("case",))

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            lists = CaseLists(tx)
            case = lists.open_case(case_number)
            if case is None or cleared.actor is None or cleared.subject is None:
                raise _not_open()
            if case.person_id is not None:
                raise Conflict("This case names somebody already.", "Start another one: Ctrl+N, or staffdesk case new.")
            if case.opened_by != cleared.actor.staff_id:
                raise Denied("This case is a colleague's.", "Who opened it says whom it is about.")
            person, organisation = cleared.subject.person_id, cleared.subject.organisation_id
            if lists.tie(case.id, cleared.actor.staff_id, person, organisation) != 1:
                raise Conflict("This case was changed meanwhile.", "Look at the list of your cases.")
            return None, Result(act=Act.CASE_TIED, obj=(case.aid,), kinds=("case",), n=1)

        self._door.change(access, draft, write)

    def close(
        self,
        access: Access,
        number: str,
        *,
        resolution: str | None = None,
        reason: str | None = None,
        unfinished: bool = False,
    ) -> None:
        """Close a case, with one line of how it ended; a colleague's with a written reason, which the log keeps.

        Raises :class:`StepsOpen` where steps of its licence request are open, unless it is said to be ``unfinished``;
        :class:`NotFound` if none is open with this number, :class:`BadInput` (a line that cannot be taken, a
        colleague's case without a reason), :class:`MustNotBeHeld`, :class:`Denied`, :class:`Conflict`.
        """
        from staffdesk.domain.screening import FieldKind, refuse_forbidden  # noqa: PLC0415 - the first screen lists cases
        from staffdesk.domain.written_reasons import written_reason  # noqa: PLC0415 - as above

        ended = optional_line(resolution, LONGEST_RESOLUTION)
        refuse_forbidden(ended or "", FieldKind.NOTE)
        why = () if reason is None else (Opened("reason.close", written_reason(reason)),)
        case_number = reference_number(number)
        draft = case_draft(self._door, access, Act.CASE_CLOSED, case_number, ("case",))
        now = time.time_ns() // 1_000_000

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            case = locked_case(tx, case_number, draft)
            whose = self._check_whose(case, cleared, reasoned=bool(why))
            if not unfinished:
                _check_steps(tx, case, case_number)
            if CaseLists(tx).close(case_number, now, ended) is None:
                raise _not_open()
            return None, Result(act=Act.CASE_CLOSED, obj=(case.aid, *whose), kinds=("case",), n=1, openings=why)

        self._door.change(access, draft, write)

    def _check_whose(self, case: OpenCase, cleared: Clearance, *, reasoned: bool) -> tuple[str, ...]:
        """Return the account whose case it is where it is a colleague's; raises where that may not be closed so."""
        if cleared.actor is None or cleared.role is None:
            raise SessionEnded("You are not signed in.", "Sign in again.")
        if case.opened_by == cleared.actor.staff_id:
            return ()
        if cleared.role not in self._matrix.cases.close_others:
            raise Denied("This case is a colleague's.", "Who opened it closes it.")
        if not reasoned:
            raise BadInput(
                "This case is a colleague's: it is closed with a reason.",
                "staffdesk case close NUMBER --reason TEXT",
            )
        return (case.opened_by,)


def _check_steps(tx: Change, case: OpenCase, number: str) -> None:
    from staffdesk.data.customers.licence_requests import LicenceRequests  # noqa: PLC0415 - the first screen lists cases
    from staffdesk.domain.licence_requests import StepsOpen  # noqa: PLC0415 - as above

    asked = LicenceRequests(tx).of_case(case.id, number)
    if asked is not None and asked.still_open:
        left = "; ".join(each.text for each in asked.still_open)
        raise StepsOpen(f"{asked.title}: open is: {left}.", "Tick it, or close it so: --unfinished.")


def source_of(channel: str) -> Source:
    """Return where what came by a channel came from: a call, a mail, else the support desk."""
    return _SOURCES.get(channel, Source.SUPPORT)


def case_draft(door: Door, access: Access, act: Act, number: str, kinds: tuple[str, ...]) -> Draft:
    """Return the intent: it names the case, and whom it is about, who must be one that may be received."""
    from staffdesk.data.references import References  # noqa: PLC0415 - the first screen lists cases

    case = door.peek(access, lambda tx: References(tx).reference(number))
    if case is None or case.kind != "case":
        return Draft(wanted=Wanted(act=act), kinds=kinds)
    about_nobody = case.person_id is None and case.organisation_id is None
    record = None if about_nobody else ("support_case", case.id)
    return Draft(wanted=Wanted(act=act, record=record), obj=(case.aid,), kinds=kinds)


def locked_case(tx: Change, number: str, draft: Draft) -> OpenCase:
    """Return an open case, locked until the transaction ends; raises :class:`NotFound`, :class:`Conflict`."""
    case = CaseLists(tx).open_case(number)
    if case is None:
        raise _not_open()
    _check_whom(case, draft)
    return case


def _check_whom(case: OpenCase, draft: Draft) -> None:
    """Refuse where a case about nobody names somebody since the door looked: he was not let in, nor named."""
    if draft.wanted.record is None and (case.person_id, case.organisation_id) != (None, None):
        raise Conflict("This case names somebody since.", "Do it again: it is about him now.")


def _not_open() -> NotFound:
    return NotFound("There is no open case with this number.", "Look at the list of your cases.")


def _check(new: NewCase) -> None:
    for value, known, name in ((new.kind, KINDS, "kind"), (new.channel, CHANNELS, "channel")):
        if value not in known:
            raise BadInput(f"This {name} of a case is not known.", f"Choose one of: {', '.join(known)}.")
    if new.customer is None and not (new.product or new.caller or new.summary):
        raise BadInput("A case about nothing is not opened.", "Say which product, who is calling, or what it is about.")
    if new.recognised and new.recognised not in RECOGNISED:
        raise BadInput("This way of recognising a caller is not known.", f"Choose one of: {', '.join(RECOGNISED)}.")
