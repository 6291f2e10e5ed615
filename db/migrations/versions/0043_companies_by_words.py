"""Companies found by any word of their names: on PostgreSQL by a function, as people are."""

from alembic import op

from staffdesk.data.assets import sql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the function; SQLite asks its word index in the statement."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for statement in sql("postgres", "find_organisations"):
        op.get_bind().exec_driver_sql(statement)
