"""The rules that need not wait: what was done is the reason, or the day as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from staffdesk.domain.access import Relation
from staffdesk.domain.flags import habits
from staffdesk.domain.flags.day import Ended
from staffdesk.domain.flags.entry import Look
from staffdesk.domain.flags.flag import Flag, Shown, counted, flag
from staffdesk.domain.flags.measures import shown

EndedRule = Callable[[Ended], Iterator[Flag]]


def own(day: Ended) -> Iterator[Flag]:
    """Whoever opens his own record."""
    if found := [each for each in day.looks if each.has(Relation.SELF)]:
        yield _flag(day, "own", map(shown, found), "Opened the record of himself, whatever the number.")


def declared(day: Ended) -> Iterator[Flag]:
    """Whoever opens the record of somebody he declared to be close to."""
    if found := [each for each in day.looks if each.has(Relation.DECLARED)]:
        yield _flag(
            day, "declared", map(shown, found), f"Opened {_people(found)} with whom he declared a conflict of interest."
        )


def break_glass(day: Ended) -> Iterator[Flag]:
    """Whoever opens by break-glass what his role may not see."""
    rests = (*day.granted, *(shown(each) for each in day.looks if each.glass))
    if rests:
        taken = counted(max(len(day.granted), 1), "time", "times")
        yield _flag(day, "break_glass", rests, f"Opened by break-glass what the role may not see, {taken}.")


def volume(day: Ended) -> Iterator[Flag]:
    """Whoever opens more people without a verified number than is his habit, or his team's."""
    yield from _beyond(day, habits.VOLUME, "volume", "Opened {value:,.0f} people that nothing verified, where {limit}.")


def listed(day: Ended) -> Iterator[Flag]:
    """Whoever has many listed and opens few."""
    words = "Had {value:,.0f} people on lists of which none was opened, where {limit}."
    yield from _beyond(day, habits.LISTED, "listed", words)


def crawling(day: Ended) -> Iterator[Flag]:
    """Whoever goes through numbers or records one after another."""
    seconds = day.rules.rules.crawling.gap_seconds
    words = "Went through {value:,.0f} numbers or records, each within " + f"{seconds} seconds of the one before, "
    yield from _beyond(day, habits.CRAWLING, "crawling", words + "unverified, where {limit}.")


def reveals(day: Ended) -> Iterator[Flag]:
    """Whoever reveals or copies many values within a short time."""
    words = "Revealed or copied values worth {value:,.0f} within " + f"{day.rules.rules.reveals.minutes} minutes, "
    yield from _beyond(day, habits.REVEALS, "reveals", words + "where {limit}.")


AT_ONCE: Final[tuple[EndedRule, ...]] = (own, declared, volume, listed, crawling, reveals, break_glass)


def _beyond(day: Ended, measure: str, name: str, words: str) -> Iterator[Flag]:
    found, limit = day.measures[measure], day.limits[measure]
    if found.value >= limit and found.rests:
        said = words.format(value=found.value, limit=f"{limit:,.0f} is much for him and his team")
        yield _flag(day, name, found.rests, said)


def _people(looks: Iterable[Look]) -> str:
    return counted(len({each.subject for each in looks}), "person", "people")


def _flag(day: Ended, name: str, rests: Iterable[Shown], words: str) -> Flag:
    return flag(day.rules, name, day.actor, rests, words, day=day.day)
