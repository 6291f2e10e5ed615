"""The figures of a month's pictures, from counts of the log's entries: who, what, how much, and against whom.

An access is an entry by which an employee was shown something of a customer: it has a level and ended well. It counts
as the log counts: a page of hits once, however many people were on it. A list that found nobody is none, and neither is
the press of break-glass, behind which the open has its own entry.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from staffdesk.domain.access import Act, Level, Purpose, Role, Standing
from staffdesk.domain.flags.entry import MINUTE_MS, moment_of
from staffdesk.domain.pictures.months import days_of
from staffdesk.domain.policy import AccessMatrix

QUARTER_MS: Final = 15 * MINUTE_MS
SHADES: Final = 4
"""How many shades there are besides that of nothing."""

NO_PURPOSE: Final = "none"
"""Stands for an access whose act asks for no purpose."""


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """How many accesses there were in a quarter of an hour since 1970, within which no clock changes."""

    quarter: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many accesses of one sort an account made."""

    actor: str
    act: Act
    purpose: Purpose | None
    standing: Standing | None
    level: Level
    count: int

    @property
    def in_request(self) -> bool:
        """Whether it was shown with a request, which is no record opened: a certificate counts records."""
        return self.act.partition(".")[0] == "request"


@dataclass(frozen=True, slots=True)
class HourMap:
    """Accesses by day of the month and hour of the day, in the house's zone."""

    days: tuple[dt.date, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def most(self) -> int:
        """Return the most there were in one hour."""
        return max((max(row) for row in self.counts), default=0)

    @property
    def total(self) -> int:
        """Return how many there were."""
        return sum(map(sum, self.counts))

    def shade(self, count: int) -> int:
        """Return 0 for none, else in which part of the most it lies: a single access is never none."""
        return math.ceil(SHADES * count / self.most) if count else 0

    def bounds(self) -> tuple[tuple[int, int, int], ...]:
        """Return each shade with the least and the most it stands for, but those into which no count falls."""
        ends = [self.most * each // SHADES for each in range(SHADES + 1)]
        return tuple((shade, low + 1, high) for shade, (low, high) in enumerate(pairwise(ends), 1) if low < high)


@dataclass(frozen=True, slots=True)
class Standings:
    """Of the records and values that were opened: how many references were verified, and how many claimed only."""

    verified: int
    claimed: int

    @property
    def share(self) -> float | None:
        """Return the share that was verified, None where nothing was opened."""
        total = self.verified + self.claimed
        return self.verified / total if total else None


@dataclass(frozen=True, slots=True)
class Levels:
    """How often somebody was shown a list, a record, a value."""

    listed: int
    opened: int
    revealed: int

    def of(self, level: Level) -> int:
        """Return how often it was this level."""
        return {Level.LISTED: self.listed, Level.OPENED: self.opened, Level.REVEALED: self.revealed}[level]


@dataclass(frozen=True, slots=True)
class Median:
    """What the middle one of a team has of each level."""

    listed: float
    opened: float
    revealed: float

    def of(self, level: Level) -> float:
        """Return what it is of this level."""
        return {Level.LISTED: self.listed, Level.OPENED: self.opened, Level.REVEALED: self.revealed}[level]


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """One employee's accesses by purpose."""

    who: str
    total: int
    purposes: Mapping[str, int]
    standings: Standings


@dataclass(frozen=True, slots=True)
class Member:
    """One employee's accesses in one role."""

    who: str
    levels: Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who worked in one role, the busiest first; no ``median`` where they are too few to be compared.

    ``purposes`` are those for which this role looks.
    """

    role: Role
    purposes: tuple[Purpose, ...]
    members: tuple[Member, ...]
    median: Median | None

    def times(self, member: Member, level: Level) -> float | None:
        """Return how many times the median somebody has; None where there is none, or it is nothing."""
        middle = 0.0 if self.median is None else self.median.of(level)
        return member.levels.of(level) / middle if middle else None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many items of a rule the review of the month has, decided and still open."""

    rule: str
    title: str
    decided: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """All of a month's pictures; ``first`` and ``last`` are the months the log reaches over, ``least`` a team's size.

    Days and hours are those of ``zone``; ``opened`` is how many records were opened, as a certificate counts them.
    ``technical_pruned_at`` and ``pruned_at`` say when the month's sign-ins, and when all of it went from the log.
    """

    month: str
    zone: str
    first: str
    last: str
    hours: HourMap
    opened: int
    standings: Standings
    employees: tuple[Employee, ...]
    teams: tuple[Team, ...]
    least: int
    rules: tuple[RuleCount, ...]
    technical_pruned_at: int | None = None
    pruned_at: int | None = None


def hour_map(month: str, counts: Iterable[QuarterCount], zone: str) -> HourMap:
    """Return a month by day and hour; what lies outside it is not counted."""
    days = days_of(month)
    found = [[0] * 24 for _ in days]
    first = days[0].toordinal()
    for each in counts:
        at = moment_of(each.quarter * QUARTER_MS, zone)
        if 0 <= at.day - first < len(days):
            found[at.day - first][at.hour] += each.count
    return HourMap(days, tuple(map(tuple, found)))


def standings_of(counted: Iterable[Counted]) -> Standings:
    """Return how well what was opened and revealed was corroborated; a list needs no reference."""
    found: Counter[Standing | None] = Counter()
    for each in counted:
        if each.level is not Level.LISTED:
            found[each.standing] += each.count
    return Standings(found[Standing.VERIFIED], found[Standing.CLAIMED])


def opened_of(counted: Iterable[Counted]) -> int:
    """Return how many records were opened."""
    return sum(each.count for each in counted if each.level is Level.OPENED and not each.in_request)


def employees_of(counted: Collection[Counted], names: Mapping[str, str]) -> tuple[Employee, ...]:
    """Return everybody's accesses by purpose, the busiest first."""
    by_actor: dict[str, list[Counted]] = defaultdict(list)
    for each in counted:
        by_actor[each.actor].append(each)
    found = []
    for actor, mine in by_actor.items():
        purposes: Counter[str] = Counter()
        for each in mine:
            purposes[NO_PURPOSE if each.purpose is None else each.purpose.value] += each.count
        ordered = {name: purposes[name] for name in (*Purpose, NO_PURPOSE) if purposes[name]}
        found.append(
            Employee(
                who=names.get(actor, actor), total=purposes.total(), purposes=ordered, standings=standings_of(mine)
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.total, each.who)))


def teams_of(
    counted: Iterable[Counted],
    names: Mapping[str, str],
    held: Mapping[str, frozenset[Role]],
    matrix: AccessMatrix,
    least: int,
) -> tuple[Team, ...]:
    """Return who worked in each role, compared with the median of all who did; what a request shows is not compared.

    The role is the one in force at the door, by the roles that are held now; for an account that could not do the act
    for the purpose any more it is the first the purpose belongs to. ``least`` is the smallest team that is compared.
    """
    found: dict[Role, dict[str, Counter[Level]]] = defaultdict(lambda: defaultdict(Counter))
    for each in counted:
        of_purpose = () if each.purpose is None else matrix.purposes[each.purpose]
        if of_purpose and not each.in_request:
            in_force = matrix.role_in_force(held.get(each.actor, frozenset()), each.purpose, each.act)
            found[in_force or of_purpose[0]][each.actor][each.level] += each.count
    return tuple(
        _team(role, {names.get(actor, actor): levels for actor, levels in found[role].items()}, matrix.purposes, least)
        for role in Role
        if role in found
    )


def _team(
    role: Role, by_name: Mapping[str, Counter[Level]], purposes: Mapping[Purpose, tuple[Role, ...]], least: int
) -> Team:
    members = [Member(who, Levels(*(counts[level] for level in Level))) for who, counts in by_name.items()]
    members.sort(key=lambda each: (-each.levels.opened, -each.levels.listed, each.who))
    middle = None
    if len(members) >= least:
        middle = Median(*(float(median(each.levels.of(level) for each in members)) for level in Level))
    own = tuple(purpose for purpose, roles in purposes.items() if role in roles)
    return Team(role=role, purposes=own, members=tuple(members), median=middle)
