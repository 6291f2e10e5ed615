"""What one employee's day amounts to, and on which entries it rests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.access import Purpose
from staffdesk.domain.flags.entry import MINUTE_MS, Look
from staffdesk.domain.flags.flag import Shown
from staffdesk.domain.flags.rules import FlagRules
from staffdesk.domain.identifiers import Identifier

IDENTIFIERS: Final = frozenset(each.value for each in Identifier if each is not Identifier.WORDS)
"""The kinds of a search by a whole number or address."""

_SECOND_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that was shown: who stood on it, as random ids, and how many they were."""

    seq: int
    t: int
    subjects: frozenset[str]
    n: int


@dataclass(frozen=True, slots=True)
class Step:
    """A search by a whole number, or a record opened, that nothing verified: ``key`` is what it is one of."""

    seq: int
    t: int
    key: str
    searched: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """How much it was, and on which entries it rests."""

    value: float
    rests: tuple[Shown, ...] = ()


def volume(looks: Sequence[Look], campaigns: frozenset[int], rules: FlagRules) -> Measure:
    """Return how many people were opened that nothing verified; ``campaigns`` are looks under an own case of a sale."""
    worth: dict[str, float] = {}
    rests = []
    for each in looks:
        if not each.verified:
            counts = rules.worth.sale if each.seq in campaigns else 1.0
            worth[each.subject] = max(worth.get(each.subject, 0.0), counts)
            rests.append(shown(each))
    return Measure(sum(worth.values()), tuple(rests))


def listed(listings: Sequence[Listing], looks: Sequence[Look]) -> Measure:
    """Return how many people were on lists of which nobody was opened that day."""
    opened = {each.subject for each in looks}
    barren = [each for each in listings if opened.isdisjoint(each.subjects)]
    people = frozenset().union(*(each.subjects for each in barren))
    unnamed = sum(each.n for each in barren if not each.subjects)
    return Measure(len(people) + unnamed, tuple(Shown(each.seq, each.t, "") for each in barren if each.n))


def crawling(steps: Sequence[Step], gap_seconds: int) -> Measure:
    """Return the longest run of searches by number, or of records, that follow one another closely."""
    longest = Measure(0)
    for run in _runs(steps, gap_seconds * _SECOND_MS):
        searches = sum(each.searched for each in run)
        records = len({each.key for each in run if not each.searched})
        if max(searches, records) > longest.value:
            longest = Measure(max(searches, records), tuple(Shown(each.seq, each.t, "") for each in run))
    return longest


def reveals(looks: Sequence[Look], minutes: int, verified: float) -> Measure:
    """Return the most values revealed or copied within so many minutes; a verified one counts less."""
    values = [each for each in looks if each.value]
    best, best_value, first, total = (0, 0), 0.0, 0, 0.0
    for end, each in enumerate(values):
        total += verified if each.verified else 1.0
        while each.t - values[first].t > minutes * MINUTE_MS:
            total -= verified if values[first].verified else 1.0
            first += 1
        if total > best_value:
            best, best_value = (first, end + 1), total
    return Measure(round(best_value, 6), tuple(shown(each) for each in values[slice(*best)]))


def values(looks: Sequence[Look]) -> Measure:
    """Return how many values were revealed or copied that nothing verified."""
    found = [each for each in looks if each.value and not each.verified]
    return Measure(len(found), tuple(map(shown, found)))


def campaign(looks: Iterable[Look], own: Mapping[int, bool]) -> frozenset[int]:
    """Return the looks for a sale under a case that the looker opened; ``own`` says which cases are."""
    return frozenset(each.seq for each in looks if each.purpose == Purpose.SALE and own.get(each.seq, False))


def shown(look: Look) -> Shown:
    """Return a look as a flag rests on it."""
    return Shown(look.seq, look.t, look.subject)


def _runs(steps: Sequence[Step], gap: int) -> Iterator[list[Step]]:
    run: list[Step] = []
    for each in steps:
        if run and each.t - run[-1].t > gap:
            yield run
            run = []
        run.append(each)
    if run:
        yield run
