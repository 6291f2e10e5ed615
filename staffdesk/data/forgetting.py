"""Forgetting in the log: what is needed still, what goes, and the statements that let it go; no value is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.ranges import Span
from staffdesk.data import register
from staffdesk.data.references import reference_view
from staffdesk.data.tables.log import Entry, EntrySubject, Opening
from staffdesk.data.tables.review import Review, ReviewEntry
from staffdesk.data.tables.review_months import Breach
from staffdesk.data.tables.types import BigInt
from staffdesk.data.tables.workflow import RequestPerson, RequestProgress
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.access import Act, Outcome
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.log_retention import Listed, Needed
from staffdesk.domain.reviews import UNDECIDED

_ENTRY: Final = register.table(Entry)
_SUBJECT: Final = register.table(EntrySubject)
_OPENING: Final = register.table(Opening)
_REVIEW: Final = register.table(Review)
_RESTS: Final = register.table(ReviewEntry)
_BREACH: Final = register.table(Breach)

_READ_AT_ONCE: Final = 2_000
_LOOKED_AT: Final = 500
_EMPTY_SEC: Final = b'"sec":{}'
_FIRST: Final = sa.bindparam("first", type_=BigInt)
_LAST: Final = sa.bindparam("last", type_=BigInt)

_NEXT: Final = (
    sa.select(_ENTRY.c.seq, _ENTRY.c.act, _ENTRY.c.ref, _ENTRY.c.core)
    .where(_ENTRY.c.seq >= _FIRST, _ENTRY.c.seq <= _LAST)
    .order_by(_ENTRY.c.seq)
    .limit(_READ_AT_ONCE)
)
_OF_KIND: Final = _OPENING.c.kind == sa.bindparam("of")
_OPENED: Final = (
    sa.select(_OPENING.c.seq)
    .where(_OPENING.c.seq > sa.bindparam("after", type_=BigInt), _OPENING.c.seq <= _LAST, _OF_KIND)
    .order_by(_OPENING.c.seq)
    .limit(sa.bindparam("most"))
)
_REVIEWED_ONCE: Final = sa.union(
    sa.select(_RESTS.c.seq),
    *(sa.select(column).where(column.is_not(None)) for column in (_REVIEW.c.answer_entry, _REVIEW.c.decision_entry)),
)
_HELD_ONCE: Final = sa.select(_OPENING.c.seq).where(
    _OPENING.c.seq <= sa.bindparam("after", type_=BigInt), _OF_KIND, _OPENING.c.seq.in_(_REVIEWED_ONCE)
)
_FIRST_MADE: Final = sa.select(sa.func.min(_ENTRY.c.seq)).where(
    _ENTRY.c.t >= sa.bindparam("since", type_=BigInt), _ENTRY.c.t <= sa.bindparam("until", type_=BigInt),
    _ENTRY.c.seq <= _LAST,
)  # fmt: skip
_STANDS: Final = sa.select(_ENTRY.c.t).where(_ENTRY.c.t.is_not(None)).limit(_LOOKED_AT)
_UP_TO: Final = _STANDS.where(_ENTRY.c.seq <= _LAST).order_by(_ENTRY.c.seq.desc())
_BEHIND: Final = _STANDS.where(_ENTRY.c.seq > _LAST).order_by(_ENTRY.c.seq)
_NEWEST: Final = (
    sa.select(_ENTRY.c.seq, _ENTRY.c.core)
    .where(_ENTRY.c.act == sa.bindparam("covering"), _ENTRY.c.out == Outcome.OK.value)
    .order_by(_ENTRY.c.seq.desc())
    .limit(sa.bindparam("most"))
)
_OPEN_ITEMS: Final = sa.or_(
    _REVIEW.c.state.in_([each.value for each in UNDECIDED]),
    sa.and_(_BREACH.c.id.is_not(None), _BREACH.c.closed_at.is_(None)),
)
_ITEMS: Final = _REVIEW.outerjoin(_BREACH, _BREACH.c.review_id == _REVIEW.c.id)
_RESTED_ON: Final = (
    sa.select(_RESTS.c.seq).select_from(_ITEMS.join(_RESTS, _RESTS.c.review_id == _REVIEW.c.id)).where(_OPEN_ITEMS)
)
_SAID_OF: Final = sa.select(_REVIEW.c.answer_entry, _REVIEW.c.decision_entry).select_from(_ITEMS).where(_OPEN_ITEMS)
_REFERENCES: Final = tuple(map(reference_view, ("case", "request")))
_OPEN_REFS: Final = tuple(sa.select(view.c.aid).where(view.c.is_open == 1) for view in _REFERENCES)
_PERSON: Final = register.metadata.tables["person"]
_REQUEST: Final = _REFERENCES[1]
_PROGRESS: Final = register.table(RequestProgress)
_SAME: Final = register.table(RequestPerson)
_COMPLAINED: Final = sa.select(_PROGRESS.c.request_id).where(_PROGRESS.c.complaint_on.is_not(None))
_UNSETTLED: Final = sa.or_(_REQUEST.c.is_open == 1, _REQUEST.c.record_id.in_(_COMPLAINED))
_WHO_ASKS: Final = sa.select(_PERSON.c.aid).where(
    sa.or_(
        _PERSON.c.id.in_(sa.select(_REQUEST.c.person_id).where(_UNSETTLED)),
        _PERSON.c.id.in_(
            sa.select(_SAME.c.person_id).where(
                _SAME.c.answer == SamePerson.SAME.value,
                _SAME.c.request_id.in_(sa.select(_REQUEST.c.record_id).where(_UNSETTLED)),
            )
        ),
    )
)
"""What he asks to be told, of each of his records, is not forgotten before he is answered and no authority asks."""
_COMPLAINED_OF: Final = sa.select(_REQUEST.c.aid).where(_REQUEST.c.record_id.in_(_COMPLAINED))
_STILL_REFS: Final = (*_OPEN_REFS, _COMPLAINED_OF)
_BORNE: Final = tuple(
    sa.select(_ENTRY.c.ref).where(_ENTRY.c.ref.in_(still), _ENTRY.c.seq <= _LAST).distinct() for still in _STILL_REFS
)
"""Of these references the ones that an entry bears: what was opened since is no matter of an old month."""
_ABOUT: Final = tuple(
    sa.select(_SUBJECT.c.seq).where(_SUBJECT.c.aid.in_(still), _SUBJECT.c.seq <= _LAST)
    for still in (*_STILL_REFS, _WHO_ASKS)
)

_WITHIN: Final = (_ENTRY.c.seq >= sa.bindparam("a", type_=BigInt), _ENTRY.c.seq <= sa.bindparam("b", type_=BigInt))
_PRUNE: Final = (
    sa.update(_ENTRY)
    .where(*_WITHIN, _ENTRY.c.core.is_not(None))
    .values({column: None for column in _ENTRY.c if column.nullable})
)
_FORGET_SUBJECTS: Final = sa.delete(_SUBJECT).where(
    _SUBJECT.c.seq >= sa.bindparam("a", type_=BigInt), _SUBJECT.c.seq <= sa.bindparam("b", type_=BigInt)
)
_FORGET_OPENINGS: Final = sa.delete(_OPENING).where(
    _OPENING.c.seq >= sa.bindparam("a", type_=BigInt), _OPENING.c.seq <= sa.bindparam("b", type_=BigInt)
)
_EXPIRE: Final = _FORGET_OPENINGS.where(_OPENING.c.kind == sa.bindparam("of"))
_DECIDED: Final = sa.select(_REVIEW.c.id).where(
    _REVIEW.c.month == sa.bindparam("which"),
    _REVIEW.c.state.not_in([each.value for each in UNDECIDED]),
    ~sa.exists().where(_BREACH.c.review_id == _REVIEW.c.id),
)
_FORGET_RESTS: Final = sa.delete(_RESTS).where(_RESTS.c.review_id.in_(_DECIDED))
_FORGET_ITEMS: Final = sa.delete(_REVIEW).where(_REVIEW.c.id.in_(_DECIDED))


@dataclass(frozen=True, slots=True)
class Covering:
    """A covering entry as it is stored."""

    seq: int
    core: bytes


class Forgetting:
    """What is there to be forgotten, inside a transaction."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def newest(self, act: Act, most: int = 1) -> tuple[Covering, ...]:
        """Return the newest entries of a covering act that was done, the newest first."""
        rows = self._tx.rows(_NEWEST, {"covering": act.value, "most": most})
        return tuple(Covering(int(row[0]), bytes(row[1])) for row in rows)

    def entries(self, first: int, last: int) -> Iterator[Listed]:
        """Yield the entries between two numbers, as they are judged."""
        while rows := self._tx.rows(_NEXT, {"first": first, "last": last}):
            for seq, act, ref, core in rows:
                yield Listed(int(seq), act, ref, core is None, core is not None and _EMPTY_SEC not in bytes(core))
            first = int(rows[-1][0]) + 1

    def last_before(self, t: int, now: int, last: int) -> int:
        """Return the last number up to ``last`` before any entry that was made between two moments."""
        row = self._tx.row(_FIRST_MADE, {"since": t, "until": now, "last": last})
        return last if row is None or row[0] is None else int(row[0]) - 1

    def around(self, last: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return when the nearest entries that stand up to a number were made, and the nearest behind it; in order."""
        up_to, behind = (
            tuple(int(row[0]) for row in self._tx.rows(each, {"last": last})) for each in (_UP_TO, _BEHIND)
        )
        return up_to[::-1], behind

    def opened(self, after: int, last: int, kind: str, most: int) -> tuple[int, ...]:
        """Return numbers between two under which openings of a kind stand, at most so many rows, in order."""
        rows = self._tx.rows(_OPENED, {"after": after, "last": last, "of": kind, "most": most})
        return tuple(int(row[0]) for row in rows)

    def held_once(self, after: int, kind: str) -> tuple[int, ...]:
        """Return numbers up to one with openings of a kind that the review may have kept past their time."""
        return tuple(int(row[0]) for row in self._tx.rows(_HELD_ONCE, {"after": after, "of": kind}))

    def reviewed(self) -> frozenset[int]:
        """Return the entries of items undecided and of breaches not closed, and what was said of them."""
        seqs = {int(row[0]) for row in self._tx.rows(_RESTED_ON)}
        seqs.update(int(seq) for row in self._tx.rows(_SAID_OF) for seq in row if seq is not None)
        return frozenset(seqs)

    def needed(self, last: int) -> Needed:
        """Return what keeps entries up to a number past their time."""
        refs = {str(row[0]) for still in _BORNE for row in self._tx.rows(still, {"last": last})}
        about = {int(row[0]) for statement in _ABOUT for row in self._tx.rows(statement, {"last": last})}
        return Needed(frozenset(refs), frozenset(about), frozenset(seq for seq in self.reviewed() if seq <= last))


class Forgets:
    """Lets go, inside a transaction that may; the database refuses what no covering entry names."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def prune(self, spans: Sequence[Span]) -> int:
        """Prune entries to their leaves, with their columns, subjects and openings; return how many entries."""
        within = [{"a": first, "b": last} for first, last in spans]
        pruned = self._tx.write(_PRUNE, within)
        self._tx.write(_FORGET_SUBJECTS, within)
        self._tx.write(_FORGET_OPENINGS, within)
        return pruned

    def expire(self, spans: Sequence[Span], kind: str) -> int:
        """Delete the openings of a kind; return how many."""
        return self._tx.write(_EXPIRE, [{"a": first, "b": last, "of": kind} for first, last in spans])

    def items(self, month: str) -> int:
        """Delete the items of a month that were decided and are no breach; return how many."""
        self._tx.write(_FORGET_RESTS, {"which": month})
        return self._tx.write(_FORGET_ITEMS, {"which": month})
