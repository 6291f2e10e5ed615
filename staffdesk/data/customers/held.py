"""Which rows a law holds: finance and privacy alone read them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.holds import Ground, Held

_HOLD: Final = register.table(Hold)
_OPEN: Final = _HOLD.c.ended_at.is_(None)
_ANY: Final = Prepared(sa.select(_HOLD.c.id).where(_OPEN).limit(1))
_ONE: Final = Prepared(
    sa.select(_HOLD.c.id)
    .where(_HOLD.c.record_table == sa.bindparam("name"), _HOLD.c.record_id == sa.bindparam("id"), _OPEN)
    .limit(1)
)
_AMONG: Final = sa.select(_HOLD.c.record_id, _HOLD.c.until, _HOLD.c.ground).where(
    _HOLD.c.record_table == sa.bindparam("name"), _HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True)), _OPEN
)
_DUE: Final = (
    sa.select(_HOLD.c.id, _HOLD.c.record_table, _HOLD.c.record_id, _HOLD.c.request_id, _HOLD.c.ground)
    .where(_OPEN, _HOLD.c.until < sa.bindparam("today", type_=sa.Date()))
    .order_by(_HOLD.c.until, _HOLD.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
_KEPT: Final = (
    sa.select(_HOLD.c.record_table, _HOLD.c.until, sa.func.count())
    .where(_HOLD.c.request_id == sa.bindparam("request"), _OPEN)
    .group_by(_HOLD.c.record_table, _HOLD.c.until)
    .order_by(_HOLD.c.until, _HOLD.c.record_table)
)
_ADD: Final = sa.insert(_HOLD)
_END: Final = (
    sa.update(_HOLD)
    .where(_HOLD.c.id.in_(sa.bindparam("ids", expanding=True)), _OPEN)
    .values(ended_at=sa.bindparam("now"))
)


class Holds:
    """The holds that are open."""

    def __init__(self, tx: Transaction) -> None:
        """Ask in ``tx``."""
        self._tx = tx

    def any(self) -> bool:
        """Say whether anything is held at all: most desks hold nothing, and then nothing more is asked."""
        return self._tx.row(_ANY) is not None

    def holds(self, table: str, number: int) -> bool:
        """Say whether one row is held."""
        return self._tx.row(_ONE, {"name": table, "id": number}) is not None

    def among(self, rows: Mapping[str, Collection[int]]) -> Mapping[str, frozenset[int]]:
        """Return those of these rows that are held, by table."""
        if not any(rows.values()) or not self.any():
            return {}
        return {name: frozenset(self.of(name, ids)) for name, ids in rows.items() if ids}

    def of(self, table: str, ids: Collection[int]) -> Mapping[int, Sequence[Held]]:
        """Return the holds on these rows of a table."""
        found: dict[int, list[Held]] = defaultdict(list)
        for row in self._tx.rows(_AMONG, {"name": table, "ids": sorted(ids)}) if ids else ():
            found[int(row.record_id)].append(Held(row.until, Ground(row.ground)))
        return found

    def kept_for(self, request_id: int) -> tuple[tuple[str, dt.date, int], ...]:
        """Return what is kept after a request's erasure: table, last day, and how many rows."""
        rows = self._tx.rows(_KEPT, {"request": request_id})
        return tuple((str(row[0]), row[1], int(row[2])) for row in rows)

    def due(self, today: dt.date, most: int) -> Sequence[tuple[int, str, int, int | None, Ground]]:
        """Return the first holds that are over: number, table, row, request and ground."""
        rows = self._tx.rows(_DUE, {"today": today, "most": most})
        return tuple(
            (int(row.id), str(row.record_table), int(row.record_id), row.request_id, Ground(row.ground)) for row in rows
        )


class Holding(Holds):
    """Sets holds and ends them."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        super().__init__(tx)
        self._append = tx

    def add(self, rows: Iterable[Mapping[str, object]]) -> int:
        """Set holds; return how many."""
        values = list(rows)
        return self._append.write(_ADD, values) if values else 0

    def end(self, ids: Collection[int], now: int) -> int:
        """End holds; return how many were open."""
        return self._append.write(_END, {"ids": sorted(ids), "now": now}) if ids else 0
