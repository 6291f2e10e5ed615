"""What two neighbouring values of a row make together: SQLite writes them one after the other, with nothing between.

So ``…@studio.example`` before ``Grande Rue`` has the bytes of ``legrand``, and nobody who is called so left them there.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.data import maintenance

_TABLES: Final = sa.text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
_COLUMNS: Final = sa.text("SELECT name FROM pragma_table_xinfo(:name) ORDER BY cid")
_ROWID: Final = sa.text(
    "SELECT name FROM pragma_table_xinfo(:name) WHERE pk = 1 AND upper(type) = 'INTEGER'"
    " AND (SELECT max(pk) FROM pragma_table_xinfo(:name)) = 1"
)
_INDEXES: Final = sa.text("SELECT name FROM pragma_index_list(:name)")
_INDEXED: Final = sa.text("SELECT name FROM pragma_index_xinfo(:name) WHERE cid >= 0 ORDER BY seqno")


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of a table or of one of its indexes in the order in which their values are written."""

    table: str
    columns: tuple[str, ...]
    rowid: str | None


def made_together(path: Path, key: str, sought: Collection[bytes]) -> frozenset[bytes]:
    """Return those of these lower-case strings that some row has across two values, and in none of the two alone.

    Letters of ASCII are compared without case, as where the bytes are searched. Raises :class:`StorageUnavailable`.
    """
    found: set[bytes] = set()
    if sought:
        maintenance.examine_sqlite(path, key, partial(_look, sought, found))
    return frozenset(found)


def _look(sought: Collection[bytes], found: set[bytes], connection: sa.Connection) -> None:
    for layout in _layouts(connection):
        written, apart = _pieces(layout, ""), _pieces(layout, " ")
        across = sa.text(
            f'SELECT EXISTS (SELECT 1 FROM "{layout.table}"'  # noqa: S608 - names that the database gives
            f" WHERE instr(lower({written}), :sought) > 0 AND instr(lower({apart}), :sought) = 0)"
        )
        for each in sorted(set(sought) - found):
            if connection.execute(across, {"sought": each.decode()}).scalar():
                found.add(each)


def _layouts(connection: sa.Connection) -> Iterator[_Layout]:
    for name in connection.execute(_TABLES).scalars().all():
        rowid = connection.execute(_ROWID, {"name": name}).scalar()
        orders = {_names(connection, _COLUMNS, name)}
        for index in connection.execute(_INDEXES, {"name": name}).scalars().all():
            orders.add(_names(connection, _INDEXED, index))
        yield from (_Layout(name, columns, rowid) for columns in sorted(orders) if len(columns) > 1)


def _names(connection: sa.Connection, statement: sa.TextClause, name: str) -> tuple[str, ...]:
    return tuple(connection.execute(statement, {"name": name}).scalars().all())


def _pieces(layout: _Layout, between: str) -> str:
    """Return what a row is written as: nothing for null, 0, 1 and the row's own number, a blank for what is no text."""
    pieces: Sequence[str] = [
        f"CASE typeof(\"{name}\") WHEN 'text' THEN \"{name}\" WHEN 'null' THEN '' WHEN 'integer'"
        f" THEN CASE WHEN \"{name}\" IN (0, 1) THEN '' ELSE ' ' END ELSE ' ' END"
        for name in layout.columns
        if name != layout.rowid
    ]
    return f" || '{between}' || ".join(pieces)
