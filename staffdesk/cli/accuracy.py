"""What is to be set right at the next contact, and mails that came back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.accuracy import BouncedMail, Mend, WorkList, todo
from staffdesk.domain.errors import BadInput
from staffdesk.domain.text import visible


def list_bounced(
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List whom mail does not reach: the number, and since when. Privacy sees all, others those of their own cases."""
    with seat(home, user, password_fd) as at:
        found = at.desk.accuracy.list(at.access(purpose, reference), Mend.BOUNCED)
    _put(found, as_json=as_json)


def list_stale(
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List whose data nobody confirmed for long, the oldest first: to be confirmed at the next contact."""
    with seat(home, user, password_fd) as at:
        found = at.desk.accuracy.list(at.access(purpose, reference), Mend.STALE)
    _put(found, as_json=as_json)


def list_incomplete(
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List whose record lacks something, those that lack most first, with what it is; and organisations."""
    with seat(home, user, password_fd) as at:
        found = at.desk.accuracy.list(at.access(purpose, reference), Mend.INCOMPLETE)
    _put(found, as_json=as_json)


def take_bounces(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Mails that came back, as .eml files.")],
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Mark whom a mail that came back could not reach; the mail itself is not kept.

    Where files could not be taken in the exit code is that of the first.
    """
    from staffdesk.services.intake.reading import load, read_mail  # noqa: PLC0415 - help needs no data layer

    rows: list[dict[str, object]] = []
    failed: list[BadInput] = []
    with seat(home, user, password_fd) as at:
        for file in files:
            name = visible(file.name)
            try:
                said = at.desk.bounces.take(at.access(purpose, reference), read_mail(load(file)))
            except BadInput as error:
                say(f"{name}: {error.sentence}", error.hint)
                rows.append({"file": name, "refused": error.sentence, "hint": error.hint})
                failed.append(error)
                continue
            rows.append({"file": name, **_as_json(said)})
            if not as_json:
                put(f"{name}: {_in_words(said)}")
    if as_json:
        put_json(rows)
    if failed:
        raise typer.Exit(failed[0].exit_code)


def _put(found: WorkList, *, as_json: bool) -> None:
    if as_json:
        put_json(
            {
                "list": found.mend.value,
                "count": found.count,
                "of": "my cases" if found.mine else "all",
                "rows": [
                    {
                        "kind": each.table,
                        "id": each.number,
                        "missing": list(each.missing),
                        "since": None if each.since is None else each.since.isoformat(),
                    }
                    for each in found.rows
                ],
                "entry": found.seq,
            }
        )
        return
    of_whom = "who stand in an open case of yours" if found.mine else "on this desk"
    if not found.rows:
        say(f"Nothing is to be set right of {'those ' if found.mine else 'what is '}{of_whom}.")
        return
    put_table(
        ("Kind", "Number", "What"), ((each.table, str(each.number), todo(found.mend, each)) for each in found.rows)
    )
    more = " The next come when these are settled." if found.count > len(found.rows) else ""
    say(f"{len(found.rows)} of {found.count:,} {of_whom}.{more}")


def _in_words(said: BouncedMail) -> str:
    numbers = [str(number) for number in said.marked]
    if len(numbers) > 1:
        marked = f"customers {', '.join(numbers[:-1])} and {numbers[-1]} are marked"
    else:
        marked = f"customer {numbers[0]} is marked" if numbers else "nobody is marked"
    known = f"; {len(said.known)} marked before, or confirmed since" if said.known else ""
    unknown = f"; {said.unknown} on no record" if said.unknown else ""
    reachable = f"; {said.reachable} not found wrong" if said.reachable else ""
    return f"{marked}{known}{unknown}{reachable}."


def _as_json(said: BouncedMail) -> dict[str, object]:
    return {
        "marked": list(said.marked),
        "marked_before": list(said.known),
        "on_no_record": said.unknown,
        "not_found_wrong": said.reachable,
    }
