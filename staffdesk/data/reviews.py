"""The items of the review: audit ids, accounts, states and times alone, so the door stays closed.

Every change is a guarded update: it asks inside its statement for the state before it, and whether who makes it may.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deciding import Deciding, i_may, other_may, usable
from staffdesk.data.references import LARGEST
from staffdesk.data.tables.review import Review, ReviewEntry
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.access import Role
from staffdesk.domain.reviews import FROM, ItemKind, ItemMove, ItemState

_REVIEW: Final = register.table(Review)
_RESTS: Final = register.table(ReviewEntry)
_STAFF: Final = register.table(Staff)
_DECIDER: Final = _STAFF.alias("decider")

_COUNTED: Final = (
    sa.select(sa.func.count()).where(_RESTS.c.review_id == _REVIEW.c.id).correlate(_REVIEW).scalar_subquery()
)
_ROWS: Final = sa.select(
    *(column for column in _REVIEW.c if column.name not in {"decided_by", "asked_by"}),
    _STAFF.c.user_name,
    _DECIDER.c.user_name.label("decided_by"),
    _COUNTED.label("entries"),
).select_from(
    _REVIEW.join(_STAFF, _STAFF.c.id == _REVIEW.c.actor).outerjoin(_DECIDER, _DECIDER.c.id == _REVIEW.c.decided_by)
)
_ONE: Final = _ROWS.where(_REVIEW.c.id == sa.bindparam("item"))
_SEQS: Final = sa.select(_RESTS.c.seq).where(_RESTS.c.review_id == sa.bindparam("item")).order_by(_RESTS.c.seq)
_STATES: Final = sa.select(_REVIEW.c.state, sa.func.count(), sa.func.min(_REVIEW.c.at)).group_by(_REVIEW.c.state)
_TOLD: Final = (_REVIEW.c.kind, _REVIEW.c.rule, _REVIEW.c.state, _REVIEW.c.own)
_OF_MONTH: Final = sa.select(*_TOLD, sa.func.count()).where(_REVIEW.c.month == sa.bindparam("which")).group_by(*_TOLD)
_SEEN_OF: Final = (
    sa.select(sa.func.count(_RESTS.c.seq.distinct()))
    .select_from(_RESTS.join(_REVIEW, _REVIEW.c.id == _RESTS.c.review_id))
    .where(_REVIEW.c.month == sa.bindparam("which"))
)
_ADD: Final = sa.insert(_REVIEW).returning(_REVIEW.c.id, sort_by_parameter_order=True)
_REST: Final = sa.insert(_RESTS)


def _from(move: ItemMove) -> sa.ColumnElement[bool]:
    return _REVIEW.c.state.in_([each.value for each in FROM[move]])


_ITEM: Final = _REVIEW.c.id == sa.bindparam("item")
_NOT_MINE: Final = _REVIEW.c.actor != sa.bindparam("me")
_NOW: Final = sa.bindparam("now", type_=BigInt)
_ENTRY: Final = sa.bindparam("entry", type_=BigInt)
_ASK: Final = (
    sa.update(_REVIEW)
    .where(_ITEM, _from(ItemMove.ASK), _NOT_MINE, i_may())
    .values(state=ItemState.ASKED.value, asked_by=sa.bindparam("me"), asked_at=_NOW)
)
_ANSWER: Final = (
    sa.update(_REVIEW)
    .where(_ITEM, _from(ItemMove.ANSWER), _REVIEW.c.actor == sa.bindparam("me"), i_may())
    .values(state=ItemState.ANSWERED.value, answered_at=_NOW, answer_entry=_ENTRY)
)
_THERE: Final = sa.select(_REVIEW.c.kind, _REVIEW.c.rule, _REVIEW.c.actor, _REVIEW.c.day, _REVIEW.c.first_seq).where(
    _REVIEW.c.actor.in_(sa.bindparam("actors", expanding=True)),
    _REVIEW.c.day.in_(sa.bindparam("days", expanding=True)),
)
_DECIDE: Final = (
    sa.update(_REVIEW)
    .where(
        _ITEM,
        _from(ItemMove.DECIDE),
        _REVIEW.c.state == sa.bindparam("seen"),
        sa.or_(_NOT_MINE, sa.not_(other_may())),
        i_may(),
    )
    .values(
        state=sa.bindparam("decision"),
        decided_by=sa.bindparam("me"),
        decided_at=_NOW,
        decision_entry=_ENTRY,
        own=_REVIEW.c.actor == sa.bindparam("me"),
    )
)
_OTHER_MAY: Final = sa.select(other_may())
_IN_USE: Final = sa.select(_STAFF.c.id).where(_STAFF.c.id == sa.bindparam("who"), usable(_STAFF))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What is to be put on the list, and the entries it rests on."""

    kind: ItemKind
    rule: str
    words: str
    severity: int
    actor: str
    subject: str | None
    day: dt.date
    month: str
    at: int
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item as it is stored, with the user names of whom it is about and of who decided."""

    id: int
    kind: ItemKind
    rule: str
    words: str
    severity: int
    actor: str
    who: str
    subject: str | None
    day: dt.date
    month: str
    at: int
    entries: int
    state: ItemState
    asked_at: int | None
    answered_at: int | None
    answer_entry: int | None
    decided_at: int | None
    decided_by: str | None
    decision_entry: int | None
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which items: each part narrows; of ``states`` any one."""

    states: tuple[ItemState, ...] = ()
    rule: str | None = None
    actor: str | None = None
    month: str | None = None


