"""An opening goes only under an entry that covers it; a declaration that was taken back stands for a time still."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the guard of the openings anew, and note when a declaration was taken back."""
    dialect = "postgres" if op.get_bind().dialect.name == "postgresql" else "sqlite"
    for statement in sql(dialect, "uncovered_openings"):
        op.get_bind().exec_driver_sql(statement)
    withdrawn = sa.Column("withdrawn_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    op.add_column("declared_relation", withdrawn)
