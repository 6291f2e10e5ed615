"""Break-glass: one record opened beyond its reader's role for some minutes, and by whom."""

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt


class BreakGlass(Record, table=True):
    """A grant; ``aid`` is the subject's audit id, which says nothing once the subject is erased."""

    __tablename__ = "break_glass"
    __table_args__ = (sa.Index("break_glass_opened", "opened_at"), {"info": {"keep": "session"}})

    id: int | None = not_personal("Break-glass", default=None, key=True, sa_type=BigInt)
    staff_id: str = not_personal("Account", foreign="staff.id")
    sid: str = not_personal("Session")
    aid: str = not_personal("Subject")
    organisation_id: int | None = not_personal("Organisation", default=None, sa_type=BigInt)
    opened_at: int = not_personal("Opened", sa_type=BigInt)
    until_at: int = not_personal("Until", sa_type=BigInt)
    entry: int = not_personal("Entry", sa_type=BigInt)
