"""Mails in cases: which way each went, whose it is, and by what it is known again."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was reported before says none of it."""
    for name, kind in (
        ("direction", sa.String()),
        ("correspondent", sa.String()),
        ("proven", sa.Boolean()),
        ("attachments", sa.String()),
        ("message_digest", sa.String()),
    ):
        op.add_column("contact_report", sa.Column(name, kind, nullable=True))
    op.create_index("contact_report_mail", "contact_report", ["case_id", "message_digest"], unique=True)
