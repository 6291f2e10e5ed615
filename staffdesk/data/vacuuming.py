"""Taking out of a server what was deleted: rows, entries of indexes, what the planner knows, the places they had."""

import time
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from staffdesk.data import migrate, register
from staffdesk.data.maintenance import postgres_owner
from staffdesk.domain.errors import StorageUnavailable

_HALF_BUILT: Final = (
    "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    " AND indexrelid::regclass::text ~ '_cc(new|old)[0-9]*\"?$'"
)
"""What a rebuilding that was broken off leaves, by the endings that the server gives such an index."""
_KNOWN_TO_THE_PLANNER: Final = "SELECT DISTINCT tablename FROM pg_stats WHERE tablename = ANY(%s)"
_DEAD: Final = "SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > 0 AND relname = ANY(%s)"
_STATISTICS: Final = "pg_catalog.pg_statistic"
_LOG: Final = frozenset({"entry", "entry_subject", "checkpoint", "head"})
"""Nothing of a customer stands in it, and it may be larger than all others together."""
_WORDS_OF_CUSTOMERS: Final = ("opening", "person_vocabulary", "organisation_vocabulary")
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.5
_LOCK_TRIES: Final = 20
_LOCK: Final = "SET lock_timeout = 1500"
"""Desks wait behind who waits for a table, and give up after two seconds."""
_LOCKED: Final = "55P03"


def vacuum_postgres(url: str) -> None:
    """Let the server take out rows and index entries that were deleted; raises :class:`StorageUnavailable`.

    It would leave both where they are few among many, so it is told not to. What it noted of columns for its planner
    holds values as they were, and is noted anew. Its write-ahead log and base backups hold them until they are past.
    While a transaction is open that began before, the server keeps all of it, and does not call that an error.
    """
    refused = "The server did not take out what was deleted."
    with postgres_owner(url) as connection:
        known = connection.exec_driver_sql(_KNOWN_TO_THE_PLANNER, (_names(),)).scalars().all()
    _to_server(url, [f"VACUUM (INDEX_CLEANUP ON{', ANALYZE' * (name in known)}) {name}" for name in _names()], refused)
    if known:
        _to_server(url, [f"VACUUM (INDEX_CLEANUP ON) {_STATISTICS}"], refused)
    left = [*register.customer_tables(), *register.WORD_INDEXES, *_WORDS_OF_CUSTOMERS]
    for _ in range(_TRIES):
        with postgres_owner(url) as connection:
            left = list(connection.exec_driver_sql(_DEAD, (left,)).scalars())
        if not left:
            return
        time.sleep(_PAUSE_SECONDS)  # what desks changed meanwhile is counted as well
        _to_server(url, [f"VACUUM (INDEX_CLEANUP ON) {name}" for name in left], refused)
    raise StorageUnavailable(
        "The server keeps what was deleted for a transaction that is still open, so it is not gone yet.",
        "End it (pg_stat_activity, pg_prepared_xacts, pg_replication_slots), then run again: staffdesk run-due",
    )


def write_anew_postgres(url: str) -> None:
    """Let the server write its tables and indexes anew; raises :class:`StorageUnavailable`.

    A place that a row left keeps its bytes until another takes it, which may be never, and each base backup has them;
    the inner pages of an index keep a value to find the way by. Nobody reads a table while it is written. What an
    earlier rebuilding left half done is dropped first.
    """
    refused = "The server did not write its tables anew."
    with postgres_owner(url) as connection:
        half = connection.exec_driver_sql(_HALF_BUILT).scalars().all()
    _to_server(url, [f"DROP INDEX CONCURRENTLY {name}" for name in half], refused)
    _to_server(url, [f"VACUUM (FULL) {name}" for name in (*_names(), _STATISTICS) if name not in _LOG], refused)


def _names() -> list[str]:
    return [*(table.name for table in register.metadata.sorted_tables), *register.WORD_INDEXES]


def _to_server(url: str, statements: Sequence[str], refused: str) -> None:
    with postgres_owner(url) as connection:
        try:
            connection.exec_driver_sql(_LOCK)
            for statement in statements:
                _patiently(connection, statement)
        except sa.exc.SQLAlchemyError as error:
            raise migrate.known_refusal(error) or StorageUnavailable(refused, "Run again: staffdesk run-due") from error


def _patiently(connection: sa.Connection, statement: str) -> None:
    """Run a statement; where somebody has the table for long it is asked for again, so that desks come in between."""
    for left in reversed(range(_LOCK_TRIES)):
        try:
            connection.exec_driver_sql(statement)
        except sa.exc.DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCKED or not left:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
