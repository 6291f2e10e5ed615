"""Fields that were contested and found right: out of use until who asked has been told (GDPR Art. 18(3))."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("field_status", sa.Column("found_right_on", sa.Date(), nullable=True))
