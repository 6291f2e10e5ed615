"""The words there are, and what the search's filters read: a part of a word, a slip of the finger, country and date."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FOLDED = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add both vocabularies, filled from the rows there are; on PostgreSQL the function that finds people anew."""
    for table in ("person_vocabulary", "organisation_vocabulary"):
        op.create_table(table, sa.Column("word", FOLDED, nullable=False), sa.PrimaryKeyConstraint("word"), sqlite_with_rowid=False)
    op.create_index("person_filters", "person", ["id", "country", "obtained_on"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS desk.find_people(text, boolean, boolean)")
        files = [("postgres", "vocabulary"), ("postgres", "find_people")]
    else:
        files = [("sqlite", "vocabulary")]
    for dialect, name in files:
        for statement in sql(dialect, name):
            op.get_bind().exec_driver_sql(statement)
