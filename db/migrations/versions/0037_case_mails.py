"""Mails in cases, each with its way and whose it is; licence requests of cases with their checklists."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns, of which what was reported before says none, and both tables."""
    for name, kind in (
        ("direction", sa.String()),
        ("correspondent", sa.String()),
        ("proven", sa.Boolean()),
        ("attachments", sa.String()),
        ("message_digest", sa.String()),
    ):
        op.add_column("contact_report", sa.Column(name, kind, nullable=True))
    op.create_index("contact_report_mail", "contact_report", ["case_id", "message_digest"], unique=True)
    op.create_table(
        "licence_request",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("licence_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("started_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"]),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id"),
    )
    op.create_index(op.f("ix_licence_request_licence_id"), "licence_request", ["licence_id"], unique=False)
    op.create_table(
        "licence_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("done_at", BIG, nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["licence_request.id"]),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "step", name="a_step_is_done_once"),
    )
    op.create_index(op.f("ix_licence_step_request_id"), "licence_step", ["request_id"], unique=False)
