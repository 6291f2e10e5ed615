"""The database's own shape in numbers: columns nobody declared, tables that ask for no source."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from staffdesk.data import register
from staffdesk.data.tables.provenance import Provenance
from staffdesk.data.transaction import Read
from staffdesk.domain.classes import Whose
from staffdesk.domain.provenance import Source

_SQLITE: Final = 'SELECT m.name, c.name, c."notnull" FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c'
_SQLITE_MADE: Final = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
_POSTGRES: Final = sa.text(
    "SELECT r.relname, a.attname, a.attnotnull FROM pg_attribute AS a JOIN pg_class AS r ON r.oid = a.attrelid "
    "WHERE r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
)
_POSTGRES_MADE: Final = sa.text(
    "SELECT r.relname, string_agg(pg_get_constraintdef(c.oid), ' ') FROM pg_constraint AS c "
    "JOIN pg_class AS r ON r.oid = c.conrelid "
    "WHERE c.contype = 'c' AND c.convalidated AND r.relnamespace = 'public'::regnamespace GROUP BY r.relname"
)
_OWN: Final = ("alembic_version", "sqlite_", *register.WORD_INDEXES)
"""What the databases and the migrations keep for themselves: full-text tables and their shadows, the revision."""
_LISTED: Final = re.compile(r"\bsource\b.{0,20}?(?:\bIN\b|= ANY)\s*\(.*?\)", re.DOTALL | re.IGNORECASE)


class ShapeFigures:
    """Counts over the database's own description of itself."""

    def __init__(self, tx: Read) -> None:
        """Ask in ``tx``, once."""
        self._tx = tx
        self._made = self._read_made()
        self._columns = self._read_columns()

    def undeclared(self) -> int:
        """Return how many columns the database has of which the register knows nothing."""
        known = {(each.table, each.column) for each in register.columns()}
        return sum(1 for name, columns in self._columns.items() for column in columns if (name, column) not in known)

    def named(self, pattern: str) -> int:
        """Return how many columns of customers' tables have a name that holds one of these words."""
        wanted, tables = re.compile(pattern), register.customer_tables()
        return sum(
            1
            for name, columns in self._columns.items()
            if name in tables or name not in register.metadata.tables
            for column in columns
            if wanted.search(column)
        )

    def without_source(self) -> int:
        """Return how many tables that must say where a record came from would take one that does not."""
        columns, made = self._columns, self._made
        return sum(1 for name in _with_source() if not _demands(columns.get(name, {}), made.get(name, "")))

    def _read_columns(self) -> Mapping[str, Mapping[str, bool]]:
        found: dict[str, dict[str, bool]] = {}
        for name, column, is_needed in self._tx.rows(_POSTGRES) if self._tx.is_postgres else _described(self._made):
            if not str(name).startswith(_OWN):
                found.setdefault(str(name), {})[str(column)] = bool(is_needed)
        return found

    def _read_made(self) -> Mapping[str, str]:
        rows = self._tx.rows(_POSTGRES_MADE if self._tx.is_postgres else _SQLITE_MADE)
        return {str(name): str(words) for name, words in rows}


def _described(made: Mapping[str, str]) -> Sequence[tuple[str, str, int]]:
    """Return table, column and whether it must be filled, of tables made by these statements.

    A connection that reads customers answers no question about its own shape, so the statements are asked elsewhere.
    """
    with closing(dbapi2.connect(":memory:")) as empty:
        for name, words in made.items():
            if not name.startswith(_OWN):
                empty.execute(words)
        return tuple((str(row[0]), str(row[1]), int(row[2])) for row in empty.execute(_SQLITE).fetchall())


def fields_of_customers() -> int:
    """Return how many fields the register holds about customers, copies for the search left out."""
    found = (each.declaration for each in register.columns())
    return sum(1 for each in found if each.whose is Whose.CUSTOMER and not each.derived)


def without_retention(kinds: frozenset[str]) -> int:
    """Return how many tables and columns name no rule of keeping among these."""
    tables = sum(1 for found in register.metadata.sorted_tables if found.info.get("keep") not in kinds)
    rules = (each.declaration.keep for each in register.columns())
    return tables + sum(1 for rule in rules if rule is not None and rule not in kinds)


def _with_source() -> tuple[str, ...]:
    return tuple(str(each.__tablename__) for each in Provenance.__subclasses__())


def _demands(columns: Mapping[str, bool], made: str) -> bool:
    listed = _LISTED.search(made)
    return columns.get("source", False) and listed is not None and all(f"'{each}'" in listed[0] for each in Source)
