"""How employees stand to who asks is kept with a request: until its file is closed nobody works on his own."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SUBJECT = """
VIEW desk_subject_request AS
SELECT it.id AS record_id, who.id AS person_id, who.organisation_id AS organisation_id,
  COALESCE(who.aid, it.aid) AS aid,
  CAST(COALESCE(who.relation_keys || ' ', '') || COALESCE(it.relation_keys, '') AS varchar) AS relation_keys,
  CASE WHEN who.id IS NULL THEN company.country ELSE who.country END AS country,
  company.aid AS organisation_aid, company.country AS organisation_country
FROM request AS it LEFT JOIN person AS who ON who.id = it.person_id
  LEFT JOIN organisation AS company ON company.id = who.organisation_id
"""


def upgrade() -> None:
    """Add the digests, and let the view of a request's subject tell them beside the person's own."""
    op.add_column("request", sa.Column("relation_keys", sa.String(), nullable=True))
    statement = SUBJECT.strip()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE OR REPLACE {statement}")  # in its place, so that who was let read it still is
        return
    op.execute("DROP VIEW desk_subject_request")
    op.execute(f"CREATE {statement}")
