"""Counting a month's accesses by the log's copies of columns; no entry is decoded, and no customer's row is read.

A month is turned into numbers first, which lie beside one another: read by an index of times, each entry of it would be
fetched by itself.
"""

from __future__ import annotations

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
_BY_QUARTER: Final = sa.select(_QUARTER, sa.func.count()).where(*_ACCESSES).group_by(_QUARTER)
_SORTS: Final = (_ENTRY.c.actor, _ENTRY.c.act, _ENTRY.c.purpose, _ENTRY.c.standing, _ENTRY.c.level)
_BY_SORT: Final = sa.select(*_SORTS, sa.func.count()).where(*_ACCESSES).group_by(*_SORTS)
_FIRST: Final = sa.select(sa.func.min(_ENTRY.c.t))
_ROLES: Final = sa.select(_ROLE.c.staff_id, _ROLE.c.role)


class AccessCounts:
    """The accesses between two moments (UTC milliseconds, both included), counted."""

    def __init__(self, tx: Transaction, since: int, until: int) -> None:
        """Count in ``tx``."""
        self._tx = tx
        self._between = {"since": since, "until": until}
        self._span = span(tx, since, until)

    def by_quarter(self) -> tuple[QuarterCount, ...]:
        """Return how many there were in each quarter of an hour that had any."""
        return tuple(QuarterCount(int(row[0]), int(row[1])) for row in self._rows(_BY_QUARTER))

    def by_sort(self) -> tuple[Counted, ...]:
        """Return how many there were by account, act, purpose, standing and level."""
        return tuple(
            Counted(
                actor=str(row[0]),
                act=Act(row[1]),
                purpose=None if row[2] is None else Purpose(row[2]),
                standing=None if row[3] is None else Standing(row[3]),
                level=Level(row[4]),
                count=int(row[5]),
            )
            for row in self._rows(_BY_SORT)
        )

    def _rows(self, statement: sa.Select[*tuple[Any, ...]]) -> Sequence[AnyRow]:
        if self._span is None:
            return ()
        first, end = self._span
        shown = statement.where(sa.not_(sa.and_(_LISTED, _NOBODY[self._tx.is_postgres])))
        return self._tx.rows(shown, {**self._between, "first": first, "end": end})


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
