"""Taking in what a source exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put, put_json, put_pairs, say
from staffdesk.cli.progress import progress
from staffdesk.cli.seat import home_of, seat
from staffdesk.domain.errors import BadInput, StorageUnavailable
from staffdesk.domain.imported import Place
from staffdesk.domain.text import visible
from staffdesk.parameters import names_in

if TYPE_CHECKING:
    from staffdesk.services.import_runs import Undone
    from staffdesk.services.importing.report import ImportReport

_WHOLE = frozenset({"", "$"})
"""Where a refusal stands that is of a file, not of one of its records."""


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
        "encoding": encoding, "decimal_comma": decimal_comma or None,
    }  # fmt: skip
    with seat(home, user, password_fd) as at, progress("records") as step:
        report = at.desk.imports.run(
            at.access(),
            store,
            files,
            said={name: value for name, value in said.items() if value is not None},
            dry_run=dry_run,
            test_orders=test_orders,
            progress=lambda done: step(done, 0),
        )
    if not dry_run:
        _fit_the_search(home)
    if as_json:
        put_json(_as_json(report))
    else:
        _put(report)
    _tell(report)
    if _in_vain(report):
        raise typer.Exit(BadInput.exit_code)


@app.command("list")
def list_imports(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the imports: when, by whom, how the data was obtained, and for which a notice is owed."""
    with seat(home, user, password_fd) as at:
        runs = at.desk.import_runs.all(at.access())
    rows = [asdict(run) for run in runs]
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
            "undone" if run.undone_at else "",
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
        undone = at.desk.import_runs.undo(at.access(), number, lambda done: step(done, 0))
    stays = sorted(undone.stays, key=lambda each: (each.table, each.number))
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
    told = {_WORDS[name]: said for name in undone.removed if (said := _undone(undone, name))}
    if undone.lifted:
        told["addresses"] = f"{undone.lifted:,} reachable again"
    put_pairs(told or {"taken away": "0"})
    for each in stays:
        put(f"stays: {_WORDS[each.table]} {each.number}: {each.reason}")


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


_WORDS: Final = {
    "person": "people", "organisation": "organisations", "sales_order": "orders", "licence": "licences",
    "product_subscription": "subscriptions", "support_case": "cases", "activation": "activations",
    "contact_report": "reports", "subscription": "news", "field_status": "fields",
}  # fmt: skip
"""What a person reads for each table that imports write."""


def _fit_the_search(home: Path | None) -> None:
    """Let the search's index grow with what came; what was taken in stands also where that fails."""
    from staffdesk.services import word_parts  # noqa: PLC0415 - brings the data layer

    try:
        word_parts.fit(home_of(home))
    except StorageUnavailable as error:
        say(error.sentence, error.hint)


def _in_vain(report: ImportReport) -> bool:
    whole = any(refused.place.position in _WHOLE for refused in report.refused)
    return whole or (bool(report.refused) and not _came(report))


def _came(report: ImportReport) -> bool:
    """Say whether anything was taken in, or would be, or was there already."""
    return any(any(report.of(kind).values()) for kind in report.kinds)


def _put(report: ImportReport) -> None:
    if report.dry_run:
        say("A dry run: nothing was changed.")
    kinds = [kind for kind in report.kinds if any(report.of(kind).values())] or report.kinds[:1]
    put_pairs(
        {
            **({} if report.number is None else {"import": str(report.number)}),
            "read": f"{report.read:,}",
            **{kind: ", ".join(f"{count:,} {state}" for state, count in report.of(kind).items()) for kind in kinds},
            **({"suppressed": f"{report.suppressed:,}"} if report.suppressed else {}),
            "test orders left out": f"{report.test_orders:,}",
            "contested fields left": f"{len(report.kept_off):,}",
            **({"left out": _counts(report.left_out)} if report.left_out else {}),
            "fields dropped": _counts(report.dropped) or "0",
        }
    )


def _counts(by_name: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {name}" for name, n in sorted(by_name.items()))


def _tell(report: ImportReport) -> None:
    if report.notice_due_on is not None and report.of("people")["new"]:
        say(
            f"Whom the partner named must be told where his data come from by {report.notice_due_on} (GDPR Art. 14).",
            f"When that is done: staffdesk import told {report.number or 'NUMBER'} --as PRIVACY",
        )
    for place in report.conflicts:
        say(f"{_where(place)}: same account, other name; kept as a second person.")
    for each in report.kept_off:
        field = each.field.replace("_", " ")
        say(f"Customer {each.customer}: {field} is contested under {each.request}, and left as it is until settled.")
    for unknown in report.unknown_columns:
        say(f"{_where(unknown.place)}: columns not known, and dropped: {visible(', '.join(unknown.names))}")
    for place in report.unknown_countries:
        say(f"{_where(place)}: a country is not known by this name, and left out.")
    for left in report.texts_left_out:
        say(f"{_where(left.place)}: this text is left out, the rest is taken in: {left.why}")
    for refused in report.refused:
        say(f"{_where(refused.place)}: refused: {refused.reason}")
    if report.refused:
        would = "would be" if report.dry_run else "was"
        taken = f"the rest {would} taken in" if _came(report) else f"nothing {would} taken in"
        erased = len(report.refused) == report.counts["erased", "kept out"]
        hint = "Nothing is to be corrected." if erased else "Correct what the lines above name, then run it again."
        say(f"{len(report.refused):,} refused; {taken}.", hint)
    elif not report.read:
        say("All of it is left out." if report.left_out else "There was no record in what was given.")


def _as_json(report: ImportReport) -> dict[str, object]:
    return {
        "store": report.store,
        "notice_due_on": None if report.notice_due_on is None else report.notice_due_on.isoformat(),
        "dry_run": report.dry_run,
        "import": report.number,
        "read": report.read,
        "suppressed": report.suppressed,
        "test_orders": report.test_orders,
        **{kind: dict(report.of(kind)) for kind in report.kinds},
        "dropped": dict(sorted(report.dropped.items())),
        "conflicts": [_place(place) for place in report.conflicts],
        "contested": [
            {"customer": each.customer, "field": each.field, "request": each.request} for each in report.kept_off
        ],
        "refused": [{**_place(refused.place), "reason": refused.reason} for refused in report.refused],
        "unknown_countries": [_place(place) for place in report.unknown_countries],
        "left_out": dict(sorted(report.left_out.items())),
        "texts_left_out": [{**_place(each.place), "reason": each.why} for each in report.texts_left_out],
        "unknown_columns": [{**_place(each.place), "names": list(each.names)} for each in report.unknown_columns],
    }


def _where(place: Place) -> str:
    account = f" (account {place.account_id})" if place.account_id else ""
    return visible(f"{place.file} {place.position}".strip()) + account


def _place(place: Place) -> dict[str, object]:
    return {"file": place.file, "position": place.position, "account_id": place.account_id}
