"""Naming an employee in a package: asked for with a written reason, by consultation, and approved by a second person.

Until then nobody at the desk is told who it was: privacy chooses a consultation, not a colleague.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from staffdesk.data.customers.holdings import Holdings
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.customers.request_reveals import Revealing, Reveals
from staffdesk.data.log import Opened
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act, Level
from staffdesk.domain.errors import BadInput, Conflict, NotFound
from staffdesk.domain.packages import Consulted, rules
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.requests import RequestType
from staffdesk.domain.reveals import ASKABLE
from staffdesk.domain.written_reasons import written_reason
from staffdesk.parameters.shapes import sessions
from staffdesk.services.carrying_out import subjects
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.packages.consultations import nameable
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import actor_of, check_officer, draft_of, read
from staffdesk.services.sessions import utc_ms

_KIND = "reveal"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Consultation:
    """A consultation as a package tells it, by its entry; ``named`` says that its employee is to be named in it."""

    seq: int
    at: int
    act: str
    purpose: str
    department: str
    times: int
    named: bool

    def __repr__(self) -> str:
        return f"<Consultation {self.seq}>"


class StaffReveals:
    """Lists the consultations of who asks for access, and notes of which the employee is to be named."""

    def __init__(self, door: Door, *, clock: Callable[[], int] = utc_ms) -> None:
        """Go through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def consultations(self, access: Access, number: str) -> tuple[Consultation, ...]:
        """Return the consultations that a package would tell, newest first; no employee is named here.

        Raises :class:`NotFound`, :class:`Denied`, :class:`Conflict` for a request that asks for something else.
        """
        known = known_request(self._door, access, number)

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> tuple[Consultation, ...]:
            check_officer(cleared)
            progress = _of_access(tx, known)
            named = Reveals(tx).of(known.id)
            entries, everywhere = {each.seq for each in named}, {each.employee for each in named if each.every_one}
            return tuple(
                Consultation(
                    seq=each.seq,
                    at=each.at,
                    act=each.act,
                    purpose=each.purpose,
                    department=each.role,
                    times=each.times,
                    named=each.seq in entries or actor in everywhere,
                )
                for each, actor in _consulted(tx, progress)
            )

        return self._door.look(access, _looks(known, "consultations"), look)

    def ask(self, access: Access, number: str, seq: int, reason: str, *, every_one: bool = False) -> None:
        """Ask that the employee of a consultation be named in the package; with ``every_one``, in all of his.

        The log commits to the reason. A second person approves it with the request. Raises :class:`NotFound` for no
        such consultation, :class:`BadInput` for a reason that tells nobody why or for what the desk did by itself,
        :class:`Conflict` where the request is submitted or asks for something else, :class:`Denied`,
        :class:`MustNotBeHeld`.
        """
        known = known_request(self._door, access, number)
        why = written_reason(reason)
        kinds = (REQUEST, _KIND, "every one" if every_one else "one")

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            check_officer(cleared)
            progress = _askable(tx, known)
            found = {each.seq: actor for each, actor in _consulted(tx, progress)}
            if seq not in found:
                raise NotFound("No consultation of his has this number.", "List them: their number stands first.")
            employee = found[seq]
            if employee is None:
                raise BadInput("The desk did this by itself; there is nobody to name.", "Take another one.")
            officer = actor_of(cleared)
            Revealing(tx).ask(known.id, seq, employee, why, officer, self._clock(), every_one=every_one)
            openings = (Opened("reason.reveal_actor", why),)
            return None, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1, openings=openings)

        self._door.change(access, draft_of(known, kinds), write)

    def take_back(self, access: Access, number: str, seq: int) -> None:
        """Let nobody be named for a consultation; raises :class:`NotFound`, :class:`Conflict`, :class:`Denied`."""
        known = known_request(self._door, access, number)
        kinds = (REQUEST, _KIND, "taken back")

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            check_officer(cleared)
            _askable(tx, known)
            if Revealing(tx).forget(known.id, seq) != 1:
                raise NotFound("Nobody was to be named for this consultation.", "List them again.")
            return None, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

        self._door.change(access, draft_of(known, kinds), write)


def _of_access(tx: Read, known: Reference) -> Progress:
    progress, _ = read(tx, known.id)
    if progress.kind is not RequestType.ACCESS or progress.person is None:
        raise Conflict("Consultations are told to a known customer who asks for access.", "See what is asked.")
    return progress


def _askable(tx: Change, known: Reference) -> Progress:
    RequestMoves(tx).hold(known.id)
    progress = _of_access(tx, known)
    if progress.state not in ASKABLE:
        raise Conflict("Names are asked for while a request is collected.", "Take it back first, or see where it is.")
    return progress


def _consulted(tx: Read, progress: Progress) -> tuple[tuple[Consulted, str | None], ...]:
    holdings = Holdings(tx)
    aids = [aid for each in subjects(tx, progress) if (aid := holdings.aid(each)) is not None]
    return nameable(tx, aids, rules(), sessions().open_record_minutes)


def _looks(known: Reference, what: str) -> Draft:
    wanted = Wanted(act=Act.REQUEST_OPENED, record=(REQUEST, known.id))
    return Draft(wanted=wanted, level=Level.OPENED, obj=(known.aid,), kinds=(REQUEST, what), n=1)
