"""When something in the log was really written: its numbers are proved, and the time a desk writes is not."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.entry import Core
from staffdesk.data import register
from staffdesk.data.tables.log import Entry
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Transaction

_ENTRY: Final = register.table(Entry)
_SOON_MS: Final = 60_000
"""An entry is written so soon after the moment that it says something was done."""

_FROM: Final = (
    sa.select(_ENTRY.c.seq, _ENTRY.c.core)
    .where(
        _ENTRY.c.t.between(sa.bindparam("at", type_=BigInt), sa.bindparam("soon", type_=BigInt)),
        _ENTRY.c.core.is_not(None),
    )
    .order_by(_ENTRY.c.t, _ENTRY.c.seq)
)
_BEFORE: Final = (
    sa.select(_ENTRY.c.t)
    .where(_ENTRY.c.t <= sa.bindparam("latest", type_=BigInt), _ENTRY.c.seq < sa.bindparam("seq", type_=BigInt))
    .order_by(_ENTRY.c.t.desc(), _ENTRY.c.seq.desc())
    .limit(1)
)
_BEHIND: Final = (
    sa.select(_ENTRY.c.seq, _ENTRY.c.t)
    .where(
        _ENTRY.c.seq > sa.bindparam("seq", type_=BigInt),
        _ENTRY.c.t.between(sa.bindparam("earliest", type_=BigInt), sa.bindparam("latest", type_=BigInt)),
    )
    .order_by(_ENTRY.c.seq)
    .limit(1)
)
_AT: Final = sa.select(_ENTRY.c.t).where(_ENTRY.c.seq == sa.bindparam("seq", type_=BigInt))


@dataclass(frozen=True, slots=True)
class Vouched:
    """An entry by which a person said that the clock is right; its time, UTC milliseconds, is believed."""

    seq: int
    t: int


class LogTimes:
    """Holds one clock against the order of the log; moments are UTC milliseconds."""

    def __init__(self, tx: Transaction, tolerance: int) -> None:
        """Read in ``tx``; desks' clocks may differ by so many milliseconds."""
        self._tx = tx
        self._tolerance = tolerance

    def naming(self, word: str, at: int) -> int | None:
        """Return the first entry that has a word among its kinds, of those whose clock showed ``at`` and soon after."""
        rows = self._tx.rows(_FROM, {"at": at, "soon": at + _SOON_MS})
        return next((int(seq) for seq, core in rows if word in Core.decode(bytes(core)).kinds), None)

    def really(self, seq: int, at: int, said: Vouched) -> int:
        """Return when entry ``seq``, in front of ``said``, was written: ``at``, as its clock showed, where that holds.

        It does not where that is later than what a person vouched for behind it, or earlier than the entries before
        it. Then it was before the next entry with a time that is believed, by as long as its own clock went on until
        then, and after the last one.
        """
        latest = said.t + self._tolerance
        row = self._tx.row(_BEFORE, {"seq": seq, "latest": latest})
        before = None if row is None else int(row[0])
        if at <= latest and (before is None or at >= before - self._tolerance):
            return at
        earliest = 0 if before is None else before - self._tolerance
        told = self._tx.row(_BEHIND, {"seq": seq, "earliest": earliest, "latest": latest})
        behind, moment = (said.seq, said.t) if told is None else (int(told[0]), int(told[1]))
        last = self._tx.row(_AT, {"seq": behind - 1})
        passed = 0 if last is None or last[0] is None else max(0, int(last[0]) - at)
        return min(moment, max(moment - passed, before or 0))
