"""What an erasure leaves behind: rows a law holds, and what is still to be destroyed."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, derived, not_personal
from staffdesk.data.tables.types import BigInt, Code, Line, index_where, one_of
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.erasure import Destroyed
from staffdesk.domain.holds import Ground

_OPEN = "ended_at IS NULL"


class Hold(Record, table=True):
    """A row that a law keeps until a day; while it is open finance and privacy alone read the row.

    ``reference`` names the dispute or the law where a person set the hold by hand, ``seq`` is the entry of the erasure
    that left the row.
    """

    __tablename__ = "hold"
    __table_args__ = (
        one_of("ground", Ground),
        index_where(_OPEN, "hold_open", "record_table", "record_id"),
        index_where(_OPEN, "hold_until", "until"),
        index_where(_OPEN, "hold_of_request", "request_id"),
        {"info": {"keep": "request"}},
    )

    id: int | None = not_personal("Hold", default=None, key=True, sa_type=BigInt)
    record_table: Code = not_personal("Kind of record")
    record_id: int = not_personal("Record", sa_type=BigInt)
    ground: Ground = not_personal("Ground", sa_type=sa.String)
    law: Line = not_personal("Law")
    until: dt.date = not_personal("Until")
    reference: Code | None = not_personal("Reference", default=None, may_name=True)
    made_at: int = not_personal("Made", sa_type=BigInt)
    request_id: int | None = not_personal("Request", default=None, sa_type=BigInt)
    ended_at: int | None = not_personal("Ended", default=None, sa_type=BigInt)
    seq: int | None = not_personal("Entry", default=None, sa_type=BigInt)


class Destruction(Record, table=True):
    """What an erasure's transaction could not destroy, until it is done.

    ``sealed`` holds, under a key outside the database, what the sweep looks for; it is emptied with the row's end.
    """

    __tablename__ = "destruction"
    __table_args__ = (
        one_of("what", Destroyed),
        index_where("done_at IS NULL", "destruction_to_do", "request_id"),
        {"info": {"keep": "request"}},
    )

    id: int | None = not_personal("Destruction", default=None, key=True, sa_type=BigInt)
    request_id: int | None = not_personal("Request", default=None, sa_type=BigInt)
    what: Destroyed = not_personal("What", sa_type=sa.String)
    target: Code | None = not_personal("Where", default=None)
    sealed: bytes | None = derived(PrivacyClass.IDENTITY, default=None, sa_type=sa.LargeBinary)
    made_at: int = not_personal("Made", sa_type=BigInt)
    done_at: int | None = not_personal("Done", default=None, sa_type=BigInt)
