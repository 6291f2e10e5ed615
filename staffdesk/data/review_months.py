"""How far the log was taken for the review, the months of the log, their checkpoints and their certificates."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.checkpoints import Sealed
from staffdesk.data.deciding import Deciding, i_may
from staffdesk.data.tables.log import Entry, StoredCheckpoint
from staffdesk.data.tables.review import Review
from staffdesk.data.tables.review_months import ReviewMonth, ReviewProgress
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.access import Act, Outcome
from staffdesk.domain.log_retention import Forgotten
from staffdesk.domain.reviews import UNDECIDED

_ENTRY: Final = register.table(Entry)
_CHECKPOINT: Final = register.table(StoredCheckpoint)
_REVIEW: Final = register.table(Review)
_MONTH: Final = register.table(ReviewMonth)
_PROGRESS: Final = register.table(ReviewProgress)
_STAFF: Final = register.table(Staff)

_FAR: Final = sa.select(_PROGRESS.c.seq, _PROGRESS.c.day).where(_PROGRESS.c.id == 1)
_LEARNED: Final = sa.select(_PROGRESS.c.learned).where(_PROGRESS.c.id == 1)
_TAKE: Final = (
    sa.update(_PROGRESS)
    .where(
        _PROGRESS.c.id == 1,
        _PROGRESS.c.seq == sa.bindparam("was"),
        # Over days without entries the number stays, and of two desks one goes on.
        _PROGRESS.c.day.is_not_distinct_from(sa.bindparam("was_day", type_=sa.Date())),
    )
    .values(
        seq=sa.bindparam("seq", type_=BigInt),
        day=sa.bindparam("day", type_=sa.Date()),
        learned=sa.bindparam("learned", type_=sa.LargeBinary()),
    )
)
_BEGIN: Final = sa.insert(_PROGRESS)
_FOLLOWING: Final = (
    sa.select(_ENTRY.c.seq, _ENTRY.c.core)
    .where(_ENTRY.c.seq > sa.bindparam("seq"))
    .order_by(_ENTRY.c.seq)
    .limit(sa.bindparam("limit"))
)
_SPAN: Final = (_ENTRY.c.seq >= sa.bindparam("first"), _ENTRY.c.seq <= sa.bindparam("last"))
_IS_OPEN: Final = (
    _ENTRY.c.act == Act.CUSTOMER_OPENED.value,
    _ENTRY.c.out == Outcome.OK.value,
    _ENTRY.c.actor.is_not(None),
)
_OPENS: Final = sa.select(_ENTRY.c.seq).where(*_SPAN, *_IS_OPEN)
_SEAL: Final = (
    sa.select(_CHECKPOINT.c.size, _CHECKPOINT.c.t, _CHECKPOINT.c.note, _CHECKPOINT.c.frontier)
    .where(_CHECKPOINT.c.size >= sa.bindparam("size"))
    .order_by(_CHECKPOINT.c.size)
    .limit(1)
)
_MONTHS: Final = (
    sa.select(_MONTH, _STAFF.c.user_name)
    .select_from(_MONTH.outerjoin(_STAFF, _STAFF.c.id == _MONTH.c.closed_by))
    .order_by(_MONTH.c.month.desc())
)
_ONE: Final = _MONTHS.where(_MONTH.c.month == sa.bindparam("which"))
_ADD: Final = sa.insert(_MONTH)
_GROW: Final = (
    sa.update(_MONTH)
    .where(_MONTH.c.month == sa.bindparam("which"), _MONTH.c.closed_at.is_(None))
    .values(
        last_seq=sa.bindparam("last", type_=BigInt),
        entries=_MONTH.c.entries + sa.bindparam("more", type_=BigInt),
        opens=_MONTH.c.opens + sa.bindparam("more_opens", type_=BigInt),
    )
)
_DRAW: Final = (
    sa.update(_MONTH)
    .where(_MONTH.c.month == sa.bindparam("which"), _MONTH.c.root.is_(None), _MONTH.c.last_seq == sa.bindparam("last"))
    .values(sealed=sa.bindparam("size", type_=BigInt), root=sa.bindparam("seed"), drawn=sa.bindparam("many"))
)
_COMING: Final = sa.select(sa.func.min(_ENTRY.c.seq)).where(
    _ENTRY.c.t > sa.bindparam("latest", type_=BigInt), _ENTRY.c.seq <= sa.bindparam("last", type_=BigInt)
)
_UNDRAW: Final = (
    sa.update(_MONTH)
    .where(_MONTH.c.month >= sa.bindparam("on"), _MONTH.c.closed_at.is_(None), _MONTH.c.root.is_not(None))
    .values(sealed=None, root=None, drawn=None)
)
_ITEMS_TO: Final = sa.update(_REVIEW).where(_REVIEW.c.month == sa.bindparam("was")).values(month=sa.bindparam("on"))
_RENAME: Final = (
    sa.update(_MONTH)
    .where(_MONTH.c.month == sa.bindparam("was"), _MONTH.c.closed_at.is_(None))
    .values(month=sa.bindparam("on"))
)
_DISSOLVE: Final = sa.delete(_MONTH).where(_MONTH.c.month == sa.bindparam("was"), _MONTH.c.closed_at.is_(None))
_UNDECIDED: Final = (
    sa.select(sa.literal(1))
    .where(_REVIEW.c.month == _MONTH.c.month, _REVIEW.c.state.in_([each.value for each in UNDECIDED]))
    .correlate(_MONTH)
    .exists()
)
_CLOSE: Final = (
    sa.update(_MONTH)
    .where(
        _MONTH.c.month == sa.bindparam("which"),
        _MONTH.c.closed_at.is_(None),
        _MONTH.c.root.is_not(None),
        sa.not_(_UNDECIDED),
        i_may(),
    )
    .values(
        closed_at=sa.bindparam("now", type_=BigInt),
        closed_by=sa.bindparam("me"),
        certificate=sa.bindparam("certificate"),
    )
)
_PRUNED: Final = {
    Forgotten.ALL: sa.update(_MONTH).values(pruned_at=sa.bindparam("now", type_=BigInt)),
    Forgotten.TECHNICAL: sa.update(_MONTH).values(technical_pruned_at=sa.bindparam("now", type_=BigInt)),
}


@dataclass(frozen=True, slots=True)
class Far:
    """The last entry that was taken, and its day."""

    seq: int
    day: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """A month as it is stored; ``root`` is in hexadecimal digits, ``closed_by`` a user name.

    ``technical_pruned_at`` and ``pruned_at`` say when its technical entries, and when all of it went from the log.
    """

    month: str
    first_seq: int
    last_seq: int
    entries: int
    opens: int
    sealed: int | None
    root: str | None
    drawn: int | None
    closed_at: int | None
    closed_by: str | None
    certificate: str | None
    technical_pruned_at: int | None = None
    pruned_at: int | None = None

    def holds(self, what: Forgotten | None) -> bool:
        """Say whether what is over of it was not pruned yet; nothing is held where nothing is over."""
        gone = {None: 0, Forgotten.ALL: self.pruned_at, Forgotten.TECHNICAL: self.technical_pruned_at}
        return gone[what] is None


class ReviewMonths:
    """Months and progress, inside a transaction."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def far(self) -> Far:
        """Return how far the log was taken."""
        row = self._tx.row(_FAR)
        return Far(0, None) if row is None else Far(int(row[0]), row[1])

    def learned(self) -> bytes | None:
        """Return what the rules had learned by then, which may be many megabytes."""
        row = self._tx.row(_LEARNED)
        return None if row is None or row[0] is None else bytes(row[0])

    def following(self, seq: int, limit: int) -> tuple[tuple[int, bytes | None], ...]:
        """Return the numbers and bytes of the entries behind one, in order; no bytes where an entry was pruned."""
        rows = self._tx.rows(_FOLLOWING, {"seq": seq, "limit": limit})
        return tuple((int(row[0]), None if row[1] is None else bytes(row[1])) for row in rows)

    def opens(self, first: int, last: int) -> tuple[int, ...]:
        """Return the numbers of the entries between two by which somebody opened a record."""
        return tuple(int(row[0]) for row in self._tx.rows(_OPENS, {"first": first, "last": last}))

    def first_to_come(self, latest: int, last: int) -> int | None:
        """Return the first entry up to the number ``last`` whose clock showed a moment after ``latest``, if any."""
        row = self._tx.row(_COMING, {"latest": latest, "last": last})
        return None if row is None or row[0] is None else int(row[0])

    def seal_over(self, seq: int) -> Sealed | None:
        """Return the first checkpoint that covers an entry, or None before there is one."""
        row = self._tx.row(_SEAL, {"size": seq})
        return None if row is None else Sealed(int(row[0]), int(row[1]), str(row[2]), bytes(row[3]))

    def all(self) -> tuple[MonthRow, ...]:
        """Return the months, newest first."""
        return tuple(map(_month, self._tx.rows(_MONTHS)))

    def one(self, month: str) -> MonthRow | None:
        """Return a month, or None where the log has nothing of it yet."""
        row = self._tx.row(_ONE, {"which": month})
        return None if row is None else _month(row)


