"""When an answer is due: periods in months under Regulation (EEC, Euratom) 1182/71, with Belgian legal holidays.

All days are days in Brussels (the country where the action is due, Art. 2(1)).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True)
class FixedHoliday:
    """A legal holiday with the same date each year."""

    name: str
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class MovableHoliday:
    """A legal holiday so many days after Easter Sunday."""

    name: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHolidays(Dated):
    """The days, besides the weekend, on which no period ends."""

    fixed: tuple[FixedHoliday, ...]
    movable: tuple[MovableHoliday, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets(Dated):
    """The house's own targets, in working days, and the days before the due date on which it is reminded."""

    acknowledge_working_days: int
    ask_proof_working_days: int
    decide_working_days: int
    alarm_days_before: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRules(Dated):
    """The periods and the calendar; ``weekend`` holds ISO weekday numbers."""

    country: str
    time_zone: str
    months: int
    extended_months: int
    weekend: tuple[int, ...]
    targets: Targets
    legal: LegalHolidays


@dataclass(frozen=True, slots=True)
class Due:
    """The last days of an answer: ``hard`` without any pause, which steers; ``soft`` with the days identity took."""

    hard: dt.date
    soft: dt.date


@cache
def rules() -> DeadlineRules:
    """Return the shipped periods and calendar."""
    return read("deadlines", DeadlineRules)


def receive_day(received_at: dt.datetime, *, by: DeadlineRules | None = None) -> dt.date:
    """Return the day in Brussels on which something reached an official channel, read or not.

    Raises ValueError for a time without a zone.
    """
    if received_at.tzinfo is None:
        raise ValueError("the time of receipt needs a time zone")
    try:
        return received_at.astimezone(_zone((by or rules()).time_zone)).date()
    except OverflowError as error:
        raise _past_the_calendar() from error


def beginning_of(day: dt.date, *, by: DeadlineRules | None = None) -> dt.datetime:
    """Return the moment a day begins where the house is."""
    return dt.datetime.combine(day, dt.time(), _zone((by or rules()).time_zone))


def nominal(day: dt.date, months: int) -> dt.date:
    """Return the day of the same number ``months`` later, or that month's last day (Art. 3(2)(c))."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - only whoever starts a request pays for it

    try:
        return day + relativedelta(months=months)
    except (OverflowError, ValueError) as error:
        raise _past_the_calendar() from error


def is_working_day(day: dt.date, *, by: DeadlineRules | None = None) -> bool:
    """Say whether a period may end on this day: no Saturday, Sunday or legal holiday (Art. 2 and 3(4))."""
    calendar = by or rules()
    return day.isoweekday() not in calendar.weekend and day not in legal_holidays(day.year, by=calendar)


def why_no_working_day(day: dt.date, *, by: DeadlineRules | None = None) -> str | None:
    """Return why no period ends on this day, ``Sunday`` or the holiday's name; None where one may."""
    calendar = by or rules()
    holiday = next((name for name, date in _named_holidays(calendar.legal, day.year) if date == day), None)
    if holiday is not None:
        return holiday
    return f"{day:%A}" if day.isoweekday() in calendar.weekend else None


def working_days_later(day: dt.date, number: int, *, by: DeadlineRules | None = None) -> dt.date:
    """Return the day that many working days after ``day``, which is not counted itself (Art. 3(1))."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= is_working_day(day, by=by)
    return day


def days_paused(
    received: dt.date,
    asked: dt.date,
    proven: dt.date,
    *,
    doubt: bool = True,
    waits_from: dt.date | None = None,
    by: DeadlineRules | None = None,
) -> int:
    """Return the calendar days that asking for proof of identity adds to the soft date; never to the hard one.

    They are earned only where the proof was asked within the house's target after the receipt, for a reasonable
    ``doubt`` (GDPR Art. 12(6); EDPB guidelines 01/2022). Where it was asked again they count ``waits_from`` that day.
    Raises ValueError for days that do not follow one another.
    """
    first = asked if waits_from is None else waits_from
    if not received <= asked <= first <= proven:
        raise ValueError("the proof is asked after the receipt and comes after that")
    calendar = by or rules()
    in_time = asked <= working_days_later(received, calendar.targets.ask_proof_working_days, by=calendar)
    return (proven - first).days if doubt and in_time else 0


def roll(day: dt.date, *, by: DeadlineRules | None = None) -> dt.date:
    """Return this day, or the next working day where it is none (Art. 3(4))."""
    try:
        while not is_working_day(day, by=by):
            day += dt.timedelta(days=1)
    except OverflowError as error:
        raise _past_the_calendar() from error
    return day


def _past_the_calendar() -> BadInput:
    return BadInput("The period would end after the last day of the calendar.", "Correct the day of receipt.")


def due_dates(
    received_at: dt.datetime, months: int | None = None, paused_days: int = 0, *, by: DeadlineRules | None = None
) -> Due:
    """Return both last days of an answer to what was received at ``received_at``.

    ``months`` counts from receipt: the ordinary period where it is left out, ``extended_months`` (never one more period
    on top of the first) where the answer is extended. ``paused_days`` are calendar days and are added before rolling.
    """
    if paused_days < 0:
        raise ValueError("a pause cannot be negative")
    calendar = by or rules()
    last = nominal(receive_day(received_at, by=calendar), calendar.months if months is None else months)
    return Due(hard=roll(last, by=calendar), soft=roll(last + dt.timedelta(days=paused_days), by=calendar))


def legal_holidays(year: int, *, by: DeadlineRules | None = None) -> frozenset[dt.date]:
    """Return the legal holidays of a year; on a weekend they stay where they are."""
    return _holidays((by or rules()).legal, year)


@lru_cache(maxsize=64)
def _holidays(legal: LegalHolidays, year: int) -> frozenset[dt.date]:
    return frozenset(date for _, date in _named_holidays(legal, year))


@lru_cache(maxsize=64)
def _named_holidays(legal: LegalHolidays, year: int) -> tuple[tuple[str, dt.date], ...]:
    from dateutil.easter import easter  # noqa: PLC0415 - as above

    sunday = easter(year)
    fixed = tuple((each.name, dt.date(year, each.month, each.day)) for each in legal.fixed)
    return fixed + tuple((each.name, sunday + dt.timedelta(days=each.days)) for each in legal.movable)


@cache
def _zone(name: str) -> dt.tzinfo:
    # Where the system has no time zones, zoneinfo reads those of the package tzdata.
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Misconfigured(
            f"deadlines.toml: time_zone {name} is not known.", "Use a name such as Europe/Brussels."
        ) from error
