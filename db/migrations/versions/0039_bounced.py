"""When a mail to a person's address came back, so that nobody is written to there as if he read it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None

MARKED = sa.text("bounced_at IS NOT NULL")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column and an index of those who have it; of no address is it known before."""
    op.add_column("person", sa.Column("bounced_at", BIG, nullable=True))
    op.create_index("person_bounced", "person", ["bounced_at"], sqlite_where=MARKED, postgresql_where=MARKED)
