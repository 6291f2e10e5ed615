"""What is decided under a request, read before it is approved and executed, and the certificate of an erasure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from staffdesk.data.customers.places_outside import with_evidence
from staffdesk.data.customers.request_decisions import Decisions, Refusal
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.deadline import Deadline
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Access, Act, Level, Role
from staffdesk.domain.erasure import Action
from staffdesk.domain.errors import Conflict, Denied
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_pages import Made
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.services.carrying_out import subjects
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft
from staffdesk.services.erasure.certificate import Certificate, certificate
from staffdesk.services.erasure.plans import plan
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import actor_of, approves_now, read, waits_for

_SECONDS: float = 60
"""A plan reads all that is his and all that hangs on it, as the erasure does, which may take as long."""


@dataclass(frozen=True, slots=True, order=True)
class PlannedKind:
    """Rows of one kind that meet the same fate: how many, why some are kept and until when."""

    table: str
    action: Action
    ground: str = ""
    law: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure would do today, by kind; ``digest`` is what an approval is given to.

    ``changed`` says that it is no longer what was submitted, ``claims`` are the disputes for which rows are kept, each
    with its last day and how many rows. ``shared_firms`` counts sole traders' firms that stay.
    """

    kinds: tuple[tuple[PlannedKind, int], ...]
    digest: str
    changed: bool
    claims: tuple[tuple[str, dt.date, int], ...] = ()
    shared_firms: int = 0

    def rows(self, action: Action) -> int:
        """Return how many rows meet this fate."""
        return sum(n for kind, n in self.kinds if kind.action is action)

    @property
    def until(self) -> dt.date | None:
        """The last day until which anything is kept."""
        return max((kind.until for kind, _ in self.kinds if kind.until is not None), default=None)


@dataclass(frozen=True, slots=True, repr=False)
class Decided:
    """What is decided under a request: the plan of an erasure, what is refused and why, and by whom.

    ``asked`` are the words of whoever asks, for who may read them; ``reasons`` are the moves whose maker said why, in
    their order; ``certificate`` is of an erasure that is carried out, ``unproven`` says that the proof that came is
    somebody else's. Who checked the identity, decided and approved are employees' names, empty where nobody did.
    """

    number: str
    kind: RequestType
    state: RequestState
    erasure: ErasurePlan | None
    refusal: Refusal | None
    verified_by: str
    decided_by: str
    approved_by: str
    asked: str = ""
    reasons: tuple[Made, ...] = ()
    certificate: Certificate | None = None
    unproven: bool = False

    def __repr__(self) -> str:
        return f"<Decided {self.number}>"


