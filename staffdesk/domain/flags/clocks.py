"""Clocks that were wrong: the order of the log is proved and the time a desk writes is not, so the order wins."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from staffdesk.domain.flags.entry import Entry, moment_of

_WINDOW: Final = 64
"""So many of the entries behind one are asked whether its clock was ahead of theirs."""

E = TypeVar("E", bound=Entry)


def in_order(
    entries: Iterable[E], zone: str, *, since: int | None = None, latest: int | None = None
) -> Iterator[tuple[int, E, bool]]:
    """Yield each entry with its day as an ordinal number, and whether its clock was wrong.

    Such a one gets the time of the one before it, so that it is judged among those it was written among. Wrong is a
    clock more than a day behind the entry before, one on a later day than most of the entries behind it, and one after
    ``latest``; a day's difference may stay, as around midnight. ``since`` is the moment the log was taken to before.
    """
    coming, behind, now = iter(entries), deque[E](), since
    while True:
        behind.extend(islice(coming, _WINDOW + 1 - len(behind)))
        if not behind:
            return
        entry = behind.popleft()
        day = 0 if now is None else moment_of(now, zone).day
        at = moment_of(entry.t, zone).day
        wrong = at < day - 1 or (latest is not None and entry.t > latest)
        if wrong or at > day + 1:
            following = [each.t for each in behind if latest is None or each.t <= latest]
            wrong = wrong or _ahead(at, day, [moment_of(t, zone).day for t in following])
            if wrong:
                now = min(following, default=None) if now is None else now
                entry = entry if now is None else entry.dated(now)
                at = moment_of(entry.t, zone).day
        now = max(now or 0, entry.t)
        yield at, entry, wrong


def noon_of(day: dt.date, zone: str) -> int:
    """Return the noon of a day where the house is, in UTC milliseconds."""
    return int(dt.datetime.combine(day, dt.time(12), ZoneInfo(zone)).timestamp() * 1000)


def _ahead(at: int, day: int, behind: Sequence[int]) -> bool:
    """Say whether more of those behind are of a day between than of this one or later; older ones are wrong too."""
    earlier = sum(1 for each in behind if day - 1 <= each < at - 1)
    return earlier > sum(1 for each in behind if each >= at - 1)
