"""Look-ups read fewer pages: by the words of names, each with the organisation, and by country alone."""

from alembic import op

from staffdesk.data.assets import sql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put narrower indexes in the place of those before; the words are kept on the encrypted file alone.

    Its pages must be deciphered one by one. PostgreSQL finds a name beside a company's by rows.
    """
    op.drop_index("person_countries", table_name="person")
    op.create_index("person_countries", "person", ["country", "id"], unique=False)
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("person_words_by_organisation", table_name="person")
    for statement in sql("sqlite", "words_with_organisation"):
        op.get_bind().exec_driver_sql(statement)
