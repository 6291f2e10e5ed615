"""The baseline: the same SQL and the same commits by a cursor of the driver alone, on a connection of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import psycopg as postgres_dialect
from sqlalchemy.dialects.sqlite import pysqlite as sqlite_dialect

from staffdesk.data import postgres, sqlite
from staffdesk.data.prepared import Prepared
from staffdesk.services.home import Home
from staffdesk.services.settings import read_settings

ROW: Final = "x" * 400
_PATIENCE_MS: Final = 10_000
"""A disk that stands still for half a second under another's commit ends no measurement."""


class Cursor(Protocol):
    """What both drivers' connections do."""

    def execute(self, statement: str, parameters: Any = ...) -> Any:  # noqa: ANN401 - the drivers' own signatures differ
        """Run a statement."""
        ...


class Bare:
    """One connection of the driver, without authorizer, ORM or log."""

    def __init__(self, home: Home) -> None:
        """Connect to the home's database and make a table for bare commits."""
        url = read_settings(home).postgres_url
        self.is_postgres = url is not None
        self._connection: Cursor
        if url is None:
            self._connection = sqlite.connect(home.database_file, home.read_key())
            self._dialect: sa.Dialect = sqlite_dialect.dialect()
            self._dialect.statement_compiler = sqlite.WrittenLimits
        else:
            self._connection = cast("Cursor", postgres.make_engine(url).raw_connection().driver_connection)
            self._dialect = postgres_dialect.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own
        if not self.is_postgres:
            self._connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}").fetchall()
        self._connection.execute("CREATE TABLE IF NOT EXISTS bench_row (line text)")

    def close(self) -> None:
        """Take the table of bare commits away, which an upgrade of this home would refuse; another may have done so."""
        self._connection.execute("DROP TABLE IF EXISTS bench_row")

    def prepared(self, statement: sa.Executable | Prepared, parameters: Mapping[str, object]) -> tuple[str, Any]:
        """Return a statement as the driver takes it, with its parameters."""
        if isinstance(statement, Prepared):
            statement = statement.statement
        compiled = statement.compile(dialect=self._dialect)  # type: ignore[attr-defined] # every statement used here has it
        state = compiled.construct_expanded_state(dict(parameters))
        return state.statement, state.positional_parameters if compiled.positional else state.parameters

    def query(self, prepared: Sequence[tuple[str, Any]]) -> None:
        """Run prepared statements and fetch all their rows."""
        for words, parameters in prepared:
            self._connection.execute(words, parameters).fetchall()

    def commit(self) -> None:
        """Write one row of 400 bytes, durably."""
        mark = "%s" if self.is_postgres else "?"
        self._connection.execute("BEGIN" if self.is_postgres else "BEGIN IMMEDIATE")
        self._connection.execute(f"INSERT INTO bench_row VALUES ({mark})", (ROW,))
        self._connection.execute("COMMIT")
