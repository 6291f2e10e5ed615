"""Who on file is the same person as who asks, and which employees a package names."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "request_person",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("likeness", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", BIG, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.CheckConstraint("answer IN ('same', 'other')", name="answer_is_listed"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "person_id", name="a_person_is_answered_once"),
    )
    op.create_table(
        "request_reveal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("every_one", sa.Boolean(), nullable=False),
        sa.Column("employee", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.ForeignKeyConstraint(["employee"], ["staff.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "seq", name="a_consultation_is_named_once"),
    )
    for table in ("request_person", "request_reveal"):
        op.create_index(op.f(f"ix_{table}_request_id"), table, ["request_id"], unique=False)
    op.create_index(op.f("ix_request_person_person_id"), "request_person", ["person_id"], unique=False)
