"""The times a store's record tells of; each function takes the raw value and raises ``BadInput`` without quoting."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from staffdesk.domain.errors import BadInput
from staffdesk.parameters import Dated, read

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d)(\.\d+)?\s?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)", re.ASCII
)
_BARE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)([T ](?P<time>\d\d:\d\d:\d\d))?", re.ASCII)
_DAY = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ]\d\d:\d\d(?::\d\d)?)?", re.ASCII)
_OTHER_ORDER = re.compile(
    r"(?P<day>\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([T ](?P<hour>\d{1,2}):(?P<rest>\d\d(:\d\d)?))?", re.ASCII
)
_YEAR = 4
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentRules(Dated):
    """When what has happened and what is planned may lie, and for how long a silent import counts as running."""

    earliest: dt.date
    days_ahead: int
    years_planned: int
    running_seconds: int


@cache
def rules() -> MomentRules:
    """Return the shipped rules."""
    return read("imports", MomentRules)


def millisecond_moment(value: object, *, planned: bool = False) -> dt.datetime:
    """Take milliseconds since 1970-01-01 UTC of what has happened, or with ``planned`` of what is to come."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadInput("it is not a time in milliseconds.")
    try:
        moment = _EPOCH + dt.timedelta(milliseconds=value)
    except OverflowError:
        raise _out_of_bounds(planned=planned) from None
    return _bounded(moment, planned=planned)


def iso_moment(value: object) -> dt.datetime:
    """Take the date and time of what has happened, with its distance from UTC, as ISO 8601 or Shopify's CSV write it.

    It is given in UTC.
    """
    found = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise BadInput("it is not a date and time with a time zone.")
    zone = "+00:00" if found["zone"] in {"Z", "UTC"} else found["zone"]
    try:
        moment = dt.datetime.fromisoformat(f"{found['day']}T{found['time']}{zone}").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise BadInput("there is no such date and time.") from None
    return _bounded(moment, planned=False)


def table_moment(value: object, order: str = "ymd", zone: str = "UTC") -> dt.datetime:
    """Take the date and time of what has happened, given in UTC; a day alone is its midnight.

    ``zone`` is the time zone of one that names none (IANA); of an hour that a clock showed twice the first counts.
    ``order`` says how a date is written of which the year does not stand first, as for :func:`day_of`.
    """
    if order != "ymd" and isinstance(value, str) and (found := _OTHER_ORDER.fullmatch(value.strip())):
        time = f"{found['hour'].zfill(2)}:{found['rest']}:00"[:8] if found["hour"] else "00:00:00"
        return _moment_in(zone, f"{day_of(found['day'], order)}T{time}")
    if isinstance(value, str) and (bare := _BARE.fullmatch(value.strip())):
        return _moment_in(zone, f"{bare['day']}T{bare['time'] or '00:00:00'}")
    return iso_moment(value)


def _moment_in(zone: str, text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise BadInput("there is no such date and time.") from None
    return _bounded(moment, planned=False)


def day_of(value: object, order: str) -> dt.date:
    """Take the day of what has happened; ``order`` says what stands first where the year does not."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise BadInput("it is not a date.")
    parts = [found[1], found[3], found[4]]
    if len(parts[0]) == _YEAR:
        order = "ymd"
    named = dict(zip(order, parts, strict=True))
    if len(named["y"]) != _YEAR:
        raise BadInput("it is a date without its whole year.")
    try:
        day = dt.date(int(named["y"]), int(named["m"]), int(named["d"]))
    except ValueError:
        raise BadInput("there is no such date, as dates stand in this source.") from None
    return _bounded(dt.datetime.combine(day, dt.time(), dt.UTC), planned=False).date()


def _bounded(moment: dt.datetime, *, planned: bool) -> dt.datetime:
    ahead = dt.timedelta(days=rules().years_planned * _DAYS_A_YEAR if planned else rules().days_ahead)
    if moment.date() < rules().earliest or moment > dt.datetime.now(dt.UTC) + ahead:
        raise _out_of_bounds(planned=planned)
    return moment


def _out_of_bounds(*, planned: bool) -> BadInput:
    latest = f"{rules().years_planned} years from now" if planned else f"{rules().days_ahead} days from now"
    return BadInput(f"the date and time do not lie between {rules().earliest} and {latest}.")
