"""Whom employees declare to be close to, and which request came by mail from the address on file."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The digests of a request begin with its e-mail's where it has one, and so do a person's: two letters and 16 digits.
REQUEST = """
VIEW desk_reference_request AS
SELECT it.number, it.id AS record_id, it.aid, it.person_id, CAST(NULL AS bigint) AS organisation_id,
  it.received_by AS made_by,
  CASE WHEN it.message_digest IS NOT NULL AND substr(it.relation_keys, 1, 2) = 'e:'
    AND substr(it.relation_keys, 1, 18) = substr(who.relation_keys, 1, 18) THEN 'mail' ELSE 'own' END AS origin,
  it.received_at AS at,
  CASE WHEN it.state IN ('completed', 'refused', 'lapsed', 'withdrawn', 'no_data', 'archived', 'purged') THEN 0 ELSE 1 END
    AS is_open,
  CAST(NULL AS text) AS imported_by
FROM request AS it LEFT JOIN person AS who ON who.id = it.person_id
"""


def upgrade() -> None:
    """Add the table, and let the view of requests say which of them nobody here made."""
    op.create_table(
        "declared_relation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("declared_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("staff_id", "person_id", "organisation_id"):
        op.create_index(op.f(f"ix_declared_relation_{column}"), "declared_relation", [column], unique=False)
    statement = REQUEST.strip()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE OR REPLACE {statement}")  # in its place, so that who was let read it still is
        return
    op.execute("DROP VIEW desk_reference_request")
    op.execute(f"CREATE {statement}")
