"""The log: read by admins and auditors, verified by whoever holds the key file or an export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli import audit_proofs, audit_seals, breaches, flag_list, log_list, own, pictures, pruning, reviewing
from staffdesk.cli.options import Home, Json, PasswordFd, User, refuse_taken
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.progress import progress
from staffdesk.cli.seat import home_of, seat
from staffdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from staffdesk.audit.report import Report

app = typer.Typer(no_args_is_help=True)

app.command("list")(log_list.list_entries)
app.command("own")(log_list.own)
app.command("declarations")(own.every_declaration)
app.command("filters")(log_list.filters)
app.command("keep-filter")(log_list.keep_filter)
app.command("forget-filter")(log_list.forget_filter)
app.command("flags")(flag_list.flags)
app.command("pictures")(pictures.pictures)
app.command("report")(pictures.report)
app.command("prune")(pruning.prune)
app.command("prove")(audit_proofs.prove)
app.command("check-proof")(audit_proofs.check_proof)
app.command("new-key")(audit_seals.new_key)
app.command("leaves")(audit_seals.leaves)
app.command("seal")(audit_seals.seal)
app.command("receive")(audit_seals.receive)
app.command("cosign")(audit_seals.cosign)
app.command("check-cosigned")(audit_seals.check_cosigned)
app.add_typer(reviewing.app, name="review", help="What an admin signs off: flags, break-glass, a random share.")
app.add_typer(reviewing.inbox_app, name="inbox", help="What is asked about accesses of one's own.")
app.add_typer(breaches.app, name="breaches", help="The register of breaches.")


@app.command()
def verify(
    *,
    export: Annotated[Path | None, typer.Option("--export", metavar="FILE", help="An exported log instead.")] = None,
    checkpoints: Annotated[
        Path | None, typer.Option("--checkpoints", metavar="DIR", help="Checkpoints kept elsewhere.")
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(
            "--key", metavar="FILE", help="Public keys of the checkpoints (seal.vkey), one a line; repeatable."
        ),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check every entry, opening and checkpoint. Exit code 0 sound, 10 sound with an old uncovered tail, 20 not sound.

    A home needs its key file and no sign-in, and nothing is written; with --checkpoints and --key it is held against
    what was kept elsewhere. With --export it works offline, on a machine that has never seen the desk.
    """
    report = _report(home, export, checkpoints, key or ())
    if as_json:
        put_json(_as_json(report))
    else:
        for finding in report.findings:
            put(finding.sentence)
        put(_summary(report))
        if report.ends_before is not None:
            put(
                f"The file ends at entry {report.entries:,}, before the newest checkpoint, which is over "
                f"{report.ends_before:,}: what was written after it is not in the file."
            )
    raise typer.Exit(report.exit_code)


@app.command("export")
def export_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; one entry a line, JSON.")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the whole log to a file that can be verified offline."""
    refuse_taken(file, "The file for the export")
    with seat(home, user, password_fd) as at:
        write_lines = at.desk.audit.export(at.access(), file)
    entries = write_lines()
    if as_json:
        put_json({"entries": entries, "file": str(file)})
        return
    say(
        f"{entries:,} entries in {file}. With the folder of checkpoints and seal.vkey it is verified anywhere:",
        f"staffdesk audit verify --export {file} --checkpoints DIR --key FILE",
    )


@app.command()
def checkpoint(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """Sign the log as it is now and print the note; keep it where nobody of this desk can reach it."""
    with seat(home, user, password_fd) as at:
        note = at.desk.audit.checkpoint(at.access())
    if as_json:
        put_json({"note": note})
    else:
        put(note.removesuffix("\n"), lines=True)


def _report(home: Path | None, export: Path | None, checkpoints: Path | None, keys: Sequence[Path]) -> Report:
    from staffdesk.services import verification  # noqa: PLC0415 - brings the data layer

    if export is not None:
        if checkpoints is None or not keys:
            raise BadInput("An exported log needs its checkpoints and their key.", "Add --checkpoints DIR --key FILE.")
        return verification.verify_export(export, checkpoints, *keys)
    located = home_of(home)
    with progress("entries") as step:
        return verification.verify_home(located, step, kept=checkpoints, key_files=keys)


def _summary(report: Report) -> str:
    state = {0: "Sound", 10: "Sound, but the newest checkpoint is too old"}.get(report.exit_code, "NOT SOUND")
    newest = report.newest_checkpoint
    covered = "no checkpoint" if newest is None else f"checkpoint at {newest.size:,}"
    return (
        f"{state}: {report.entries:,} entries, {covered}, {report.uncovered:,} uncovered,"
        f" {report.erased_openings:,} openings erased, {report.pruned:,} entries pruned{_covered(report)}."
    )


def _covered(report: Report) -> str:
    """Return in words that whatever was pruned is covered; where it is not, a finding says so."""
    lost = any(finding.kind.value == "removed" for finding in report.findings)
    return ", all of them covered" if report.pruned and not lost else ""


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
        "ends_before": report.ends_before,
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
