"""What the calls on imports need first with faults: an import for which a notice is owed."""

from __future__ import annotations

import sqlalchemy as sa

_RUN = sa.text(
    "INSERT INTO import_run (store, digest, started_at, staff_id, notice_due_on) "
    "SELECT 'partners', '00', 1, min(id), '2026-01-01' FROM staff RETURNING id"
)


def run(owner: sa.Connection) -> int:
    """Put an import there and return its number."""
    (number,) = owner.execute(_RUN).one()
    return int(number)
