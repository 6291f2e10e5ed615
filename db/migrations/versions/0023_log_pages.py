"""A reference leads to its entries by an index, and so do the few entries whose employee stands in a relation."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KNOWN = sa.text("ref IS NOT NULL")
RELATED_SQLITE = sa.text("instr(core, X'2272656C223A5B22') > 0")
RELATED_POSTGRES = sa.text("\"position\"(core, '\\x2272656c223a5b22'::bytea) > 0")


def upgrade() -> None:
    """Add the two; both hold only the entries that have what they lead by."""
    op.create_index("entry_ref", "entry", ["ref", "seq"], unique=False, sqlite_where=KNOWN, postgresql_where=KNOWN)
    op.create_index(
        "entry_related",
        "entry",
        ["seq"],
        unique=False,
        sqlite_where=RELATED_SQLITE,
        postgresql_where=RELATED_POSTGRES,
    )
