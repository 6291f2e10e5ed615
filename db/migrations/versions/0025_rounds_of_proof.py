"""Proof of identity is waited for in rounds: since when, and how many days in the rounds before (GDPR Art. 12(6))."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a proof that was asked for before is waited for since then."""
    op.add_column("request_progress", sa.Column("waits_from", sa.Date(), nullable=True))
    op.add_column("request_progress", sa.Column("paused_days", sa.Integer(), nullable=True))
    op.execute("UPDATE request_progress SET waits_from = asked_on")
