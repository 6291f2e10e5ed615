"""Product news by commands: why somebody gets it, what its service is told, how its list differs from ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why, refuse_absent
from staffdesk.cli.output import put, put_json, put_pairs, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.campaign import Explained, Told
from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Place
from staffdesk.domain.text import visible

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_WORDS = {
    Told.GIVEN: "may get news", Told.STOPPED: "stopped for good", Told.LEFT: "left the list",
    Told.PAUSED: "not now",
}  # fmt: skip


@app.command("why")
def why(
    customer: Annotated[int, typer.Argument(metavar="CUSTOMER", help="A customer number.")],
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say why a customer gets product news, or why not: the contact, the ground, what shows it."""
    with seat(home, user, password_fd) as at:
        told = at.desk.campaign.why(at.access(purpose, reference), customer)
    if as_json:
        put_json(
            {
                "customer": told.customer, "eligible": told.eligible, "event": told.event or None,
                "basis": told.basis or None, "evidence": list(told.evidence), "against": list(told.against),
                "given_on": None if told.given_on is None else told.given_on.isoformat(), "entry": told.seq,
            }
        )  # fmt: skip
        return
    put_pairs(dict(_explained(told)))


@app.command("export")
def export(
    *,
    user: User,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be told, and write nothing.")] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write for the campaign service who may get news since the last time, and who may no more.

    The files go to the folder an admin named. What nothing changed for is written no second time.
    """
    with seat(home, user, password_fd) as at:
        done = at.desk.campaign.export(at.access(), dry_run=dry_run)
    if as_json:
        put_json(
            {
                "dry_run": done.dry_run, "told": {word.value: done.told.get(word, 0) for word in Told},
                "files": list(done.files), "finished": list(done.finished), "left_out": done.left_out,
                "requests_told": list(done.noted), "requests_not_told": dict(done.unnoted),
            }
        )  # fmt: skip
        return
    if done.dry_run:
        say("A dry run: nothing was written.")
    put_pairs({_WORDS[word]: f"{many:,}" for word, many in done.told.items()} or {"to be told": "nothing"})
    for name in (*done.finished, *done.files):
        put(name)
    if done.finished:
        say("An export before was cut off; its files are there now.")
    if done.left_out:
        say(f"Left out, since a spreadsheet would take the address for a formula: {done.left_out:,}.")
    if done.noted:
        say(f"Noted as passed on: {', '.join(done.noted)}.")
    for number, reason in done.unnoted.items():
        say(f"{number}: it could not be noted that this was passed on. {reason}", "Requests (R): i on the request.")


@app.command("drift")
def drift(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="What the campaign service exported.")],
    *,
    user: User,
    missing: Annotated[
        bool, typer.Option("--missing", help="Name who is not in it too, and not only count them.")
    ] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Compare the campaign service's own list with ours, of Transpond or Mailchimp; nothing of it is taken in."""
    for file in files:
        refuse_absent(file, "The list")
    with seat(home, user, password_fd) as at:
        found = at.desk.campaign.drift(at.access(), files, missing=missing)
    if as_json:
        put_json(
            {
                "read": found.read, "alike": found.alike, "partial": found.partial,
                "counts": {kind.name.lower(): many for kind, many in found.counts.items()},
                "refused": [{"place": _where(each.place), "reason": each.reason} for each in found.refused],
                "drift": [
                    {
                        "kind": each.drift.name.lower(), "customer": each.customer, "place": each.place or None,
                        "address": each.address, "why": each.why or None,
                    }
                    for each in found.drifted
                ],
            }
        )  # fmt: skip
        return
    put_pairs({"read": f"{found.read:,}", "alike": f"{found.alike:,}"} | {
        kind.value: f"{many:,}" for kind, many in found.counts.items()
    })  # fmt: skip
    if found.drifted:
        put_table(
            ("What", "Customer", "Address", "Where", "Why"),
            (
                (each.drift.value, str(each.customer or "-"), each.address, each.place, each.why)
                for each in found.drifted
            ),
        )
    for each in found.refused:
        say(f"{_where(each.place)}: not read: {each.reason}")
    if found.partial:
        say(
            "It names fewer than half of those who get news here, so it looks like a part of the service's list.",
            "Export the whole audience to learn who is missing there.",
        )
    elif found.missing and not missing:
        say(f"Who is missing there is counted, not named: {found.missing:,}.", "To name them: --missing")


@app.command("folder")
def folder(
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", help="The whole path of the folder; without it, which it is.")
    ] = None,
    *,
    user: User,
    nowhere: Annotated[bool, typer.Option("--nowhere", help="Nothing is written any more.")] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say where the campaign service's files are written, or name the folder; an admin does."""
    if nowhere and path is not None:
        raise BadInput("Either a folder is named or none is.", "Leave one of the two out.")
    with seat(home, user, password_fd) as at:
        settings = at.desk.settings
        if nowhere or path is not None:
            named = settings.name_campaign_folder(at.access(), path)
        else:
            named = settings.campaign_folder(at.access())
    changed = named.changed
    if as_json:
        since = None if changed is None else as_utc(changed.at)
        put_json({"folder": named.path, "since": since, "by": None if changed is None else changed.by})
        return
    put_pairs({"Folder": "none is named, so nothing is written" if named.path is None else named.path})


def _explained(told: Explained) -> Iterator[tuple[str, str]]:
    yield "Product news", "yes" if told.eligible else "no"
    yield "Contact", told.event or "none"
    yield "Ground", told.basis or "none"
    if told.evidence:
        yield "Shown by", "; ".join(told.evidence)
    if told.against:
        yield "Against it", "; ".join(told.against)
    yield "Given to the service", "not now" if told.given_on is None else told.given_on.isoformat()


def _where(place: Place) -> str:
    return visible(" ".join(part for part in (place.file, place.position) if part))
