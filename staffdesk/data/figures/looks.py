"""What the log says in numbers: looks of the last days, its checkpoints, its last verification and its last backup.

Each count stays within an index: an entry's own row is several hundred bytes, and a million of them take seconds.
"""

from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.report import EXIT_CODES, exit_kind
from staffdesk.data import register
from staffdesk.data.entries import Entries, Found
from staffdesk.data.entry_pages import Selection
from staffdesk.data.tables.log import Entry
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Act, Level, Outcome, Standing

_ENTRY: Final = register.table(Entry)
_FIRST: Final = sa.bindparam("first", type_=BigInt)

_SINCE: Final = (
    sa.select(_ENTRY.c.seq)
    .where(_ENTRY.c.t >= sa.bindparam("moment", type_=BigInt))
    .order_by(_ENTRY.c.t, _ENTRY.c.seq)
    .limit(1)
)
_OF_ACT: Final = (_ENTRY.c.act == sa.bindparam("act"), _ENTRY.c.seq >= _FIRST)
_COUNT: Final = sa.select(sa.func.count()).where(*_OF_ACT)
_SEQ: Final = sa.select(_ENTRY.c.seq)
_STOOD: Final = sa.select(sa.func.count()).select_from(
    sa.intersect(
        _SEQ.where(*_OF_ACT), _SEQ.where(_ENTRY.c.standing == sa.bindparam("stood"), _ENTRY.c.seq >= _FIRST)
    ).subquery()
)
_DENIED: Final = sa.select(sa.func.count()).where(
    _ENTRY.c.out == Outcome.DENIED.value,
    _ENTRY.c.out != sa.literal_column(f"'{Outcome.OK.value}'"),  # as the index of few entries has it
    _ENTRY.c.seq >= _FIRST,
)
_REVEALED: Final = sa.select(sa.func.count()).where(
    _ENTRY.c.level == sa.literal_column(f"'{Level.REVEALED.value}'"), _ENTRY.c.seq >= _FIRST
)
_LAST_DONE: Final = (
    sa.select(_ENTRY.c.t)
    .where(_ENTRY.c.act == sa.bindparam("act"), _ENTRY.c.out == Outcome.OK.value)
    .order_by(_ENTRY.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Verified:
    """When the log was last verified at the desk, in UTC milliseconds, and the exit code it ended with."""

    at: int
    code: int


class LookFigures:
    """Counts over the log."""

    def __init__(self, tx: Read) -> None:
        """Count in ``tx``."""
        self._tx = tx

    def first_since(self, moment: int) -> int | None:
        """Return the number of the first entry from a moment on, or None where there is none."""
        row = self._tx.row(_SINCE, {"moment": moment})
        return None if row is None else int(row[0])

    def acts(self, act: Act, first: int) -> int:
        """Return how many entries of an act stand from a number on."""
        return self._one(_COUNT, {"act": act.value, "first": first})

    def stood(self, act: Act, standing: Standing, first: int) -> int:
        """Return how many of these had a reference of this standing."""
        return self._one(_STOOD, {"act": act.value, "stood": standing.value, "first": first})

    def denied(self, first: int) -> int:
        """Return how many acts were refused from a number on."""
        return self._one(_DENIED, {"first": first})

    def revealed(self, first: int) -> int:
        """Return how many values were revealed from a number on."""
        return self._one(_REVEALED, {"first": first})

    def last_done(self, act: Act) -> int | None:
        """Return when an act last came to its end, in UTC milliseconds, or None where the log has none."""
        row = self._tx.row(_LAST_DONE, {"act": act.value})
        return None if row is None or row[0] is None else int(row[0])

    def last_verified(self) -> Verified | None:
        """Return the last verification whose end stands in the log; its beginning and what sealed by hand are none."""
        before: int | None = None
        while before != 0:
            pages = {code: self._ended(code, before) for code in EXIT_CODES}
            ends = [(core.seq, Verified(core.t, code)) for code, page in pages.items() for core in page.cores]
            if ends:
                return max(ends, key=itemgetter(0))[1]
            before = min(page.looked_to for page in pages.values())
        return None

    def _ended(self, code: int, before: int | None) -> Found:
        wanted = Selection(acts=(Act.AUDIT_VERIFIED.value,), kind=exit_kind(code))
        return Entries(self._tx).page(wanted, before, 1)

    def _one(self, statement: sa.Executable, told: dict[str, object]) -> int:
        row = self._tx.row(statement, told)
        return 0 if row is None else int(row[0])
