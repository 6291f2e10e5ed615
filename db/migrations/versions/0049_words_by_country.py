"""Look-ups read fewer pages: one bit for each person of a country, and the word indexes in nodes of a page each."""

from alembic import op

from staffdesk.data.assets import sql

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_NODE = 3968
"""Of its 4,096 bytes a page of the encrypted file keeps 80 for itself: a node of the usual size spills into another."""


def upgrade() -> None:
    """Put the bits in the place of the index of countries; on PostgreSQL nothing read that index."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in sql("sqlite", "words_by_country"):
            op.get_bind().exec_driver_sql(statement)
        for index in ("person_words", "organisation_words"):
            op.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('pgsz', {_NODE})")
            for step in ("rebuild", "optimize"):
                op.execute(f"INSERT INTO {index} ({index}) VALUES ('{step}')")
    op.drop_index("person_countries", table_name="person")
