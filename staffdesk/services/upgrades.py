"""Bringing a home's database to the shape this staffdesk wants; ``staffdesk db`` alone comes here."""

from __future__ import annotations

from staffdesk.data import maintenance
from staffdesk.data.schema import check_schema, newest_revision
from staffdesk.services.desk import open_database
from staffdesk.services.home import Home
from staffdesk.services.settings import read_settings


def check(home: Home) -> str:
    """Return the revision, which is the newest; raises :class:`SchemaOutOfDate` where it is not."""
    database = open_database(home)
    try:
        check_schema(database)
    finally:
        database.close()
    return newest_revision()


def upgrade(home: Home) -> str:
    """Upgrade the schema under a lock, all or nothing, and return its revision; raises :class:`StorageUnavailable`."""
    settings = read_settings(home)
    if settings.postgres_url is None:
        maintenance.upgrade_sqlite(home.database_file, home.read_key())
    else:
        maintenance.upgrade_postgres(settings.postgres_url)
    return check(home)
