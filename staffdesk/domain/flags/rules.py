"""The rules as data: what each is called, how heavy it weighs, and the numbers it is bounded by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from staffdesk.domain.access import Entity
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read

_FILE = "flags.toml: "
_HEAVIEST = 3
_HOURS = 24


@dataclass(frozen=True, slots=True)
class Limit:
    """The formula of a limit that adapts to a person, and what bounds it.

    ``deviations`` above the mean of the own days, the deviation being at least what chance makes of events that count
    ``unit`` each; at most ``growth`` times what he once had as a habit, or ``team``
    times what his team has; never below ``floor`` nor above ``ceiling``; ``start`` while nothing is known.
    """

    floor: float
    ceiling: float
    start: float
    deviations: float
    unit: float
    growth: float
    team: float

    def __post_init__(self) -> None:
        """Refuse bounds that cross, and factors that would flag what is usual."""
        if not 0 < self.floor <= self.start <= self.ceiling:
            raise Misconfigured(f"{_FILE}a limit needs 0 < floor <= start <= ceiling.")
        if self.deviations <= 0 or self.unit <= 0 or self.growth < 1 or self.team < 1:
            raise Misconfigured(f"{_FILE}a limit needs deviations and unit above 0, growth and team of at least 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Dated):
    """What every rule has: its name for a person, and how heavy it weighs, from 1 to 3."""

    title: str
    severity: int

    def __post_init__(self) -> None:
        """Refuse a weight that has no place in the order, and a number of nothing."""
        if not 1 <= self.severity <= _HEAVIEST:
            raise Misconfigured(f"{_FILE}severity is 1, 2 or 3.")
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, int | float) and not isinstance(value, bool) and value <= 0:
                raise Misconfigured(f"{_FILE}{each.name} must be more than 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited(Rule):
    """A rule with one limit."""

    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified(Limited):
    """What is much within ``session_minutes`` has a limit of its own."""

    session_minutes: int
    session: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawling(Limited):
    """Steps of a run follow each other within ``gap_seconds``."""

    gap_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveals(Limited):
    """Values within ``minutes``; a verified one counts ``verified``."""

    minutes: int
    verified: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Rule):
    """Whoever was seen for a reason within ``known_days`` is not told of."""

    known_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual(Known):
    """From ``usual_from`` explained looks on the relation is daily work."""

    usual_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(Rule):
    """Which hours are a person's own."""

    share: float
    beside_hours: int
    far_hours: int
    until_known: Mapping[Entity, tuple[int, int]]

    def __post_init__(self) -> None:
        """Refuse an hour that no clock shows, and a company without hours."""
        super(Hours, self).__post_init__()
        if self.share >= 1 or self.far_hours <= self.beside_hours:
            raise Misconfigured(f"{_FILE}hours needs a share below 1, and far_hours above beside_hours.")
        for entity in Entity:
            if entity not in self.until_known or not all(0 <= each < _HOURS for each in self.until_known[entity]):
                raise Misconfigured(f"{_FILE}hours.until_known.{entity.value} must name two hours of the day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Rule):
    """How often, how far apart, and how much it must weigh in all."""

    window_days: int
    span_days: int
    worth: float
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Rule):
    """How long after its end a case still is a reason."""

    grace_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal(Rule):
    """Which requests, and how soon after the look."""

    within_hours: int
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied(Rule):
    """How soon after the refusal."""

    within_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver(Rule):
    """How many days before the end, and what is much in them."""

    days: int
    looks: Limit
    values: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Every rule by its name."""

    unverified: Unverified
    own: Rule
    colleague: Rule
    declared: Rule
    surname: Known
    street: Known
    mail_domain: Usual
    volume: Limited
    listed: Limited
    crawling: Crawling
    hours: Hours
    repeated: Repeated
    reveals: Reveals
    closed: Closed
    break_glass: Rule
    removal: Removal
    denied: Denied
    leaver: Leaver

    def of(self, name: str) -> Rule:
        """Return a rule by its name; raises ``KeyError``."""
        if name not in NAMES:
            raise KeyError(name)
        return cast("Rule", getattr(self, name))


NAMES = tuple(each.name for each in fields(Rules))
"""The names of the rules, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How many days of a person are remembered, how many say something of him, and when all of it is forgotten."""

    days: int
    lag_days: int
    least_days: int
    forget_days: int

    def __post_init__(self) -> None:
        """Refuse a memory in which nothing could ever be known."""
        if not 0 < self.least_days <= self.days - self.lag_days or self.lag_days < 0 or self.forget_days <= self.days:
            raise Misconfigured(f"{_FILE}memory holds too few days for what is asked of it.")


@dataclass(frozen=True, slots=True)
class Worth:
    """What an uncorroborated look counts, by what is known of its reference."""

    bare: float
    others: float
    named: float
    worked: float
    sale: float
    campaign: float

    def __post_init__(self) -> None:
        """Refuse an order in which a better reference would count more."""
        if (
            not 0 < self.worked <= self.named <= self.bare
            or not 0 < self.others <= self.bare
            or not 0 < self.sale <= min(1, self.campaign)
        ):
            raise Misconfigured(f"{_FILE}worth must fall from bare over named to worked.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRules(Dated):
    """All of it."""

    corroboration_days: int
    again_minutes: int
    least_team: int
    time_zone: str
    memory: Memory
    worth: Worth
    rules: Rules

    def __post_init__(self) -> None:
        """Refuse a team of nobody to compare with, no time to corroborate in, and a zone that no clock knows."""
        if min(self.corroboration_days, self.again_minutes) < 1 or self.least_team <= 1:
            raise Misconfigured(
                f"{_FILE}corroboration_days must be 1 or more, again_minutes too, least_team 2 or more."
            )
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Misconfigured(f"{_FILE}time_zone is not known.") from error

    def numbers(self) -> Iterator[tuple[str, float]]:
        """Yield every number with the place where it stands."""
        yield from _numbers("", self)


def _numbers(place: str, value: object) -> Iterator[tuple[str, float]]:
    if is_dataclass(value):
        for each in fields(value):
            yield from _numbers(f"{place}.{each.name}", getattr(value, each.name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _numbers(f"{place}.{key}", each)
    elif isinstance(value, tuple):
        for each in value:
            yield from _numbers(place, each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place.removeprefix("."), value


@cache
def rules() -> FlagRules:
    """Return the shipped rules."""
    return read("flags", FlagRules)


def title_of_rule(name: str) -> str:
    """Return by what name people know a rule; one that is no rule any more keeps the name it had."""
    return rules().rules.of(name).title if name in NAMES else name
