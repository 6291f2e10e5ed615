"""Who took a reference in, whose company stands beside a person, and what a break-glass was asked for and reviewed by."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Where there is no person the organisation's country decides who may receive the row.
SUBJECTS = {
    "person": ("person AS it", "it.id", "it.organisation_id", "it.aid"),
    "organisation": ("organisation AS it", "NULL", "it.id", "it.aid"),
    "sales_order": ("sales_order AS it", "it.person_id", "it.organisation_id", "it.aid"),
    "order_line": ("order_line AS it JOIN sales_order AS o ON o.id = it.order_id", "o.person_id", "o.organisation_id", "o.aid"),
    "invoice": ("invoice AS it JOIN sales_order AS o ON o.id = it.order_id", "o.person_id", "o.organisation_id", "o.aid"),
    "shipment": ("shipment AS it JOIN sales_order AS o ON o.id = it.order_id", "o.person_id", "o.organisation_id", "o.aid"),
    "product_subscription": ("product_subscription AS it", "it.person_id", "it.organisation_id", "'p_' || it.id"),
    "licence": ("licence AS it", "it.person_id", "it.organisation_id", "it.aid"),
    "activation": ("activation AS it JOIN licence AS l ON l.id = it.licence_id", "l.person_id", "l.organisation_id", "l.aid"),
    "support_case": ("support_case AS it", "it.person_id", "it.organisation_id", "it.aid"),
    "contact_report": ("contact_report AS it", "it.person_id", "it.organisation_id", "'t_' || it.id"),
    "subscription": ("subscription AS it", "it.person_id", "NULL", "'n_' || it.id"),
    "request": ("request AS it", "it.person_id", "NULL", "it.aid"),
    "field_status": ("field_status AS it", "it.person_id", "it.organisation_id", "'f_' || it.id"),
}

SUBJECT = """
VIEW desk_subject_{table} AS
SELECT it.id AS record_id, who.id AS person_id, COALESCE(who.organisation_id, {organisation}) AS organisation_id,
  COALESCE(who.aid, {aid}) AS aid, who.relation_keys AS relation_keys,
  CASE WHEN who.id IS NULL THEN company.country ELSE who.country END AS country,
  company.aid AS organisation_aid, company.country AS organisation_country
FROM {source} LEFT JOIN person AS who ON who.id = {person}
  LEFT JOIN organisation AS company ON company.id = COALESCE(who.organisation_id, {organisation})
"""

REFERENCES = {
    "case": """
SELECT it.number, it.id AS record_id, it.aid, it.person_id, it.organisation_id, it.opened_by AS made_by, it.origin,
  it.opened_at AS at, CASE WHEN it.closed_at IS NULL THEN 1 ELSE 0 END AS is_open, run.staff_id AS imported_by
FROM support_case AS it LEFT JOIN import_run AS run ON run.id = it.import_id
""",
    "request": """
SELECT number, id AS record_id, aid, person_id, CAST(NULL AS bigint) AS organisation_id, received_by AS made_by,
  CAST(NULL AS text) AS origin, received_at AS at,
  CASE WHEN state IN ('completed', 'refused', 'lapsed', 'withdrawn', 'no_data', 'archived', 'purged') THEN 0 ELSE 1 END AS is_open,
  CAST(NULL AS text) AS imported_by
FROM request
""",
    "order": """
SELECT it.number_normal AS number, it.id AS record_id, it.aid, it.person_id, it.organisation_id,
  CAST(NULL AS text) AS made_by, CAST(NULL AS text) AS origin, it.ordered_at AS at,
  CASE WHEN it.is_test OR it.state = 'cancelled' THEN 0 ELSE 1 END AS is_open, run.staff_id AS imported_by
FROM sales_order AS it LEFT JOIN import_run AS run ON run.id = it.import_id
""",
    "licence": """
SELECT it.serial_key AS number, it.id AS record_id, it.aid, it.person_id, it.organisation_id,
  CAST(NULL AS text) AS made_by, CAST(NULL AS text) AS origin, CAST(NULL AS bigint) AS at, 1 AS is_open,
  run.staff_id AS imported_by
FROM licence AS it LEFT JOIN import_run AS run ON run.id = it.import_id
""",
}


def upgrade() -> None:
    """Make the views anew, and add to the grants what they are bound to and whether one was reviewed."""
    for table, (source, person, organisation, aid) in SUBJECTS.items():
        _view(SUBJECT.format(table=table, source=source, person=person, organisation=organisation, aid=aid).strip())
    for kind, statement in REFERENCES.items():
        _view(f"VIEW desk_reference_{kind} AS {statement}")
    for column in (
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("reviewed_at", BIG, nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=True),
    ):
        op.add_column("break_glass", column)
    # Whoever reviews was told of earlier ones at sign-in, as the rule was then.
    op.execute("UPDATE break_glass SET reviewed_at = until_at")
    where = sa.text("reviewed_at IS NULL")
    op.create_index("break_glass_to_review", "break_glass", ["entry"], unique=False, sqlite_where=where, postgresql_where=where)


def _view(statement: str) -> None:
    """Replace a view; on PostgreSQL in its place, so that who was let read it still is."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE OR REPLACE {statement}")
        return
    name = statement.split()[1]
    op.execute(f"DROP VIEW {name}")
    op.execute(f"CREATE {statement}")
