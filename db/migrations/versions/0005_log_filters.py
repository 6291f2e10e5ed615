"""What the log is asked for by: filters kept under a name, and indexes of the few entries that are looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the two partial indexes; entries are not touched."""
    op.create_table('saved_filter',
        sa.Column('staff_id', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
        sa.PrimaryKeyConstraint('staff_id', 'name')
    )
    for name, column, where in (("entry_out", "out", "\"out\" <> 'ok'"), ("entry_revealed", "level", "level = 'revealed'")):
        op.create_index(name, 'entry', [column, 'seq'], unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
