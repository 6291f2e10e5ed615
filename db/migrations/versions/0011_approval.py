"""What a desk sets otherwise than it is shipped, what proved who asks, and since when a copy of it lies in the mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table, and the two columns: a copy that is there lies there since its proof came."""
    op.create_table('local_setting',
        sa.Column('id', BIG, nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('value', sa.String(), nullable=True),
        sa.Column('set_at', BIG, nullable=False),
        sa.Column('set_by', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=True),
        sa.CheckConstraint("name IN ('front_of_card', 'deputy')", name='name_is_listed'),
        sa.ForeignKeyConstraint(['set_by'], ['staff.id']),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index('local_setting_of_name', 'local_setting', ['name', 'id'], unique=False)
    op.add_column('request_progress', sa.Column('copy_since', sa.Date(), nullable=True))
    op.add_column('request_progress', sa.Column('proof_kind', sa.String(), nullable=True))
    op.execute("UPDATE request_progress SET copy_since = proof_on WHERE copy_deleted_on IS NULL")
