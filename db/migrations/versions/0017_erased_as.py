"""By which erasure a row is held, and as which keyed digests each erasure's people were known: who asks anew is found.

Of an erasure made before, a digest is known to be of its people where both came in one moment, which no other erasure
shares. Of whoever had stopped mail before he was erased, or was erased with others in one run over a restored copy, it
is not known, and nothing is said to be: a digest tells nothing of itself, and his record is gone. The holds of an
erasure that a restored copy made again named no request, and stay without their erasure too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HOLDS = (
    "UPDATE hold SET seq = (SELECT min(tombstone.seq) FROM tombstone JOIN request "
    "ON request.number = tombstone.request WHERE request.id = hold.request_id) WHERE ground <> 'restriction'"
)
DIGESTS = (
    "INSERT INTO erased_as (digest, seq) SELECT suppression.digest, min(tombstone.seq) FROM suppression "
    "JOIN tombstone ON tombstone.erased_at = suppression.since WHERE suppression.no_return "
    "GROUP BY suppression.digest HAVING count(DISTINCT tombstone.seq) = 1"
)


def upgrade() -> None:
    """Add the table and the column, and fill them as far as it is known."""
    op.create_table(
        "erased_as",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("digest", "seq"),
    )
    op.add_column("hold", sa.Column("seq", BIG, nullable=True))
    op.execute(HOLDS)
    op.execute(DIGESTS)
