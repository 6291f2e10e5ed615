"""A month of a firm of seven, counted: six in support, one of them twice as busy, one awake at night; one in sales."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from staffdesk.domain.access import Act, Level, Purpose, Role, Standing
from staffdesk.domain.pictures import Counted, MonthFigures, QuarterCount, RuleCount
from staffdesk.domain.pictures.figures import employees_of, hour_map, opened_of, standings_of, teams_of
from staffdesk.domain.pictures.months import days_of
from staffdesk.domain.policy import matrix

MONTH: Final = "2026-10"
ZONE: Final = "Europe/Brussels"
NIGHT: Final = dt.datetime(2026, 10, 14, 3, 15, tzinfo=ZoneInfo(ZONE))
LEAST: Final = 5

_SUPPORT: Final = {"anna": 1, "bo.holm": 2, "chidi": 1, "dorte": 1, "emil": 1, "fatima": 1}

_ACTS: Final = {
    Level.LISTED: Act.CUSTOMER_LISTED, Level.OPENED: Act.CUSTOMER_OPENED, Level.REVEALED: Act.CUSTOMER_REVEALED,
}  # fmt: skip


def figures(first: str = "anna", month: str = MONTH, zone: str = ZONE) -> MonthFigures:
    """Return the month; ``first`` is the user name of the first employee, whatever it holds."""
    names = {who: first if who == "anna" else who for who in (*_SUPPORT, "gus")}
    counted = _counted()
    return MonthFigures(
        month=month,
        zone=zone,
        first="2026-08",
        last="2026-11",
        hours=hour_map(month, _quarters(), zone),
        opened=opened_of(counted),
        standings=standings_of(counted),
        employees=employees_of(counted, names),
        teams=teams_of(counted, names, _held(), matrix(), LEAST),
        least=LEAST,
        rules=(
            RuleCount("unreferenced", "No verified reference", 3, 1),
            RuleCount("random", "Random share", 0, 2),
            RuleCount("own", "Own record", 1, 0),
        ),
    )


def _held() -> dict[str, frozenset[Role]]:
    return {**{who: frozenset({Role.SUPPORT}) for who in _SUPPORT}, "gus": frozenset({Role.SALES})}


def _counted() -> tuple[Counted, ...]:
    made = [
        Counted(
            actor=who, act=_ACTS[level], purpose=purpose, standing=standing, level=level, count=count * times
        )
        for who, times in _SUPPORT.items()
        for purpose, standing, level, count in (
            (Purpose.SUPPORT, None, Level.LISTED, 120), (Purpose.SUPPORT, Standing.VERIFIED, Level.OPENED, 180),
            (Purpose.SUPPORT, Standing.CLAIMED, Level.OPENED, 20),
            (Purpose.SUPPORT, Standing.VERIFIED, Level.REVEALED, 7),
        )
    ]  # fmt: skip
    level, act = Level.OPENED, Act.CUSTOMER_OPENED
    sale = Counted(actor="gus", act=act, purpose=Purpose.SALE, standing=Standing.VERIFIED, level=level, count=41)
    night = Counted(actor="anna", act=act, purpose=Purpose.LEGAL, standing=Standing.CLAIMED, level=level, count=1)
    return (*made, sale, night)


def _quarters() -> list[QuarterCount]:
    """Return office hours of each working day, the last Sunday's doubled hour, and one look at night."""
    made = [
        _quarter(dt.datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE)), 2 + (hour * day.day) % 11)
        for day in days_of(MONTH)
        if day.weekday() < 5
        for hour in range(8, 18)
    ]
    doubled = [_quarter(dt.datetime(2026, 10, 25, 2, tzinfo=ZoneInfo(ZONE), fold=fold), 1) for fold in (0, 1)]
    return [*made, *doubled, _quarter(NIGHT, 1)]


def _quarter(moment: dt.datetime, count: int) -> QuarterCount:
    return QuarterCount(int(moment.timestamp()) // 900, count)
