"""The register of breaches, inside a transaction: numbers, dates and outcomes; what was done stands in the log."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deciding import Deciding, i_may, other_may
from staffdesk.data.tables.review import Review
from staffdesk.data.tables.review_months import Breach
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.access import Role
from staffdesk.domain.reviews import BreachOutcome, OpenBreach, hours_until

_BREACH: Final = register.table(Breach)
_REVIEW: Final = register.table(Review)
_STAFF: Final = register.table(Staff)
_BY: Final = _STAFF.alias("closer")

_ROWS: Final = (
    sa.select(
        _BREACH.c.number, _BREACH.c.review_id, _BREACH.c.request, _BREACH.c.opened_at, _BREACH.c.due_at,
        _BREACH.c.outcome, _BREACH.c.closed_at, _BREACH.c.closing_entry, _REVIEW.c.rule, _REVIEW.c.actor, _REVIEW.c.day,
        _REVIEW.c.subject, _REVIEW.c.decision_entry, _STAFF.c.user_name, _BY.c.user_name.label("closed_by"),
    )
    .select_from(
        _BREACH.outerjoin(_REVIEW, _REVIEW.c.id == _BREACH.c.review_id)
        .outerjoin(_STAFF, _STAFF.c.id == _REVIEW.c.actor)
        .outerjoin(_BY, _BY.c.id == _BREACH.c.closed_by)
    )
    .order_by(_BREACH.c.id.desc())
)  # fmt: skip
_ONE: Final = _ROWS.where(_BREACH.c.number == sa.bindparam("breach"))
_OF_ITEM: Final = _ROWS.where(_BREACH.c.review_id == sa.bindparam("item"))
_OPEN: Final = (
    sa.select(_BREACH.c.number, _BREACH.c.due_at)
    .where(_BREACH.c.closed_at.is_(None))
    .order_by(_BREACH.c.due_at, _BREACH.c.id)
)
_OPEN_OF_REQUEST: Final = sa.select(_BREACH.c.number).where(
    _BREACH.c.request == sa.bindparam("request"), _BREACH.c.closed_at.is_(None)
)
_OF_MONTH: Final = (
    sa.select(_BREACH.c.number, _BREACH.c.due_at, _BREACH.c.outcome, _BREACH.c.closed_at)
    .select_from(_BREACH.join(_REVIEW, _REVIEW.c.id == _BREACH.c.review_id))
    .where(_REVIEW.c.month == sa.bindparam("which"))
    .order_by(_BREACH.c.id)
)
_OF_YEAR: Final = sa.select(sa.func.count()).where(_BREACH.c.number.like(sa.bindparam("beginning")))
_ADD: Final = sa.insert(_BREACH)
_MINE: Final = (
    sa.select(sa.literal(1))
    .where(_REVIEW.c.id == _BREACH.c.review_id, _REVIEW.c.actor == sa.bindparam("me"))
    .correlate(_BREACH)
    .exists()
)
_CLOSE: Final = (
    sa.update(_BREACH)
    .where(
        _BREACH.c.number == sa.bindparam("breach"),
        _BREACH.c.closed_at.is_(None),
        sa.or_(sa.not_(_MINE), sa.not_(other_may())),
        i_may(),
    )
    .values(
        outcome=sa.bindparam("became"),
        closed_at=sa.bindparam("now", type_=BigInt),
        closed_by=sa.bindparam("me"),
        closing_entry=sa.bindparam("entry", type_=BigInt),
    )
)
_DATE: Final = (
    sa.update(_BREACH)
    .where(
        _BREACH.c.number == sa.bindparam("breach"),
        _BREACH.c.closed_at.is_not_distinct_from(sa.bindparam("was_closed", type_=BigInt)),
        _BREACH.c.opened_at == sa.bindparam("was", type_=BigInt),
    )
    .values(
        opened_at=sa.bindparam("known", type_=BigInt),
        due_at=sa.bindparam("due", type_=BigInt),
        closed_at=sa.bindparam("closed", type_=BigInt),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRow:
    """A breach as it is stored, with the item it came of, or the number of the request.

    Times are UTC milliseconds, people user names.
    """

    number: str
    item: int | None
    request: str | None
    opened_at: int
    due_at: int
    outcome: BreachOutcome | None
    closed_at: int | None
    closing_entry: int | None
    rule: str | None
    actor: str | None
    day: dt.date | None
    subject: str | None
    decision_entry: int | None
    who: str | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBreach:
    """A breach of a month: when it is due, and since when and with what outcome it is closed, None while it is open."""

    number: str
    due_at: int
    outcome: BreachOutcome | None
    closed_at: int | None


class Breaches:
    """The register."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def all(self) -> tuple[BreachRow, ...]:
        """Return every breach, newest first."""
        return tuple(map(_row, self._tx.rows(_ROWS)))

    def one(self, number: str) -> BreachRow | None:
        """Return a breach by its number."""
        row = self._tx.row(_ONE, {"breach": number})
        return None if row is None else _row(row)

    def open(self, now: int) -> tuple[OpenBreach, ...]:
        """Return those that are not closed, as they stand now, the earliest due first."""
        rows = ((str(row[0]), int(row[1])) for row in self._tx.rows(_OPEN))
        return tuple(OpenBreach(number, due_at, hours_until(due_at, now)) for number, due_at in rows)

    def of_month(self, month: str) -> tuple[MonthBreach, ...]:
        """Return the breaches that the items of a month became."""
        return tuple(
            MonthBreach(
                number=row.number,
                due_at=row.due_at,
                outcome=None if row.outcome is None else BreachOutcome(row.outcome),
                closed_at=row.closed_at,
            )
            for row in self._tx.rows(_OF_MONTH, {"which": month})
        )

    def open_of_request(self, number: str) -> str | None:
        """Return the number of the breach that is open for a request."""
        row = self._tx.row(_OPEN_OF_REQUEST, {"request": number})
        return None if row is None else str(row[0])

    def of_item(self, item: int) -> BreachRow | None:
        """Return the breach that an item became."""
        row = self._tx.row(_OF_ITEM, {"item": item})
        return None if row is None else _row(row)


