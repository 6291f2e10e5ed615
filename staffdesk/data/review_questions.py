"""What somebody is asked about looks of his: items of one look are one question, and one answer serves them."""

from collections import defaultdict
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.review import Review, ReviewEntry
from staffdesk.data.transaction import Transaction
from staffdesk.domain.reviews import ItemState, together

_REVIEW: Final = register.table(Review)
_RESTS: Final = register.table(ReviewEntry)

_RESTING: Final = (
    sa.select(_REVIEW.c.id, _RESTS.c.seq)
    .join(_RESTS, _RESTS.c.review_id == _REVIEW.c.id)
    .where(_REVIEW.c.actor == sa.bindparam("who"), _REVIEW.c.state == sa.bindparam("which"))
    .order_by(_REVIEW.c.severity.desc(), _REVIEW.c.id, _RESTS.c.seq)
)


class Questions:
    """The questions to one employee, each of the items that share a look; the heaviest first."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def asked(self, staff_id: str) -> tuple[tuple[int, ...], ...]:
        """Return what he is asked about and has not answered: the items of each question."""
        return together(self._resting(staff_id, ItemState.ASKED))

    def served(self, staff_id: str, item: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return what an answer about an item serves: what is asked with it, and what nobody asked about yet.

        Of the latter it is what rests on nothing but looks that are asked about here.
        """
        resting = self._resting(staff_id, ItemState.ASKED)
        asked = next((each for each in together(resting) if item in each), (item,))
        seqs = frozenset[int]().union(*(resting.get(each, frozenset()) for each in asked))
        waiting = self._resting(staff_id, ItemState.OPEN)
        return asked, tuple(each for each, rests in waiting.items() if rests <= seqs)

    def _resting(self, staff_id: str, state: ItemState) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for item, seq in self._tx.rows(_RESTING, {"who": staff_id, "which": state.value}):
            found[int(item)].add(int(seq))
        return {item: frozenset(seqs) for item, seqs in found.items()}
