"""What came of the review of the log: breaches, months that were closed, and how far it is."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt, Code, one_of
from staffdesk.domain.reviews import BreachOutcome


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
