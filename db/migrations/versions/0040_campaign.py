"""What the campaign service was given and by which export, and the setting that says where its files go."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMES = "name IN ('front_of_card', 'deputy', 'campaign_folder')"
COLUMNS = "id, name, value, set_at, set_by, reason"


def upgrade() -> None:
    """Add both tables, and let a setting have the new name."""
    op.create_table(
        "campaign_export",
        sa.Column("id", BIG, nullable=False),
        sa.Column("recipient_id", BIG, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("classes", "purpose")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("given", "withdrawn")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("folder", "name", "digest")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "campaign_address",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("given_in", BIG, nullable=True),
        sa.Column("withdrawn_in", BIG, nullable=True),
        sa.CheckConstraint("told IN ('given', 'stopped', 'left', 'paused')", name="told_is_listed"),
        sa.CheckConstraint("given_in IS NOT NULL OR withdrawn_in IS NOT NULL", name="an_address_was_told_of"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["given_in"], ["campaign_export.id"]),
        sa.ForeignKeyConstraint(["withdrawn_in"], ["campaign_export.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("person_id", "given_in", "withdrawn_in"):
        op.create_index(op.f(f"ix_campaign_address_{column}"), "campaign_address", [column], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("name_is_listed", "local_setting")
        op.create_check_constraint("name_is_listed", "local_setting", NAMES)
        return
    # SQLite changes no check of a table that is there, so its rows move into a new one.
    op.create_table(
        "local_setting_new",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("set_at", BIG, nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(NAMES, name="name_is_listed"),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(f"INSERT INTO local_setting_new ({COLUMNS}) SELECT {COLUMNS} FROM local_setting")
    op.drop_table("local_setting")
    op.rename_table("local_setting_new", "local_setting")
    op.create_index("local_setting_of_name", "local_setting", ["name", "id"], unique=False)
