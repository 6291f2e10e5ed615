"""Which import told that mail to an address came back, so that undoing it takes the mark back."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column; of no mark that stands by now is it known."""
    op.add_column("person", sa.Column("bounced_import_id", BIG, nullable=True))
