"""What a breach that a request brought to light has to do with the register: it is opened there with the move."""

from __future__ import annotations

from staffdesk.data.breaches import BreachChanges, Breaches
from staffdesk.data.credentials import Credentials
from staffdesk.data.references import References
from staffdesk.data.transaction import Append
from staffdesk.domain.errors import SessionEnded
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.reviews import rules


def enter_breach(tx: Append, request: str, moment: Moment) -> str:
    """Open a breach for the number of a request and return its own; one that is open for it already stands for both.

    Raises :class:`SessionEnded` where nobody makes the move.
    """
    if moment.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    Credentials(tx).queue()
    known = Breaches(tx).open_of_request(request)
    if known is not None:
        return known
    changes = BreachChanges(tx)
    return changes.add(rules().breach.hours, by=moment.actor, now=moment.now, today=moment.today, request=request)


def subjects_of_request(tx: Append, request: str) -> tuple[str, ...]:
    """Return the audit ids of whom a request is about and of itself: an erasure of him empties what was said of it."""
    known = References(tx).reference(request)
    if known is None:
        return ()
    person = None if known.person_id is None else References(tx).subject("person", known.person_id)
    return (known.aid,) if person is None else (person.aid, known.aid)
