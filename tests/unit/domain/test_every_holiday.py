"""The last day of an answer around every Belgian legal holiday until 2032, by a calendar of the test's own.

Easter, the month's end, the weekend and the hour of Brussels are counted here with the standard library alone.
Seen to fail: with All Saints left out of the table, with Whit Monday a day early, with the day after Ascension and 26
December made holidays, with a pause added after rolling, with an extension added to the first month, and with days of
UTC.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import Final

import pytest

from staffdesk.domain.deadlines import due_dates, nominal

YEARS: Final = range(2026, 2033)
_FIXED: Final = {
    "New Year": (1, 1), "Labour Day": (5, 1), "National Day": (7, 21), "Assumption": (8, 15), "All Saints": (11, 1),
    "Armistice": (11, 11), "Christmas": (12, 25),
}  # fmt: skip
_AFTER_EASTER: Final = {"Easter Monday": 1, "Ascension": 39, "Whit Monday": 50}
_DAY: Final = dt.timedelta(days=1)
_PAUSES: Final = (1, 6, 20)


def _easter(year: int) -> dt.date:
    """Count Easter Sunday as Butcher's rule of 1876 does."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    more, left = divmod(of_century, 4)
    week = (32 + 2 * rest + 2 * more - moon - left) % 7
    month, day = divmod(moon + week - 7 * ((golden + 11 * moon + 22 * week) // 451) + 114, 31)
    return dt.date(year, month, day + 1)


def _holidays(year: int) -> dict[str, dt.date]:
    fixed = {name: dt.date(year, month, day) for name, (month, day) in _FIXED.items()}
    return fixed | {name: _easter(year) + dt.timedelta(days=days) for name, days in _AFTER_EASTER.items()}


_FREE: Final = frozenset(day for year in (*YEARS, YEARS.stop) for day in _holidays(year).values())
HOLIDAYS: Final = [(f"{name} {year}", day) for year in YEARS for name, day in _holidays(year).items()]


def _rolled(day: dt.date) -> dt.date:
    while day.weekday() >= calendar.SATURDAY or day in _FREE:
        day += _DAY
    return day


def _nominal(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _received_for(day: dt.date, months: int) -> Iterator[dt.date]:
    """Yield every day on which a request is received that is due, unrolled, on ``day``: one, or at a month's end none
    or up to four.
    """
    return (each for each in (day - n * _DAY for n in range(100)) if _nominal(each, months) == day)


def _in_brussels(day: dt.date, time: dt.time) -> dt.datetime:
    """Return a time of day in Brussels in UTC: an hour less in winter, two between the last Sundays of March and
    October, at whose own hours nobody is asked here.
    """
    begins, ends = (max(_sundays(day.year, month)) for month in (3, 10))
    return dt.datetime.combine(day, time, dt.UTC) - dt.timedelta(hours=2 if begins < day < ends else 1)


def _sundays(year: int, month: int) -> Iterator[dt.date]:
    days = calendar.Calendar().itermonthdates(year, month)
    return (day for day in days if day.month == month and day.weekday() == calendar.SUNDAY)


def _times(day: dt.date) -> Iterator[dt.datetime]:
    yield _in_brussels(day, dt.time(12))
    if day not in {max(_sundays(day.year, month)) for month in (3, 10)}:
        yield _in_brussels(day, dt.time())
        yield _in_brussels(day, dt.time(23, 59, 59, 999_999))


@pytest.mark.parametrize("holiday", [day for _, day in HOLIDAYS], ids=[name for name, _ in HOLIDAYS])
def test_an_answer_due_before_on_and_after_a_holiday(holiday: dt.date) -> None:
    tried = 0
    for ends in (holiday - _DAY, holiday, holiday + _DAY):
        for months in (1, 3):
            for received in _received_for(ends, months):
                assert nominal(received, months) == ends
                for time in _times(received):
                    assert due_dates(time, months).hard == _rolled(ends), (time, months)
                    for pause in _PAUSES:
                        due = due_dates(time, months, pause)
                        assert due.soft == _rolled(ends + dt.timedelta(days=pause)), (time, months, pause)
                        assert due.hard == _rolled(ends), "a pause never moves it"
            for pause in _PAUSES:
                for received in _received_for(ends - dt.timedelta(days=pause), months):
                    tried += 1
                    assert due_dates(_in_brussels(received, dt.time(12)), months, pause).soft == _rolled(ends)
    assert tried >= len(_PAUSES)


def test_every_holiday_is_tried_and_stands_where_the_almanac_has_it() -> None:
    assert len({day for _, day in HOLIDAYS}) == 10 * len(YEARS)
    almanac = ("2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2031-04-13", "2032-03-28")
    assert tuple(_easter(year).isoformat() for year in YEARS) == almanac


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        ("2027-12-01", 1, "2028-01-03"),  # New Year on a Saturday
        ("2028-10-01", 3, "2029-01-02"),  # New Year on a Monday
        ("2031-12-01", 1, "2032-01-02"),  # New Year on a Thursday bridges nothing
        ("2027-02-27", 1, "2027-03-30"),  # Saturday, Easter Sunday, Easter Monday
        ("2027-02-26", 1, "2027-03-26"),  # Good Friday is worked
        ("2029-01-02", 3, "2029-04-03"),  # Easter Monday, extended
        ("2027-04-01", 1, "2027-05-03"),  # Labour Day on a Saturday, and no day instead
        ("2028-03-29", 1, "2028-05-02"),  # Saturday, Sunday, Labour Day on a Monday
        ("2032-02-01", 3, "2032-05-03"),  # Labour Day on a Saturday, extended
        ("2028-04-25", 1, "2028-05-26"),  # Ascension, and the Friday after it is worked
        ("2028-04-26", 1, "2028-05-26"),
        ("2031-02-22", 3, "2031-05-23"),
        ("2027-04-15", 1, "2027-05-18"),  # Saturday, Whit Sunday, Whit Monday
        ("2030-03-10", 3, "2030-06-11"),  # Whit Monday, extended
        ("2028-06-21", 1, "2028-07-24"),  # the National Day on a Friday
        ("2029-06-21", 1, "2029-07-23"),  # on a Saturday
        ("2031-04-21", 3, "2031-07-22"),  # on a Monday
        ("2027-07-15", 1, "2027-08-16"),  # Assumption on a Sunday
        ("2028-07-15", 1, "2028-08-16"),  # on a Tuesday
        ("2031-05-15", 3, "2031-08-18"),  # on a Friday
        ("2027-09-30", 1, "2027-11-02"),  # Saturday, Sunday, All Saints on a Monday
        ("2030-10-01", 1, "2030-11-04"),  # All Saints on a Friday
        ("2030-07-31", 3, "2030-10-31"),  # the day before it is worked
        ("2028-10-11", 1, "2028-11-13"),  # Armistice on a Saturday
        ("2027-08-11", 3, "2027-11-12"),  # on a Thursday, and the Friday is worked
        ("2026-09-25", 3, "2026-12-28"),  # Christmas on a Friday
        ("2032-11-25", 1, "2032-12-27"),  # on a Saturday
        ("2028-11-23", 1, "2028-12-26"),  # Saturday, Sunday, Christmas on a Monday
        ("2031-11-25", 1, "2031-12-26"),  # on a Thursday: the day after is worked
    ],
)
def test_the_same_by_hand(received: str, months: int, due: str) -> None:
    day, last = dt.date.fromisoformat(received), dt.date.fromisoformat(due)
    assert due_dates(_in_brussels(day, dt.time(12)), months).hard == last
    assert _rolled(_nominal(day, months)) == last, "the test's own calendar counts wrong"


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2027-07-20T21:59:59+00:00", "2027-08-20"),  # Friday
        ("2027-07-20T22:00:00+00:00", "2027-08-23"),  # the 21st in Brussels, so a Saturday
        ("2026-11-30T22:59:59+00:00", "2026-12-30"),
        ("2026-11-30T23:00:00+00:00", "2027-01-04"),  # 1 December in Brussels, so New Year and a weekend
    ],
)
def test_midnight_in_brussels_in_summer_and_in_winter(moment: str, due: str) -> None:
    assert due_dates(dt.datetime.fromisoformat(moment)).hard == dt.date.fromisoformat(due)


def test_a_pause_is_added_before_rolling() -> None:
    # Saturday 12 December and eleven days is Wednesday the 23rd; Monday the 14th and eleven would be Christmas.
    due = due_dates(dt.datetime(2026, 11, 12, 11, tzinfo=dt.UTC), paused_days=11)
    assert (due.hard, due.soft) == (dt.date(2026, 12, 14), dt.date(2026, 12, 23))
