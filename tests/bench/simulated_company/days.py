"""The days of the company: which are worked, and from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

FIRST_DAY: Final = dt.date(2026, 3, 2)
"""A Monday; the simulation begins in its first minute."""

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
SATURDAY: Final = 5
"""As ``date.weekday`` counts."""

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
NEW_YORK: Final = ZoneInfo("America/New_York")
LAS_VEGAS: Final = ZoneInfo("America/Los_Angeles")
_COUNTRY: Final = {BRUSSELS: "BE", NEW_YORK: "US"}
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody works on a day, in UTC milliseconds; ``lunch`` is None for half a day."""

    start: int
    end: int
    lunch: tuple[int, int] | None

    def moment(self, part: float) -> int:
        """Return the moment at a part (0 to 1) of the worked time."""
        if self.lunch is None:
            return self.start + int((self.end - self.start) * part)
        before = self.lunch[0] - self.start
        worked = before + self.end - self.lunch[1]
        gone = int(worked * part)
        return self.start + gone if gone < before else self.lunch[1] + gone - before


def at(day: dt.date, hours: float, zone: ZoneInfo = BRUSSELS) -> int:
    """Return a local time in UTC milliseconds; hours past 24 are those of the next day."""
    local = dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(hours=hours)
    return int(local.timestamp() * 1000)


def end_of(months: int) -> dt.date:
    """Return the day after the last one of so many months."""
    month = FIRST_DAY.month - 1 + months
    return dt.date(FIRST_DAY.year + month // _MONTHS, month % _MONTHS + 1, 1)


def days_of(months: int) -> Iterator[dt.date]:
    """Yield every day of so many months."""
    day, end = FIRST_DAY, end_of(months)
    while day < end:
        yield day
        day += dt.timedelta(days=1)


@cache
def _holidays(country: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays(country, years=year))


def is_holiday(day: dt.date, zone: ZoneInfo = BRUSSELS) -> bool:
    """Say whether an office is closed for a public holiday."""
    return day in _holidays(_COUNTRY.get(zone, "US"), day.year)


def is_working(day: dt.date, zone: ZoneInfo = BRUSSELS) -> bool:
    """Say whether an office is open."""
    return day.weekday() < SATURDAY and not is_holiday(day, zone)


@cache
def around_month_end(day: dt.date) -> bool:
    """Say whether a working day is one of the last two of a month or the first two of the next."""
    return _nth(day, 1) <= 2 or _nth(day, -1) <= 2


def _nth(day: dt.date, step: int) -> int:
    """Return the how manieth working day of the month it is, from its beginning (1) or its end (-1)."""
    count, other = 0, day
    while other.month == day.month:
        count += is_working(other)
        other -= dt.timedelta(days=step)
    return count


def week_of(day: dt.date) -> int:
    """Return how many weeks after the first one a day is."""
    return (day - FIRST_DAY).days // 7


def release_days(months: int) -> frozenset[dt.date]:
    """Return the days on which a new version comes out: the second Tuesday of each month but its fellows' holidays."""
    return frozenset(day for day in days_of(months) if day.weekday() == 1 and 8 <= day.day <= 14 and is_working(day))


def show_days(months: int) -> tuple[dt.date, ...]:
    """Return the days of the trade shows: five from the third Sunday of April on, and of September."""
    return tuple(
        day + dt.timedelta(days=n)
        for day in days_of(months)
        if day.month in {4, 9} and day.weekday() == SATURDAY + 1 and 15 <= day.day <= 21
        for n in range(5)
    )
