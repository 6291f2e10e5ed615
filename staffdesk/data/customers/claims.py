"""Claim holds: rows that are kept for one named dispute, set and lifted by privacy (GDPR Art. 17(3)(e)).

One that is set by hand hides nothing while the record is in use. The erasure of its row makes it the erasure's own
(:meth:`Claiming.adopt`): from then on the row is restricted, and goes when the hold ends.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import Key, of_requests
from staffdesk.data.customers.held import ERASED, Holds
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.tombstones import Tombstone
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.errors import Conflict
from staffdesk.domain.holds import Ground, rules

_HOLD: Final = register.table(Hold)
_TOMBSTONE: Final = register.table(Tombstone)
_OPEN: Final = sa.and_(_HOLD.c.ended_at.is_(None), _HOLD.c.ground == Ground.CLAIM.value)
_ON: Final = sa.and_(
    _HOLD.c.record_table == sa.bindparam("name"), _HOLD.c.record_id.in_(sa.bindparam("ids", expanding=True))
)
_NAMED: Final = sa.select(
    _HOLD.c.id, _HOLD.c.record_table, _HOLD.c.record_id, _HOLD.c.reference, _HOLD.c.until, _HOLD.c.made_at, _HOLD.c.seq
).where(_OPEN, _HOLD.c.reference.is_not(None), _HOLD.c.reference != ERASED)
_CLAIMS: Final = _NAMED.where(_ON)
_UNTIL: Final = _NAMED.where(_HOLD.c.until <= sa.bindparam("last", type_=sa.Date()))
# By the tombstones: the file of the request may be closed, or a restored copy know nothing of it.
_LEFT_UNDER: Final = _NAMED.where(
    _HOLD.c.seq.in_(sa.select(_TOMBSTONE.c.seq).where(_TOMBSTONE.c.request == sa.bindparam("number")))
)
_NUMBERS: Final = (
    sa.select(_TOMBSTONE.c.seq, sa.func.min(_TOMBSTONE.c.request).label("number"))
    .where(_TOMBSTONE.c.seq.in_(sa.bindparam("entries", expanding=True)))
    .group_by(_TOMBSTONE.c.seq)
)
_NUMBERED: Final = sa.select(_HOLD.c.record_table, _HOLD.c.record_id).where(
    _HOLD.c.id.in_(sa.bindparam("ids", expanding=True)), _HOLD.c.ground == Ground.CLAIM.value
)
_ERASURES: Final = (
    sa.select(_HOLD.c.record_id, sa.func.max(_HOLD.c.seq).label("seq"), sa.func.max(_HOLD.c.request_id).label("asked"))
    .where(_ON, _HOLD.c.seq.is_not(None))
    .group_by(_HOLD.c.record_id)
)
_ADOPT: Final = (
    sa.update(_HOLD)
    .where(_ON, _OPEN, _HOLD.c.seq.is_(None))
    .values(seq=sa.bindparam("entry"), request_id=sa.bindparam("asked"))
)
_END: Final = (
    sa.update(_HOLD)
    .where(_HOLD.c.id.in_(sa.bindparam("ids", expanding=True)), _OPEN)
    .values(ended_at=sa.bindparam("now"))
)
# What is kept only because it hangs on a claimed row goes with it.
_HANGS_ON: Final = sa.and_(_HOLD.c.seq.in_(sa.bindparam("entries", expanding=True)), _HOLD.c.reference.is_(None))
_CUT_SHORT: Final = (
    sa.update(_HOLD)
    .where(
        _OPEN,
        _HOLD.c.until > sa.bindparam("last", type_=sa.Date()),
        sa.or_(_HOLD.c.id.in_(sa.bindparam("ids", expanding=True)), _HANGS_ON),
    )
    .values(until=sa.bindparam("last", type_=sa.Date()))
)
_MOVE_DAY: Final = (
    sa.update(_HOLD)
    .where(_HOLD.c.id.in_(sa.bindparam("ids", expanding=True)), _OPEN)
    .values(until=sa.bindparam("day", type_=sa.Date()))
)
_MOVE_DAY_BESIDE: Final = (
    sa.update(_HOLD)
    .where(_HANGS_ON, _OPEN, _HOLD.c.until.in_(sa.bindparam("days", expanding=True, type_=sa.Date())))
    .values(until=sa.bindparam("day", type_=sa.Date()))
)


class Claim(NamedTuple):
    """One row held for a claim, by its name; ``seq`` is the erasure that the row outlived, if there was one."""

    id: int
    table: str
    record: int
    name: str
    until: dt.date
    made_at: int
    seq: int | None


class Claims:
    """The claim holds that are open."""

    def __init__(self, tx: Transaction) -> None:
        """Ask in ``tx``."""
        self._tx = tx

    def on(self, rows: Mapping[str, Collection[int]]) -> tuple[Claim, ...]:
        """Return the claims for which any of these rows, by table, are held."""
        asked = ((name, sorted(ids)) for name, ids in rows.items() if ids and name not in of_requests())
        found = (row for name, ids in asked for row in self._tx.rows(_CLAIMS, {"name": name, "ids": ids}))
        return tuple(sorted(Claim(*row) for row in found))

    def left_under(self, request: str) -> tuple[Claim, ...]:
        """Return the claims for which rows are held that the erasure under the request of this number left."""
        return tuple(sorted(Claim(*row) for row in self._tx.rows(_LEFT_UNDER, {"number": request})))

    def until(self, last: dt.date) -> tuple[Claim, ...]:
        """Return every claim in force whose last day is this one or earlier."""
        return tuple(sorted(Claim(*row) for row in self._tx.rows(_UNTIL, {"last": last})))

    def requests(self, entries: Collection[int]) -> Mapping[int, str]:
        """Return under which request each of these erasures was, by its entry, where it was under one."""
        rows = self._tx.rows(_NUMBERS, {"entries": sorted(entries)}) if entries else ()
        return {int(row.seq): str(row.number) for row in rows if row.number is not None}

    def numbered(self, holds: Collection[int]) -> frozenset[Key]:
        """Return the rows, by table and number, of those of these holds that are for a claim."""
        rows = self._tx.rows(_NUMBERED, {"ids": sorted(holds)}) if holds else ()
        return frozenset((str(row.record_table), int(row.record_id)) for row in rows)


class Claiming(Claims):
    """Sets claim holds and ends them."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        super().__init__(tx)
        self._append = tx

    def claim(self, rows: Iterable[Key], name: str, until: dt.date, now: int) -> int:
        """Hold each row for a claim until a day; on what an erasure left the hold is that erasure's. Return how many.

        One that stands for the same claim on the same row has its day moved.
        """
        by_table: dict[str, list[int]] = {}
        for table, number in sorted(rows):
            by_table.setdefault(table, []).append(number)
        before = [each.id for each in self.on(by_table) if each.name == name]
        if before:
            self._end(before, now)
        law = rules().grounds[Ground.CLAIM].law
        values = [
            {
                "record_table": table, "record_id": number, "ground": Ground.CLAIM.value, "law": law, "until": until,
                "reference": name, "made_at": now, "seq": seq, "request_id": asked,
            }
            for table, ids in by_table.items()
            for number, (seq, asked) in self._left_by(table, ids).items()
        ]  # fmt: skip
        return self._append.write(sa.insert(_HOLD), values) if values else 0

    def put_off(self, claims: Collection[Claim], day: dt.date) -> int:
        """Move the last day of claim holds that an erasure left; return how many. No row is added to them."""
        ids, entries = sorted(each.id for each in claims), sorted({each.seq for each in claims if each.seq is not None})
        moved = self._append.write(_MOVE_DAY, {"ids": ids, "day": day})
        if moved != len(ids):
            raise Conflict("A claim hold changed meanwhile.", "List them, then try again.")
        days = sorted({each.until for each in claims})
        self._append.write(_MOVE_DAY_BESIDE, {"entries": entries, "days": days, "day": day})
        return moved

    def _left_by(self, table: str, ids: Collection[int]) -> Mapping[int, tuple[int | None, int | None]]:
        rows = self._tx.rows(_ERASURES, {"name": table, "ids": sorted(ids)})
        return dict.fromkeys(ids, (None, None)) | {int(row.record_id): (row.seq, row.asked) for row in rows}

    def adopt(self, rows: Mapping[str, Collection[int]], request_id: int | None, seq: int) -> frozenset[Key]:
        """Make the claim holds on rows that an erasure leaves that erasure's own; return the rows."""
        found = [each for each in self.on(rows) if each.seq is None]
        by_table: dict[str, set[int]] = {}
        for each in found:
            by_table.setdefault(each.table, set()).add(each.record)
        for name, ids in by_table.items():
            self._append.write(_ADOPT, {"name": name, "ids": sorted(ids), "entry": seq, "asked": request_id})
        return frozenset((each.table, each.record) for each in found)

    def lift(self, claims: Collection[Claim], today: dt.date, now: int) -> int:
        """End claim holds; a row that an erasure left goes with the next ``run-due``. Return how many."""
        alone = [each.id for each in claims if each.seq is None]
        left = [each for each in claims if each.seq is not None]
        if left:
            last = today - dt.timedelta(days=1)
            entries = sorted({each.seq for each in left if each.seq is not None})
            self._append.write(_CUT_SHORT, {"ids": [each.id for each in left], "entries": entries, "last": last})
        if alone:
            self._end(alone, now)
        return len(claims)

    def _end(self, holds: Collection[int], now: int) -> None:
        """End holds; raises :class:`Conflict` where somebody ended or adopted one of them meanwhile."""
        if self._append.write(_END, {"ids": sorted(holds), "now": now}) != len(holds):
            raise Conflict("A claim hold of this customer changed meanwhile.", "List them, then try again.")


def still_held(tx: Transaction, rows: Mapping[str, Collection[int]]) -> dict[str, frozenset[int]]:
    """Return those of these rows that any hold keeps, by table, whether it hides them or not."""
    holds = Holds(tx)
    return {name: frozenset(holds.of(name, ids)) for name, ids in rows.items()}
