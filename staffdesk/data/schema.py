"""Whether the database is of the shape this staffdesk wants, asked without importing Alembic."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data.assets import database_files
from staffdesk.data.database import Database
from staffdesk.domain.errors import LogUnavailable, SchemaOutOfDate

_REVISION: Final = sa.text("SELECT version_num FROM alembic_version")


def newest_revision() -> str:
    """Return the id of the newest revision shipped; ids are four digits, so names sort."""
    files = sorted(path.name for path in (database_files() / "migrations" / "versions").glob("[0-9]*.py"))
    return files[-1][:4]


def check_schema(database: Database) -> None:
    """Refuse a schema that is not the newest shipped: :class:`SchemaOutOfDate`, or :class:`StorageUnavailable`."""
    try:
        with database.append() as tx:
            row = tx.row(_REVISION)
    except LogUnavailable:
        with database.append() as tx:
            tx.rows(sa.text("SELECT 1"))
        raise SchemaOutOfDate("The database holds no desk yet.", "Run: staffdesk init") from None
    judge(None if row is None else str(row[0]))


def judge(found: str | None) -> None:
    """Compare a revision with the newest one shipped; raises :class:`SchemaOutOfDate`."""
    newest = newest_revision()
    if found is None:
        raise SchemaOutOfDate("The database holds no desk yet.", "Run: staffdesk init")
    if found < newest:
        raise SchemaOutOfDate(
            f"The database is at revision {found}, this staffdesk wants {newest}.", "Run: staffdesk db upgrade"
        )
    if found > newest:
        raise SchemaOutOfDate(
            f"The database is at revision {found}, newer than this staffdesk ({newest}).",
            "Install the newer staffdesk.",
        )
