"""On PostgreSQL each entry of a word has all words of its row beside it, and no row is looked up to judge it by them."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_BEFORE = (
    "word_entries(text, text, text)", "words_in_row(text[], text)", "numbers_with(text, text, bigint, jsonb, bigint[])",
    "people_with(text, text, bigint, jsonb, jsonb)", "people_let_pass(bigint[], text, date, integer)",
)  # fmt: skip


def upgrade() -> None:
    """Put such entries in the place of those before, with what writes and what reads them."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        return
    if all(column["name"] != "words" for column in sa.inspect(connection).get_columns("person_words")):
        op.drop_index("person_words_by_organisation", table_name="person")
        for table in ("person_words", "organisation_words"):
            op.drop_table(table)
        for statement in sql("postgres", "word_index"):
            connection.exec_driver_sql(statement)
    for function in _BEFORE:
        op.execute(f"DROP FUNCTION IF EXISTS desk.{function}")
    op.execute("DROP TRIGGER person_vocabulary_kept ON person")
    written, of_people, *_ = sql("postgres", "vocabulary")
    for statement in (written, of_people, *sql("postgres", "find_people"), *sql("postgres", "find_organisations")):
        connection.exec_driver_sql(statement)
