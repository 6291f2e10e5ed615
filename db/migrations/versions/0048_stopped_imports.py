"""When an import last wrote something, when it was gone on with after it had stopped, and when it was finished."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns; what was imported before counts as finished, since nobody knows what was stopped."""
    for name in ("written_at", "continued_at", "finished_at"):
        op.add_column("import_run", sa.Column(name, BIG, nullable=True))
    op.execute("UPDATE import_run SET finished_at = started_at")
