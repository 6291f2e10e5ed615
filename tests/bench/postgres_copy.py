"""The company of an encrypted file on PostgreSQL: rows copied as they are, indexes made afterwards.

Only for measuring: the server's triggers are off while it is copied, so whoever copies must be its superuser.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa

from staffdesk.data import maintenance, register, sqlite
from staffdesk.data.assets import sql
from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home
from tests.bench.company import REPEATED, SEED

_ALSO: Final = ("person_vocabulary", "organisation_vocabulary")
_OF_STAFF: Final = ("opened_by", "author_id")
_CHUNK: Final = 20_000

Convert = Callable[[Any], Any]


def build_postgres(home: Home, url: str, source: Home) -> Demo:
    """Make a desk at ``url`` with the customers of another home's encrypted file; raises what the server raises."""
    demo = make_demo(home, people=1, seed=SEED, database_url=url)
    taken: Any = sqlite.connect(source.database_file, source.read_key())
    with maintenance.postgres_owner(url) as owner:
        owner.exec_driver_sql("SET session_replication_role = replica")
        owner.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        theirs = {name: number for number, name in taken.execute("SELECT id, user_name FROM staff")}
        ours = {name: number for number, name in owner.exec_driver_sql("SELECT id, user_name FROM staff")}
        staff = {theirs[name]: ours[name] for name in theirs if name in ours}
        tables = [register.metadata.tables[name] for name in (*REPEATED, *_ALSO)]
        owner.exec_driver_sql(f"TRUNCATE {', '.join(table.name for table in tables)} CASCADE")
        indexes = indexes_away(owner, tables)
        for table in tables:
            _copy(taken, owner, table, staff)
        for words in indexes:
            owner.exec_driver_sql(words)
        for name in register.WORD_INDEXES:
            owner.exec_driver_sql(f"TRUNCATE {name}")
        for words in sql("postgres", "word_index"):
            if words.startswith("INSERT"):
                owner.exec_driver_sql(words)
        for name in register.WORD_INDEXES:
            owner.exec_driver_sql(f"VACUUM ANALYZE {name}")
        for table in tables:
            if "id" in table.columns:
                owner.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))"
                )
            owner.exec_driver_sql(f"VACUUM ANALYZE {table.name}")
    taken.close()
    return demo


def indexes_away(owner: sa.Connection, tables: Sequence[sa.Table]) -> Sequence[str]:
    """Drop the indexes that no constraint needs, and return the words that make them again."""
    names = ", ".join(f"'{table.name}'" for table in tables)
    found = owner.exec_driver_sql(
        "SELECT i.indexname, i.indexdef FROM pg_indexes AS i WHERE i.schemaname = 'public'"
        f" AND i.tablename IN ({names})"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conname = i.indexname)"
    ).all()
    for name, _ in found:
        owner.exec_driver_sql(f"DROP INDEX {name}")
    return [words for _, words in found]


def _copy(taken: Any, owner: sa.Connection, table: sa.Table, staff: dict[str, str]) -> None:  # noqa: ANN401 - the driver has no types
    columns = [column.name for column in table.columns]
    converts = [(at, convert) for at, column in enumerate(table.columns) if (convert := _convert(column, staff))]
    driver = cast("Any", owner.connection.driver_connection)
    asked = taken.execute(f"SELECT {', '.join(columns)} FROM {table.name}")
    with driver.cursor().copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as into:
        for row in _rows(asked):
            values = list(row)
            for at, convert in converts:
                values[at] = convert(values[at])
            into.write_row(values)


def _rows(asked: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - as above
    while rows := asked.fetchmany(_CHUNK):
        yield from rows


def _convert(column: sa.Column[Any], staff: dict[str, str]) -> Convert | None:
    if column.name in _OF_STAFF:
        return staff.get
    if isinstance(column.type, sa.Boolean):
        return lambda value: None if value is None else bool(value)
    if isinstance(column.type, sa.Date):
        return lambda value: None if value is None else dt.date.fromisoformat(value)
    return None