class Reviews:
    """The table of items."""

    def __init__(self, tx: Transaction) -> None:
        """Work in ``tx``."""
        self._tx = tx

    def page(self, wanted: Wanted, after: int | None, limit: int) -> tuple[ItemRow, ...]:
        """Return items, the heaviest first, then as they came on the list; ``after`` is the last one of a page."""
        statement = _ROWS.order_by(_REVIEW.c.severity.desc(), _REVIEW.c.id).limit(limit)
        if wanted.states:
            statement = statement.where(_REVIEW.c.state.in_([each.value for each in wanted.states]))
        for column, value in (
            (_REVIEW.c.rule, wanted.rule), (_REVIEW.c.actor, wanted.actor), (_REVIEW.c.month, wanted.month),
        ):  # fmt: skip
            if value is not None:
                statement = statement.where(column == value)
        last = None if after is None else self.one(after)
        if last is not None:
            statement = statement.where(
                sa.or_(
                    _REVIEW.c.severity < last.severity,
                    sa.and_(_REVIEW.c.severity == last.severity, _REVIEW.c.id > last.id),
                )
            )
        return tuple(map(_row, self._tx.rows(statement)))

    def one(self, item: int) -> ItemRow | None:
        """Return an item, or None where there is none of this number."""
        row = self._tx.row(_ONE, {"item": item}) if 0 < item <= LARGEST else None
        return None if row is None else _row(row)

    def seqs(self, item: int) -> tuple[int, ...]:
        """Return the numbers of the entries an item rests on."""
        return tuple(int(row[0]) for row in self._tx.rows(_SEQS, {"item": item}))

    def states(self) -> dict[ItemState, tuple[int, int]]:
        """Return how many items are in each state, and the moment of the oldest."""
        return {ItemState(row[0]): (int(row[1]), int(row[2])) for row in self._tx.rows(_STATES)}

    def of_month(self, month: str) -> tuple[tuple[ItemKind, str, ItemState, bool, int], ...]:
        """Return how many items of a month there are by kind, rule, state and own mark."""
        rows = self._tx.rows(_OF_MONTH, {"which": month})
        return tuple(
            sorted((ItemKind(row[0]), str(row[1]), ItemState(row[2]), bool(row[3]), int(row[4])) for row in rows)
        )

    def entries_of_month(self, month: str) -> int:
        """Return on how many different entries the items of a month rest."""
        row = self._tx.row(_SEEN_OF, {"which": month})
        return 0 if row is None else int(row[0])

    def add(self, items: Iterable[NewItem], now: int) -> int:
        """Put items on the list, each with its entries, but those that are on it; return how many.

        All in three statements: the log waits meanwhile, and of a bad day there are hundreds.
        """
        given = self._new(tuple(items))
        if given:
            rows = self._tx.rows_of_many(_ADD, [_values(item, now) for item in given])
            rests = [
                {"review_id": int(row[0]), "seq": seq}
                for row, item in zip(rows, given, strict=True)
                for seq in item.seqs
            ]
            self._tx.write(_REST, rests)
        return len(given)

    def _new(self, items: Sequence[NewItem]) -> tuple[NewItem, ...]:
        """Return those that are not on the list: where the log is taken once more, most are."""
        if not items:
            return ()
        asked = {"actors": sorted({each.actor for each in items}), "days": sorted({each.day for each in items})}
        there = {(str(row[0]), str(row[1]), str(row[2]), row[3], int(row[4])) for row in self._tx.rows(_THERE, asked)}
        return tuple(
            each for each in items if (each.kind.value, each.rule, each.actor, each.day, each.seqs[0]) not in there
        )

    def other_may(self, me: str, today: dt.date, deciding: Iterable[Role]) -> bool:
        """Say whether anybody but ``me`` could decide."""
        roles = [role.value for role in deciding]
        row = self._tx.row(_OTHER_MAY, {"me": me, "today": today, "deciding": roles})
        return row is not None and bool(row[0])

    def in_use(self, staff_id: str, today: dt.date) -> bool:
        """Say whether an account may be used, so that its holder can answer."""
        return self._tx.row(_IN_USE, {"who": staff_id, "today": today}) is not None


class ReviewMoves:
    """Moves items on; each returns how many rows were touched, 1 or none."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def ask(self, item: int, by: Deciding) -> int:
        """Put an item into the inbox of its employee, who is somebody else."""
        return self._tx.write(_ASK, {**by.parameters(), "item": item})

    def answer(self, item: int, entry: int, by: Deciding) -> int:
        """Note that the employee answered, in which entry."""
        return self._tx.write(_ANSWER, {**by.parameters(), "item": item, "entry": entry})

    def decide(self, row: ItemRow, decision: ItemState, entry: int, by: Deciding, deciding: Sequence[Role]) -> int:
        """Sign an item off as it was read; one's own only where no other account holds a role that decides."""
        return self._tx.write(
            _DECIDE,
            {
                **by.parameters(),
                "item": row.id,
                "seen": row.state.value,
                "decision": decision.value,
                "entry": entry,
                "deciding": [role.value for role in deciding],
            },
        )


def _row(row: sa.Row[tuple[object, ...]]) -> ItemRow:
    return ItemRow(
        id=row.id,
        kind=ItemKind(row.kind),
        rule=row.rule,
        words=row.words,
        severity=row.severity,
        actor=row.actor,
        who=row.user_name,
        subject=row.subject,
        day=row.day,
        month=row.month,
        at=row.at,
        entries=row.entries,
        state=ItemState(row.state),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        answer_entry=row.answer_entry,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        decision_entry=row.decision_entry,
        own=bool(row.own),
    )


def _values(item: NewItem, now: int) -> dict[str, object]:
    told = {each.name: getattr(item, each.name) for each in fields(item) if each.name != "seqs"}
    values = Review.checked({**told, "first_seq": item.seqs[0], "made_at": now}).values()
    return {name: value for name, value in values.items() if name != "id"}
