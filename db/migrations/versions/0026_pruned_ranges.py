"""An entry of a pruning names what may go: the newest one alone opens the way, and an opening goes with its entry."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Put the guards of the log anew, and note of a month when it was pruned."""
    for name in ("technical_pruned_at", "pruned_at"):
        op.add_column("review_month", sa.Column(name, BIG, nullable=True))
    dialect = "postgres" if op.get_bind().dialect.name == "postgresql" else "sqlite"
    for statement in sql(dialect, "pruned_ranges"):
        op.get_bind().exec_driver_sql(statement)
