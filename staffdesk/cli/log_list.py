"""Reading the log page by page: by any filter, by one that has a name, and what it holds about oneself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.moments import as_utc, milliseconds
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put_json, put_table, say
from staffdesk.cli.seat import Seat, seat
from staffdesk.domain.access import Entity, Level, Outcome, Purpose, Relation, Role, Standing
from staffdesk.domain.entry_filter import EntryFilter, parse_filter
from staffdesk.domain.errors import NotFound

if TYPE_CHECKING:
    from staffdesk.services.audit_review import EntryPage
    from staffdesk.services.log_rows import EntryRow

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

Before = Annotated[int | None, typer.Option("--before", metavar="SEQ", help="The page before this entry.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help="Entries on a page.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the filter.")]


def list_entries(
    *,
    user: User,
    named: Annotated[
        str | None, typer.Option("--named", metavar="NAME", help="A filter by its name; audit filters lists them.")
    ] = None,
    who: Annotated[str | None, typer.Option("--who", metavar="ACCOUNT", help="Only what this account did.")] = None,
    act: Annotated[str | None, typer.Option("--act", help="Only this act, as customer.opened or customer.*.")] = None,
    out: Annotated[Outcome | None, typer.Option("--out", help="Only with this outcome.")] = None,
    customer: Annotated[int | None, typer.Option("--customer", metavar="ID", help="Only about this customer.")] = None,
    ref: Annotated[str | None, typer.Option("--ref", metavar="NUMBER", help="Only under this reference.")] = None,
    purpose: Annotated[Purpose | None, typer.Option("--purpose", help="Only with this purpose.")] = None,
    standing: Annotated[Standing | None, typer.Option("--standing", help="Only with this standing.")] = None,
    level: Annotated[Level | None, typer.Option("--level", help="Only with this exposure.")] = None,
    rel: Annotated[Relation | None, typer.Option("--rel", help="Only where the employee stands so to him.")] = None,
    role: Annotated[Role | None, typer.Option("--role", help="Only in this role.")] = None,
    entity: Annotated[Entity | None, typer.Option("--entity", help="Only by employees of this company.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only with this kind, as contact or person.phone.")] = None,
    sid: Annotated[str | None, typer.Option("--session", metavar="SID", help="Only of this session.")] = None,
    since: Annotated[
        dt.datetime | None, typer.Option("--since", formats=_FORMATS, help="From then on, in UTC.")
    ] = None,
    until: Annotated[dt.datetime | None, typer.Option("--until", formats=_FORMATS, help="Before then, in UTC.")] = None,
    before: Before = None,
    limit: Limit = 50,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the log, newest first, a page at a time; the listing is an entry itself. What is given narrows together."""
    given = EntryFilter(
        who=who,
        act=act,
        out=out,
        customer=customer,
        ref=ref,
        purpose=purpose,
        standing=standing,
        level=level,
        rel=rel,
        role=role,
        entity=entity,
        kind=kind,
        sid=sid,
        since_ms=milliseconds(since),
        until_ms=milliseconds(until),
    )
    with seat(home, user, password_fd) as at:
        wanted = given if named is None else _narrowed(_named(at, named), given)
        page = at.desk.audit.list(at.access(), wanted, before, limit)
    _put(page, limit, as_json=as_json)


def own(
    *,
    user: User,
    before: Before = None,
    limit: Limit = 50,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List what the log holds about who signs in, newest first; for everybody."""
    with seat(home, user, password_fd) as at:
        page = at.desk.audit.own(at.access(), before, limit)
    _put(page, limit, as_json=as_json)


def filters(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the filters that have a name: the shipped ones, then one's own."""
    with seat(home, user, password_fd) as at:
        found = at.desk.audit.filters.named(at.access())
    if as_json:
        put_json([{"name": each.name, "filter": each.text, "own": each.own} for each in found])
        return
    put_table(("Name", "", "Filter"), ((each.name, "own" if each.own else "", each.text) for each in found))


def keep_filter(
    name: Name,
    text: Annotated[str, typer.Argument(metavar="FILTER", help='In the words of the log: "out:denied since:7d".')],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Keep a filter under a name of one's own; one that has the name gives way."""
    with seat(home, user, password_fd) as at:
        at.desk.audit.filters.save(at.access(), name, text)
    if as_json:
        put_json({"name": name, "filter": text})
    else:
        say(f"Kept: staffdesk audit list --named {name!r}")


def forget_filter(
    name: Name, *, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False
) -> None:
    """Forget a filter of one's own."""
    with seat(home, user, password_fd) as at:
        at.desk.audit.filters.forget(at.access(), name)
    if as_json:
        put_json({"forgotten": name})
    else:
        say("Forgotten.")


def _named(at: Seat, name: str) -> EntryFilter:
    for each in at.desk.audit.filters.named(at.access()):
        if each.name == name:
            return parse_filter(each.text)
    raise NotFound("There is no filter of this name.", "Look at: staffdesk audit filters")


def _narrowed(named: EntryFilter, given: EntryFilter) -> EntryFilter:
    """Return the named filter with what was given besides; what both say, the command line says."""
    said = {each.name: getattr(given, each.name) for each in fields(given)}
    return replace(named, **{name: value for name, value in said.items() if value is not None})


def _put(page: EntryPage, limit: int, *, as_json: bool) -> None:
    if as_json:
        put_json([dict(entry.fields) for entry in page.entries])
    elif page.entries:
        put_table(("Entry", "Time", "Who", "Act", "", "Purpose", "Reference", "Standing"), map(_line, page.entries))
    elif page.next_before is None:
        say("No entries match.", "Widen the filter.")
    if page.next_before is not None:
        if len(page.entries) < limit:
            say(f"Looked back to entry {page.next_before:,}.")
        say(f"Older entries: --before {page.next_before}")


def _line(entry: EntryRow) -> tuple[str, ...]:
    moment = entry.fields.get("t")
    return (
        str(entry.seq),
        as_utc(moment) if isinstance(moment, int) else "",
        entry.who,
        " ".join(filter(None, (_text(entry.fields, "act"), entry.move))),
        _text(entry.fields, "out"),
        _text(entry.fields, "purpose"),
        entry.reference,
        _text(entry.fields, "standing"),
    )


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value)
