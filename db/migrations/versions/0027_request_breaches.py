"""Breaches that a request brought to light: somebody else had asked in a customer's name."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONE = "(review_id IS NULL) <> (request IS NULL)"


def upgrade() -> None:
    """Let a breach come of a request in the place of an item; SQLite changes a column only in a table made anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("breach", "review_id", nullable=True)
        op.add_column("breach", sa.Column("request", sa.String(), nullable=True))
        op.create_check_constraint("a_breach_came_of_one_thing", "breach", ONE)
        return
    op.rename_table("breach", "breach_before")
    op.create_table(
        "breach",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("review_id", BIG, nullable=True),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("closed_at", BIG, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closing_entry", BIG, nullable=True),
        sa.CheckConstraint("outcome IN ('no_risk', 'authority', 'authority_and_person')", name="outcome_is_listed"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="a_closed_breach_has_an_outcome"),
        sa.CheckConstraint(ONE, name="a_breach_came_of_one_thing"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"]),
        *(sa.ForeignKeyConstraint([name], ["staff.id"]) for name in ("opened_by", "closed_by")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("review_id"),
    )
    kept = "id, number, review_id, opened_at, opened_by, due_at, outcome, closed_at, closed_by, closing_entry"
    op.execute(f"INSERT INTO breach ({kept}) SELECT {kept} FROM breach_before")
    op.drop_table("breach_before")
