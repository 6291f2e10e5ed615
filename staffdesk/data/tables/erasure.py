"""What an erasure leaves behind: rows a law holds, what is still to be destroyed, and who must not come back."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, derived, not_personal
from staffdesk.data.tables.types import BigInt, Code, Line, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.erasure import Destroyed
from staffdesk.domain.holds import Ground

_OPEN = sa.text("ended_at IS NULL")


class Hold(Record, table=True):
    """A row that a law keeps until a day; while it is open finance and privacy alone read the row.

    ``reference`` names the dispute or the law where a person set the hold by hand, ``seq`` is the entry of the erasure
    that left the row.
    """

    __tablename__ = "hold"
    __table_args__ = (
        one_of("ground", Ground),
        sa.Index("hold_open", "record_table", "record_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("hold_until", "until", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("hold_of_request", "request_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
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
        sa.Index(
            "destruction_to_do",
            "request_id",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
        {"info": {"keep": "request"}},
    )

    id: int | None = not_personal("Destruction", default=None, key=True, sa_type=BigInt)
    request_id: int | None = not_personal("Request", default=None, sa_type=BigInt)
    what: Destroyed = not_personal("What", sa_type=sa.String)
    target: Code | None = not_personal("Where", default=None)
    sealed: bytes | None = derived(PrivacyClass.IDENTITY, default=None, sa_type=sa.LargeBinary)
    made_at: int = not_personal("Made", sa_type=BigInt)
    done_at: int | None = not_personal("Done", default=None, sa_type=BigInt)


class Tombstone(Record, table=True):
    """The audit id of somebody who was erased, so that a restored backup and the ledger can be compared."""

    __tablename__ = "tombstone"
    __table_args__ = ({"info": {"keep": "suppression"}},)

    aid: str = not_personal("Subject", key=True)
    request: Code | None = not_personal("Request number", default=None)
    erased_at: int = not_personal("Erased", sa_type=BigInt)
    seq: int = not_personal("Entry", sa_type=BigInt)


class ErasedAs(Record, table=True):
    """As which keyed digests an erasure's people were known: what a law keeps since is found when they ask anew.

    One address may be of several erasures; ``seq`` is the entry of each, as on its tombstones and its holds.
    """

    __tablename__ = "erased_as"
    __table_args__ = ({"info": {"keep": "suppression"}},)

    digest: str = derived(PrivacyClass.MARKETING, default=..., erasure=Erasure.KEEP, key=True)
    seq: int = not_personal("Entry", key=True, sa_type=BigInt)
