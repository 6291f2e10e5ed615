"""When a mail to a person's address came back, so that nobody is written to there as if he read it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0033"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column; of no address is it known before."""
    op.add_column("person", sa.Column("bounced_at", BIG, nullable=True))
