"""Another ground of refusal: what is held is accurate as it stands (GDPR Art. 16)."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GROUNDS = "ground IN ('others', 'excessive', 'law', 'unidentified', 'compelling', 'legal_claims', 'accurate')"
ACTIONS = "action IN ('provide', 'redact', 'correct', 'erase', 'anonymise', 'restrict', 'keep', 'decline')"


def upgrade() -> None:
    """Hold the ground to its list; SQLite keeps a check only in a table made anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ground_is_listed", "request_decision")
        op.create_check_constraint("ground_is_listed", "request_decision", GROUNDS)
        return
    op.drop_index("ix_request_decision_request_id", "request_decision")
    op.rename_table("request_decision", "request_decision_before")
    op.create_table(
        "request_decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("record_table", sa.String(), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("law", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("facts", sa.String(), nullable=True),
        sa.CheckConstraint(ACTIONS, name="action_is_listed"),
        sa.CheckConstraint(GROUNDS, name="ground_is_listed"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "record_table", "record_id", name="a_row_is_decided_once"),
    )
    op.execute(
        "INSERT INTO request_decision SELECT id, request_id, record_table, record_id, action, ground, law, until, facts "
        "FROM request_decision_before"
    )
    op.drop_table("request_decision_before")
    op.create_index(op.f("ix_request_decision_request_id"), "request_decision", ["request_id"], unique=False)
