"""The frozen plan of an erasure as it is decided and approved, and the certificate that ends it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Access, Act, Level
from staffdesk.domain.erasure import Action
from staffdesk.domain.errors import Conflict
from staffdesk.domain.requests import RequestType
from staffdesk.services.carrying_out import subjects
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft
from staffdesk.services.erasure.certificate import Certificate, certificate
from staffdesk.services.erasure.plans import plan
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import read, waits_for


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

    ``changed`` says that it is no longer what was submitted.
    """

    kinds: tuple[tuple[PlannedKind, int], ...]
    digest: str
    changed: bool


class RequestPlans:
    """Shows plans and certificates."""

    def __init__(self, door: Door) -> None:
        """Read through ``door``."""
        self._door = door

    def plan(self, access: Access, number: str) -> ErasurePlan:
        """Return the plan of a request for erasure, as it would be carried out today.

        Privacy sees every one, an approver the one that waits for him. Raises :class:`NotFound`, :class:`Denied`,
        :class:`Conflict` for another request, or one that is carried out.
        """
        known = known_request(self._door, access, number)

        def look(tx: Read, _cleared: Clearance, _ticket: Ticket) -> ErasurePlan:
            progress, _ = read(tx, known.id)
            if progress.kind is not RequestType.ERASE or progress.person is None:
                raise Conflict("There is no plan here.", "Only a request for erasure that is not carried out has one.")
            found = plan(tx, subjects(tx, progress), today_in_brussels(), known.id)
            counts = Counter(
                PlannedKind(row.table, row.action, row.ground.value if row.ground else "", row.law, row.until)
                for row in found.rows
            )
            changed = progress.submitted_digest not in {None, found.digest}
            return ErasurePlan(tuple(sorted(counts.items(), key=_order)), found.digest, changed)

        return self._door.look(access, self._draft(access, known, "plan"), look)

    def certificate(self, access: Access, number: str) -> Certificate:
        """Return the certificate of an erasure; nobody's data stands in it. Raises :class:`NotFound`."""
        known = known_request(self._door, access, number)

        def look(tx: Read, _cleared: Clearance, _ticket: Ticket) -> Certificate:
            progress, _ = read(tx, known.id)
            return certificate(tx, known.id, progress.number)

        return self._door.look(access, self._draft(access, known, "certificate"), look)

    def _draft(self, access: Access, known: Reference, what: str) -> Draft:
        def waiting(tx: Append) -> Wanted:
            return Wanted(
                act=Act.REQUEST_OPENED,
                record=(REQUEST, known.id),
                received_by=known.made_by,
                waits_for=waits_for(tx, known),
            )

        wanted = self._door.peek(access, waiting)
        return Draft(wanted=wanted, level=Level.OPENED, obj=(known.aid,), kinds=(REQUEST, what), n=1)


def _order(counted: tuple[PlannedKind, int]) -> tuple[str, str, str]:
    kind, _ = counted
    return kind.table, kind.action.value, str(kind.until)
