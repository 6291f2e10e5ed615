"""Requests carried out: when, who outside the house is told, and what mail must not go to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what a stop of marketing leaves behind."""
    op.add_column('request', sa.Column('carried_out_at', BIG, nullable=True))
    op.create_table('recipient_task',
        sa.Column('id', BIG, nullable=False),
        sa.Column('request_id', BIG, nullable=False),
        sa.Column('recipient', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('made_at', BIG, nullable=False),
        sa.Column('sent_at', BIG, nullable=True),
        sa.CheckConstraint("state IN ('open', 'sent')", name='state_is_listed'),
        sa.ForeignKeyConstraint(['request_id'], ['request.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('request_id', 'recipient', name='a_recipient_is_told_once')
    )
    op.create_index(op.f('ix_recipient_task_request_id'), 'recipient_task', ['request_id'], unique=False)
    op.create_table('suppression',
        sa.Column('id', BIG, nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('no_mail', sa.Boolean(), nullable=False),
        sa.Column('no_return', sa.Boolean(), nullable=False),
        sa.Column('since', BIG, nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone', 'account')", name='kind_is_listed'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('kind', 'digest', name='a_digest_is_held_once')
    )
