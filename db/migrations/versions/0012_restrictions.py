"""The life of a restriction: contested fields, the day it is lifted, and by what a recipient is told of a request."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and the indexes by which a request's holds and contested fields are found."""
    contested = sa.text("contested_under IS NOT NULL")
    is_open = sa.text("ended_at IS NULL")
    op.add_column('field_status', sa.Column('contested_under', sa.String(), nullable=True))
    op.create_index('field_status_contested', 'field_status', ['contested_under'], unique=False, sqlite_where=contested, postgresql_where=contested)
    op.add_column('request_progress', sa.Column('lift_on', sa.Date(), nullable=True))
    op.add_column('recipient_task', sa.Column('orders', sa.String(), nullable=True))
    op.add_column('recipient', sa.Column('contact', sa.String(), nullable=True))
    op.create_index('hold_of_request', 'hold', ['request_id'], unique=False, sqlite_where=is_open, postgresql_where=is_open)
