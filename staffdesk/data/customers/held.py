"""Which rows a law holds: finance and privacy alone read them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.erasure import PlannedRow
from staffdesk.domain.holds import Ground, Held

ERASED: Final = "erased"
"""The reference of a hold that an erasure set without a request in hand, as in a restored copy."""

_HOLD: Final = register.table(Hold)
_STATUS: Final = register.table(FieldStatus)
_OPEN: Final = _HOLD.c.ended_at.is_(None)
# A claim that privacy sets takes nothing out of use before an erasure leaves the row for it alone.
_KEEPS_BACK: Final = sa.and_(_OPEN, sa.or_(_HOLD.c.ground != Ground.CLAIM.value, _HOLD.c.seq.is_not(None)))
_RESTRICTION: Final = sa.and_(_OPEN, _HOLD.c.ground == Ground.RESTRICTION.value)
_KEPT_BACK: Final = Prepared(
    sa.select(
        sa.exists(sa.select(_HOLD.c.id).where(_KEEPS_BACK)).label("held"),
        sa.exists(sa.select(_STATUS.c.id).where(_STATUS.c.contested_under.is_not(None))).label("contested"),
    )
)
_ONE: Final = Prepared(
    sa.select(_HOLD.c.id)
    .where(_HOLD.c.record_table == sa.bindparam("name"), _HOLD.c.record_id == sa.bindparam("id"), _KEEPS_BACK)
    .limit(1)
)
_AMONG: Final = sa.select(_HOLD.c.record_id, _HOLD.c.until, _HOLD.c.ground).where(
    _HOLD.c.record_table == sa.bindparam("name"), _HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True)), _OPEN
)
_KEPT_BACK_AMONG: Final = sa.select(_HOLD.c.record_id).where(
    _HOLD.c.record_table == sa.bindparam("name"),
    _HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True)),
    _KEEPS_BACK,
)
_DUE: Final = (
    sa.select(_HOLD.c.id, _HOLD.c.record_table, _HOLD.c.record_id, _HOLD.c.request_id, _HOLD.c.ground)
    .where(_OPEN, _HOLD.c.until < sa.bindparam("today", type_=sa.Date()))
    .order_by(_HOLD.c.until, _HOLD.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
_ADD: Final = sa.insert(_HOLD)
_LEFT: Final = sa.select(_HOLD.c.record_id).where(
    _HOLD.c.record_table == sa.bindparam("name"),
    _HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True)),
    _HOLD.c.ground != Ground.RESTRICTION.value,
    sa.or_(_HOLD.c.request_id.is_not(None), _HOLD.c.reference == ERASED, _HOLD.c.seq.is_not(None)),
)
_LEFT_BY: Final = (
    sa.select(_HOLD.c.record_id, sa.func.max(_HOLD.c.seq).label("seq"))
    .where(_HOLD.c.record_table == sa.bindparam("name"), _HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(_HOLD.c.record_id)
)
_RESTRICTED: Final = sa.select(_HOLD.c.record_table, _HOLD.c.record_id).where(
    _HOLD.c.request_id == sa.bindparam("request"), _RESTRICTION
)
_RESTRICTED_TIMES: Final = (
    sa.select(_HOLD.c.made_at, _HOLD.c.ended_at)
    .distinct()
    .where(_HOLD.c.request_id == sa.bindparam("request"), _HOLD.c.ground == Ground.RESTRICTION.value)
)
_STANDING: Final = (
    sa.select(_HOLD.c.request_id, _HOLD.c.reference, _HOLD.c.record_id)
    .where(_HOLD.c.record_table == sa.bindparam("name"), _RESTRICTION, _HOLD.c.request_id.is_not(None))
    .order_by(_HOLD.c.request_id, _HOLD.c.record_id)
)
_STANDING_ON: Final = _STANDING.where(_HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True)))
_OTHER: Final = sa.alias(_HOLD, "other")
_RESTRICTED_ALONE: Final = _RESTRICTED.where(
    ~sa.exists().where(
        _OTHER.c.record_table == _HOLD.c.record_table,
        _OTHER.c.record_id == _HOLD.c.record_id,
        _OTHER.c.request_id != _HOLD.c.request_id,
        _OTHER.c.ground == Ground.RESTRICTION.value,
        _OTHER.c.ended_at.is_(None),
    )
)
"""What is used again once this request restricts it no more."""
_LIFTED: Final = (
    sa.select(_HOLD.c.request_id)
    .distinct()
    .where(
        _HOLD.c.record_table == sa.bindparam("name"),
        _HOLD.c.record_id == sa.bindparam("id"),
        _HOLD.c.ground == Ground.RESTRICTION.value,
        _HOLD.c.ended_at.is_not(None),
        _HOLD.c.request_id.is_not(None),
    )
)
_LIFT: Final = (
    sa.update(_HOLD)
    .where(_HOLD.c.request_id == sa.bindparam("request"), _RESTRICTION)
    .values(ended_at=sa.bindparam("now"))
)
_OVERTAKE: Final = (
    sa.update(_HOLD)
    .where(
        _HOLD.c.record_table == sa.bindparam("name"),
        _HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True)),
        _RESTRICTION,
    )
    .values(ended_at=sa.bindparam("now"))
)
_END: Final = (
    sa.update(_HOLD)
    .where(_HOLD.c.id.in_(sa.bindparam("ids", expanding=True)), _OPEN)
    .values(
        ended_at=sa.bindparam("now"),
        # Nobody is left whose claim it names.
        reference=sa.case(
            (sa.and_(_HOLD.c.ground == Ground.CLAIM.value, _HOLD.c.seq.is_not(None)), sa.null()),
            else_=_HOLD.c.reference,
        ),
    )
)


class KeptBack(NamedTuple):
    """Whether any row of the desk is held, and whether any field is contested: on most desks neither."""

    held: bool
    contested: bool


class Restriction(NamedTuple):
    """A request whose restriction stands: its id and number, and the rows it was asked for, by their numbers."""

    request: int
    number: str
    rows: tuple[int, ...]


class Holds:
    """The holds that are open."""

    def __init__(self, tx: Transaction) -> None:
        """Ask in ``tx``."""
        self._tx = tx

    def kept_back(self) -> KeptBack:
        """Say whether anything at all is kept back or contested; where nothing is, nothing more need be asked."""
        row = self._tx.row(_KEPT_BACK)
        return KeptBack(False, False) if row is None else KeptBack(bool(row.held), bool(row.contested))

    def holds(self, table: str, number: int) -> bool:
        """Say whether one row is kept back from who sells and supports."""
        return self._tx.row(_ONE, {"name": table, "id": number}) is not None

    def among(self, rows: Mapping[str, Collection[int]]) -> Mapping[str, frozenset[int]]:
        """Return those of these rows that are kept back from who sells and supports, by table."""
        if not any(rows.values()) or not self.kept_back().held:
            return {}
        return self.held_of(rows)

    def held_of(self, rows: Mapping[str, Collection[int]]) -> Mapping[str, frozenset[int]]:
        """As :meth:`among`, where it is known that something is held."""
        asked = ((name, {"name": name, "ids": sorted(ids)}) for name, ids in rows.items() if ids)
        return {name: frozenset(int(row[0]) for row in self._tx.rows(_KEPT_BACK_AMONG, told)) for name, told in asked}

    def of(self, table: str, ids: Collection[int]) -> Mapping[int, Sequence[Held]]:
        """Return the holds on these rows of a table."""
        found: dict[int, list[Held]] = defaultdict(list)
        for row in self._tx.rows(_AMONG, {"name": table, "ids": sorted(ids)}) if ids else ():
            found[int(row.record_id)].append(Held(row.until, Ground(row.ground)))
        return found

    def left_by_an_erasure(self, table: str, ids: Collection[int]) -> frozenset[int]:
        """Return those of these rows of a table that an erasure left because a law held them."""
        rows = self._tx.rows(_LEFT, {"name": table, "ids": sorted(ids)}) if ids else ()
        return frozenset(int(row.record_id) for row in rows)

    def restricted_by(self, request_id: int) -> frozenset[tuple[str, int]]:
        """Return the rows, by table and number, whose use a request restricts."""
        rows = self._tx.rows(_RESTRICTED, {"request": request_id})
        return frozenset((str(row.record_table), int(row.record_id)) for row in rows)

    def restricted_since(self, request_id: int) -> int | None:
        """Return since when a request restricts something without a break, in UTC milliseconds; None where it does not.

        What it restricts may have been set anew in the moment in which that ended.
        """
        times = [(int(row.made_at), row.ended_at) for row in self._tx.rows(_RESTRICTED_TIMES, {"request": request_id})]
        since = min((made for made, ended in times if ended is None), default=None)
        while before := [made for made, ended in times if since is not None and ended == since and made < since]:
            since = min(before)
        return since

    def restricted_alone_by(self, request_id: int) -> frozenset[tuple[str, int]]:
        """As :meth:`restricted_by`, but for what another request restricts as well."""
        rows = self._tx.rows(_RESTRICTED_ALONE, {"request": request_id})
        return frozenset((str(row.record_table), int(row.record_id)) for row in rows)

    def restrictions(self, table: str, ids: Collection[int] | None = None) -> tuple[Restriction, ...]:
        """Return the restrictions that stand on rows of a table, or on these of them."""
        if ids is not None and not ids:
            return ()
        asked = (_STANDING, {"name": table}) if ids is None else (_STANDING_ON, {"name": table, "ids": sorted(ids)})
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in self._tx.rows(*asked):
            found[int(row.request_id), str(row.reference)].append(int(row.record_id))
        return tuple(Restriction(*request, tuple(rows)) for request, rows in found.items())

    def lifted_of(self, table: str, number: int) -> frozenset[int]:
        """Return the requests that restricted a row and do no more."""
        return frozenset(int(row[0]) for row in self._tx.rows(_LIFTED, {"name": table, "id": number}))

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

    def keep(self, rows: Iterable[PlannedRow], request_id: int | None, now: int, seq: int) -> int:
        """Set the holds of rows that an erasure leaves, whose entry is ``seq``; return how many."""
        return self.add(_values(row, row.ground, request_id, now, seq) for row in rows if row.ground is not None)

    def keep_on(self, rows: Iterable[PlannedRow], request_id: int | None, now: int) -> int:
        """Set a hold anew on rows that an erasure left, which stay of that erasure; return how many."""
        by_table: dict[str, list[PlannedRow]] = defaultdict(list)
        for row in rows:
            by_table[row.table].append(row)
        return sum(self._keep_on(table, planned, request_id, now) for table, planned in by_table.items())

    def _keep_on(self, table: str, planned: Sequence[PlannedRow], request_id: int | None, now: int) -> int:
        found = self._tx.rows(_LEFT_BY, {"name": table, "ids": sorted(row.id for row in planned)})
        seqs = {int(row.record_id): row.seq for row in found}
        return self.add(
            _values(row, row.ground, request_id, now, seqs.get(row.id)) for row in planned if row.ground is not None
        )

    def end(self, ids: Collection[int], now: int) -> int:
        """End holds; return how many were open."""
        return self._append.write(_END, {"ids": sorted(ids), "now": now}) if ids else 0

    def lift(self, request_id: int, now: int) -> int:
        """End what a request restricts; return how many holds were open."""
        return self._append.write(_LIFT, {"request": request_id, "now": now})

    def overtake(self, table: str, ids: Collection[int], now: int) -> int:
        """End every restriction of these rows, which an erasure overtakes; return how many were open."""
        return self._append.write(_OVERTAKE, {"name": table, "ids": sorted(ids), "now": now}) if ids else 0


def _values(row: PlannedRow, ground: Ground, request_id: int | None, now: int, seq: int | None) -> Mapping[str, object]:
    return {
        "record_table": row.table, "record_id": row.id, "ground": ground.value, "law": row.law,
        "until": row.until, "made_at": now, "request_id": request_id,
        "reference": ERASED if request_id is None else None, "seq": seq,
    }  # fmt: skip
