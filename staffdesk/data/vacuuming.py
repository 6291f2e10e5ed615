"""Taking out of a server what was deleted: rows, entries of indexes, and what the inner pages of indexes keep."""

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


def vacuum_postgres(url: str) -> None:
    """Let the server take out rows and index entries that were deleted; raises :class:`StorageUnavailable`.

    It would leave both where they are few among many, so it is told not to. Its write-ahead log and base backups hold
    them until they are past.
    """
    _to_each_table(url, "VACUUM (INDEX_CLEANUP ON) {}", "The server did not take out what was deleted.")


def reindex_postgres(url: str) -> None:
    """Let the server build its indexes anew, while desks read and write; raises :class:`StorageUnavailable`.

    The inner pages of an index keep a value to find the way by after its entry is gone, which nothing else takes out.
    What an earlier run left half built is passed over by the server, and keeps such values too: it is dropped first.
    """
    refused = "The server did not build its indexes anew."
    with postgres_owner(url) as connection:
        left = connection.exec_driver_sql(_HALF_BUILT).scalars().all()
    _to_server(url, [f"DROP INDEX CONCURRENTLY {name}" for name in left], refused)
    _to_each_table(url, "REINDEX TABLE CONCURRENTLY {}", refused)


def _to_each_table(url: str, statement: str, refused: str) -> None:
    tables = (*(table.name for table in register.metadata.sorted_tables), *register.WORD_INDEXES)
    _to_server(url, [statement.format(name) for name in tables], refused)


def _to_server(url: str, statements: Sequence[str], refused: str) -> None:
    with postgres_owner(url) as connection:
        try:
            for statement in statements:
                connection.exec_driver_sql(statement)
        except sa.exc.SQLAlchemyError as error:
            raise migrate.known_refusal(error) or StorageUnavailable(refused, "Run again: staffdesk run-due") from error
