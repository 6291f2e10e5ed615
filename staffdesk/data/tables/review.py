"""The review: what the admin has to look at, what he decided, the breaches it found, and the months he closed.

Nothing here is written by a person: answers and notes are openings of the log's entries, which an erasure empties.
"""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt, Code, one_of
from staffdesk.domain.reviews import BreachOutcome, ItemKind, ItemState


class Review(Record, table=True):
    """An access, or several, to be signed off; ``subject`` is an audit id, which says nothing of whom was erased.

    ``words`` are the rule's own; ``answer_entry`` and ``decision_entry`` are the entries that hold what was said.
    """

    __tablename__ = "review"
    __table_args__ = (
        one_of("kind", ItemKind),
        one_of("state", ItemState),
        sa.UniqueConstraint("kind", "rule", "actor", "day", "first_seq", name="an_access_is_listed_once"),
        sa.Index("review_of_state", "state", "severity", "id"),
        sa.Index("review_of_actor", "actor", "state"),
        sa.Index("review_of_month", "month", "state"),
        {"info": {"keep": "log"}},
    )

    id: int | None = not_personal("Item", default=None, key=True, sa_type=BigInt)
    kind: ItemKind = not_personal("Kind", sa_type=sa.String)
    rule: Code = not_personal("Rule")
    words: str = not_personal("Seen")
    severity: int = not_personal("Severity", sa_type=sa.SmallInteger)
    actor: str = not_personal("Account", foreign="staff.id")
    subject: str | None = not_personal("Subject", default=None)
    day: dt.date = not_personal("Day")
    month: str = not_personal("Month")
    at: int = not_personal("Time", sa_type=BigInt)
    first_seq: int = not_personal("First entry", sa_type=BigInt)
    state: ItemState = not_personal("State", default=ItemState.OPEN, sa_type=sa.String)
    made_at: int = not_personal("Listed", sa_type=BigInt)
    asked_by: str | None = not_personal("Asked by", default=None, foreign="staff.id")
    asked_at: int | None = not_personal("Asked", default=None, sa_type=BigInt)
    answered_at: int | None = not_personal("Answered", default=None, sa_type=BigInt)
    answer_entry: int | None = not_personal("Entry of the answer", default=None, sa_type=BigInt)
    decided_by: str | None = not_personal("Decided by", default=None, foreign="staff.id")
    decided_at: int | None = not_personal("Decided", default=None, sa_type=BigInt)
    decision_entry: int | None = not_personal("Entry of the decision", default=None, sa_type=BigInt)
    own: bool = not_personal("Own access", default=False)


class ReviewEntry(Record, table=True):
    """An entry of the log that an item rests on."""

    __tablename__ = "review_entry"
    __table_args__ = ({"info": {"keep": "log"}, "sqlite_with_rowid": False},)

    review_id: int = not_personal("Item", key=True, sa_type=BigInt, foreign="review.id")
    seq: int = not_personal("Entry", key=True, sa_type=BigInt)


class Breach(Record, table=True):
    """What the register of breaches holds (GDPR Art. 33(5)): of an access not justified, or found under a request.

    ``request`` is that request's number, which says nothing of whom was erased.
    """

    __tablename__ = "breach"
    __table_args__ = (
        one_of("outcome", BreachOutcome),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="a_closed_breach_has_an_outcome"),
        sa.CheckConstraint("(review_id IS NULL) <> (request IS NULL)", name="a_breach_came_of_one_thing"),
        {"info": {"keep": "log"}},
    )

    id: int | None = not_personal("Breach", default=None, key=True, sa_type=BigInt)
    number: str = not_personal("Number", unique=True)
    review_id: int | None = not_personal("Item", default=None, sa_type=BigInt, foreign="review.id", unique=True)
    request: Code | None = not_personal("Request", default=None)
    opened_at: int = not_personal("Known since", sa_type=BigInt)
    opened_by: str = not_personal("Found by", foreign="staff.id")
    due_at: int = not_personal("Due", sa_type=BigInt)
    outcome: BreachOutcome | None = not_personal("Outcome", default=None, sa_type=sa.String)
    closed_at: int | None = not_personal("Closed", default=None, sa_type=BigInt)
    closed_by: str | None = not_personal("Closed by", default=None, foreign="staff.id")
    closing_entry: int | None = not_personal("Entry of the closing", default=None, sa_type=BigInt)


class ReviewMonth(Record, table=True):
    """A month of the log: its entries and opens, from what its share was drawn, and its certificate once closed."""

    __tablename__ = "review_month"
    __table_args__ = ({"info": {"keep": "policy"}},)

    month: str = not_personal("Month", key=True)
    first_seq: int = not_personal("First entry", sa_type=BigInt)
    last_seq: int = not_personal("Last entry", sa_type=BigInt)
    entries: int = not_personal("Entries", sa_type=BigInt)
    opens: int = not_personal("Opens", sa_type=BigInt)
    sealed: int | None = not_personal("Checkpoint", default=None, sa_type=BigInt)
    root: str | None = not_personal("Root hash", default=None)
    drawn: int | None = not_personal("Drawn", default=None, sa_type=BigInt)
    closed_at: int | None = not_personal("Closed", default=None, sa_type=BigInt)
    closed_by: str | None = not_personal("Closed by", default=None, foreign="staff.id")
    certificate: str | None = not_personal("Certificate", default=None)
    technical_pruned_at: int | None = not_personal("Technical entries pruned", default=None, sa_type=BigInt)
    pruned_at: int | None = not_personal("Pruned", default=None, sa_type=BigInt)


class ReviewProgress(Record, table=True):
    """How far the log was taken for the list, and what the rules had learned by then; one row."""

    __tablename__ = "review_progress"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_progress"), {"info": {"keep": "log"}})

    id: int = not_personal(key=True, sa_type=sa.SmallInteger)
    seq: int = not_personal("Number", sa_type=BigInt)
    day: dt.date | None = not_personal("Day", default=None)
    learned: bytes | None = not_personal("Learned", default=None, sa_type=sa.LargeBinary)