class RequestPlans:
    """Shows plans and certificates."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Read through ``door``; ``matrix`` says who reads what a customer wrote."""
        self._door = door
        self._matrix = matrix

    def plan(self, access: Access, number: str) -> ErasurePlan:
        """Return the plan of a request for erasure, as it would be carried out today.

        Privacy sees every one, an approver the one that waits for him. Raises :class:`NotFound`, :class:`Denied`,
        :class:`Conflict` for another request, or one that is carried out.
        """
        known = known_request(self._door, access, number)

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> ErasurePlan:
            progress, _ = read(tx, known.id)
            _check_reader(cleared, progress)
            if progress.kind is not RequestType.ERASE or progress.person is None:
                raise Conflict("There is no plan here.", "Only a request for erasure that is not carried out has one.")
            return _plan(tx, progress)

        return self._door.look(access, self._draft(access, known, "plan"), look, longer=Deadline(_SECONDS))

    def decided(self, access: Access, number: str) -> Decided:
        """Return what is decided under a request, with the plan of an erasure as it would be carried out today.

        Privacy reads every one, an approver what waits for him and what he approved. Raises :class:`NotFound`,
        :class:`Denied`.
        """
        known = known_request(self._door, access, number)

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> Decided:
            progress, _ = read(tx, known.id)
            _check_reader(cleared, progress)
            refusal, files = Decisions(tx).refusal(progress.id), RequestFiles(tx)
            erases = progress.kind is RequestType.ERASE and refusal is None and progress.person is not None
            erased = _is_erased(progress)
            verified, decided, approved = (
                "" if who is None else files.receiver(who)
                for who in (progress.verified_by, progress.decided_by, progress.approved_by)
            )
            return Decided(
                progress.number,
                progress.kind,
                progress.state,
                _plan(tx, progress) if erases and not erased else None,
                refusal,
                verified,
                decided,
                approved,
                asked=self._asked(files, cleared, progress),
                reasons=tuple(each for each in files.history(progress.id) if each.reason),
                certificate=_certified(tx, progress) if erased else None,
                unproven=progress.identity is Identity.FAILED,
            )

        return self._door.look(access, self._draft(access, known, "decided"), look, longer=Deadline(_SECONDS))

    def certificate(self, access: Access, number: str) -> Certificate:
        """Return the certificate of an erasure, for privacy and whoever approved it; nobody's data stands in it.

        Raises :class:`NotFound`, :class:`Denied`.
        """
        known = known_request(self._door, access, number)

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> Certificate:
            progress, _ = read(tx, known.id)
            _check_reader(cleared, progress)
            return _certified(tx, progress)

        return self._door.look(access, self._draft(access, known, "certificate"), look)

    def _asked(self, files: RequestFiles, cleared: Clearance, progress: Progress) -> str:
        """Return what the customer wrote, to privacy, and to a second person as long as it waits for him."""
        decides = cleared.role in approves_now(progress) and self._matrix.reads_submitted(cleared.role, "note")
        if cleared.role is not Role.PRIVACY and not decides:
            return ""
        return str((files.values(progress.id) or {}).get("note") or "")

    def _draft(self, access: Access, known: Reference, what: str) -> Draft:
        def waiting(tx: Append) -> Wanted:
            progress, _ = read(tx, known.id)
            return Wanted(
                act=Act.REQUEST_OPENED,
                record=(REQUEST, known.id),
                # What somebody approved is his to read afterwards, as a receipt of his own is.
                received_by=progress.approved_by or known.made_by,
                waits_for=waits_for(tx, known),
                acts_as=frozenset({Role.APPROVER}),
            )

        wanted = self._door.peek(access, waiting)
        return Draft(wanted=wanted, level=Level.OPENED, obj=(known.aid,), kinds=(REQUEST, what), n=1)


def _check_reader(cleared: Clearance, progress: Progress) -> None:
    """Raise :class:`Denied` for whoever is neither privacy nor the second person; to receive it is not enough."""
    approves = cleared.role is Role.APPROVER and (
        progress.approved_by == actor_of(cleared) or Role.APPROVER in approves_now(progress)
    )
    if cleared.role is not Role.PRIVACY and not approves:
        raise Denied("What is decided is read by privacy and by the second person.", "Ask privacy.")


def _is_erased(progress: Progress) -> bool:
    return progress.kind is RequestType.ERASE and progress.carried_out_at is not None


def _certified(tx: Read, progress: Progress) -> Certificate:
    return replace(certificate(tx, progress.id, progress.number), outside=with_evidence(tx, progress.id))


def _plan(tx: Read, progress: Progress) -> ErasurePlan:
    found = plan(tx, subjects(tx, progress), today_in_brussels(), progress.id)
    counts = Counter(
        PlannedKind(row.table, row.action, row.ground.value if row.ground else "", row.law, row.until)
        for row in found.rows
    )
    changed = progress.submitted_digest not in {None, found.digest}
    claims = Counter((each.name, each.until) for each in found.claims)
    named = tuple((name, until, n) for (name, until), n in sorted(claims.items()))
    return ErasurePlan(tuple(sorted(counts.items(), key=_order)), found.digest, changed, named, found.shared_firms)


def _order(counted: tuple[PlannedKind, int]) -> tuple[str, str, str]:
    kind, _ = counted
    return kind.table, kind.action.value, str(kind.until)
