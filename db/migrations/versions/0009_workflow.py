"""How far a request is: proof of identity, moves, decisions, places searched, corrections and letters."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TASK_STATES = "state IN ('open', 'sent', 'confirmed', 'exempt')"


def upgrade() -> None:
    """Add what a request's way leaves behind."""
    for column in (
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("proof_came_along", sa.Boolean(), nullable=True),
        sa.Column("message_digest", sa.String(), nullable=True),
    ):
        op.add_column("request", column)
    # Alembic adds no constraint to a table of SQLite's; a column that refers may be added where it is empty.
    big = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(f"ALTER TABLE request ADD COLUMN linked_to {big} REFERENCES request (id)")
    op.create_index(op.f("ix_request_message_digest"), "request", ["message_digest"], unique=False)
    _tasks()
    op.create_table(
        "request_progress",
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("doubted", sa.Boolean(), nullable=False),
        sa.Column("proof_on", sa.Date(), nullable=True),
        sa.Column("runs_from", sa.Date(), nullable=True),
        sa.Column("copy_deleted_on", sa.Date(), nullable=True),
        sa.Column("first_due", sa.Date(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_digest", sa.String(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("complaint_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "identity IN ('none', 'asked', 'received', 'verified', 'failed')", name="identity_is_listed"
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        *(sa.ForeignKeyConstraint([name], ["staff.id"]) for name in ("verified_by", "decided_by", "approved_by")),
        sa.PrimaryKeyConstraint("request_id"),
    )
    op.execute(
        "INSERT INTO request_progress (request_id, turn, identity, doubted, first_due) "
        "SELECT id, 0, 'none', FALSE, hard_due FROM request"
    )
    op.create_table(
        "request_move",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "turn", name="a_request_moves_once_a_turn"),
    )
    op.create_table(
        "request_check",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("checked_at", BIG, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.CheckConstraint("outcome IN ('done', 'nothing', 'evidence')", name="outcome_is_listed"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "place", name="a_place_is_searched_once"),
    )
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
        sa.CheckConstraint(
            "action IN ('provide', 'redact', 'correct', 'erase', 'anonymise', 'restrict', 'keep', 'decline')",
            name="action_is_listed",
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "record_table", "record_id", name="a_row_is_decided_once"),
    )
    op.create_table(
        "request_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("record_table", sa.String(), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("new_value", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("done_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "record_table", "record_id", "field", name="a_field_is_corrected_once"),
    )
    op.create_table(
        "request_letter",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("written_at", BIG, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("sent_at", BIG, nullable=True),
        sa.Column("way", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for table in ("request_move", "request_check", "request_decision", "request_change", "request_letter"):
        op.create_index(op.f(f"ix_{table}_request_id"), table, ["request_id"], unique=False)


def _tasks() -> None:
    """Let a recipient's task be confirmed or exempt; SQLite keeps a check only in a table made anew."""
    for column in (sa.Column("confirmed_at", BIG, nullable=True), sa.Column("reason", sa.String(), nullable=True)):
        op.add_column("recipient_task", column)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("state_is_listed", "recipient_task", type_="check")
        op.create_check_constraint("state_is_listed", "recipient_task", TASK_STATES)
        return
    op.drop_index("ix_recipient_task_request_id", "recipient_task")
    op.rename_table("recipient_task", "recipient_task_before")
    op.create_table(
        "recipient_task",
        sa.Column("id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("sent_at", BIG, nullable=True),
        sa.Column("confirmed_at", BIG, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(TASK_STATES, name="state_is_listed"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "recipient", name="a_recipient_is_told_once"),
    )
    op.execute(
        "INSERT INTO recipient_task SELECT id, request_id, recipient, state, made_at, sent_at, confirmed_at, reason "
        "FROM recipient_task_before"
    )
    op.drop_table("recipient_task_before")
    op.create_index(op.f("ix_recipient_task_request_id"), "recipient_task", ["request_id"], unique=False)
