"""What is told of an import (how it was obtained, with which evidence), and what an import changed."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the table; what was imported before says neither."""
    for name, kind in (
        ("source", sa.String()),
        ("obtained_on", sa.Date()),
        ("evidence", sa.String()),
        ("event", sa.String()),
        ("partner_id", BIG),
        ("notice_due_on", sa.Date()),
        ("noticed_on", sa.Date()),
        ("undone_at", BIG),
    ):
        op.add_column("import_run", sa.Column(name, kind, nullable=True))
    op.create_table(
        "import_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("record_table", sa.String(), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("before_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("import_id", "before_id"):
        op.create_index(op.f(f"ix_import_change_{column}"), "import_change", [column], unique=False)
    op.create_index("import_change_of_row", "import_change", ["record_table", "record_id"], unique=False)
