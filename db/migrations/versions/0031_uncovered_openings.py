"""An opening goes only under an entry that covers it: its kind and number, whom its entry is about, or itself by name."""

from alembic import op

from staffdesk.data.assets import sql

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the guard of the openings anew."""
    dialect = "postgres" if op.get_bind().dialect.name == "postgresql" else "sqlite"
    for statement in sql(dialect, "uncovered_openings"):
        op.get_bind().exec_driver_sql(statement)
