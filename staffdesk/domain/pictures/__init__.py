"""The pictures of a month of the log: what was looked at when, by whom, for what, and how that compares."""

from staffdesk.domain.pictures.figures import (
    Counted,
    Employee,
    HourMap,
    Levels,
    Median,
    Member,
    MonthFigures,
    QuarterCount,
    RuleCount,
    Standings,
    Team,
)

__all__ = [
    "Counted",
    "Employee",
    "HourMap",
    "Levels",
    "Median",
    "Member",
    "MonthFigures",
    "QuarterCount",
    "RuleCount",
    "Standings",
    "Team",
]
