"""The log: read by admins and auditors, verified by whoever holds the key file or an export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.moments import as_utc, milliseconds
from staffdesk.cli.options import Home, Json, PasswordFd, User, refuse_taken
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.progress import progress
from staffdesk.cli.seat import home_of, seat
from staffdesk.domain.access import Purpose, Standing
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from staffdesk.audit.report import Report
    from staffdesk.services.log_rows import EntryRow

app = typer.Typer(no_args_is_help=True)

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


@app.command("list")
def list_entries(
    *,
    user: User,
    who: Annotated[str | None, typer.Option("--who", metavar="ACCOUNT", help="Only what this account did.")] = None,
    act: Annotated[str | None, typer.Option("--act", help="Only this act, as customer.opened.")] = None,
    customer: Annotated[int | None, typer.Option("--customer", metavar="ID", help="Only about this customer.")] = None,
    purpose: Annotated[Purpose | None, typer.Option("--purpose", help="Only with this purpose.")] = None,
    standing: Annotated[Standing | None, typer.Option("--standing", help="Only with this standing.")] = None,
    since: Annotated[
        dt.datetime | None, typer.Option("--since", formats=_FORMATS, help="From then on, in UTC.")
    ] = None,
    until: Annotated[dt.datetime | None, typer.Option("--until", formats=_FORMATS, help="Before then, in UTC.")] = None,
    before: Annotated[int | None, typer.Option("--before", metavar="SEQ", help="The page before this entry.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="Entries on a page.")] = 50,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the log, newest first, a page at a time; the listing is an entry itself."""
    wanted = EntryFilter(
        who=who,
        act=act,
        customer=customer,
        purpose=purpose,
        standing=standing,
        since_ms=milliseconds(since),
        until_ms=milliseconds(until),
    )
    with seat(home, user, password_fd) as at:
        page = at.desk.audit.list(at.access(), wanted, before, limit)
    if as_json:
        put_json([dict(entry.fields) for entry in page.entries])
    elif page.entries:
        put_table(("Entry", "Time", "Who", "Act", "", "Purpose", "Reference", "Standing"), map(_line, page.entries))
    else:
        say("No entries match.", "Widen the filter.")
    if page.next_before is not None:
        say(f"Older entries: --before {page.next_before}")


@app.command()
def verify(
    *,
    export: Annotated[Path | None, typer.Option("--export", metavar="FILE", help="An exported log instead.")] = None,
    checkpoints: Annotated[
        Path | None, typer.Option("--checkpoints", metavar="DIR", help="Checkpoints kept elsewhere.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The public key of the checkpoints (seal.vkey).")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check every entry, opening and checkpoint. Exit code 0 sound, 10 sound with an old uncovered tail, 20 not sound.

    A home needs its key file and no sign-in, and nothing is written; with --checkpoints and --key it is held against
    what was kept elsewhere. With --export it works offline, on a machine that has never seen the desk.
    """
    report = _report(home, export, checkpoints, key)
    if as_json:
        put_json(_as_json(report))
    else:
        for finding in report.findings:
            put(finding.sentence)
        put(_summary(report))
    raise typer.Exit(report.exit_code)


@app.command("export")
def export_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; one entry a line, JSON.")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Write the whole log to a file that can be verified offline."""
    refuse_taken(file, "The file for the export")
    with seat(home, user, password_fd) as at:
        write_lines = at.desk.audit.export(at.access(), file)
    entries = write_lines()
    say(
        f"{entries:,} entries in {file}. With the folder of checkpoints and seal.vkey it is verified anywhere:",
        f"staffdesk audit verify --export {file} --checkpoints DIR --key FILE",
    )


@app.command()
def checkpoint(*, user: User, password_fd: PasswordFd = None, home: Home = None) -> None:
    """Sign the log as it is now and print the note; keep it where nobody of this desk can reach it."""
    with seat(home, user, password_fd) as at:
        note = at.desk.audit.checkpoint(at.access())
    put(note.removesuffix("\n"), lines=True)


def _report(home: Path | None, export: Path | None, checkpoints: Path | None, key: Path | None) -> Report:
    from staffdesk.services import verification  # noqa: PLC0415 - brings the data layer

    if export is not None:
        if checkpoints is None or key is None:
            raise BadInput("An exported log needs its checkpoints and their key.", "Add --checkpoints DIR --key FILE.")
        return verification.verify_export(export, checkpoints, key)
    located = home_of(home)
    with progress("entries") as step:
        return verification.verify_home(located, step, kept=checkpoints, key_file=key)


def _line(entry: EntryRow) -> tuple[str, ...]:
    fields = entry.fields
    moment = fields.get("t")
    return (
        str(entry.seq),
        as_utc(moment) if isinstance(moment, int) else "",
        entry.who,
        _text(fields, "act"),
        _text(fields, "out"),
        _text(fields, "purpose"),
        entry.reference,
        _text(fields, "standing"),
    )


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value)


def _summary(report: Report) -> str:
    state = {0: "Sound", 10: "Sound, but the newest checkpoint is too old"}.get(report.exit_code, "NOT SOUND")
    newest = report.newest_checkpoint
    covered = "no checkpoint" if newest is None else f"checkpoint at {newest.size:,}"
    return (
        f"{state}: {report.entries:,} entries, {covered}, {report.uncovered:,} uncovered,"
        f" {report.erased_openings:,} openings erased, {report.pruned:,} entries pruned."
    )


def _as_json(report: Report) -> dict[str, object]:
    newest = report.newest_checkpoint
    return {
        "exit_code": report.exit_code,
        "entries": report.entries,
        "newest_checkpoint": None if newest is None else newest.size,
        "uncovered": report.uncovered,
        "uncovered_age_ms": report.uncovered_age_ms,
        "erased_openings": report.erased_openings,
        "pruned": report.pruned,
        "findings": [
            {
                "kind": finding.kind.value,
                "from": finding.seq_from,
                "to": finding.seq_to,
                "sentence": finding.sentence,
            }
            for finding in report.findings
        ],
    }
