"""Licence requests as cases: the checklist of each, a seat freed, a licence moved; every step with who and when.

Both change the rows that licensing rests on, under the case's number; no holder learns the last one's computers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from staffdesk.data.case_lists import OpenCase
from staffdesk.data.customers.licence_requests import ChangingLicences, LicenceRequests
from staffdesk.data.customers.merges import standing_for
from staffdesk.data.customers.writing import Writing
from staffdesk.data.references import References
from staffdesk.data.tables.licence_requests import LicenceRequest, LicenceStep
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read, Transaction
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.licence_requests import Checklist, Does, NoRequest, Step, rules
from staffdesk.domain.policy import matrix
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.cases import case_draft, locked_case
from staffdesk.services.cells import Cells
from staffdesk.services.clearance import Clearance, Wanted, may_see_country
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import may_read
from staffdesk.services.sessions import utc_ms
from staffdesk.services.standing import reference_number

_KIND: Final = "licence request"
_LONGEST_NOTE: Final = 200
_STATUS: Final = "activation.status"
_COMPUTER: Final = ("user_name", "mac", "ip")
_HOLDER: Final = "licence.person_id"


class LicenceDesk:
    """Starts requests, ticks their steps, frees seats and moves licences."""

    def __init__(self, door: Door) -> None:
        """Read and write through ``door``."""
        self._door = door

    def start(self, access: Access, number: str, kind: str, licence: int) -> Checklist:
        """Make an open case the request of a kind (``licence_requests.toml``) about a licence of whom it names.

        Raises :class:`BadInput`, :class:`NotFound` (no open case, no licence of his), :class:`Conflict` where the case
        is one already, :class:`Denied`.
        """
        rules().kind(kind)

        def write(tx: Change, cleared: Clearance, case: OpenCase) -> tuple[str, ...]:
            _check_licence(tx, cleared, case, licence)
            if LicenceRequests(tx).id_of(case.id) is not None:
                raise Conflict("This case is a licence request already.", "Start another case: staffdesk case new")
            values = {"case_id": case.id, "licence_id": licence, "kind": kind, "started_at": utc_ms()}
            Writing(tx).add([LicenceRequest.checked(values)])
            return (_KIND, kind)

        return self._written(access, number, Act.CASE_NOTED, (_KIND,), write)

    def of_case(self, access: Access, number: str) -> Checklist:
        """Return the request of an open case; one entry.

        Raises :class:`NoRequest` where the case is none, :class:`NotFound`, :class:`Denied`.
        """
        case_number = reference_number(number)
        draft = case_draft(self._door, access, Act.CASE_LISTED, case_number, (_KIND,))

        def read(tx: Read, cleared: Clearance, _ticket: Ticket) -> Checklist:
            case = References(tx).reference(case_number)
            if case is None or case.kind != "case" or not case.is_open:
                raise NotFound("There is no open case with this number.", "Look at the list of your cases.")
            _check_role(cleared)
            if not may_read(tx, cleared, "support_case", case.id):
                raise Denied("This case is restricted.", "Privacy reads what there is.")
            return _seen(tx, cleared, case.id, case_number)

        return self._door.look(access, draft, read)

    def tick(self, access: Access, number: str, step: str, *, note: str | None = None) -> Checklist:
        """Note that a step is done, with how where its kind wants that noted.

        Raises :class:`BadInput`, :class:`MustNotBeHeld`, :class:`NotFound`, :class:`Conflict` (done already, what it
        needs is open, or the desk does it), :class:`Denied`.
        """
        # Before anybody waits for the transaction: a process takes its time to make the rules ready, once.
        refuse_forbidden(note or "", FieldKind.NOTE)

        def write(tx: Change, cleared: Clearance, case: OpenCase) -> tuple[str, ...]:
            known = _there(LicenceRequests(tx).of_case(case.id, number))
            which = rules().kind(known.kind).step(step)
            if which.does is not None:
                raise Conflict("This step is ticked by doing it.", "staffdesk case licence free, or move")
            _tick(tx, cleared, case, known, which, note)
            return (_KIND, step)

        return self._written(access, number, Act.CASE_NOTED, (_KIND,), write)

    def untick(self, access: Access, number: str, step: str) -> Checklist:
        """Take back a tick that was a mistake; what the desk did itself stays done.

        Raises as :meth:`tick`, and :class:`Conflict` where a step that is done rests on it.
        """

        def write(tx: Change, _cleared: Clearance, case: OpenCase) -> tuple[str, ...]:
            known = _there(LicenceRequests(tx).of_case(case.id, number))
            if rules().kind(known.kind).step(step).does is not None:
                raise Conflict("What the desk did is done.", "Note in the case what became of it.")
            after = [each.step.text for each in known.steps if each.done_at is not None and step in each.step.needs]
            if after:
                raise Conflict(f"What rests on it is done: {after[0]}.", "Take that back first, where it can be.")
            if ChangingLicences(tx).untick(case.id, step) != 1:
                raise Conflict("This step is open.", f"staffdesk case licence show {known.number}")
            return (_KIND, step, "open")

        return self._written(access, number, Act.CASE_NOTED, (_KIND,), write)

    def free_seat(self, access: Access, number: str, seat: int) -> Checklist:
        """Free a seat of the request's licence, and tick the step that is; further seats may follow.

        Raises :class:`Conflict` where a step before is open, the seat is free already or none of this licence.
        """

        def write(tx: Change, cleared: Clearance, case: OpenCase) -> tuple[str, ...]:
            known = _there(LicenceRequests(tx).of_case(case.id, number))
            step = _step_that(known, Does.FREE_SEAT)
            _check_licence(tx, cleared, case, known.licence)
            if ChangingLicences(tx).free(known.licence, seat) != 1:
                raise Conflict("This is no seat of the licence that is taken.", "Look which are.")
            _tick(tx, cleared, case, known, step, None, again=True)
            return (_KIND, _STATUS)

        return self._written(access, number, Act.CUSTOMER_CHANGED, (_KIND, _STATUS), write)

    def move(self, access: Access, number: str, to: int) -> Checklist:
        """Register the request's licence to another person on file; every seat must be free, and its data goes.

        Both people are named in the entry. Raises :class:`Conflict` where the holder did not confirm or a seat is
        taken, :class:`NotFound` for no such customer, :class:`Denied`, also for one whose record is restricted.
        """
        case_number = reference_number(number)
        before = case_draft(self._door, access, Act.CUSTOMER_CHANGED, case_number, (_KIND, _HOLDER))
        wanted = Wanted(act=Act.CUSTOMER_CHANGED, record=("person", to))
        draft = Draft(wanted=wanted, obj=before.obj, kinds=before.kinds)

        def write(tx: Change, cleared: Clearance) -> tuple[Checklist, Result]:
            case = locked_case(tx, case_number, before)
            _check_case(tx, cleared, case)
            known = _there(LicenceRequests(tx).of_case(case.id, case_number))
            step = _step_that(known, Does.MOVE_LICENCE)
            aid, holder, _ = _check_licence(tx, cleared, case, known.licence)
            if cleared.subject is None or cleared.subject.person_id == holder:
                raise BadInput("The licence is this person's.", "Say whose it becomes.")
            _check_recipient(tx, cleared, to)
            his = _check_holder(tx, cleared, known.licence)
            if any(each.active for each in known.seats):
                raise Conflict("A seat of this licence is taken.", "Free each first: staffdesk case licence free")
            subject = cleared.subject
            if ChangingLicences(tx).move(known.licence, holder, to, subject.organisation_id) != 1:
                raise Conflict("This licence was changed meanwhile.", "Look at it again.")
            _tick(tx, cleared, case, known, step, None)
            obj = tuple(dict.fromkeys((*subject.aids, *his, aid, case.aid)))
            result = Result(act=Act.CUSTOMER_CHANGED, obj=obj, kinds=(_KIND, _HOLDER), n=1)
            return _seen(tx, cleared, case.id, case_number), result

        return self._door.change(access, draft, write)

    def _written(
        self,
        access: Access,
        number: str,
        act: Act,
        kinds: tuple[str, ...],
        write: Callable[[Change, Clearance, OpenCase], tuple[str, ...]],
    ) -> Checklist:
        case_number = reference_number(number)
        draft = case_draft(self._door, access, act, case_number, kinds)

        def within(tx: Change, cleared: Clearance) -> tuple[Checklist, Result]:
            case = locked_case(tx, case_number, draft)
            _check_case(tx, cleared, case)
            told = write(tx, cleared, case)
            result = Result(act=act, obj=(case.aid,), kinds=told, n=1)
            return _seen(tx, cleared, case.id, case_number), result

        return self._door.change(access, draft, within)


def _tick(
    tx: Change,
    cleared: Clearance,
    case: OpenCase,
    known: Checklist,
    step: Step,
    note: str | None,
    *,
    again: bool = False,
) -> None:
    """Write a tick; raises :class:`Conflict` where what the step needs is open, or it is done and not done again."""
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    still_open = {each.id for each in known.still_open}
    missing = [each.step.text for each in known.steps if each.step.id in still_open & set(step.needs)]
    if missing:
        raise Conflict(f"Before it is open: {missing[0]}.", "Do that first, and tick it.")
    if step.id not in still_open:
        if again:
            return
        raise Conflict("This step is done.", f"staffdesk case licence show {known.number}")
    how = optional_line(note, _LONGEST_NOTE)
    if step.noted and how is None:
        raise BadInput(f"This step says how: {step.text}.", "Say it in one line: --note TEXT")
    request = LicenceRequests(tx).id_of(case.id)
    done = {
        "request_id": request,
        "step": step.id,
        "done_at": utc_ms(),
        "done_by": cleared.actor.staff_id,
        "note": how,
    }
    Writing(tx).add([LicenceStep.checked(done)])


def _step_that(known: Checklist, does: Does) -> Step:
    """Return the step at which the desk does this; raises :class:`Conflict` where this kind has none."""
    for step in rules().kind(known.kind).steps:
        if step.does is does:
            return step
    raise Conflict(f"That is no part of this request: {known.title}.", "Start a case of its own for it.")


def _check_licence(tx: Change, cleared: Clearance, case: OpenCase, licence: int) -> tuple[str, int | None, int | None]:
    """Return a licence of whom the case names, by audit id, person and organisation; raises where it is none."""
    found = LicenceRequests(tx).holder(licence)
    his = found is not None and (
        found[1] == case.person_id
        if found[1] is not None
        else found[2] is not None and found[2] == case.organisation_id
    )
    if found is None or not his:
        raise NotFound("The case names nobody who has this licence.", "Take its number from his record.")
    if not may_read(tx, cleared, "licence", licence):
        raise Denied("This licence is restricted.", "Privacy reads what there is.")
    return found


def _check_role(cleared: Clearance) -> None:
    if cleared.role not in rules().roles:
        raise Denied("Licence requests are not the work of your role.", "Ask a colleague of support.")


def _check_case(tx: Change, cleared: Clearance, case: OpenCase) -> None:
    _check_role(cleared)
    if not may_read(tx, cleared, "support_case", case.id):
        raise Denied("This case is restricted.", "Privacy reads what there is.")


def _check_recipient(tx: Change, cleared: Clearance, person: int) -> None:
    """Refuse a person whose record is restricted (GDPR Art. 18(2)), or stands for nobody since it was put together."""
    if not may_read(tx, cleared, "person", person):
        raise Denied("The record of the new holder is restricted.", "Privacy reads what there is.")
    if person in standing_for(tx, [person]):
        raise Conflict("This record was put together with another one.", "Name the record that stands for both.")


def _check_holder(tx: Change, cleared: Clearance, licence: int) -> tuple[str, ...]:
    """Return the audit ids of who holds a licence, who must be one whose data this employee may receive."""
    holder = References(tx).subject("licence", licence)
    if holder is None or cleared.actor is None:
        raise NotFound("There is no such licence.", "Take its number from the record.")
    verdict = may_see_country(cleared.actor, holder.country)
    if not verdict.allowed:
        raise Denied(f"This licence may not leave the EEA: {verdict.reason}.", "Ask a colleague employed in Brussels.")
    return holder.aids


def _seen(tx: Transaction, cleared: Clearance, case_id: int, number: str) -> Checklist:
    """Return the request of a case, each of its seats with what the role may see of the computer; raises as it does."""
    requests, cells = LicenceRequests(tx), Cells(matrix(), cleared)
    asked = _there(requests.of_case(case_id, number))
    rows = {key: cells.row("activation", values).cells for key, values in requests.computers(asked.licence).items()}
    seats = (
        replace(each, computer=tuple(filter(None, (rows[each.id][column].text for column in _COMPUTER))))
        for each in asked.seats
    )
    return replace(asked, seats=tuple(seats))


def _there(found: Checklist | None) -> Checklist:
    if found is None:
        raise NoRequest(
            "This case is no licence request.",
            "Make it one: staffdesk case licence start NUMBER --kind KIND --licence ID",
        )
    return found
