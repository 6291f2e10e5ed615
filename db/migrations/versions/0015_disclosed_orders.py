"""Disclosures by order: who erases an order must find what hangs on it without reading all there are."""

from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index('disclosure_order', 'disclosure', ['order_id'], unique=False)
