"""Counting a month's accesses by the log's copies of columns; no entry is decoded, and no customer's row is read.

A month is turned into numbers first, which lie beside one another: read by an index of times, each entry of it would be
fetched by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.entry_pages import span
from staffdesk.data.tables.log import NONE_POSTGRES, NONE_SQLITE, Entry
from staffdesk.data.tables.staff import StaffRole
from staffdesk.data.transaction import AnyRow, Transaction
from staffdesk.domain.access import Act, Level, Outcome, Purpose, Role, Standing
from staffdesk.domain.pictures import Counted, QuarterCount
from staffdesk.domain.pictures.figures import QUARTER_MS

_ENTRY: Final = register.table(Entry)
_ROLE: Final = register.table(StaffRole)

_QUARTER: Final = _ENTRY.c.t // sa.literal_column(str(QUARTER_MS), sa.BigInteger())
_ACCESSES: Final = (
    _ENTRY.c.seq >= sa.bindparam("first"),
    _ENTRY.c.seq < sa.bindparam("end"),
    # Written so that no index of these columns is taken for the walk along the numbers.
    _ENTRY.c.t + 0 >= sa.bindparam("since"),
    _ENTRY.c.t + 0 <= sa.bindparam("until"),
    sa.func.coalesce(_ENTRY.c.level, "") != "",
    sa.func.coalesce(_ENTRY.c.out, "") == Outcome.OK.value,
    _ENTRY.c.actor.is_not(None),
    # The press that grants it: the open or the value behind it is an entry of its own.
    sa.func.coalesce(_ENTRY.c.act, "") != Act.CUSTOMER_BREAK_GLASS.value,
)
_LISTED: Final = _ENTRY.c.level == sa.literal_column(f"'{Level.LISTED.value}'")
_NOBODY: Final = {True: sa.text(NONE_POSTGRES), False: sa.text(NONE_SQLITE)}
_SORTS: Final = (_ENTRY.c.actor, _ENTRY.c.act, _ENTRY.c.purpose, _ENTRY.c.standing, _ENTRY.c.level)
_COUNTED: Final = sa.select(_QUARTER, sa.func.count(), *_SORTS).where(*_ACCESSES).group_by(_QUARTER, *_SORTS)
_FIRST: Final = sa.select(sa.func.min(_ENTRY.c.t))
_ROLES: Final = sa.select(_ROLE.c.staff_id, _ROLE.c.role)


class AccessCounts:
    """The accesses between two moments (UTC milliseconds, both included), counted in one walk along the log."""

    def __init__(self, tx: Transaction, since: int, until: int) -> None:
        """Count in ``tx``."""
        self._quarters: Counter[int] = Counter()
        self._sorts: Counter[tuple[Any, ...]] = Counter()
        for quarter, count, *sort in _rows(tx, since, until):
            self._quarters[int(quarter)] += int(count)
            self._sorts[tuple(sort)] += int(count)

    def by_quarter(self) -> tuple[QuarterCount, ...]:
        """Return how many there were in each quarter of an hour that had any."""
        return tuple(QuarterCount(quarter, count) for quarter, count in self._quarters.items())

    def by_sort(self) -> tuple[Counted, ...]:
        """Return how many there were by account, act, purpose, standing and level."""
        return tuple(
            Counted(
                actor=str(actor),
                act=Act(act),
                purpose=None if purpose is None else Purpose(purpose),
                standing=None if standing is None else Standing(standing),
                level=Level(level),
                count=count,
            )
            for (actor, act, purpose, standing, level), count in self._sorts.items()
        )


def _rows(tx: Transaction, since: int, until: int) -> Sequence[AnyRow]:
    found = span(tx, since, until)
    if found is None:
        return ()
    shown = _COUNTED.where(sa.not_(sa.and_(_LISTED, _NOBODY[tx.is_postgres])))
    return tx.rows(shown, {"since": since, "until": until, "first": found[0], "end": found[1]})


def oldest(tx: Transaction) -> int | None:
    """Return the moment of the oldest entry that was not pruned, or None where there is none."""
    row = tx.row(_FIRST)
    return None if row is None or row[0] is None else int(row[0])


def roles_held(tx: Transaction) -> dict[str, frozenset[Role]]:
    """Return the roles in force of every account that has any."""
    held: dict[str, set[Role]] = {}
    for row in tx.rows(_ROLES):
        held.setdefault(str(row[0]), set()).add(Role(row[1]))
    return {actor: frozenset(roles) for actor, roles in held.items()}
