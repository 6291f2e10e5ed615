"""Whom employees declare to be close to."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
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
