"""The inner pages of a server's indexes are destroyed too: they keep values as signposts after their rows are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHAT = "what IN ('index', 'files', 'server', 'sweep', 'pages')"


def upgrade() -> None:
    """Hold what is destroyed to its list; SQLite keeps a check only in a table made anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("what_is_listed", "destruction")
        op.create_check_constraint("what_is_listed", "destruction", WHAT)
        return
    to_do = sa.text("done_at IS NULL")
    op.drop_index("destruction_to_do", "destruction")
    op.rename_table("destruction", "destruction_before")
    op.create_table(
        "destruction",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("done_at", BIG, nullable=True),
        sa.CheckConstraint(WHAT, name="what_is_listed"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(
        "INSERT INTO destruction SELECT id, request_id, what, target, sealed, made_at, done_at FROM destruction_before"
    )
    op.drop_table("destruction_before")
    op.create_index("destruction_to_do", "destruction", ["request_id"], unique=False, sqlite_where=to_do)
