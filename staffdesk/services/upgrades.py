"""Whether a home's database opens and is of the shape this staffdesk wants, and bringing it there."""

from __future__ import annotations

from contextlib import suppress

from staffdesk.data import maintenance, schema
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act
from staffdesk.domain.errors import LogUnavailable, StorageUnavailable
from staffdesk.parameters.shapes import policy
from staffdesk.services.home import RESTORE, Home
from staffdesk.services.opening_homes import open_database
from staffdesk.services.settings import read_settings


class _TakenBack(Exception):
    """Ends a transaction that is to leave nothing."""


def opens(home: Home) -> None:
    """Open the database once with the key file; raises :class:`StorageUnavailable` where it does not."""
    _examine(home, lambda _connection: None)


def check_revision(home: Home) -> str:
    """Return the revision, which is the newest; raises :class:`SchemaOutOfDate` where it is not."""
    _examine(home, schema.check_revision)
    return schema.newest_revision()


def check_shape(home: Home) -> None:
    """Compare the tables and triggers with what the migrations make; raises :class:`StorageUnavailable`."""
    _examine(home, schema.check_tables)


def check(home: Home) -> str:
    """Return the revision, which is the newest, of a database of the right shape.

    Raises :class:`SchemaOutOfDate`, :class:`StorageUnavailable`.
    """
    revision = check_revision(home)
    check_shape(home)
    return revision


def try_the_log(home: Home) -> None:
    """Append an entry as a desk does and take it back, so that no trace is left; raises :class:`StorageUnavailable`."""
    database = open_database(home)
    try:
        with suppress(_TakenBack), database.append() as tx:
            Log(tx, policy().version).append(Event(act=Act.AUDIT_VERIFIED))
            raise _TakenBack
    except LogUnavailable as error:
        raise StorageUnavailable(
            "No entry can be written to the log, so the desk shows nothing.",
            f"If another program holds the database, wait for it; otherwise {RESTORE}",
        ) from error
    finally:
        database.close()


def upgrade(home: Home) -> str:
    """Upgrade the schema under a lock, all or nothing, and return its revision; raises :class:`StorageUnavailable`."""
    settings = read_settings(home)
    if settings.postgres_url is None:
        maintenance.upgrade_sqlite(home.database_file, home.read_key())
    else:
        maintenance.upgrade_postgres(settings.postgres_url)
    return check(home)


def _examine(home: Home, look: schema.Look) -> None:
    url, key = read_settings(home).postgres_url, home.read_key()
    if url is None:
        maintenance.examine_sqlite(home.database_file, key, look)
    else:
        maintenance.examine_postgres(url, look)
