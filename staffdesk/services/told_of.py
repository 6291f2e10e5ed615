"""Who outside the house was told of a request (GDPR Art. 19), and what was found outside the desk, for its letters."""

from __future__ import annotations

from typing import Final, NamedTuple

from staffdesk.data.customers.places_outside import Noted, noted_of
from staffdesk.data.customers.request_decisions import Decisions
from staffdesk.data.transaction import Read
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_work import Searched
from staffdesk.services.letters import Became, Exempt, Outside

_TOLD: Final = frozenset({TaskState.SENT, TaskState.CONFIRMED})


class ToldOf(NamedTuple):
    """Recipients: who was told, or is told before the answer goes out, and who was not and is not to be."""

    told: tuple[str, ...]
    exempt: tuple[Exempt, ...]


def told_of(tx: Read, request_id: int, *, already: bool = False) -> ToldOf:
    """Return who a letter names; with ``already`` nobody who is yet to be told, as for a letter that goes at once.

    An answer waits until nobody is: it is written before, and what is said of each is written anew as he is told.
    """
    tasks = Decisions(tx).tasks_by_name(request_id)
    told = _TOLD if already else _TOLD | {TaskState.OPEN}
    return ToldOf(
        tuple(name for name, state, _ in tasks if state in told),
        tuple(Exempt(name=name, ground=ground) for name, state, ground in tasks if state is TaskState.EXEMPT),
    )


def outside_of(tx: Read, request_id: int) -> tuple[Outside, ...]:
    """Return what became of his data in each place outside the desk that was searched; what shows it is not told."""
    return tuple(Outside(place=each.place, became=_became(each)) for each in noted_of(tx, request_id))


def _became(noted: Noted) -> Became:
    if noted.outcome is Searched.NOTHING:
        return Became.NOTHING
    if noted.waits:
        return Became.WAITS
    return Became.DELETED if noted.outcome is Searched.DONE else Became.STAYS
