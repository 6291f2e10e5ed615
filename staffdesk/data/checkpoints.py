"""Checkpoints as stored: the newest with the tree's peaks, and the leaves that came after it."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.log import Entry, Head, StoredCheckpoint
from staffdesk.data.transaction import Append, Transaction

_CHECKPOINT: Final = register.table(StoredCheckpoint)
_ENTRY: Final = register.table(Entry)
_HEAD: Final = register.table(Head)

_NEWEST: Final = (
    sa.select(_CHECKPOINT.c.size, _CHECKPOINT.c.t, _CHECKPOINT.c.note, _CHECKPOINT.c.frontier)
    .order_by(_CHECKPOINT.c.size.desc())
    .limit(1)
)
_MOMENTS: Final = (
    sa.select(_CHECKPOINT.c.t).where(_CHECKPOINT.c.size >= sa.bindparam("number")).order_by(_CHECKPOINT.c.size)
)
_LEAVES: Final = (
    sa.select(_ENTRY.c.leaf)
    .where(_ENTRY.c.seq > sa.bindparam("size"))
    .order_by(_ENTRY.c.seq)
    .limit(sa.bindparam("limit"))
)
_ADD: Final = sa.insert(_CHECKPOINT)
_HOLD: Final = sa.select(_HEAD.c.origin).where(_HEAD.c.id == 1).with_for_update()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A checkpoint as it is stored; ``t`` is UTC milliseconds."""

    size: int
    t: int
    note: str
    frontier: bytes


class Checkpoints:
    """The stored checkpoints and what they were made from."""

    def __init__(self, tx: Transaction) -> None:
        """Work in ``tx``."""
        self._tx = tx

    def newest(self) -> Sealed | None:
        """Return the newest checkpoint, or None before the first."""
        row = self._tx.row(_NEWEST)
        return None if row is None else Sealed(int(row[0]), int(row[1]), str(row[2]), bytes(row[3]))

    def moments(self, number: int) -> tuple[int, ...]:
        """Return when the checkpoints that cover an entry were made, as they follow one another."""
        return tuple(int(row[0]) for row in self._tx.rows(_MOMENTS, {"number": number}))

    def hold(self) -> str:
        """Return the log's origin, and let no other desk append or seal until this transaction ends.

        Call it first: of two desks that read the newest checkpoint side by side, each would copy a note outside, and
        the database would take only one of the two.
        """
        row = self._tx.row(_HOLD)
        return "" if row is None else str(row[0])

    def leaves_after(self, size: int, limit: int) -> tuple[bytes, ...]:
        """Return at most ``limit`` leaf hashes that a checkpoint of ``size`` does not cover, in order."""
        return tuple(bytes(row[0]) for row in self._tx.rows(_LEAVES, {"size": size, "limit": limit}))


def add_checkpoint(tx: Append, sealed: Sealed) -> None:
    """Store a checkpoint; the database refuses one that does not grow."""
    tx.write(_ADD, {"size": sealed.size, "t": sealed.t, "note": sealed.note, "frontier": sealed.frontier})
