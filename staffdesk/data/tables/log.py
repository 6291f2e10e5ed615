"""The log's tables: entries as bytes, indexed copies of what is filtered by, openings, the head, checkpoints."""

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.types import BigInt, index_where
from staffdesk.domain.classes import PrivacyClass

RELATED_SQLITE = "instr(core, X'2272656C223A5B22') > 0"
RELATED_POSTGRES = "\"position\"(core, '\\x2272656c223a5b22'::bytea) > 0"
"""The bytes hold ``"rel":["``, so somebody stands in a relation; quotation marks in a text are written otherwise."""

NONE_SQLITE = "instr(core, X'226E223A302C') > 0"
NONE_POSTGRES = "\"position\"(core, '\\x226e223a302c'::bytea) > 0"
"""The bytes hold ``"n":0,``: a list on which there was nobody."""


class Entry(Record, table=True):
    """One act; ``core`` is what was hashed, the other columns are copies that the verifier compares."""

    __tablename__ = "entry"
    __table_args__ = (
        sa.Index("entry_actor", "actor", "seq"),
        sa.Index("entry_act", "act", "seq"),
        sa.Index("entry_t", "t", "seq"),
        sa.Index("entry_standing", "standing", "seq"),
        sa.Index("entry_purpose", "purpose", "seq"),
        index_where("\"out\" <> 'ok'", "entry_out", "out", "seq"),
        index_where("level = 'revealed'", "entry_revealed", "level", "seq"),
        index_where("ref IS NOT NULL", "entry_ref", "ref", "seq"),
        index_where(f"{RELATED_SQLITE}, or {RELATED_POSTGRES}", "entry_related", "seq"),
        {"info": {"keep": "log"}},
    )

    seq: int = not_personal("Number", key=True, sa_type=BigInt)
    core: bytes | None = not_personal("Entry", default=None, sa_type=sa.LargeBinary)
    leaf: bytes = not_personal("Leaf hash", sa_type=sa.LargeBinary)
    t: int | None = not_personal("Time", default=None, sa_type=BigInt)
    act: str | None = not_personal("Act", default=None)
    out: str | None = not_personal("Outcome", default=None)
    actor: str | None = not_personal("Who", default=None)
    purpose: str | None = not_personal("Purpose", default=None)
    ref: str | None = not_personal("Reference", default=None)
    standing: str | None = not_personal("Standing", default=None)
    level: str | None = not_personal("Level", default=None)


class EntrySubject(Record, table=True):
    """A copy of one audit id of an entry's ``obj``."""

    __tablename__ = "entry_subject"
    __table_args__ = (
        sa.Index("entry_subject_aid", "aid", "seq"),
        {"info": {"keep": "log"}, "sqlite_with_rowid": False},
    )

    seq: int = not_personal("Entry", key=True, sa_type=BigInt)
    aid: str = not_personal("Subject", key=True)


class Opening(Record, table=True):
    """The value behind a commitment, which erasure and retention may empty."""

    __tablename__ = "opening"
    __table_args__ = ({"info": {"keep": "opening"}, "sqlite_with_rowid": False},)

    seq: int = not_personal("Entry", key=True, sa_type=BigInt)
    field: str = not_personal("Field", key=True)
    kind: str = not_personal("Kind")
    salt: bytes = not_personal("Salt", sa_type=sa.LargeBinary)
    value: str = personal(PrivacyClass.REQUEST, "Value", keep="opening")


class Head(Record, table=True):
    """The last number given, and the log's origin; one row."""

    __tablename__ = "head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_head"), {"info": {"keep": "log"}})

    id: int = not_personal(key=True, sa_type=sa.SmallInteger)
    seq: int = not_personal("Number", sa_type=BigInt)
    origin: str = not_personal("Origin")
    t: int = not_personal("Time", sa_type=BigInt)


class StoredCheckpoint(Record, table=True):
    """A signed tree head and the peaks it was computed from."""

    __tablename__ = "checkpoint"
    __table_args__ = ({"info": {"keep": "log"}},)

    size: int = not_personal("Entries", key=True, sa_type=BigInt)
    t: int = not_personal("Time", sa_type=BigInt)
    note: str = not_personal("Signed note")
    frontier: bytes = not_personal("Tree peaks", sa_type=sa.LargeBinary)
