"""The review's work-list, the entries its items rest on, the register of breaches, closed months, and how far it is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "review",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("first_seq", BIG, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=True),
        sa.Column("asked_at", BIG, nullable=True),
        sa.Column("answered_at", BIG, nullable=True),
        sa.Column("answer_entry", BIG, nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", BIG, nullable=True),
        sa.Column("decision_entry", BIG, nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('flag', 'break_glass', 'random')", name="kind_is_listed"),
        sa.CheckConstraint(
            "state IN ('open', 'asked', 'answered', 'justified', 'not_justified', 'unclear')", name="state_is_listed"
        ),
        *(sa.ForeignKeyConstraint([name], ["staff.id"]) for name in ("actor", "asked_by", "decided_by")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "rule", "actor", "day", "first_seq", name="an_access_is_listed_once"),
    )
    op.create_index("review_of_state", "review", ["state", "severity", "id"], unique=False)
    op.create_index("review_of_actor", "review", ["actor", "state"], unique=False)
    op.create_index("review_of_month", "review", ["month", "state"], unique=False)
    op.create_table(
        "review_entry",
        sa.Column("review_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"]),
        sa.PrimaryKeyConstraint("review_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "breach",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("review_id", BIG, nullable=False),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("closed_at", BIG, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closing_entry", BIG, nullable=True),
        sa.CheckConstraint("outcome IN ('no_risk', 'authority', 'authority_and_person')", name="outcome_is_listed"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="a_closed_breach_has_an_outcome"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"]),
        *(sa.ForeignKeyConstraint([name], ["staff.id"]) for name in ("opened_by", "closed_by")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("review_id"),
    )
    op.create_table(
        "review_month",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("first_seq", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.Column("entries", BIG, nullable=False),
        sa.Column("opens", BIG, nullable=False),
        sa.Column("sealed", BIG, nullable=True),
        sa.Column("root", sa.String(), nullable=True),
        sa.Column("drawn", BIG, nullable=True),
        sa.Column("closed_at", BIG, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("certificate", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("month"),
    )
    op.create_table(
        "review_progress",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("learned", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("id = 1", name="one_progress"),
        sa.PrimaryKeyConstraint("id"),
    )
