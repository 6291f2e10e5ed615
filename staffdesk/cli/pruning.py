"""What the log forgets: run by a timer with all that is due, or by itself, and looked at beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import home_of

if TYPE_CHECKING:
    from staffdesk.domain.log_retention import Doubt
    from staffdesk.services.pruning import Pruned

RIGHT: Final = "staffdesk audit prune --clock-is-right"


def prune(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be forgotten.")] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="You looked at this machine's clock; that is an entry of the log.")
    ] = False,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Let the log forget what its time is over for, month by month, as run-due does it; needs the key file."""
    from staffdesk.services.opening_homes import open_to_run_due  # noqa: PLC0415 - brings the data layer

    desk = open_to_run_due(home_of(home))
    try:
        report = desk.pruning.run(dry=dry_run, clock_is_right=clock_is_right)
    finally:
        desk.close()
    if as_data:
        put_json({"dry_run": dry_run, **as_json(report)})
        return
    lines = [*done(report, would=dry_run), *waiting(report)]
    for line in lines:
        put(line)
    if not lines:
        say("Nothing of the log is to be forgotten.")


def as_json(report: Pruned) -> dict[str, object]:
    """Return what was forgotten, as a program reads it."""
    return {
        "entries": report.entries,
        "months": report.months,
        "finished": report.finished,
        "openings": report.expired,
        "waiting": report.waiting,
        "clock": clock_as_json(report.clock),
    }


def clock_as_json(doubt: Doubt | None) -> dict[str, str] | None:
    """Return up to when the log was written and what the clock shows, where it is doubted."""
    return None if doubt is None else {"believed": as_utc(doubt.believed), "shown": as_utc(doubt.shown)}


def doubted(what: str, doubt: Doubt) -> str:
    """Return why ``what`` was left undone while the clock is doubted, and what a person does about it."""
    return (
        f"! {what}: this machine's clock says {as_utc(doubt.shown)}, and the log was"
        f" written up to {as_utc(doubt.believed)}. Set the clock; where it is right: {RIGHT}"
    )


def done(report: Pruned, *, would: bool = False) -> Iterator[str]:
    """Yield what was forgotten, or would be, a line each."""
    gone = "entries of the log would be pruned" if would else "entries of the log pruned"
    if report.finished:
        yield f"{report.finished:,} {gone}, of what was begun before"
    yield from (f"{month}: {many:,} {gone}" for month, many in report.months.items())
    expired = "would expire" if would else "expired"
    yield from (f"{many:,} openings of the kind {kind} {expired}" for kind, many in report.expired.items())


def waiting(report: Pruned) -> Iterator[str]:
    """Yield why nothing is forgotten where the clock is doubted, or the months that are over and still stand."""
    if report.clock is not None:
        yield doubted("The log forgets nothing", report.clock)
    yield from (f"! {month} of the log is over and not pruned: {why}" for month, why in report.waiting.items())
