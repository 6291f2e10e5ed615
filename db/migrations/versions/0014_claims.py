"""Who is sending something for a request just now, so that nobody else sends it too."""

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("request_progress", sa.Column("claimed_by", sa.String(), nullable=True))
    op.add_column("request_progress", sa.Column("claimed_at", BIG, nullable=True))
