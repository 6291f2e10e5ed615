"""Whether the database is of the shape this staffdesk wants; only the comparison of its tables imports Alembic."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from staffdesk.data import migrate
from staffdesk.data.assets import database_files, sql
from staffdesk.data.database import Database
from staffdesk.domain.errors import LogUnavailable, SchemaOutOfDate, StorageUnavailable

_RESTORE: Final = "Restore a backup into another, new home: staffdesk restore FILE --home DIR"
_RESTORE_SERVER: Final = "Restore the PostgreSQL server's own backup, or name another home: --home DIR"
_REVISION: Final = sa.text("SELECT version_num FROM alembic_version")
_NAMED: Final = 3

_SQLITE_PARTS: Final = sa.text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_autoindex%'")
_POSTGRES_COLUMNS: Final = sa.text(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
)
_POSTGRES_INDEXES: Final = sa.text("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
_POSTGRES_TRIGGERS: Final = sa.text(
    "SELECT t.tgname, r.relname, p.proname, t.tgenabled FROM pg_trigger AS t"
    " JOIN pg_class AS r ON r.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
)
_POSTGRES_FUNCTIONS: Final = sa.text("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'desk'::regnamespace")
_TRIGGER: Final = re.compile(r"CREATE TRIGGER (\w+) .*? ON (\w+) .*EXECUTE FUNCTION desk\.(\w+)\(\)", re.DOTALL)
_TABLE: Final = re.compile(r"CREATE TABLE (\w+) \((.*)\)", re.DOTALL)
_FUNCTION: Final = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION desk\.(\w+)\(.*? AS \$\$(.*)\$\$", re.DOTALL)

Look = Callable[[sa.Connection], None]
"""What is done on an owner's connection to see whether all is as it should be."""

Parts = Mapping[str, str]
"""What a database is made of: "table entry", "trigger entry_stays"…, and how each is defined."""


def newest_revision() -> str:
    """Return the id of the newest revision shipped; ids are four digits, so names sort."""
    files = sorted(path.name for path in (database_files() / "migrations" / "versions").glob("[0-9]*.py"))
    return files[-1][:4]


def check_schema(database: Database) -> None:
    """Refuse a schema that is not the newest shipped: :class:`SchemaOutOfDate`, or :class:`StorageUnavailable`."""
    try:
        with database.append() as tx:
            row = tx.row(_REVISION)
    except LogUnavailable:
        with database.append() as tx:
            tx.rows(sa.text("SELECT 1"))
        row = None
    judge(None if row is None else str(row[0]), is_postgres=database.is_postgres)


def judge(found: str | None, *, is_postgres: bool = False) -> None:
    """Compare a revision with the newest one shipped; raises :class:`SchemaOutOfDate`."""
    newest = newest_revision()
    if found is None:
        # Whoever asks has a home already: to begin anew would hide that its data is gone.
        raise SchemaOutOfDate("The database of this home holds no desk.", _RESTORE_SERVER if is_postgres else _RESTORE)
    if found < newest:
        raise SchemaOutOfDate(
            f"The database is at revision {found}, this staffdesk wants {newest}.", "Run: staffdesk db upgrade"
        )
    if found > newest:
        raise SchemaOutOfDate(
            f"The database is at revision {found}, newer than this staffdesk ({newest}).",
            "Install the newer staffdesk.",
        )


def check_revision(connection: sa.Connection) -> None:
    """As :func:`check_schema` on an owner's connection, which waits for nobody's lock."""
    built = "alembic_version" in sa.inspect(connection).get_table_names()
    row = connection.execute(_REVISION).first() if built else None
    judge(None if row is None else str(row[0]), is_postgres=connection.dialect.name == "postgresql")


def check_tables(connection: sa.Connection) -> None:
    """Compare tables, views, indexes and triggers with what the migrations make; wants an owner's connection.

    Raises :class:`StorageUnavailable` that names what is missing, changed or not known. On PostgreSQL definitions are
    compared by their columns and functions, since the server writes them in words of its own.
    """
    is_postgres = connection.dialect.name == "postgresql"
    with _as_made() as made:
        wanted = _postgres_wanted(made) if is_postgres else _sqlite_parts(made)
    found = _postgres_found(connection, wanted) if is_postgres else _sqlite_parts(connection)
    wrong = [
        *(f"{part} is missing" for part in _tables_first(wanted.keys() - found.keys())),
        *(f"{part} does not belong here" for part in _tables_first(found.keys() - wanted.keys())),
        *(f"{part} is changed" for part in _tables_first(wanted.keys() & found.keys()) if found[part] != wanted[part]),
    ]
    if wrong:
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise StorageUnavailable(
            f"The database is not as this staffdesk makes it: {'; '.join(wrong[:_NAMED])}{more}.",
            _RESTORE_SERVER if is_postgres else _RESTORE,
        )


def _tables_first(parts: Iterable[str]) -> list[str]:
    """Sort parts so that what the others hang on is named first."""
    return sorted(parts, key=lambda part: (not part.startswith("table "), part))


@contextmanager
def _as_made() -> Iterator[sa.Connection]:
    """Give a new database, in memory and without a row, as the migrations make it."""
    engine = sa.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: dbapi2.connect(":memory:", isolation_level=None),
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            migrate.upgrade(connection)
            connection.exec_driver_sql("COMMIT")
            yield connection
    finally:
        engine.dispose()


def _sqlite_parts(connection: sa.Connection) -> Parts:
    return {f"{kind} {name}": str(text) for kind, name, text in connection.execute(_SQLITE_PARTS)}


def _postgres_wanted(made: sa.Connection) -> Parts:
    """Return what is to be found on PostgreSQL: what is alike on both databases, and what its own files make."""
    seen = sa.inspect(made)
    parts = {
        f"table {name}": _columns(str(column["name"]) for column in seen.get_columns(name))
        for name in (*seen.get_table_names(), *seen.get_view_names())
        if name == "alembic_version" or migrate.include_object(None, name, "table", True, None)
    }
    for name in seen.get_table_names():
        indexes = (str(index["name"]) for index in seen.get_indexes(name))
        parts.update({f"index {i}": "" for i in indexes if migrate.include_object(None, i, "index", True, None)})
    for file in sorted((database_files() / "postgres").glob("*.sql")):
        for statement in sql("postgres", file.stem):
            if trigger := _TRIGGER.match(statement):
                parts[f"trigger {trigger[1]}"] = f"{trigger[2]} {trigger[3]}"
            elif table := _TABLE.match(statement):
                parts[f"table {table[1]}"] = _columns(column.split()[0] for column in table[2].split(","))
            elif function := _FUNCTION.match(statement):
                parts[f"function {function[1]}"] = function[2]
    return parts


def _postgres_found(connection: sa.Connection, wanted: Parts) -> Parts:
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(_POSTGRES_COLUMNS):
        columns.setdefault(table, []).append(column)
    indexes = (f"index {row[0]}" for row in connection.execute(_POSTGRES_INDEXES))
    return {
        **{f"table {table}": _columns(names) for table, names in columns.items()},
        **{index: "" for index in indexes if index in wanted},  # the server makes others for keys
        **{
            f"trigger {name}": f"{table} {function}{' off' if enabled in {'D', 'R'} else ''}"
            for name, table, function, enabled in connection.execute(_POSTGRES_TRIGGERS)
        },
        **{f"function {name}": text for name, text in connection.execute(_POSTGRES_FUNCTIONS)},
    }


def _columns(names: Iterable[str]) -> str:
    return " ".join(sorted(names))
