"""All that is carried from one day of the log to the next, so that a day is judged without reading the days before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from staffdesk.domain.access import Relation
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.flags.entry import HOUR_MS, Look
from staffdesk.domain.flags.habits import Habits
from staffdesk.domain.flags.matters import Matters
from staffdesk.domain.flags.rules import FlagRules

if TYPE_CHECKING:
    from pydantic import TypeAdapter

COINCIDING = frozenset({Relation.SAME_NAME.value, Relation.SAME_ADDRESS.value, Relation.SAME_DOMAIN.value})
"""The relations that may be chance: who was met for a reason is remembered."""

CLOSE = COINCIDING | {Relation.COLLEAGUE.value}
"""The relations of which a look is judged though its reference was verified."""


@dataclass(slots=True)
class Waiting:
    """One employee's day whose claims still have time: looks that matter, how many others, and its hours as bits.

    ``kept`` says when a person was looked at whose look was verified, for those at whom there are other looks too.
    """

    looks: list[Look] = field(default_factory=list)
    verified: int = 0
    kept: dict[str, list[int]] = field(default_factory=dict)
    hours: int = 0
    weekend: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A look that was refused: to whom, and how it was asked for."""

    seq: int
    t: int
    subjects: tuple[str, ...]
    purpose: str
    role: str
    ref: str | None
    glass: bool


@dataclass(slots=True)
class Baselines:
    """Of everybody: habits, days that wait to be judged, recent refusals, ended accounts; and the numbers told of."""

    matters: Matters = field(default_factory=Matters)
    people: dict[str, Habits] = field(default_factory=dict)
    waiting: dict[int, dict[str, Waiting]] = field(default_factory=dict)
    refusals: dict[str, list[Refusal]] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    def looks_since(self, actor: str, t: int, hours: int) -> Iterator[Look]:
        """Yield the looks of an employee that wait to be judged and are not older than so many hours."""
        for day in self.waiting.values():
            if actor in day:
                yield from (each for each in day[actor].looks if 0 <= t - each.t <= hours * HOUR_MS)

    def forget(self, today: int, now: int, rules: FlagRules) -> None:
        """Drop what is older than anything is remembered."""
        days = rules.memory.forget_days
        self.matters.forget(now - days * 24 * HOUR_MS)
        self.people = {key: each for key, each in self.people.items() if each.last >= today - days}
        self.ended = {key: day for key, day in self.ended.items() if day >= today - days}
        for person in self.people.values():
            person.met = {key: day for key, day in person.met.items() if day >= today - days}
            window = today - rules.rules.repeated.window_days
            person.alone = {key: days for key, days in person.alone.items() if days[-1].day >= window}

    def to_json(self) -> bytes:
        """Return all of it as JSON, for the next day."""
        return _adapter().dump_json(self)

    @classmethod
    def from_json(cls, data: bytes) -> Baselines:
        """Return what :meth:`to_json` wrote; raises :class:`Misconfigured` for anything else."""
        from pydantic import ValidationError  # noqa: PLC0415 - a tenth of a second of start-up

        try:
            return _adapter().validate_json(data)
        except ValidationError:
            raise Misconfigured("What was remembered of the log cannot be read.", "Begin with the whole log.") from None


@cache
def _adapter() -> TypeAdapter[Baselines]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(Baselines)
