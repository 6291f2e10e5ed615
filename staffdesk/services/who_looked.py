"""Who looked at a person, as the privacy officer tells it: when, why and how far, with names only where wanted.

It is what an access package tells, of one record; nothing is left out but what the log does not hold any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.deadline import Deadline
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act, Level
from staffdesk.domain.packages import Consulted, rules
from staffdesk.domain.policy import AccessMatrix
from staffdesk.parameters.shapes import retention, sessions
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft
from staffdesk.services.packages.consultations import consultations, nameable
from staffdesk.services.sessions import day_in_brussels

_SECONDS: Final = 10.0
"""A record may have been listed some thousand times."""


@dataclass(frozen=True, slots=True, repr=False)
class Looked:
    """One look as it is told; ``who`` is empty where no employee is named."""

    told: Consulted
    who: str = ""

    def __repr__(self) -> str:
        return f"<Looked {self.told.seq}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WhoLooked:
    """The looks at a customer, newest first; ``kept_months`` is how long the log keeps one, None for ever."""

    customer: int
    looks: tuple[Looked, ...]
    kept_months: int | None

    def __repr__(self) -> str:
        return f"<WhoLooked {self.customer}>"

    @property
    def counts(self) -> Mapping[Level, int]:
        """How often he was listed, opened and revealed, each counted apart."""
        return _counts(self.looks)

    @property
    def by_day(self) -> Mapping[tuple[str, str], Mapping[Level, int]]:
        """The same by day in Brussels and purpose, the newest day first."""
        found: dict[tuple[str, str], list[Looked]] = {}
        for each in self.looks:
            if each.told.level is not None:
                day = day_in_brussels(each.told.at).isoformat()
                found.setdefault((day, each.told.purpose), []).append(each)
        return {key: _counts(looks) for key, looks in found.items()}


class LooksAtPeople:
    """Tells them; the telling is an entry."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Go through ``door``; ``matrix`` says to whom employees are named."""
        self._door = door
        self._matrix = matrix

    def of(self, access: Access, customer: int, *, without_names: bool = False) -> WhoLooked:
        """Return every look at a customer that the log holds; with names where the role is told them and wants them.

        Raises :class:`NotFound`, :class:`Denied`.
        """
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_HISTORY, record=("person", customer)), kinds=("history",), n=1)

        def read(tx: Read, cleared: Clearance, _ticket: Ticket) -> WhoLooked:
            named = cleared.role is not None and self._matrix.names_employees(cleared.role) and not without_names
            subject = cleared.subject
            aids = () if subject is None else subject.aids
            return WhoLooked(
                customer=customer,
                looks=_with_names(tx, aids) if named else _without(tx, aids),
                kept_months=retention().kinds["log"].months,
            )

        return self._door.look(access, draft, read, longer=Deadline(_SECONDS))


def _without(tx: Read, aids: Sequence[str]) -> tuple[Looked, ...]:
    told, _ = consultations(tx, aids, rules(), sessions().open_record_minutes)
    return tuple(Looked(each) for each in told)


def _with_names(tx: Read, aids: Sequence[str]) -> tuple[Looked, ...]:
    names = Actors(tx).user_names()
    told = nameable(tx, aids, rules(), sessions().open_record_minutes)
    return tuple(Looked(each, names.get(actor or "", "")) for each, actor in told)


def _counts(looks: Sequence[Looked]) -> Mapping[Level, int]:
    found = Counter(each.told.level for each in looks)
    return {level: found[level] for level in Level}