class BreachChanges:
    """Writes the register."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``, which has its place in the log's queue: numbers are given one after another."""
        self._tx = tx

    def add(
        self, hours: int, *, by: str, now: int, today: dt.date, item: int | None = None, request: str | None = None
    ) -> str:
        """Open a breach that came of an item or of a request, found ``by`` an account, and return its number."""
        beginning = f"BR-{today.year}-"
        row = self._tx.row(_OF_YEAR, {"beginning": f"{beginning}%"})
        number = f"{beginning}{(0 if row is None else int(row[0])) + 1:04}"
        made = Breach.checked(
            {
                "number": number,
                "review_id": item,
                "request": request,
                "opened_at": now,
                "opened_by": by,
                "due_at": now + hours * 3_600_000,
            }
        )
        self._tx.write(_ADD, {name: value for name, value in made.values().items() if name != "id"})
        return number

    def close(self, number: str, outcome: BreachOutcome, entry: int, by: Deciding, deciding: Sequence[Role]) -> int:
        """Close a breach; return how many rows were touched, 1 or none.

        One about an access of one's own is closed only where no other account holds a role that decides.
        """
        told = {"breach": number, "became": outcome.value, "entry": entry}
        return self._tx.write(_CLOSE, {**by.parameters(), **told, "deciding": [role.value for role in deciding]})

    def date(self, was: BreachRow, opened_at: int, due_at: int, closed_at: int | None) -> int:
        """Say since when a breach is known, is due and is closed; return how many rows were touched, 1 or none."""
        told = {"breach": was.number, "was": was.opened_at, "was_closed": was.closed_at}
        told |= {"known": opened_at, "due": due_at, "closed": closed_at}
        return self._tx.write(_DATE, told)


def _row(row: sa.Row[tuple[object, ...]]) -> BreachRow:
    return BreachRow(
        number=row.number,
        item=row.review_id,
        request=row.request,
        opened_at=row.opened_at,
        due_at=row.due_at,
        outcome=None if row.outcome is None else BreachOutcome(row.outcome),
        closed_at=row.closed_at,
        closing_entry=row.closing_entry,
        rule=row.rule,
        actor=row.actor,
        day=row.day,
        subject=row.subject,
        decision_entry=row.decision_entry,
        who=row.user_name,
        closed_by=row.closed_by,
    )
