"""On PostgreSQL words are looked for by the rarest of them, and a name beside a company's by whichever is rarer."""

from alembic import op

from staffdesk.data.assets import sql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the functions in the place of those before; what says how words are looked for is told how many have each."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP FUNCTION IF EXISTS desk.words_held(text, text, double precision)")
    for name in ("find_people", "find_organisations"):
        for statement in sql("postgres", name):
            op.get_bind().exec_driver_sql(statement)
