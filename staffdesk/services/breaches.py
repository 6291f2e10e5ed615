"""The register of breaches: what was not justified, until when the authority is to be told, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from staffdesk.data.breaches import BreachChanges, BreachRow
from staffdesk.data.breaches import Breaches as BreachTable
from staffdesk.data.deciding import Deciding
from staffdesk.data.entries import Entries
from staffdesk.data.log import Opened
from staffdesk.data.reviews import Reviews
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict, Denied, NotFound
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.reviews import BreachOutcome, hours_until
from staffdesk.domain.written_reasons import reviewed_reason
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.deciding import begun
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.request_breaches import subjects_of_request
from staffdesk.services.reviewing import BREACHES, next_entry, refuse_unknown, subjects_of
from staffdesk.services.sessions import Clock, day_in_brussels, utc_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A breach as it is listed; ``hours_left`` until it is due, less than 0 when late, None once it is closed.

    It came of an item, about an access of ``who``, or of the ``request`` with this number, and then of no rule.

    ``decision_entry`` and ``closing_entry`` are the entries of the log that hold what was found and what was done.
    """

    number: str
    item: int | None
    request: str = ""
    who: str
    rule: str
    day: str
    customer: int | None
    opened_at: int
    due_at: int
    hours_left: int | None
    outcome: BreachOutcome | None
    closed_at: int | None
    closed_by: str
    decision_entry: int | None
    closing_entry: int | None

    @property
    def came_of(self) -> str:
        """Return the number of the item, or of the request."""
        return self.request if self.item is None else str(self.item)


class Breaches:
    """The register, for admin and auditor; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, matrix: AccessMatrix, clock: Clock = utc_ms) -> None:
        """Work through ``door``; ``matrix`` says who closes one."""
        self._door = door
        self._deciding = matrix.acts[Act.AUDIT_BREACH].roles
        self._clock = clock

    def list(self, access: Access) -> tuple[Breach, ...]:
        """Return every breach, newest first."""

        def read(tx: Append, _cleared: Clearance) -> tuple[tuple[Breach, ...], Result]:
            rows = BreachTable(tx).all()
            numbers = Entries(tx).customers([row.subject for row in rows if row.subject is not None])
            found = tuple(_shown(row, numbers, self._clock()) for row in rows)
            return found, Result(act=Act.AUDIT_LISTED, kinds=(BREACHES,), n=len(found))

        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=(BREACHES,))
        return self._door.act(access, draft, read, intent=False)

    def close(self, access: Access, number: str, outcome: BreachOutcome, facts: str) -> None:
        """Close a breach with what became of it and, in a sentence, what was done and why (GDPR Art. 33(5)).

        Raises :class:`BadInput` for a sentence that says nothing, :class:`Denied` for one about an access of one's own
        while somebody else could close it, :class:`NotFound`, :class:`Conflict`.
        """
        written = reviewed_reason(facts)
        row = self._door.peek(access, lambda tx: BreachTable(tx).one(number))
        if row is None:
            missing = NotFound("There is no breach of this number.", "Look at: staffdesk audit breaches list")
            refuse_unknown(self._door, access, Act.AUDIT_BREACH, BREACHES, missing)
        kinds = (BREACHES, row.number, outcome.value)

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            by = begun(tx, cleared, self._clock)
            mine = row.actor == by.staff_id
            if BreachChanges(tx).close(row.number, outcome, next_entry(tx), by, self._deciding) != 1:
                raise self._not_closed(tx, row.number, by, mine=mine)
            result = Result(
                act=Act.AUDIT_BREACH,
                obj=subjects_of_request(tx, row.request or "") if row.item is None else subjects_of(tx, row.item),
                kinds=(*kinds, "own") if mine else kinds,
                n=1,
                openings=(Opened("reason.breach", written),),
            )
            return None, result

        self._door.act(access, Draft(wanted=Wanted(act=Act.AUDIT_BREACH), kinds=kinds), write)

    def _not_closed(self, tx: Append, number: str, by: Deciding, *, mine: bool) -> Denied | Conflict:
        now = BreachTable(tx).one(number)
        is_open = now is not None and now.closed_at is None
        if mine and is_open and Reviews(tx).other_may(by.staff_id, by.today, self._deciding):
            return Denied("It is about an access of your own, so another admin closes it.", "Ask another admin.")
        return Conflict("This breach is closed already, or your session ended.", "Look at the register again.")


def _shown(row: BreachRow, numbers: dict[str, int], now: int) -> Breach:
    return Breach(
        number=row.number,
        item=row.item,
        request=row.request or "",
        who=row.who or "",
        rule=row.rule or "",
        day=day_in_brussels(row.opened_at).isoformat() if row.day is None else row.day.isoformat(),
        customer=None if row.subject is None else numbers.get(row.subject),
        opened_at=row.opened_at,
        due_at=row.due_at,
        hours_left=None if row.closed_at is not None else hours_until(row.due_at, now),
        outcome=row.outcome,
        closed_at=row.closed_at,
        closed_by=row.closed_by or "",
        decision_entry=row.decision_entry,
        closing_entry=row.closing_entry,
    )
