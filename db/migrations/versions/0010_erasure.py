"""What an erasure leaves behind: holds, destructions to finish, tombstones."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the three tables."""
    is_open = sa.text("ended_at IS NULL")
    to_do = sa.text("done_at IS NULL")
    op.create_table('hold',
        sa.Column('id', BIG, nullable=False),
        sa.Column('record_table', sa.String(), nullable=False),
        sa.Column('record_id', BIG, nullable=False),
        sa.Column('ground', sa.String(), nullable=False),
        sa.Column('law', sa.String(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('reference', sa.String(), nullable=True),
        sa.Column('made_at', BIG, nullable=False),
        sa.Column('request_id', BIG, nullable=True),
        sa.Column('ended_at', BIG, nullable=True),
        sa.CheckConstraint("ground IN ('accounting', 'warranty', 'claim', 'legal_obligation', 'restriction')", name='ground_is_listed'),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index('hold_open', 'hold', ['record_table', 'record_id'], unique=False, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index('hold_until', 'hold', ['until'], unique=False, sqlite_where=is_open, postgresql_where=is_open)
    op.create_table('destruction',
        sa.Column('id', BIG, nullable=False),
        sa.Column('request_id', BIG, nullable=True),
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('target', sa.String(), nullable=True),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('made_at', BIG, nullable=False),
        sa.Column('done_at', BIG, nullable=True),
        sa.CheckConstraint("what IN ('index', 'files', 'sweep', 'server')", name='what_is_listed'),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index('destruction_to_do', 'destruction', ['request_id'], unique=False, sqlite_where=to_do, postgresql_where=to_do)
    op.create_table('tombstone',
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('request', sa.String(), nullable=True),
        sa.Column('erased_at', BIG, nullable=False),
        sa.Column('seq', BIG, nullable=False),
        sa.PrimaryKeyConstraint('aid')
    )
