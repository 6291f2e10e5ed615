"""Which of the two grounds of the law it is for which a recipient need not be told (GDPR Art. 19)."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

GROUNDS = "ground IN ('impossible', 'disproportionate')"


def upgrade() -> None:
    """Add the ground; what was noted before names none, and its letter goes on saying that it is one of the two."""
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("recipient_task", sa.Column("ground", sa.String(), nullable=True))
        op.create_check_constraint("ground_is_listed", "recipient_task", GROUNDS)
        return
    # A column that is added takes its check along, so the table need not be made anew.
    op.execute(f"ALTER TABLE recipient_task ADD COLUMN ground VARCHAR CONSTRAINT ground_is_listed CHECK ({GROUNDS})")
