"""Taking in what a source exported."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from staffdesk.cli.import_text import ONE, WORDS, in_vain, put_report, report_as_json, tell_report
from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put, put_json, put_pairs, say
from staffdesk.cli.progress import Step, progress
from staffdesk.cli.seat import Seat, home_of, seat
from staffdesk.domain.errors import BadInput, StorageUnavailable
from staffdesk.domain.text import visible
from staffdesk.parameters import names_in

if TYPE_CHECKING:
    from staffdesk.services.import_runs import Undone

_NOTED_EVERY: Final = 60 * 10**9
"""Nanoseconds after which it is noted that whoever takes files in is still there."""


_STATES: Final = {
    "running": "running", "stopped": "stopped: the same files again go on with it", "undone": "undone", "finished": "",
}  # fmt: skip
"""What is said of how an import stands; that one is finished goes without saying."""

app = typer.Typer(
    no_args_is_help=False,
    rich_markup_mode=None,
    subcommand_metavar="SOURCE FILE... | COMMAND",
    epilog=f"Sources: {', '.join(names_in('sources'))}. Their options: staffdesk import files --help",
)

COMMANDS: Final = frozenset({"files", "list", "told", "undo"})
"""What stands in the place of a source is one of these, or the name of a source, whose files are taken in."""


@app.command("files", hidden=True)
def import_files(
    store: Annotated[str, typer.Argument(metavar="SOURCE", help="What exported it, such as shopify or leads.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="What it exported.")],
    *,
    user: User,
    source: Annotated[str | None, typer.Option(metavar="CODE", help="How the data was obtained.")] = None,
    obtained: Annotated[str | None, typer.Option(metavar="DATE", help="On which day, as 2026-09-12.")] = None,
    evidence: Annotated[str | None, typer.Option(metavar="TEXT", help="By what that can be shown.")] = None,
    event: Annotated[str | None, typer.Option(metavar="NAME", help="The event they were met at.")] = None,
    partner: Annotated[int | None, typer.Option(metavar="NUMBER", help="The partner who named them.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="The text's, where it is not UTF-8.")] = None,
    decimal_comma: Annotated[
        bool, typer.Option("--decimal-comma", help="Amounts are written with a comma, as in 12,50.")
    ] = False,
    zone: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of times that name none, as Europe/Brussels; else the source's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    test_orders: Annotated[bool, typer.Option("--test-orders", help="Take test orders in too.")] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take files in; a second run of the same files changes nothing.

    How they were obtained stands in the options, or in FILE.manifest.toml beside each. The exit code is 6 where a whole
    file was refused, or records were and none was taken in.
    """
    said: dict[str, object] = {
        "source": source, "obtained": obtained, "evidence": evidence, "event": event, "partner": partner,
        "encoding": encoding, "decimal_comma": decimal_comma or None, "zone": zone,
    }  # fmt: skip
    with seat(home, user, password_fd) as at, progress("records") as step:
        report = at.desk.imports.run(
            at.access(),
            store,
            files,
            said={name: value for name, value in said.items() if value is not None},
            dry_run=dry_run,
            test_orders=test_orders,
            progress=_at_work(at, step),
        )
    if not dry_run:
        _fit_the_search(home)
    if as_json:
        put_json(report_as_json(report))
    else:
        put_report(report)
    tell_report(report)
    if in_vain(report):
        raise typer.Exit(BadInput.exit_code)


def _at_work(at: Seat, step: Step) -> Callable[[int], None]:
    """Return what an import or its undoing is to call: a session with no key for so long would be locked meanwhile."""
    noted = time.time_ns()

    def read(records: int) -> None:
        nonlocal noted
        if time.time_ns() - noted >= _NOTED_EVERY:
            at.desk.sign_in.seen(at.sid)
            noted = time.time_ns()
        step(records, 0)

    return read


@app.command("list")
def list_imports(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the imports: when, by whom, how the data was obtained, and for which a notice is owed."""
    with seat(home, user, password_fd) as at:
        runs = at.desk.import_runs.all(at.access())
    from staffdesk.services.importing.going_on import state_of  # noqa: PLC0415 - brings the data layer

    rows = [{**asdict(run), "state": state_of(run).value} for run in runs]
    if as_json:
        put_json([{name: _dated(value) for name, value in row.items()} for row in rows])
        return
    for run in runs:
        owed = run.notice_due_on is not None and run.noticed_on is None
        said = (
            f"run {as_utc(run.started_at)} by {run.user_name or 'a former employee'}",
            f"obtained {run.obtained_on} by {run.source}" if run.source else "how it was obtained is not told",
            f"at {run.event}" if run.event else "",
            f"from partner {run.partner_id}" if run.partner_id else "",
            f"notice owed by {run.notice_due_on}" if owed else "",
            f"notice given on {run.noticed_on}" if run.noticed_on else "",
            f"gone on with {as_utc(run.continued_at)}" if run.continued_at else "",
            _STATES[state_of(run).value],
        )
        put(f"{run.id}  {visible(run.store)}  {visible(', '.join(each for each in said if each))}")


@app.command("told")
def note_told(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The import's, as import list shows it.")],
    *,
    user: User,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day, as 2026-09-12; else today.")] = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Note that whom a partner named was told where his data come from (GDPR Art. 14)."""
    day = None if on is None else _day(on)
    with seat(home, user, password_fd) as at:
        at.desk.import_runs.told(at.access(), number, day)
    if as_json:
        put_json({"import": number, "told": True})
    else:
        say(f"Import {number}: it is noted that they were told.")


@app.command("undo")
def undo_import(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The import's, as import list shows it.")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take away what one import brought, but for what was changed since; that stays, and is listed.

    Whoever left a list by this import gets no news all the same.
    """
    with seat(home, user, password_fd) as at, progress("records") as step:
        undone = at.desk.import_runs.undo(at.access(), number, _at_work(at, step))
    stays = sorted(undone.stays, key=lambda each: (each.table, each.number, each.field))
    if as_json:
        put_json(
            {
                "import": number,
                "removed": dict(sorted((name, n) for name, n in undone.removed.items() if n)),
                "restored": dict(sorted((name, n) for name, n in undone.restored.items() if n)),
                "reachable_again": undone.lifted,
                "stays": [asdict(each) for each in stays],
            }
        )
        return
    told = {WORDS[name]: said for name in undone.removed if (said := _undone(undone, name))}
    if undone.lifted:
        told["addresses"] = f"{undone.lifted:,} reachable again"
    put_pairs(told or {"taken away": "0"})
    for each in stays:
        field = f", {each.field.replace('_', ' ')}" if each.field else ""
        put(f"stays: {ONE[each.table]} {each.number}{field}: {each.reason}")


def _undone(undone: Undone, name: str) -> str:
    counts = {"taken away": undone.removed[name], "put back as it was": undone.restored[name]}
    return ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadInput("This is not a date.", "Write it as 2026-09-12.") from None


def _dated(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _fit_the_search(home: Path | None) -> None:
    """Let the search's index grow with what came; what was taken in stands also where that fails."""
    from staffdesk.services import word_parts  # noqa: PLC0415 - brings the data layer

    try:
        word_parts.fit(home_of(home))
    except StorageUnavailable as error:
        say(error.sentence, error.hint)
