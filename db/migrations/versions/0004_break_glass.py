"""Break-glass: the grants."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of grants."""
    op.create_table('break_glass',
        sa.Column('id', BIG, nullable=False),
        sa.Column('staff_id', sa.String(), nullable=False),
        sa.Column('sid', sa.String(), nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('opened_at', BIG, nullable=False),
        sa.Column('until_at', BIG, nullable=False),
        sa.Column('entry', BIG, nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id']),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index('break_glass_opened', 'break_glass', ['opened_at'], unique=False)
