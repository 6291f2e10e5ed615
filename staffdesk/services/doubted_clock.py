"""Whether this machine's clock is believed where time alone destroys something: the log tells how far time went on."""

from __future__ import annotations

from staffdesk.audit.entry import Core
from staffdesk.data.checkpoints import Checkpoints
from staffdesk.data.forgetting import Forgetting
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Act
from staffdesk.domain.log_retention import Doubt, believed, doubt, rules


def doubted(tx: Transaction, now: int) -> Doubt | None:
    """Return why a clock that shows ``now`` is not believed; None where it is.

    What counts are the log's checkpoints, from the entry on in which a person last said that the clock was right.
    """
    return doubt(_moments(tx), now, rules().clock_days)


def latest(tx: Transaction, now: int) -> int:
    """Return the moment up to which the log was written for certain: ``now``, or what it tells where that is behind."""
    return max(now, believed(_moments(tx), rules().clock_days) or now)


def _moments(tx: Transaction) -> tuple[int, ...]:
    said = next((Core.decode(each.core) for each in Forgetting(tx).newest(Act.SYSTEM_CLOCK)), None)
    moments = Checkpoints(tx).moments(1 if said is None else said.seq)
    return (*(() if said is None else (said.t,)), *moments)