class MonthChanges:
    """Writes months and progress; each returns how many rows were touched, 1 or none."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def take(self, was: Far, seq: int, day: dt.date, learned: bytes) -> int:
        """Go on from where it was, unless another desk did meanwhile; ``tx`` has its place in the log's queue."""
        if self._tx.row(_FAR) is None:
            return self._tx.write(_BEGIN, {"id": 1, "seq": seq, "day": day, "learned": learned})
        return self.take_back(was, Far(seq, day), learned)

    def take_back(self, was: Far, far: Far, learned: bytes) -> int:
        """Go on from somewhere else than where it was; as :meth:`take`."""
        place = {"was": was.seq, "was_day": was.day, "seq": far.seq, "day": far.day}
        return self._tx.write(_TAKE, {**place, "learned": learned})

    def gather(self, on: str) -> int:
        """Put what later months hold that were never closed into the month that is on; nothing of them was drawn then.

        Their items come along, decided or not, and so does what was counted. Return how many months that was.
        """
        self._tx.write(_UNDRAW, {"on": on})
        rows = {row.month: row for row in ReviewMonths(self._tx).all() if row.closed_at is None}
        later = sorted(month for month in rows if month > on)
        for month in later:
            row = rows[month]
            if on in rows:
                self._tx.write(_DISSOLVE, {"was": month})
                self.grow(on, row.first_seq, row.last_seq, row.entries, row.opens)
            else:
                self._tx.write(_RENAME, {"was": month, "on": on})
                rows[on] = row
            self._tx.write(_ITEMS_TO, {"was": month, "on": on})
        return len(later)

    def grow(self, month: str, first: int, last: int, entries: int, opens: int) -> int:
        """Add a day to its month, which begins with the first."""
        counted = {"which": month, "last": last, "more": entries, "more_opens": opens}
        if touched := self._tx.write(_GROW, counted):
            return touched
        made = ReviewMonth.checked(
            {"month": month, "first_seq": first, "last_seq": last, "entries": entries, "opens": opens}
        )
        return self._tx.write(_ADD, made.values())

    def draw(self, row: MonthRow, sealed: int, root: str, many: int) -> int:
        """Note from which checkpoint the share of a month was drawn."""
        return self._tx.write(
            _DRAW, {"which": row.month, "last": row.last_seq, "size": sealed, "seed": root, "many": many}
        )

    def close(self, month: str, certificate: str, by: Deciding) -> int:
        """Close a month of which everything was drawn and decided."""
        return self._tx.write(_CLOSE, {**by.parameters(), "which": month, "certificate": certificate})

    def pruned(self, month: str, what: Forgotten, now: int) -> int:
        """Note that a closed month was pruned, once and for all."""
        done = _MONTH.c.pruned_at if what is Forgotten.ALL else _MONTH.c.technical_pruned_at
        statement = _PRUNED[what].where(
            _MONTH.c.month == sa.bindparam("which"), _MONTH.c.closed_at.is_not(None), done.is_(None)
        )
        return self._tx.write(statement, {"which": month, "now": now})


def _month(row: sa.Row[tuple[object, ...]]) -> MonthRow:
    return MonthRow(
        month=row.month,
        first_seq=row.first_seq,
        last_seq=row.last_seq,
        entries=row.entries,
        opens=row.opens,
        sealed=row.sealed,
        root=row.root,
        drawn=row.drawn,
        closed_at=row.closed_at,
        closed_by=row.user_name,
        certificate=row.certificate,
        technical_pruned_at=row.technical_pruned_at,
        pruned_at=row.pruned_at,
    )
