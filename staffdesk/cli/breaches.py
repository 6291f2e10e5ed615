"""The register of breaches from the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put_json, put_table, say
from staffdesk.cli.reviewing import number_or_dash, utc_or_none
from staffdesk.cli.seat import seat
from staffdesk.domain.reviews import OUTCOME_WORDS, BreachOutcome, hours_in_words

if TYPE_CHECKING:
    from staffdesk.services.breaches import Breach

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def breaches(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the register of breaches, and how long the authority may still be told."""
    with seat(home, user, password_fd) as at:
        found = at.desk.breaches.list(at.access())
    if as_json:
        put_json([_breach_as_json(each) for each in found])
    elif found:
        heads = ("Number", "Came of", "Who", "Customer", "Due", "State")
        put_table(
            heads, ((b.number, b.came_of, b.who, number_or_dash(b.customer), as_utc(b.due_at), _left(b)) for b in found)
        )
    else:
        say("No breach was found.")


@app.command("close")
def close_breach(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="As BR-2026-0001.")],
    outcome: Annotated[BreachOutcome, typer.Option("--outcome", help="What became of it.")],
    facts: Annotated[str, typer.Option("--facts", help="What was done and why, in a sentence (GDPR Art. 33(5)).")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Close a breach with what became of it."""
    with seat(home, user, password_fd) as at:
        at.desk.breaches.close(at.access(), number, outcome, facts)
    if as_json:
        put_json({"number": number, "outcome": outcome.value})
        return
    say("Closed.")


def _breach_as_json(each: Breach) -> dict[str, object]:
    moments = ("opened_at", "due_at", "closed_at")
    words = None if each.outcome is None else OUTCOME_WORDS[each.outcome]
    return {**asdict(each), **{name: utc_or_none(getattr(each, name)) for name in moments}, "outcome_words": words}


def _left(each: Breach) -> str:
    if each.outcome is not None:
        return f"{OUTCOME_WORDS[each.outcome]}, entry {each.closing_entry}"
    return hours_in_words(each.hours_left or 0)
