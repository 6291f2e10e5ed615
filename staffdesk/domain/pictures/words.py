"""How the figures of a month stand in words, alike on the screen, in a terminal's text and in the report."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from staffdesk.domain.access import Level
from staffdesk.domain.flags.flag import counted
from staffdesk.domain.pictures.figures import Employee, MonthFigures, Team
from staffdesk.domain.shares import percent_of

NOTHING: Final = "\u2013"


def percent(share: float | None) -> str:
    """Return a share as ``92 %``, never rounded up to all or down to none."""
    return NOTHING if share is None else percent_of(share)


def times_in_words(times: float | None) -> str:
    """Return how many times the median somebody has: ``1.4 times``."""
    return NOTHING if times is None else f"{times:.1f} times"


def purposes_in_words(each: Employee) -> str:
    """Return somebody's accesses by purpose: ``120 support, 3 sale``."""
    return ", ".join(f"{count:,} {purpose}" for purpose, count in each.purposes.items())


def standing_in_words(figures: MonthFigures) -> str:
    """Return how many records were opened, and how much of what was opened had a verified reference."""
    found = figures.standings
    if found.share is None:
        return "No record was opened."
    return (
        f"{counted(figures.opened, 'record was', 'records were')} opened. "
        f"{percent(found.share)} of what was opened and revealed had a verified reference "
        f"({found.verified:,} verified, {found.claimed:,} claimed)."
    )


def pruned_in_words(figures: MonthFigures) -> str:
    """Return what of the month went from the log, to be said before any figure of it; empty where nothing did."""
    if figures.pruned_at is not None:
        return (
            f"Its entries were pruned on {_day(figures.pruned_at, figures.zone)}; what is shown is what still stands."
        )
    if figures.technical_pruned_at is not None:
        day = _day(figures.technical_pruned_at, figures.zone)
        return f"Its sign-ins were pruned on {day}; its accesses still stand."
    return ""


def _day(moment: int, zone: str) -> str:
    return f"{dt.datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)):%Y-%m-%d}"


def counts_in_words(figures: MonthFigures) -> str:
    """Return how many accesses there were, of how many people, and how many at most in one hour."""
    total = counted(figures.hours.total, "access", "accesses")
    people = counted(len(figures.employees), "employee", "employees")
    return f"{total} by {people}, at most {figures.hours.most:,} in one hour." if figures.hours.total else "No access."


def team_in_words(team: Team, least: int) -> str:
    """Return a team's role, size and median, or from how many people on it is compared."""
    size = f"{team.role}: {counted(len(team.members), 'employee', 'employees')}"
    if team.median is None:
        return f"{size}, compared from {least} on"
    middle = ", ".join(f"{team.median.of(level):g} {level}" for level in Level)
    return f"{size}, median {middle}"
