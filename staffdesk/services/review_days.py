"""The log cut into days for the review: its numbers order it, and an entry whose clock was wrong is among its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.data.review_months import Far, ReviewMonths
from staffdesk.domain.access import Act, Outcome
from staffdesk.domain.flags import in_order, noon_of, rules
from staffdesk.domain.flags.entry import moment_of
from staffdesk.domain.reviews import rules as review_rules

CHUNK: Final = 2_000
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day of the log, with the numbers it begins and ends with; without entries, the last of several such."""

    day: dt.date
    first: int
    last: int
    cores: tuple[Core, ...]
    misdated: tuple[int, ...]

    @property
    def month(self) -> str:
        """Return the month it belongs to, as 2026-11."""
        return self.day.isoformat()[:7]

    def entries_from(self, first: int) -> int:
        """Return how many of its numbers are not before one."""
        return max(0, self.last - max(self.first, first) + 1)

    def opens_from(self, first: int) -> int:
        """Return how many records were opened by entries that are not before one."""
        return sum(1 for core in self.cores if core.seq >= first and _is_open(core))


def tolerance() -> int:
    """Return by how much desks' clocks may differ, in milliseconds."""
    return review_rules().clock_minutes * _MINUTE_MS


def day_of(t: int) -> dt.date:
    """Return the day of a moment where the house is."""
    return dt.date.fromordinal(moment_of(t, rules().time_zone).day)


def following(months: ReviewMonths, seq: int, chunk: int) -> Iterator[Core]:
    """Yield the entries behind one, but those that were pruned."""
    while rows := months.following(seq, chunk):
        yield from (Core.decode(data) for _, data in rows if data is not None)
        seq = rows[-1][0]


def in_log_order(entries: Iterable[Core], far: Far, latest: int) -> Iterator[tuple[int, Core, bool]]:
    """Yield what follows on where the log was taken to, as :func:`staffdesk.domain.flags.in_order` does."""
    zone = rules().time_zone
    return in_order(entries, zone, since=None if far.day is None else noon_of(far.day, zone), latest=latest)


def whole_day(entries: Iterable[Core], far: Far, latest: int, end: int) -> Day:
    """Cut the first day off, as :func:`staffdesk.domain.flags.by_days` does, with what was pruned before it."""
    day, cores, misdated = 0, list[Core](), list[int]()
    for at, core, wrong in in_log_order(entries, far, latest):
        day = day or at
        if at not in {day, day - 1} or core.seq > end:
            break
        cores.append(core)
        misdated += [core.seq] * wrong
    return Day(dt.date.fromordinal(day), far.seq + 1, cores[-1].seq, tuple(cores), tuple(misdated))


def _is_open(core: Core) -> bool:
    return core.act == Act.CUSTOMER_OPENED and core.out == Outcome.OK and core.actor is not None
