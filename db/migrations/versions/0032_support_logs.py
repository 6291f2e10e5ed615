"""Zips of support logs: attached to a case alone, with their manifests."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('asked', 'received', 'quarantined', 'curated', 'destroyed')"
CURATED = "curated IN ('unknown', 'yes', 'no')"
ENDED = "ended IN ('replaced', 'scrubbed', 'by hand', 'period over')"


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "log_bundle",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", BIG, nullable=True),
        sa.Column("asked_by", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("received_at", BIG, nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("curated", sa.String(), nullable=False),
        sa.Column("size", BIG, nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=True),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.CheckConstraint(STATES, name="state_is_listed"),
        sa.CheckConstraint(CURATED, name="curated_is_listed"),
        sa.CheckConstraint(ENDED, name="ended_is_listed"),
        sa.CheckConstraint("(key IS NULL) = (file IS NULL)", name="a_sealed_file_has_a_key"),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"]),
        *(sa.ForeignKeyConstraint([name], ["staff.id"]) for name in ("asked_by", "taken_by")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("file"),
    )
    op.create_index(op.f("ix_log_bundle_case_id"), "log_bundle", ["case_id"], unique=False)
    op.create_table(
        "log_bundle_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("bundle_id", BIG, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["bundle_id"], ["log_bundle.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bundle_id", "place", name="a_place_in_a_zip_is_one_file"),
    )
    op.create_index(op.f("ix_log_bundle_file_bundle_id"), "log_bundle_file", ["bundle_id"], unique=False)
