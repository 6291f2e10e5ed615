"""The review: what the admin has to look at, what he decided, the breaches it found, and the months he closed.

Nothing here is written by a person: answers and notes are openings of the log's entries, which an erasure empties.
"""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt, Code, one_of
from staffdesk.domain.reviews import ItemKind, ItemState


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
