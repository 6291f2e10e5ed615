"""On the encrypted file a name beside a company's is looked for by the name: its words stand with the company each."""

from alembic import op

from staffdesk.data.assets import sql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the words by themselves, in place of the index that had them by organisation."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("person_words_by_organisation", table_name="person")
    for statement in sql("sqlite", "words_with_organisation"):
        op.get_bind().exec_driver_sql(statement)
