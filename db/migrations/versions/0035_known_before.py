"""By what an import knew somebody before a field of his was set right, so that the same list finds him again."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its index."""
    known = sa.text("before_key IS NOT NULL")
    op.add_column("field_status", sa.Column("before_key", sa.String(), nullable=True))
    op.create_index(
        "field_status_before", "field_status", ["before_key"], unique=False, sqlite_where=known, postgresql_where=known
    )
