"""Carrying a plan out: rows that go, rows that stay without their person, and every count checked."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import PERSON, key_of, owners
from staffdesk.data.customers.claims import Claiming
from staffdesk.data.customers.held import Holding
from staffdesk.data.tables.erasure import Destruction
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.tombstones import Tombstone
from staffdesk.data.transaction import Change
from staffdesk.domain.erasure import ERASED, Action, Destroyed, PlannedRow
from staffdesk.domain.errors import Conflict
from staffdesk.domain.holds import Ground

_AT_ONCE: Final = 500
_TOMBSTONE: Final = register.table(Tombstone)
_DESTRUCTION: Final = register.table(Destruction)
_REQUEST: Final = register.table(Request)
_BURY: Final = sa.insert(_TOMBSTONE)
_LIST: Final = sa.insert(_DESTRUCTION)
_CHANGED: Final = "Something changed since this was decided, so nothing was erased."
_DECIDE_AGAIN: Final = "Decide again, then have it approved."


class Erasing:
    """Writes what a plan says."""

    def __init__(self, tx: Change, now: int) -> None:
        """Write in ``tx`` at a time in UTC milliseconds; what was written before an error is rolled back with it."""
        self._tx = tx
        self._now = now

    def carry_out(self, rows: Sequence[PlannedRow], *, whole: bool = False) -> None:
        """Unlink, empty and delete, what hangs on others first; raises :class:`Conflict` where a count is another.

        With ``whole`` these are all rows that are somebody's: what hangs on them besides, and is nobody else's, came
        since.
        """
        going: dict[str, set[int]] = defaultdict(set)
        known: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            known[row.table].add(row.id)
            if row.action is Action.ERASE:
                going[row.table].add(row.id)
        for table in register.metadata.sorted_tables:
            self._unlink(table, going, known if whole else None)
        for (name, columns), ids in _grouped(rows).items():
            if columns:
                values = {column: emptied_value(name, column) for column in columns}
                table = register.metadata.tables[name]
                self._counted(len(ids), (sa.update(table).where(part).values(values) for part in _parts(table, ids)))
        for table in reversed(register.metadata.sorted_tables):
            gone = going.get(table.name)
            if gone:
                self._counted(len(gone), (sa.delete(table).where(part) for part in _parts(table, gone)))
                self._forget_number(table.name, gone)

    def hold(self, rows: Sequence[PlannedRow], request_id: int | None, seq: int) -> int:
        """Set a hold on each row that a law keeps, beside those that stand there; return how many.

        A restriction ends with the erasure, also on what it takes no row of: it was the person's own wish. A claim hold
        becomes the erasure's own. ``seq`` is the entry of the erasure.
        """
        holding = Holding(self._tx)
        by_name: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            by_name[row.table].append(row.id)
        for name, ids in by_name.items():
            for part in _batches(ids):
                holding.overtake(name, part, self._now)
        for request in by_name.get(_REQUEST.name, ()):
            holding.lift(request, self._now)
        kept = [row for row in rows if row.action is Action.RESTRICT]
        by_name.clear()
        for row in kept:
            by_name[row.table].append(row.id)
        claimed = Claiming(self._tx).adopt(by_name, request_id, seq)
        own = (row for row in kept if row.ground is not Ground.CLAIM or (row.table, row.id) not in claimed)
        return holding.keep(own, request_id, self._now, seq)

    def bury(self, aids: Collection[str], request: str | None, seq: int) -> int:
        """Remember who was erased, as an audit id that leads nowhere any more; return how many."""
        return self._tx.write(
            _BURY, [{"aid": aid, "request": request, "erased_at": self._now, "seq": seq} for aid in sorted(aids)]
        )

    def list_destructions(self, request_id: int | None, listed: Mapping[Destroyed, bytes | None]) -> int:
        """Remember what is to be destroyed once this is committed; return how much."""
        return self._tx.write(
            _LIST,
            [
                {"request_id": request_id, "what": what.value, "sealed": sealed, "made_at": self._now}
                for what, sealed in listed.items()
            ],
        )

    def _forget_number(self, name: str, gone: Collection[int]) -> None:
        """Let nothing go on naming a row that is gone: its number may be another's, who comes later.

        It stays as what it was about, under a number that no row ever has.
        """
        for table in register.by_bare_number():
            values: dict[str, object] = {"record_id": -table.c.record_id}
            if "ended_at" in table.c:
                values["ended_at"] = sa.func.coalesce(table.c.ended_at, sa.bindparam("now", self._now))
            for part in _batches(gone):
                named = sa.and_(table.c.record_table == name, table.c.record_id.in_(part))
                self._tx.write(sa.update(table).where(named).values(values))

    def _unlink(self, table: sa.Table, going: Mapping[str, set[int]], known: Mapping[str, set[int]] | None) -> None:
        """Empty what leads from rows that stay to rows that go."""
        for key in table.foreign_keys:
            gone = going.get(key.column.table.name)
            if not gone:
                continue
            column = key.parent
            for part in _batches(gone):
                staying = sa.and_(column.in_(part), key_of(table).not_in(sorted(going.get(table.name, ()))))
                if known is not None:
                    self._check_known(table, staying, going, known)
                if column.nullable:
                    self._tx.write(sa.update(table).where(staying).values({column.name: None}))
                elif self._tx.row(sa.select(column).where(staying).limit(1)) is not None:
                    raise Conflict(_CHANGED, _DECIDE_AGAIN)

    def _check_known(
        self,
        table: sa.Table,
        staying: sa.ColumnElement[bool],
        going: Mapping[str, set[int]],
        known: Mapping[str, set[int]],
    ) -> None:
        """Refuse a row that the plan does not hold, but for one of somebody else's."""
        if table.name not in register.paths_to_person() or table.info.get("through"):
            return  # what belongs to a request only loses whom it names, and is in no plan of its own
        named = owners(table)[0]
        for number, *people in self._tx.rows(sa.select(key_of(table), *named).where(staying)):
            of_another = any(person is not None and person not in going[PERSON.name] for person in people)
            if number not in known.get(table.name, ()) and not of_another:
                raise Conflict(_CHANGED, _DECIDE_AGAIN)

    def _counted(self, wanted: int, statements: Iterator[Any]) -> None:
        if sum(self._tx.write(statement) for statement in statements) != wanted:
            raise Conflict(_CHANGED, _DECIDE_AGAIN)


def emptied_value(table: str, column: str) -> object:
    """Return what stands in a column that lost its value: nothing, or a word where it must hold one."""
    found = register.metadata.tables[table].c[column]
    if found.nullable:
        return None
    return "" if register.of_table(table)[column].derived else ERASED


def _grouped(rows: Sequence[PlannedRow]) -> Mapping[tuple[str, tuple[str, ...]], list[int]]:
    found: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for row in rows:
        if row.action is not Action.ERASE:
            found[row.table, row.empties].append(row.id)
    return found


def _parts(table: sa.Table, ids: Collection[int]) -> Iterator[sa.ColumnElement[bool]]:
    return (key_of(table).in_(part) for part in _batches(ids))


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    listed = sorted(ids)
    return (listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE))
