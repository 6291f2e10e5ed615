"""Where people are looked up by country, and by a name beside an organisation's, and an employee's open cases."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes; the words on the encrypted file alone, whose pages must be deciphered one by one.

    PostgreSQL reads rows as fast, and its indexes hold no value as long as these words may be. There rare words are no
    longer looked for by reading the table through.
    """
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "case_open",
        "support_case",
        ["opened_by", "opened_at", "id"],
        unique=False,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("person_countries", "person", ["country", "id", "obtained_on"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("person_words_by_organisation", "person", ["organisation_id", "words"], unique=False)
        return
    for statement in sql("postgres", "find_people"):
        op.get_bind().exec_driver_sql(statement)
