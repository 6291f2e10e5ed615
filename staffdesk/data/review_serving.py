"""What one answer about a look serves besides: items that nobody asked about, and those of the same looks later."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deciding import Deciding, i_may
from staffdesk.data.tables.review import Review, ReviewEntry
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Append
from staffdesk.domain.reviews import ItemState

_REVIEW: Final = register.table(Review)
_RESTS: Final = register.table(ReviewEntry)
_NOW: Final = sa.bindparam("now", type_=BigInt)

_NEW: Final = (
    sa.select(_REVIEW.c.id, _REVIEW.c.actor)
    .where(_REVIEW.c.state == ItemState.OPEN.value, _REVIEW.c.made_at == _NOW)
    .order_by(_REVIEW.c.id)
)
_SEQS: Final = sa.select(_RESTS.c.seq).where(_RESTS.c.review_id == sa.bindparam("item"))
_ANSWERED: Final = (
    sa.select(_REVIEW.c.asked_at, _REVIEW.c.answered_at, _REVIEW.c.answer_entry)
    .join(_RESTS, _RESTS.c.review_id == _REVIEW.c.id)
    .where(
        _REVIEW.c.actor == sa.bindparam("who"),
        _REVIEW.c.answer_entry.is_not(None),
        _RESTS.c.seq.in_(sa.bindparam("seqs", expanding=True)),
    )
    .group_by(_REVIEW.c.id)
    .having(sa.func.count() == sa.bindparam("many", type_=BigInt))
    .order_by(_REVIEW.c.id.desc())
    .limit(1)
)
_SERVE: Final = (
    sa.update(_REVIEW)
    .where(_REVIEW.c.id == sa.bindparam("item"), _REVIEW.c.state == ItemState.OPEN.value)
    .values(
        state=ItemState.ANSWERED.value,
        asked_at=sa.bindparam("asked", type_=BigInt),
        answered_at=sa.bindparam("answered", type_=BigInt),
        answer_entry=sa.bindparam("entry", type_=BigInt),
    )
)
_SERVE_MINE: Final = _SERVE.where(_REVIEW.c.actor == sa.bindparam("me"), i_may())
_ASKED_BY_NOW: Final = (
    sa.update(_REVIEW)
    .where(_REVIEW.c.state == ItemState.ASKED.value, _REVIEW.c.asked_at > sa.bindparam("latest", type_=BigInt))
    .values(asked_at=_NOW)
)

_ASK_AGAIN: Final = (
    sa.update(_REVIEW)
    .where(
        _REVIEW.c.answer_entry == sa.bindparam("entry", type_=BigInt),
        _REVIEW.c.state == ItemState.ANSWERED.value,
        _REVIEW.c.actor != sa.bindparam("me"),
        i_may(),
    )
    .values(state=ItemState.ASKED.value, asked_by=sa.bindparam("me"), asked_at=_NOW)
)


class Serving:
    """Lets an answer serve items that nobody asked about."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def serve(self, item: int, entry: int, by: Deciding) -> int:
        """Note that an item's employee answered about its looks, in which entry; return how many rows that was."""
        given = {"item": item, "entry": entry, "asked": by.now, "answered": by.now}
        return self._tx.write(_SERVE_MINE, {**by.parameters(), **given})

    def serve_new(self, now: int) -> int:
        """Do the same for what came on the list at a moment, where all its looks were answered for; return how many."""
        served = 0
        for item, actor in self._tx.rows(_NEW, {"now": now}):
            seqs = [int(row[0]) for row in self._tx.rows(_SEQS, {"item": item})]
            row = self._tx.row(_ANSWERED, {"who": actor, "seqs": seqs, "many": len(seqs)})
            if row is not None:
                given = {"asked": row.asked_at, "answered": row.answered_at, "entry": row.answer_entry}
                served += self._tx.write(_SERVE, {"item": int(item), **given})
        return served

    def ask_again(self, entry: int, by: Deciding) -> int:
        """Put what the answer in this entry served, and nobody decided, back into the inbox; return how many rows."""
        return self._tx.write(_ASK_AGAIN, {**by.parameters(), "entry": entry})

    def asked_by_now(self, now: int, latest: int) -> int:
        """Let the days in which somebody may answer begin now where a clock that was ahead says they are to come."""
        return self._tx.write(_ASKED_BY_NOW, {"now": now, "latest": latest})
