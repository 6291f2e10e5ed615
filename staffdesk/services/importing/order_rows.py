"""The rows of a table of orders, gathered into orders: a row a line, the order's own fields in the first or in all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final, Protocol

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Place
from staffdesk.domain.read_items import ReadItem
from staffdesk.services.importing.fields import Fields
from staffdesk.services.importing.ordered import LINE_FIELD, order
from staffdesk.services.importing.packed_lines import PACKED, unpacked
from staffdesk.services.importing.parts import read_one, refused
from staffdesk.services.importing.profiles import Profile, Table

MOST_ROWS: Final = 5_000
"""Rows of the largest order read; it is held in memory until its last row."""

_REMEMBERED: Final = 10_000
"""How many orders are remembered, to see that one comes back whose rows do not stand together."""

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_AGAIN: Final = "Export the file again and import it as it is."
_APART: Final = ("Rows of this order stood further up already.", "Export it sorted by order, and import that file.")


@dataclass(frozen=True, slots=True, repr=False)
class NamedRow:
    """One row with its cells by field, or by the file's own name; ``group`` tells the rows of one record.

    Where it cannot be read, ``problem`` says why and ``content`` is empty; ``group`` is what can be told of it.
    """

    place: Place
    group: str
    content: dict[str, object]
    problem: BadInput | None = None


class Taken(Protocol):
    """Makes the fields of named cells: of a row by its header, or of a part of a cell by ``path`` and ``columns``."""

    def __call__(self, content: object, path: str = "", *, columns: Mapping[str, str] = _NONE) -> Fields:
        """Return the fields."""


def orders(profile: Profile, table: Table, rows: Iterable[NamedRow], taken: Taken) -> Iterator[ReadItem]:
    """Gather rows into orders and read each, at the place of its first row; raises what ``rows`` raises.

    A row that cannot be read, or that says something else of the order than its first, spoils its order alone.
    """
    gathered: _Order | None = None
    seen: dict[str, None] = {}
    try:
        for row in rows:
            if gathered is None or not row.group or row.group != gathered.first.group:
                if gathered is not None:
                    yield gathered.read(profile, taken)
                gathered = _Order(table, row, apart=row.group in seen)
                if row.group:
                    seen[row.group] = None
                if len(seen) > _REMEMBERED:
                    del seen[next(iter(seen))]
            else:
                gathered.add(row)
    except BadInput:
        if gathered is not None:
            yield gathered.read(profile, taken)
        raise
    if gathered is not None:
        yield gathered.read(profile, taken)


class _Order:
    """An order whose rows are still coming."""

    def __init__(self, table: Table, first: NamedRow, *, apart: bool) -> None:
        self.first = first
        self._table = table
        self._own = frozenset(name for name in (*table.columns, *table.constants) if not name.startswith(LINE_FIELD))
        self._rows = [first.content]
        self._problem = BadInput(*_APART) if apart else first.problem

    def add(self, row: NamedRow) -> None:
        """Add a row; what it says of the order is nothing, or what the first row says."""
        problem = row.problem
        if len(self._rows) == MOST_ROWS:
            problem = BadInput(f"The order has more than {MOST_ROWS:,} rows.", _AGAIN)
        said = self.first.content
        for name in self._own & row.content.keys():
            if row.content[name] != said.get(name):
                column = next(iter(self._table.columns.get(name, ())), name)
                problem = problem or BadInput(f"Two rows of the order differ in {column}.", _AGAIN)
        self._problem = self._problem or problem
        if self._problem is None:
            self._rows.append(row.content)

    def read(self, profile: Profile, taken: Taken) -> ReadItem:
        """Give the order, or why it cannot be taken."""
        if self._problem is not None:
            return refused(self.first.place, self._problem)
        first, *others = self._rows
        own = {name: value for name, value in first.items() if not name.startswith(LINE_FIELD)}
        rows = [{name: value for name, value in first.items() if name.startswith(LINE_FIELD)}]
        rows += [{name: value for name, value in row.items() if name not in self._own} for row in others]
        try:
            lines = [*map(taken, rows), *self._packed(own.pop(PACKED, None), rows, taken)]
        except BadInput as error:
            return refused(self.first.place, error)
        of_order = taken(own)
        return read_one(self.first.place, partial(order, profile, of_order, lines), (of_order, *lines))

    def _packed(self, cell: object, rows: list[dict[str, object]], taken: Taken) -> Iterator[Fields]:
        """Give the lines that stand in one cell; raises :class:`BadInput` where they do not stand there alone."""
        if not isinstance(cell, str):
            return
        column = next(iter(self._table.columns[PACKED]))
        if any(name.startswith(LINE_FIELD) for row in rows for name in row):
            raise BadInput(f"Its items stand in {column} and in columns of their own.", _AGAIN)
        for number, line in enumerate(unpacked(cell, column, self._table.packed, MOST_ROWS), start=1):
            yield taken(line, f"{column}, item {number}", columns=self._table.packed)
