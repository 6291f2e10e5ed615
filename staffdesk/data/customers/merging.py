"""Putting two records of one person together, and taking them apart again; every count is checked.

Which rows follow comes from the register: each that names a person. The record that is put together with the other
keeps its own values, their sources, and whatever the other has already and may have but once.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import key_of
from staffdesk.data.customers.merges import PAIR, PERSON, SAME
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.twins import MergedRow, PersonPair
from staffdesk.data.tables.workflow import RequestPerson
from staffdesk.data.transaction import Change
from staffdesk.domain.errors import Conflict
from staffdesk.domain.likely_same import Likeness, SamePerson

_AT_ONCE: Final = 500
_ROW: Final = register.table(MergedRow)
_REQUEST: Final = register.table(Request)
_ANSWERED: Final = register.table(RequestPerson)
_TWO: Final[sa.BindParameter[int]] = sa.bindparam("two", expanding=True)
_LOCK: Final = sa.select(PERSON).where(PERSON.c.id.in_(_TWO)).order_by(PERSON.c.id).with_for_update()
_BETWEEN: Final = sa.select(PAIR).where(PAIR.c.person_id.in_(_TWO), PAIR.c.other_id.in_(_TWO))
_MERGE_OF: Final = sa.select(PAIR).where(PAIR.c.other_id == sa.bindparam("other"), SAME)
_HANGING: Final = (
    sa.select(_REQUEST.c.number, _REQUEST.c.kind, _REQUEST.c.state)
    .where(
        sa.or_(
            _REQUEST.c.person_id.in_(_TWO),
            _REQUEST.c.id.in_(
                sa.select(_ANSWERED.c.request_id).where(
                    _ANSWERED.c.person_id.in_(_TWO), _ANSWERED.c.answer == SamePerson.SAME.value
                )
            ),
        )
    )
    .order_by(_REQUEST.c.number)
)
_KEPT: Final = sa.select(_ROW).where(_ROW.c.pair_id == sa.bindparam("pair")).order_by(_ROW.c.id)
_CHANGED: Final = "Something changed meanwhile, so nothing was put together."
_AGAIN: Final = "Look at the two records again."


@dataclass(frozen=True, slots=True)
class Apart:
    """What taking two records apart did, by table: rows given back, rows that are elsewhere since, rows that came.

    ``since`` is when they were put together, UTC milliseconds.
    """

    back: Mapping[str, int]
    elsewhere: Mapping[str, int]
    came: Mapping[str, int]
    since: int


class Merging:
    """Puts records together and takes them apart."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def people(self, one: int, other: int) -> Mapping[int, Mapping[str, Any]]:
        """Return the rows of two people, locked until the transaction ends."""
        return {int(row.id): row._asdict() for row in self._tx.rows(_LOCK, {"two": [one, other]})}

    def requests(self, one: int, other: int) -> tuple[tuple[str, str, str], ...]:
        """Return number, type and state of each request that is about one of two people."""
        return tuple((str(row[0]), str(row[1]), str(row[2])) for row in self._tx.rows(_HANGING, {"two": [one, other]}))

    def merge(self, person: int, other: int, likeness: Collection[Likeness], staff_id: str, now: int) -> Counter[str]:
        """Put ``other`` together with ``person``; return how many rows of each table followed.

        Raises :class:`Conflict` where one of them is put together with a record already, or a row changed meanwhile.
        """
        if self._tx.row(_MERGE_OF, {"other": other}) or self._tx.row(_MERGE_OF, {"other": person}):
            raise Conflict("One of the two is put together with another record already.", _AGAIN)
        self._forget(person, other)
        pair = self._decide(person, other, SamePerson.SAME, likeness, staff_id, now)
        moved: Counter[str] = Counter()
        kept: list[MergedRow] = []
        for table, column, mine, his in self._rows(person, other):
            staying = _twice(table, column, mine, his)
            moving = [row for row in his if row.number not in staying]
            self._point(table, column, [row.number for row in moving], other, person)
            moved[table.name] += len(moving)
            kept += (_kept(pair, table, column, row, moved=False) for row in mine)
            kept += (_kept(pair, table, column, row, moved=True) for row in moving)
        Writing(self._tx).add(kept)
        return +moved

    def undo(self, person: int, other: int) -> Apart:
        """Take ``other`` apart from ``person`` again: what followed and still hangs on ``person`` is given back.

        So is what came since to a row that is given back: what was said in his case is about him.

        Raises :class:`Conflict` where the two are not put together.
        """
        found = self._tx.row(_MERGE_OF, {"other": other})
        if found is None or found.person_id != person:
            raise Conflict("These two records are not put together.", _AGAIN)
        moved: dict[tuple[str, str], list[int]] = defaultdict(list)
        known: dict[tuple[str, str], set[int]] = defaultdict(set)
        for row in self._tx.rows(_KEPT, {"pair": found.id}):
            known[row.record_table, row.field].add(row.record_id)
            if row.moved:
                moved[row.record_table, row.field].append(row.record_id)
        back: Counter[str] = Counter()
        elsewhere: Counter[str] = Counter()
        for (name, field), numbers in moved.items():
            table = register.metadata.tables[name]
            done = sum(self._move(table, field, part, person, other) for part in _parts(numbers))
            back[name] += done
            elsewhere[name] += len(numbers) - done
        back += self._along(moved, person, other)
        self._tx.write(sa.delete(_ROW).where(_ROW.c.pair_id == found.id))
        if self._tx.write(sa.delete(PAIR).where(PAIR.c.id == found.id)) != 1:
            raise Conflict("Something changed meanwhile, so nothing was taken apart.", _AGAIN)
        came: Counter[str] = Counter()
        for table, column, mine, _ in self._rows(person, other):
            came[table.name] += sum(row.number not in known[table.name, column.name] for row in mine)
        return Apart(back=+back, elsewhere=+elsewhere, came=+came, since=int(found.decided_at))

    def _along(self, moved: Mapping[tuple[str, str], Sequence[int]], person: int, other: int) -> Counter[str]:
        along: Counter[str] = Counter()
        for name, field in register.moved_by_a_merge():
            table = register.metadata.tables[name]
            whose = table.c[field]
            if _once(table, whose):
                continue
            for key in table.foreign_keys:
                of = key.column.table
                for numbers in () if of is table else _parts(moved.get((of.name, field), ())):
                    his = sa.select(key.column).where(key.column.in_(numbers), of.c[field] == other)
                    here = sa.update(table).where(whose == person, key.parent.in_(his))
                    along[name] += self._tx.write(here.values({field: other}))
        return along

    def tell_apart(self, one: int, other: int, likeness: Collection[Likeness], staff_id: str, now: int) -> None:
        """Remember that two records are two people's, so that nobody is asked again.

        Raises :class:`Conflict` where they are put together.
        """
        if any(row.answer == SamePerson.SAME.value for row in self._tx.rows(_BETWEEN, {"two": [one, other]})):
            raise Conflict("These two records are put together.", "Take them apart first.")
        self._forget(one, other)
        first, second = sorted((one, other))
        self._decide(first, second, SamePerson.OTHER, likeness, staff_id, now)

    def _forget(self, one: int, other: int) -> None:
        two = {"two": [one, other]}
        self._tx.write(sa.delete(PAIR).where(PAIR.c.person_id.in_(_TWO), PAIR.c.other_id.in_(_TWO), ~SAME), two)

    def _decide(
        self, one: int, other: int, answer: SamePerson, likeness: Collection[Likeness], staff_id: str, now: int
    ) -> int:
        pair = PersonPair.checked(
            {
                "person_id": one,
                "other_id": other,
                "answer": answer,
                "likeness": " ".join(each.value for each in likeness) or "-",
                "decided_at": now,
                "staff_id": staff_id,
            }
        )
        (number,) = Writing(self._tx).add([pair])
        return number

    def _rows(
        self, person: int, other: int
    ) -> Iterator[tuple[sa.Table, sa.Column[Any], Sequence["_Row"], Sequence["_Row"]]]:
        """Yield each column that names a person with the rows of the two, and last what was put together with them."""
        for name, column_name in register.moved_by_a_merge():
            table = register.metadata.tables[name]
            column = table.c[column_name]
            yield table, column, self._naming(table, column, person), self._naming(table, column, other)
        merged = PAIR.c.person_id
        yield PAIR, merged, self._naming(PAIR, merged, person, SAME), self._naming(PAIR, merged, other, SAME)

    def _naming(
        self, table: sa.Table, column: sa.Column[Any], person: int, *but: sa.ColumnElement[bool]
    ) -> Sequence["_Row"]:
        once = _once(table, column)
        number = key_of(table)
        rows = self._tx.rows(sa.select(number, *once).where(column == person, *but).order_by(number))
        return [_Row(int(row[0]), tuple(row[1:])) for row in rows]

    def _point(self, table: sa.Table, column: sa.Column[Any], numbers: Sequence[int], was: int, to: int) -> None:
        if sum(self._move(table, column.name, part, was, to) for part in _parts(numbers)) != len(numbers):
            raise Conflict(_CHANGED, _AGAIN)

    def _move(self, table: sa.Table, column: str, numbers: Sequence[int], was: int, to: int) -> int:
        here = (key_of(table).in_(numbers), table.c[column] == was)
        return self._tx.write(sa.update(table).where(*here).values({column: to}))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row by its number, and what of it a table has but once for each person."""

    number: int
    once: tuple[object, ...]


def _once(table: sa.Table, column: sa.Column[Any]) -> list[sa.Column[Any]]:
    """Return the columns that a table may hold but once beside a person."""
    return [
        other
        for constraint in table.constraints
        if isinstance(constraint, sa.UniqueConstraint) and column.name in constraint.columns
        for other in constraint.columns
        if other is not column
    ]


def _twice(table: sa.Table, column: sa.Column[Any], mine: Sequence[_Row], his: Sequence[_Row]) -> frozenset[int]:
    """Return the rows that must stay since one of the kind is there already."""
    if not _once(table, column):
        return frozenset()
    held = {row.once for row in mine}
    return frozenset(row.number for row in his if row.once in held)


def _kept(pair: int, table: sa.Table, column: sa.Column[Any], row: _Row, *, moved: bool) -> MergedRow:
    return MergedRow.checked(
        {
            "pair_id": pair,
            "record_table": table.name,
            "record_id": row.number,
            "field": str(column.name),
            "moved": moved,
        }
    )


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + _AT_ONCE] for at in range(0, len(numbers), _AT_ONCE))
