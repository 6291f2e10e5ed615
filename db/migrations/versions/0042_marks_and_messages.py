"""Which import told that mail to an address came back; one column by which a message of a case is known again."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column, not known of marks that stand by now; put a mail's digest beside the numbers of services."""
    op.add_column("person", sa.Column("bounced_import_id", BIG, nullable=True))
    op.execute("UPDATE contact_report SET message = message_digest WHERE message_digest IS NOT NULL")
    op.drop_index("contact_report_mail", "contact_report")
    op.drop_column("contact_report", "message_digest")
