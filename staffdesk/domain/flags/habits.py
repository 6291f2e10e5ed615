"""A person's habits, as far as earlier days taught them, and the limits that follow from them.

Whoever starts slowly teaches little: a day counts at most what its own limit was, the last days teach nothing yet, and
a limit is never above what would be much for ``growth`` times the lowest habit he ever had (or for ``team`` times what
his team has), nor above the ceiling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean, median, pstdev
from typing import Final

from staffdesk.domain.access import Entity
from staffdesk.domain.flags.day import Alone
from staffdesk.domain.flags.measures import Measure
from staffdesk.domain.flags.rules import FlagRules, Hours, Limit, Memory

UNVERIFIED: Final = "unverified"
SESSION: Final = "session"
VOLUME: Final = "volume"
LISTED: Final = "listed"
CRAWLING: Final = "crawling"
REVEALS: Final = "reveals"
VALUES: Final = "values"

_HOURS: Final = 24
_FEW: Final = 2
_NOTHING_SEEN: Final = 3.0
"""The rule of three: what was not seen in n days is, with 95 % certainty, not more than this in n on average."""

NOWHERE: Final = 24
"""How far away an hour is of somebody who has no hours on such a day: farther than any hour from another."""


@dataclass(slots=True)
class Habit:
    """What one measure was on the days that are remembered, and the lowest mean that was ever established."""

    values: list[float] = field(default_factory=list)
    lowest: float | None = None

    def known(self, memory: Memory) -> Sequence[float]:
        """Return the days that teach: none while there are too few, and never the last ``lag_days``."""
        taught = self.values[: len(self.values) - memory.lag_days] if memory.lag_days else self.values
        return taught if len(taught) >= memory.least_days else ()

    def add(self, value: float, most: float, memory: Memory) -> None:
        """Remember a day, which counts at most what its limit was."""
        self.values.append(round(min(value, most), 3))
        del self.values[: -memory.days]
        if known := self.known(memory):
            # Few days in which nothing was seen do not say that there never is anything.
            mean = max(fmean(known), _NOTHING_SEEN / len(known))
            self.lowest = mean if self.lowest is None else min(self.lowest, mean)


@dataclass(frozen=True, slots=True)
class Recent:
    """What a day's uncorroborated looks counted, and the values revealed or copied in them."""

    day: int
    looks: Measure
    values: Measure


@dataclass(slots=True)
class Habits:
    """All that is remembered of one person.

    ``hours`` are the days with their hours as bits, and whether it was no weekday; ``met`` the last day on which a
    person of some relation was seen for a reason; ``usual`` how often that was, by relation; ``alone`` the
    uncorroborated days of a person looked at; ``recent`` what his last days weighed.
    """

    role: str = ""
    last: int = 0
    measures: dict[str, Habit] = field(default_factory=dict)
    hours: list[tuple[int, int, bool]] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)
    usual: dict[str, int] = field(default_factory=dict)
    alone: dict[str, tuple[Alone, ...]] = field(default_factory=dict)
    recent: list[Recent] = field(default_factory=list)

    def habit(self, measure: str) -> Habit:
        """Return what is remembered of a measure."""
        return self.measures.setdefault(measure, Habit())

    def worked_at(self, day: int, hours: int, *, weekend: bool, memory: Memory) -> None:
        """Remember the hours of a day, a bit for each."""
        self.hours.append((day, hours, weekend))
        del self.hours[: -memory.days]


def limit_of(known: Sequence[float], lowest: float | None, team: float | None, limit: Limit) -> float:
    """Return from which value on a day is too much, for what is known of a person and his team.

    ``known`` are the values of days that teach; ``team`` is the middle of the team's means, where it is large enough.
    """
    most = limit.start
    if known:
        mean = fmean(known)
        most = mean + limit.deviations * max(pstdev(known, mean), sqrt(mean * limit.unit))
    caps = [factor * each for factor, each in ((limit.growth, lowest), (limit.team, team)) if each is not None]
    if caps:
        cap = max(caps)
        cap += limit.deviations * sqrt(cap * limit.unit)
        most = min(most, cap) if known else cap
    return min(max(most, limit.floor), limit.ceiling)


class Teams:
    """What is usual in each role, measured once a day; silent about a role of too few."""

    def __init__(self, people: Iterable[Habits], rules: FlagRules, today: int) -> None:
        """Take the means of everybody seen within the memory's days."""
        means: dict[tuple[str, str], list[float]] = {}
        for each in people:
            if each.last < today - rules.memory.days:
                continue
            for name, habit in each.measures.items():
                if known := habit.known(rules.memory):
                    means.setdefault((each.role, name), []).append(fmean(known))
        self._usual = {key: median(each) for key, each in means.items() if len(each) >= rules.least_team}

    def usual(self, role: str, measure: str) -> float | None:
        """Return the middle of the team's means of a measure."""
        return self._usual.get((role, measure))


def limits_of(person: Habits, teams: Teams, role: str, rules: FlagRules) -> dict[str, float]:
    """Return the limit of each measure for a person on this day."""
    found = {}
    for name, limit in _limits(rules).items():
        habit = person.habit(name)
        found[name] = limit_of(habit.known(rules.memory), habit.lowest, teams.usual(role, name), limit)
    return found


def _limits(rules: FlagRules) -> Mapping[str, Limit]:
    each = rules.rules
    return {
        VOLUME: each.volume.limit,
        LISTED: each.listed.limit,
        CRAWLING: each.crawling.limit,
        REVEALS: each.reveals.limit,
        VALUES: each.leaver.values,
    }


def hours_away(person: Habits, entity: str, rules: FlagRules, *, weekend: bool) -> tuple[int, ...]:
    """Return of each hour of the clock how many hours it is from the nearest that is the person's own on such days."""
    usual = _usual_hours(person, entity, rules.rules.hours, rules.memory, weekend=weekend)
    return tuple(
        min((min((hour - each) % _HOURS, (each - hour) % _HOURS) for each in usual), default=NOWHERE)
        for hour in range(_HOURS)
    )


def _usual_hours(person: Habits, entity: str, hours: Hours, memory: Memory, *, weekend: bool) -> Sequence[int]:
    if len(person.hours) < memory.least_days:
        first, end = hours.until_known[Entity(entity) if entity in set(Entity) else Entity.BE]
        return () if weekend else [(first + each) % _HOURS for each in range((end - first) % _HOURS)]
    often = max(_FEW, hours.share * len(person.hours))
    such = [bits for _, bits, of_weekend in person.hours if of_weekend == weekend]
    return [hour for hour in range(_HOURS) if sum(bits >> hour & 1 for bits in such) >= often]
