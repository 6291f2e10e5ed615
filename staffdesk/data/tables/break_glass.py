"""Break-glass: one record opened beyond its reader's role for some minutes, by whom, and who reviewed it."""

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt, index_where


class BreakGlass(Record, table=True):
    """A grant; ``aid`` is the subject's audit id, which says nothing once the subject is erased.

    ``entry`` is the intent in the log, ``reference`` a keyed digest of the number it was asked under.
    """

    __tablename__ = "break_glass"
    __table_args__ = (
        sa.Index("break_glass_opened", "opened_at"),
        index_where("reviewed_at IS NULL", "break_glass_to_review", "entry"),
        {"info": {"keep": "session"}},
    )

    id: int | None = not_personal("Break-glass", default=None, key=True, sa_type=BigInt)
    staff_id: str = not_personal("Account", foreign="staff.id")
    sid: str = not_personal("Session")
    aid: str = not_personal("Subject")
    organisation_id: int | None = not_personal("Organisation", default=None, sa_type=BigInt)
    opened_at: int = not_personal("Opened", sa_type=BigInt)
    until_at: int = not_personal("Until", sa_type=BigInt)
    entry: int = not_personal("Entry", sa_type=BigInt)
    purpose: str | None = not_personal("Purpose", default=None)
    reference: str | None = not_personal("Reference", default=None)
    reviewed_at: int | None = not_personal("Reviewed", default=None, sa_type=BigInt)
    reviewed_by: str | None = not_personal("Reviewed by", default=None)
