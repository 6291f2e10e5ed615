"""Where people are looked up by country, and by a name beside an organisation's, without reading their rows."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes; the words on the encrypted file alone, whose pages must be deciphered one by one.

    PostgreSQL reads rows as fast, and its indexes hold no value as long as these words may be.
    """
    op.create_index("person_countries", "person", ["country", "id", "obtained_on"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("person_words_by_organisation", "person", ["organisation_id", "words"], unique=False)
