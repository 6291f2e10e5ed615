"""What is set at a home and who sees its due dates, for who holds its key file: nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from staffdesk.data.local_settings import LocalSettings
from staffdesk.data.transaction import Append
from staffdesk.domain.local_settings import CardRule
from staffdesk.services.deputies import Watch, watch
from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_database
from staffdesk.services.sessions import utc_ms

T = TypeVar("T")


def card_rule_of(home: Home) -> CardRule:
    """Return whether the front of the identity card is demanded at a home; raises :class:`StorageUnavailable`."""
    return _read(home, lambda tx: LocalSettings(tx).front_of_card())


def watch_of(home: Home) -> Watch:
    """Return who sees the due dates of a home; raises :class:`StorageUnavailable`."""
    return _read(home, lambda tx: watch(tx, utc_ms()))


def _read(home: Home, read: Callable[[Append], T]) -> T:
    database = open_database(home)
    try:
        with database.append() as tx:
            return read(tx)
    finally:
        database.close()
