"""The pictures of a month of the log as tables, and the monthly report as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, User, refuse_no_folder
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.access import Level
from staffdesk.domain.pictures.words import (
    counts_in_words,
    percent,
    pruned_in_words,
    purposes_in_words,
    standing_in_words,
    team_in_words,
    times_in_words,
)

if TYPE_CHECKING:
    from staffdesk.domain.pictures import Member, MonthFigures, Team

Month = Annotated[str, typer.Argument(metavar="MONTH", help="A month, as 2026-11.")]


def pictures(
    month: Month, *, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False
) -> None:
    """Count a month: by day and hour, by employee and purpose, against the team, flags by rule; one entry."""
    with seat(home, user, password_fd) as at:
        found = at.desk.pictures.month(at.access(), month)
    if as_json:
        put_json(_as_json(found))
        return
    if pruned := pruned_in_words(found):
        put(pruned)
    put(counts_in_words(found))
    put(standing_in_words(found))
    if found.hours.total:
        put()
        put_table(("Day", *(f"{hour:02d}" for hour in range(24)), "Sum"), _days(found))
        put()
        put_table(
            ("Who", "Accesses", "Verified", "Purposes"),
            ((e.who, f"{e.total:,}", percent(e.standings.share), purposes_in_words(e)) for e in found.employees),
        )
    for team in found.teams:
        put()
        put(team_in_words(team, found.least))
        put_table(("Who", *(level.value.capitalize() for level in Level)), _members(team))
    if found.rules:
        put()
        put_table(("Rule", "Decided", "Open"), ((r.title, f"{r.decided:,}", f"{r.open:,}") for r in found.rules))


def report(
    month: Month,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder for its new files, which is there.")],
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write a month's report: a page that holds its pictures and figures, the certificate of a closed month, and SVGs.

    Logged as an export. The page runs nothing and fetches nothing, and no customer stands in it.
    """
    refuse_no_folder(to, "The report")
    with seat(home, user, password_fd) as at:
        made = at.desk.pictures.report(at.access(), month, to)
    if as_json:
        put_json({"page": str(made.page), "files": [str(each) for each in made.files], "certified": made.certified})
        return
    put(str(made.page))
    say(f"{len(made.files) - 1} pictures beside it.")
    if not made.certified:
        say("The review of this month is not closed, so no certificate is in it: staffdesk audit review months")


def _days(found: MonthFigures) -> Iterator[tuple[str, ...]]:
    for day, counts in zip(found.hours.days, found.hours.counts, strict=True):
        yield f"{day:%a %d}", *(str(count) if count else "." for count in counts), f"{sum(counts):,}"


def _members(team: Team) -> Iterator[tuple[str, ...]]:
    for member in team.members:
        yield member.who, *(_cell(team, member, level) for level in Level)


def _cell(team: Team, member: Member, level: Level) -> str:
    times = team.times(member, level)
    count = f"{member.levels.of(level):,}"
    return count if times is None else f"{count} ({times_in_words(times)})"


def _as_json(found: MonthFigures) -> dict[str, object]:
    values = asdict(found)
    hours = {day.isoformat(): counts for day, counts in zip(found.hours.days, found.hours.counts, strict=True)}
    shares = {each.who: each.standings.share for each in found.employees}
    return {
        "pruned": pruned_in_words(found) or None,
        **values,
        "hours": hours,
        "standings": {**asdict(found.standings), "share": found.standings.share},
        "employees": [{**asdict(each), "share": shares[each.who]} for each in found.employees],
    }
