"""A month as it is written, 2026-11, in the house's days and hours."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from staffdesk.domain.review_certificates import last_day
from staffdesk.domain.reviews import check_month


def days_of(month: str) -> tuple[dt.date, ...]:
    """Return the days of a month; raises :class:`BadInput` for what is none."""
    last = last_day(check_month(month))
    return tuple(last.replace(day=number) for number in range(1, last.day + 1))


def moments_of(month: str, zone: str) -> tuple[int, int]:
    """Return the first and the last UTC millisecond of a month; raises :class:`BadInput` for what is none."""
    last = last_day(check_month(month))
    return _midnight(last.replace(day=1), zone), _midnight(last + dt.timedelta(1), zone) - 1


def month_at(moment: int, zone: str) -> str:
    """Return the month in which a UTC millisecond lies."""
    return f"{dt.datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)):%Y-%m}"


def month_after(month: str, step: int) -> str:
    """Return the month so many months after this one, or before it."""
    year, number = map(int, month.split("-"))
    months = year * 12 + number - 1 + step
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def day_in_words(day: dt.date, zone: str) -> str:
    """Return the words of the log's filter that find a day of the house, wherever it is asked."""
    begins = dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    ends = dt.datetime(day.year, day.month, day.day, 23, 59, tzinfo=ZoneInfo(zone))
    return f"since:{begins.isoformat(timespec='minutes')} until:{ends.isoformat(timespec='minutes')}"


def month_in_words(month: str, zone: str) -> str:
    """Return the words of the log's filter that find a month of the house, wherever it is asked."""
    days = days_of(month)
    return f"{day_in_words(days[0], zone).split()[0]} {day_in_words(days[-1], zone).split()[1]}"


def _midnight(day: dt.date, zone: str) -> int:
    return round(dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp() * 1000)
