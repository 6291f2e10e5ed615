"""The clock knows the law: Regulation 1182/71 and Belgian holidays."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.deadlines import (
    days_paused,
    due_dates,
    is_working_day,
    legal_holidays,
    nominal,
    receive_day,
    roll,
    rules,
    why_no_working_day,
    working_days_later,
)
from staffdesk.domain.errors import Misconfigured

BRUSSELS = ZoneInfo("Europe/Brussels")
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


def noon(day: str | dt.date) -> dt.datetime:
    date = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return dt.datetime.combine(date, dt.time(12), BRUSSELS)


@pytest.mark.parametrize(
    ("received", "months", "unrolled", "due"),
    [
        ("2026-03-05", 1, "2026-04-05", "2026-04-07"),
        ("2026-08-31", 1, "2026-09-30", "2026-09-30"),
        ("2026-01-31", 1, "2026-02-28", "2026-03-02"),
        ("2026-01-31", 3, "2026-04-30", "2026-04-30"),
        ("2027-01-31", 1, "2027-02-28", "2027-03-01"),
        ("2028-01-31", 1, "2028-02-29", "2028-02-29"),
        ("2027-01-29", 1, "2027-02-28", "2027-03-01"),
        ("2025-11-30", 1, "2025-12-30", "2025-12-30"),
        ("2026-11-30", 1, "2026-12-30", "2026-12-30"),
        ("2026-11-30", 3, "2027-02-28", "2027-03-01"),
        ("2026-11-25", 1, "2026-12-25", "2026-12-28"),
        ("2026-12-01", 1, "2027-01-01", "2027-01-04"),
        ("2026-04-01", 1, "2026-05-01", "2026-05-04"),
        ("2026-04-25", 1, "2026-05-25", "2026-05-26"),
        ("2026-07-15", 1, "2026-08-15", "2026-08-17"),
        ("2026-10-01", 1, "2026-11-01", "2026-11-02"),
        ("2026-10-11", 1, "2026-11-11", "2026-11-12"),
    ],
)
def test_the_last_day_of_an_answer(received: str, months: int, unrolled: str, due: str) -> None:
    assert nominal(dt.date.fromisoformat(received), months) == dt.date.fromisoformat(unrolled)
    found = due_dates(noon(received), months)
    assert found.hard == found.soft == dt.date.fromisoformat(due)


def test_a_day_begins_at_midnight_in_brussels_and_not_in_greenwich() -> None:
    late = dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC)
    assert receive_day(late) == dt.date(2026, 4, 1)
    assert due_dates(late).hard == dt.date(2026, 5, 4)
    winter = dt.datetime(2026, 12, 31, 22, 59, tzinfo=dt.UTC)
    assert receive_day(winter) == dt.date(2026, 12, 31)


def test_summer_time_goes_on_after_2037() -> None:
    for year in (2037, 2038, 2051, 2090):
        assert receive_day(dt.datetime(year, 3, 31, 22, 30, tzinfo=dt.UTC)) == dt.date(year, 4, 1)
        assert receive_day(dt.datetime(year, 12, 31, 22, 59, tzinfo=dt.UTC)) == dt.date(year, 12, 31)
        assert receive_day(dt.datetime(year, 12, 31, 23, 0, tzinfo=dt.UTC)) == dt.date(year + 1, 1, 1)


def test_a_system_without_time_zones_keeps_the_same_days() -> None:
    asked = (
        "import datetime as dt; from staffdesk.domain.deadlines import receive_day; "
        "print(*(receive_day(dt.datetime(year, 3, 31, 22, 30, tzinfo=dt.UTC)) for year in (2026, 2038)))"
    )
    bare = {**os.environ, "PYTHONTZPATH": ""}
    ran = subprocess.run([sys.executable, "-c", asked], env=bare, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["2026-04-01", "2038-04-01"]


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../../etc/passwd", "", "Europe"])
def test_a_time_zone_that_does_not_exist_is_said_of_the_file(name: str) -> None:
    with pytest.raises(Misconfigured, match=r"deadlines\.toml"):
        receive_day(noon("2026-01-01"), by=replace(rules(), time_zone=name))


def test_the_days_identity_took_move_the_soft_date_and_never_the_hard_one() -> None:
    due = due_dates(noon("2026-09-10"), paused_days=6)
    assert due.soft == dt.date(2026, 10, 16)
    assert due.hard == dt.date(2026, 10, 12)


def test_an_answer_is_due_after_one_month_where_nothing_else_is_said() -> None:
    assert due_dates(noon("2026-09-10")) == due_dates(noon("2026-09-10"), 1)
    assert rules().extended_months == 3


def test_a_time_without_a_zone_and_a_negative_pause_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        receive_day(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - the very thing that is refused
    with pytest.raises(ValueError, match="pause"):
        due_dates(noon("2026-01-01"), paused_days=-1)


@pytest.mark.parametrize(
    "day", ["2026-04-03", "2026-05-15", "2026-11-02", "2026-12-26", "2025-07-11", "2028-09-27", "2027-11-15"]
)
def test_bridge_and_community_days_move_nothing(day: str) -> None:
    date = dt.date.fromisoformat(day)
    assert date not in legal_holidays(date.year)
    assert roll(date) == date or date.isoweekday() >= 6


def test_our_ten_legal_holidays_are_those_of_the_holidays_package() -> None:
    for year in range(2020, 2041):
        ours = legal_holidays(year)
        theirs = {day for day in holidays.country_holidays("BE", years=year) if day.isoweekday() != 7}
        assert {day for day in ours if day.isoweekday() != 7} == theirs, year
        # An Ascension Day on 1 May is one day with two names.
        assert len(ours) in {9, 10}


@given(DAYS, st.integers(1, 3), st.integers(0, 60))
def test_an_answer_is_never_due_early_nor_on_a_day_nobody_works(day: dt.date, months: int, pause: int) -> None:
    due = due_dates(noon(day), months, pause)
    assert due.hard >= nominal(day, months)
    assert due.soft >= due.hard
    assert is_working_day(due.hard)
    assert is_working_day(due.soft)
    # Nowhere in the calendar stand more than four days in a row on which nobody works.
    assert (due.hard - nominal(day, months)).days <= 4


@given(DAYS, st.integers(0, 40), st.integers(1, 3))
def test_what_came_first_is_never_due_later(first: dt.date, later_by: int, months: int) -> None:
    second = first + dt.timedelta(days=later_by)
    assert due_dates(noon(first), months).hard <= due_dates(noon(second), months).hard


@given(DAYS)
def test_a_day_is_a_working_day_or_says_why_not(day: dt.date) -> None:
    assert is_working_day(day) is (why_no_working_day(day) is None)


@pytest.mark.parametrize(
    ("asked", "proven", "days"),
    [
        ("2026-09-10", "2026-09-16", 6),
        ("2026-09-14", "2026-09-16", 2),
        ("2026-09-15", "2026-09-16", 0),
    ],
)
def test_a_pause_is_earned_by_asking_within_two_working_days(asked: str, proven: str, days: int) -> None:
    received = dt.date(2026, 9, 10)
    assert days_paused(received, dt.date.fromisoformat(asked), dt.date.fromisoformat(proven)) == days
    assert days_paused(received, dt.date.fromisoformat(asked), dt.date.fromisoformat(proven), doubt=False) == 0


def test_working_days_jump_over_the_weekend_and_easter() -> None:
    assert working_days_later(dt.date(2026, 4, 2), 2) == dt.date(2026, 4, 7)
    assert working_days_later(dt.date(2026, 4, 4), 1) == dt.date(2026, 4, 7)
