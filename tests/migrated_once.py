"""New desks whose tables a process has migrated before: copied, or made by the same statements without Alembic.

Forty migrations take half a second, and most tests that begin a desk are about what is in it. That a beginning runs
them is tested with ``init`` as a program; what they make, in ``tests/data/test_migration.py``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from unittest import mock

import sqlalchemy as sa

from staffdesk.data import maintenance, migrate, schema
from tests import databases

if TYPE_CHECKING:
    import psycopg

_upgrade_sqlite = maintenance.upgrade_sqlite
_upgrade_postgres = maintenance.upgrade_postgres
_as_made = schema._as_made

_said: Final[list[tuple[str, Any]]] = []
"""Every statement, with its parameters, by which an empty database of PostgreSQL was migrated."""

_open: Final = ExitStack()


@contextmanager
def migrated_once() -> Iterator[None]:
    """Let what begins a desk, or compares one with a new one, find the tables made."""
    with (
        mock.patch.object(maintenance, "upgrade_sqlite", _copied),
        mock.patch.object(maintenance, "upgrade_postgres", _said_again),
        mock.patch.object(schema, "_as_made", _made_before),
    ):
        yield


def _copied(path: Path, key: str, *, create: bool = False) -> None:
    if not create:
        _upgrade_sqlite(path, key)
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        shutil.copyfile(databases.sqlite_template(), path)
    except OSError as error:
        raise migrate.refusal(error) from error
    with maintenance.sqlite_owner(path, databases.KEY) as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        connection.exec_driver_sql(f"PRAGMA rekey = \"x'{key}'\"")
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _said_again(url: str) -> None:
    with maintenance.postgres_owner(url) as connection:
        is_empty = not sa.inspect(connection).get_table_names()
        if is_empty and _said:
            driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
            with driver.transaction(), driver.pipeline():
                for words, parameters in _said:
                    driver.execute(words.encode(), parameters)
            return
    if not is_empty:
        _upgrade_postgres(url)
        return
    said: list[tuple[str, Any]] = []

    def hear(_on: object, _cursor: object, words: str, parameters: object, *_more: object) -> None:
        said.append((words, parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        _upgrade_postgres(url)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)
    _said.extend(each for each in said if each[0] not in {"BEGIN", "COMMIT"})


@contextmanager
def _made_before() -> Iterator[sa.Connection]:
    yield _made()


@cache
def _made() -> sa.Connection:
    return _open.enter_context(_as_made())
