"""The trigrams of the words there are, for a part of a word where there are many; empty until they are built."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FOLDED = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the tables and what keeps them once they are built."""
    for table in ("person_trigram", "organisation_trigram"):
        op.create_table(table,
            sa.Column("trigram", FOLDED, nullable=False),
            sa.Column("word", FOLDED, nullable=False),
            sa.PrimaryKeyConstraint("trigram", "word"),
            sqlite_with_rowid=False,
        )
    op.create_table("built_index",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    dialect = "postgres" if op.get_bind().dialect.name == "postgresql" else "sqlite"
    files = ["trigrams"]
    if dialect == "postgres":
        op.execute("DROP FUNCTION desk.find_people(text[], text[], text, date, integer)")
        files.append("find_people")
    for each in files:
        for statement in sql(dialect, each):
            op.get_bind().exec_driver_sql(statement)
