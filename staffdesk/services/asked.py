"""How much somebody is asked about looks of his; the first screens ask it, and few go on to the inbox."""

from __future__ import annotations

from staffdesk.data.actors import Actors
from staffdesk.data.review_questions import Questions
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access
from staffdesk.services.door import Door


class Asked:
    """What waits in the inbox; it raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door) -> None:
        """Ask through ``door``."""
        self._door = door

    def waiting(self, access: Access) -> int:
        """Return how many questions about accesses of one's own one has not answered; no entry is made."""

        def read(tx: Append) -> int:
            actor = Actors(tx).of_session(access.session)
            return 0 if actor is None else len(Questions(tx).asked(actor.staff_id))

        return self._door.peek(access, read)
