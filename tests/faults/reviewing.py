"""What the review's calls with faults need first: items, questions, breaches and months that can be closed."""

from __future__ import annotations

import sqlalchemy as sa

_ITEM = sa.text(
    "INSERT INTO review (kind, rule, words, severity, actor, day, month, at, first_seq, state, made_at, own) "
    "SELECT 'random', 'random', 'Drawn.', 0, id, '2020-01-01', '2020-01', 0, :seq, 'open', 0, :own FROM staff "
    "WHERE user_name = :who RETURNING id"
)
_RESTS = sa.text("INSERT INTO review_entry (review_id, seq) VALUES (:item, :seq)")
_MONTH = sa.text(
    "INSERT INTO review_month (month, first_seq, last_seq, entries, opens, sealed, root, drawn) "
    "VALUES (:month, 1, 1, 1, 0, 1, '00', 0)"
)


def item(owner: sa.Connection, who: str, seq: int) -> int:
    """Put an entry on the list and return the item's number."""
    (number,) = owner.execute(_ITEM, {"who": who, "seq": seq, "own": False}).one()
    owner.execute(_RESTS, {"item": number, "seq": seq})
    return int(number)


def month(owner: sa.Connection, which: int) -> str:
    """Add a month long ago of which everything was taken, and return it."""
    name = f"20{10 + which // 12 % 10}-{which % 12 + 1:02}"
    owner.execute(sa.text("DELETE FROM review_month WHERE month = :month"), {"month": name})
    owner.execute(sa.text("DELETE FROM review_progress"))
    owner.execute(sa.text("INSERT INTO review_progress (id, seq, day) VALUES (1, 1, '2025-01-01')"))
    owner.execute(_MONTH, {"month": name})
    return name
