"""Opens a home: its database, checked, with everything a desk does over it."""

from __future__ import annotations

from collections.abc import Callable

from staffdesk.data import sqlite
from staffdesk.data.database import Database
from staffdesk.data.postgres import PostgresDatabase
from staffdesk.data.schema import check_schema
from staffdesk.services.desk import Desk
from staffdesk.services.erasure.replayed import check_replayed
from staffdesk.services.home import Home, secret_of
from staffdesk.services.settings import read_settings


def open_desk(home: Home) -> Desk:
    """Open a home; raises :class:`StorageUnavailable`, :class:`SchemaOutOfDate`, :class:`Misconfigured`."""
    return _opened(home, lambda database: check_replayed(database, home.ledger_file, secret_of(home.read_key())))


def open_to_run_due(home: Home) -> Desk:
    """Open a home to do what is due there, before anything of it may be shown: erasures that it forgot, first of all.

    Raises as :func:`open_desk`.
    """
    return _opened(home, lambda _database: None)


def _opened(home: Home, check: Callable[[Database], None]) -> Desk:
    database = open_database(home)
    try:
        check_schema(database)
        check(database)
        return Desk(home, database)
    except BaseException:
        database.close()
        raise


def open_database(home: Home) -> Database:
    """Open a home's database, whichever it chose."""
    settings = read_settings(home)
    key = home.read_key()
    if settings.postgres_url is not None:
        return PostgresDatabase(settings.postgres_url, secret_of(key))
    return sqlite.SqliteDatabase(home.database_file, key, secret_of(key))
