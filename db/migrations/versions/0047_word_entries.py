"""On PostgreSQL the words are kept as entries of a table, each with its row's number, and no row is read to find them."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the entries in the place of the indexes before, with what writes and what reads them."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        return
    if not sa.inspect(connection).has_table("person_words"):
        for index in ("person_words", "organisation_words"):
            op.drop_index(index)
        for statement in sql("postgres", "word_index"):
            connection.exec_driver_sql(statement)
    op.execute("DROP FUNCTION IF EXISTS desk.words_held(text, text, double precision, jsonb)")
    written, *_ = sql("postgres", "vocabulary")
    for statement in (written, *sql("postgres", "find_people"), *sql("postgres", "find_organisations")):
        connection.exec_driver_sql(statement)
