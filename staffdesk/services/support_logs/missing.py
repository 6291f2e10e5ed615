"""What of the sealed zips of a home is gone, asked from outside a desk: nobody is signed in, and nothing is written."""

from __future__ import annotations

from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_database
from staffdesk.services.support_logs.expiry import held_and_gone
from staffdesk.services.support_logs.log_spool import LogSpool


def missing_at(home: Home) -> tuple[int, int]:
    """Return how many zips a home holds, and how many of their files are gone; raises :class:`StorageUnavailable`."""
    database = open_database(home)
    try:
        return held_and_gone(database, LogSpool(home.log_spool))
    finally:
        database.close()
