"""Building and upgrading the schema with Alembic; only ``init``, ``demo`` and ``db upgrade`` come here."""

from typing import Any

import sqlalchemy as sa

from staffdesk.data.assets import database_files
from staffdesk.domain.errors import StorageUnavailable


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the schema to a revision inside the caller's transaction, so that a failure leaves nothing behind.

    Raises :class:`StorageUnavailable`; the caller holds the lock, commits or rolls back.
    """
    from alembic import command  # noqa: PLC0415 - costs more than the whole first frame; only upgrades need it
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(database_files() / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except sa.exc.SQLAlchemyError as error:
        raise StorageUnavailable(
            "The database could not be upgraded; it is as it was before.", "Run: staffdesk doctor"
        ) from error


def include_object(_object: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:  # noqa: ANN401 - Alembic's own signature
    """Leave out of a comparison what no table declares: full-text tables, their shadows and their indexes."""
    if reflected and name is not None and name.startswith(("person_words", "organisation_words", "sqlite_")):
        return False
    return not (kind == "table" and name == "alembic_version")
