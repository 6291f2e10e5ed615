"""Each employee's inbox of the review: what he is asked about, and his answer, before anybody decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from staffdesk.data.actors import Actors
from staffdesk.data.entries import Entries
from staffdesk.data.log import Opened
from staffdesk.data.review_questions import Questions
from staffdesk.data.review_serving import Serving
from staffdesk.data.reviews import ItemRow, ReviewMoves, Reviews
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict, NotFound
from staffdesk.domain.reviews import ItemState, ReviewItem
from staffdesk.domain.written_reasons import reviewed_reason
from staffdesk.services.clearance import Clearance
from staffdesk.services.clearance import Wanted as Asked
from staffdesk.services.deciding import begun
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.log_rows import EntryRow, rows_of, without_relation
from staffdesk.services.reviewing import REVIEW, items_of, next_entry, subjects_of
from staffdesk.services.sessions import Clock, utc_ms

MOST = 50
_INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody is asked about, with his own entries it rests on.

    ``also`` are further items that rest on one of these looks: they are asked about with it, and one answer serves all.
    """

    item: ReviewItem
    entries: tuple[EntryRow, ...]
    also: tuple[ReviewItem, ...] = ()


class ReviewInbox:
    """What is asked of oneself; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, clock: Clock = utc_ms) -> None:
        """Work through ``door``."""
        self._door = door
        self._clock = clock

    def questions(self, access: Access) -> tuple[Question, ...]:
        """Return what one is asked about and has not answered, at most 50 questions; the entries are one's own."""

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[Question, ...], Result]:
            if cleared.actor is None:
                return (), Result(act=Act.AUDIT_OWN, kinds=(_INBOX,))
            asked = Questions(tx).asked(cleared.actor.staff_id)[:MOST]
            found = tuple(_question(tx, items) for items in asked)
            return found, Result(act=Act.AUDIT_OWN, kinds=(_INBOX,), n=len(found))

        return self._door.act(access, Draft(wanted=Asked(act=Act.AUDIT_OWN), kinds=(_INBOX,)), read, intent=False)

    def answer(self, access: Access, item: int, text: str) -> None:
        """Answer in a sentence, which the admin reads before he decides; it serves all items of the same looks.

        Raises :class:`BadInput` for what says nothing, :class:`NotFound` for an item that is nobody's or somebody
        else's, :class:`Conflict` for one that is not asked about any more.
        """
        written = reviewed_reason(text)
        row = self._door.peek(access, lambda tx: _of_mine(tx, access, item))
        kinds = (REVIEW, f"item:{row.id}")

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            by = begun(tx, cleared, self._clock)
            entry = next_entry(tx)
            asked, others = Questions(tx).served(by.staff_id, item)
            if ReviewMoves(tx).answer(item, entry, by) != 1:
                now = Reviews(tx).one(item) or row
                state = "not asked about any more" if now.state is not ItemState.ASKED else "yours no more to answer"
                raise Conflict(f"This item is {state}.", "Look at your inbox again: staffdesk audit inbox list")
            also = [each for each in asked if each != item and ReviewMoves(tx).answer(each, entry, by) == 1]
            also += [each for each in others if Serving(tx).serve(each, entry, by) == 1]
            about = [aid for each in (item, *also) for aid in subjects_of(tx, each)]
            result = Result(
                act=Act.AUDIT_ANSWERED,
                obj=tuple(dict.fromkeys(about)),
                kinds=(*kinds, *(f"item:{each}" for each in also)),
                n=1 + len(also),
                openings=(Opened("reason.answer", written),),
            )
            return None, result

        self._door.act(access, Draft(wanted=Asked(act=Act.AUDIT_ANSWERED), kinds=kinds), write)


def _question(tx: Append, items: Sequence[int]) -> Question:
    reviews = Reviews(tx)
    first, *also = items_of(tx, [row for row in map(reviews.one, items) if row is not None])
    seqs = sorted({seq for item in items for seq in reviews.seqs(item)})
    return Question(first, tuple(map(without_relation, rows_of(tx, Entries(tx).some(seqs)))), tuple(also))


def _of_mine(tx: Append, access: Access, item: int) -> ItemRow:
    row, actor = Reviews(tx).one(item), Actors(tx).of_session(access.session)
    # Before it was asked about, nobody is told that an access of his is on the list.
    asked = row is not None and row.asked_at is not None
    if row is None or actor is None or row.actor != actor.staff_id or not asked:
        raise NotFound("You are not asked about such an item.", "Look at your inbox: staffdesk audit inbox list")
    return row
