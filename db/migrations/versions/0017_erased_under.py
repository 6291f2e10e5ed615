"""Under which request whoever a keyed digest stands for was erased: what a law keeps of him is found when he asks anew."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and fill it where an erasure set digest and hold in one moment."""
    op.add_column('suppression', sa.Column('request', sa.String(), nullable=True))
    op.execute(
        "UPDATE suppression SET request = (SELECT min(request.number) FROM request JOIN hold "
        "ON hold.request_id = request.id WHERE hold.made_at = suppression.since AND hold.ground <> 'restriction') "
        "WHERE no_return"
    )
