"""Who decides in a transaction: the employee it was cleared for, once it has its place in the log's queue."""

from __future__ import annotations

from staffdesk.data.credentials import Credentials
from staffdesk.data.deciding import Deciding
from staffdesk.data.transaction import Append
from staffdesk.domain.errors import SessionEnded
from staffdesk.services.clearance import Clearance
from staffdesk.services.sessions import Clock, day_in_brussels


def begun(tx: Append, cleared: Clearance, clock: Clock) -> Deciding:
    """Take the transaction's place in the log's queue, so that what is read from here on stays true."""
    if cleared.actor is None or cleared.role is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    Credentials(tx).queue()
    now = clock()
    return Deciding(cleared.actor.staff_id, cleared.actor.sid, cleared.role, now, day_in_brussels(now))
