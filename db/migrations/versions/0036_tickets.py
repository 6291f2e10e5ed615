"""Under which number a support service knows a case and each message of it, so that an import finds them again."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no case that is held came from such a service."""
    op.add_column("support_case", sa.Column("desk", sa.String(), nullable=True))
    op.add_column("support_case", sa.Column("ticket", sa.String(), nullable=True))
    op.add_column("contact_report", sa.Column("message", sa.String(), nullable=True))
    op.create_index("a_ticket_comes_once", "support_case", ["ticket", "desk"], unique=True)
    op.create_index("a_message_comes_once", "contact_report", ["case_id", "message"], unique=True)
