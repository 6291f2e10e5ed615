"""Each employee's inbox of the review: what he is asked about, and his answer, before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass

from staffdesk.data.actors import Actors
from staffdesk.data.entries import Entries
from staffdesk.data.log import Opened
from staffdesk.data.reviews import ItemRow, ReviewMoves, Reviews, Wanted
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict, NotFound
from staffdesk.domain.reviews import FROM, ItemMove, ItemState, ReviewItem
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
    """What somebody is asked about, with his own entries it rests on."""

    item: ReviewItem
    entries: tuple[EntryRow, ...]


class ReviewInbox:
    """What is asked of oneself; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, clock: Clock = utc_ms) -> None:
        """Work through ``door``."""
        self._door = door
        self._clock = clock

    def questions(self, access: Access) -> tuple[Question, ...]:
        """Return what one is asked about and has not answered, at most 50; its entries are one's own."""

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[Question, ...], Result]:
            if cleared.actor is None:
                return (), Result(act=Act.AUDIT_OWN, kinds=(_INBOX,))
            mine = Wanted(states=FROM[ItemMove.ANSWER], actor=cleared.actor.staff_id)
            rows = Reviews(tx).page(mine, None, MOST)
            found = tuple(
                Question(item, tuple(map(without_relation, _entries(tx, item.id)))) for item in items_of(tx, rows)
            )
            return found, Result(act=Act.AUDIT_OWN, kinds=(_INBOX,), n=len(found))

        return self._door.act(access, Draft(wanted=Asked(act=Act.AUDIT_OWN), kinds=(_INBOX,)), read, intent=False)

    def waiting(self, access: Access) -> int:
        """Return how many accesses of one's own one is asked about and has not answered; no entry is made."""

        def read(tx: Append) -> int:
            actor = Actors(tx).of_session(access.session)
            return 0 if actor is None else Reviews(tx).waiting_for(actor.staff_id)

        return self._door.peek(access, read)

    def answer(self, access: Access, item: int, text: str) -> None:
        """Answer in a sentence, which the admin reads before he decides.

        Raises :class:`BadInput` for what says nothing, :class:`NotFound` for an item that is nobody's or somebody
        else's, :class:`Conflict` for one that is not asked about any more.
        """
        written = reviewed_reason(text)
        row = self._door.peek(access, lambda tx: _of_mine(tx, access, item))
        kinds = (REVIEW, f"item:{row.id}")

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            by = begun(tx, cleared, self._clock)
            if ReviewMoves(tx).answer(item, next_entry(tx), by) != 1:
                now = Reviews(tx).one(item) or row
                state = "not asked about any more" if now.state is not ItemState.ASKED else "yours no more to answer"
                raise Conflict(f"This item is {state}.", "Look at your inbox again: staffdesk audit inbox list")
            result = Result(
                act=Act.AUDIT_ANSWERED,
                obj=subjects_of(tx, item),
                kinds=kinds,
                n=1,
                openings=(Opened("reason.answer", written),),
            )
            return None, result

        self._door.act(access, Draft(wanted=Asked(act=Act.AUDIT_ANSWERED), kinds=kinds), write)


def _entries(tx: Append, item: int) -> tuple[EntryRow, ...]:
    return rows_of(tx, Entries(tx).some(Reviews(tx).seqs(item)))


def _of_mine(tx: Append, access: Access, item: int) -> ItemRow:
    row, actor = Reviews(tx).one(item), Actors(tx).of_session(access.session)
    # Before it was asked about, nobody is told that an access of his is on the list.
    asked = row is not None and row.asked_at is not None
    if row is None or actor is None or row.actor != actor.staff_id or not asked:
        raise NotFound("You are not asked about such an item.", "Look at your inbox: staffdesk audit inbox list")
    return row
