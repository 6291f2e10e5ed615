"""Building and upgrading the schema with Alembic; only ``init``, ``demo`` and ``db upgrade`` come here."""

from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data.assets import database_files
from staffdesk.domain.errors import StorageUnavailable

_BUSY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03")
_NO_ROOM: Final = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "53100")


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the schema to a revision inside the caller's transaction, so that a failure leaves nothing behind.

    Raises :class:`StorageUnavailable`, as :func:`refusal` says it; the caller holds the lock, commits or rolls back.
    """
    from alembic import command  # noqa: PLC0415 - costs more than the whole first frame; only upgrades need it
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(database_files() / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except sa.exc.SQLAlchemyError as error:
        raise refusal(error) from error


def refusal(error: BaseException) -> StorageUnavailable:
    """Return the sentence for a database that did not take an upgrade: busy, without room, or neither of the two."""
    return known_refusal(error) or StorageUnavailable(
        "The database could not be upgraded; it is as it was before.",
        "Run: staffdesk db check; or restore a backup into another, new home: staffdesk restore FILE --home DIR",
    )


def known_refusal(error: BaseException | None) -> StorageUnavailable | None:
    """Return the sentence for an error that says of itself that the database is busy or its disk takes nothing."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    code = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
    if isinstance(cause, BlockingIOError) or code.startswith(_BUSY):
        return StorageUnavailable("The database is busy: somebody else is writing. Nothing was changed.", "Try again.")
    if isinstance(cause, OSError) or code.startswith(_NO_ROOM):
        return StorageUnavailable(
            "The disk did not take the database: it is full, or cannot be written to. Nothing was changed.",
            "Free some space, or choose another folder; then try again.",
        )
    return None


def include_object(_object: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:  # noqa: ANN401 - Alembic's own signature
    """Leave out of a comparison what no table declares: full-text tables, their shadows and their indexes."""
    if reflected and name is not None and name.startswith(("person_words", "organisation_words", "sqlite_")):
        return False
    return not (kind == "table" and name == "alembic_version")
