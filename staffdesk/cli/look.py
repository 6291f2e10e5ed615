"""Looking at customers: search, show, reveal; the same door, masks and log as the screen."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from staffdesk.cli import record_text
from staffdesk.cli.company_text import put_company
from staffdesk.cli.options import BreakGlass, Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.access import Act, RecordKind
from staffdesk.domain.policy import matrix
from staffdesk.domain.records import Hit, Page


def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to look for; - reads it from standard input.")],
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find people, orders, licences, activations and cases: at most 20, masked, every one listed in the log.

    In TEXT, in:people, in:orders, in:licences, in:cases or in:companies says what is listed; country:be and
    since:2025-03 narrow it.
    """
    wanted = sys.stdin.readline().strip() if text == "-" else text
    with seat(home, user, password_fd) as at:
        page = at.desk.gateway.search(at.access(purpose, reference), wanted)
        role = matrix().role_in_force(at.signed_in.roles, purpose, Act.CUSTOMER_SEARCH)
    if as_json:
        hits = [hit_as_json(hit) for hit in page.hits]
        put_json({"hits": hits, "more": page.more, "suggestion": page.suggestion or None, "entry": page.seq})
        return
    if not page.hits:
        say("No match.")
        if page.suggestion:
            put(f"Did you mean “{page.suggestion}”?")
        else:
            searches = "" if role is None else f"{matrix().searched_by(role)} "
            say(f"{searches}Try fewer letters, or another of its numbers.")
        return
    put_hits(page)


def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="A customer number, or with --kind another record's.")],
    *,
    user: User,
    kind: Annotated[RecordKind, typer.Option("--kind", help="What the number is of.")] = RecordKind.PERSON,
    purpose: Why = None,
    reference: Reference = None,
    break_glass: BreakGlass = None,
    history: Annotated[
        bool,
        typer.Option("--history", help="Only how he was helped before, by date; of a company also orders."),
    ] = False,
    page: Annotated[int, typer.Option("--page", help="Of a company's history, the newest rows being page 1.")] = 1,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open one record: orders, licences, cases and the rest, as far as the role sees them.

    With --kind organisation --history: what the people of a company said, asked and bought, 20 rows a page.
    """
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference)
        if history and kind is RecordKind.ORGANISATION:
            put_company(at.desk.organisations.history(access, number, page), as_data=as_json)
            return
        if break_glass is not None:
            grant = at.desk.break_glass.open(access, kind, number, break_glass)
            access = replace(access, break_glass=grant.number)
        record = at.desk.gateway.open(access, kind, number)
    if history:
        record_text.put_history(record, as_data=as_json)
    elif as_json:
        put_json(record_text.as_json(record))
    else:
        record_text.put_record(record)


def reveal(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key that show prints beside a masked value.")],
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    break_glass: BreakGlass = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print one masked value in clear; an entry of its own."""
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference)
        if break_glass is not None:
            grant = at.desk.break_glass.open_for_value(access, key, break_glass)
            access = replace(access, break_glass=grant.number)
        revealed = at.desk.gateway.reveal(access, key)
    if as_json:
        put_json({"key": revealed.key, "label": revealed.label, "value": revealed.text, "entry": revealed.seq})
    else:
        put(revealed.text, lines=True)


def put_hits(page: Page) -> None:
    """Print a page of hits as a table."""
    heads = ("Kind", "Number", "Name", "Company", "Found by", "Told apart by")
    put_table(heads, ((hit.kind, str(hit.id), hit.title, hit.company, hit.found_by, hit.detail) for hit in page.hits))
    if page.more:
        say(f"The first {len(page.hits)}; there are more. Add a letter or a word.")


def hit_as_json(hit: Hit) -> dict[str, object]:
    """Return a hit as plain values."""
    return {
        "kind": hit.kind.value,
        "id": hit.id,
        "customer": hit.customer,
        "title": hit.title,
        "company": hit.company,
        "found_by": hit.found_by,
        "detail": hit.detail,
    }
