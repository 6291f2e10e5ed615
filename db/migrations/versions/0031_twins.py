"""Which records of people were put together as one and the same, and which are two people's."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# A record that was put together with another opens as that one; whoever is close to one is close to both.
SUBJECT = """
VIEW desk_subject_person AS
SELECT it.id AS record_id, who.id AS person_id, who.organisation_id AS organisation_id, who.aid AS aid,
  CAST(who.relation_keys || COALESCE((
    SELECT ' ' || {joined} FROM person_pair AS its JOIN person AS merged ON merged.id = its.other_id
    WHERE its.person_id = who.id AND its.answer = 'same'), '') AS varchar) AS relation_keys,
  who.country AS country, company.aid AS organisation_aid, company.country AS organisation_country
FROM person AS it LEFT JOIN person_pair AS pair ON pair.other_id = it.id AND pair.answer = 'same'
  JOIN person AS who ON who.id = COALESCE(pair.person_id, it.id)
  LEFT JOIN organisation AS company ON company.id = who.organisation_id
"""


def upgrade() -> None:
    """Add the two tables, and let the view of a person's record know of them."""
    op.create_table(
        "person_pair",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("likeness", sa.String(), nullable=False),
        sa.Column("decided_at", BIG, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.CheckConstraint("answer IN ('same', 'other')", name="answer_is_listed"),
        sa.CheckConstraint("person_id <> other_id", name="a_pair_is_of_two"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "other_id", name="a_pair_is_decided_once"),
    )
    op.create_index(op.f("ix_person_pair_other_id"), "person_pair", ["other_id"], unique=False)
    op.create_table(
        "merged_row",
        sa.Column("id", BIG, nullable=False),
        sa.Column("pair_id", BIG, nullable=False),
        sa.Column("record_table", sa.String(), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["person_pair.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_merged_row_pair_id"), "merged_row", ["pair_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        joined = "string_agg(merged.relation_keys, ' ' ORDER BY merged.id)"
        op.execute(f"CREATE OR REPLACE {SUBJECT.strip().format(joined=joined)}")  # in its place: who was let read it is
        return
    op.execute("DROP VIEW desk_subject_person")
    op.execute(f"CREATE {SUBJECT.strip().format(joined='group_concat(merged.relation_keys, char(32))')}")
