"""What an employee says of himself: whom he is close to, so that his looks at them are reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.declared import Whom, kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staffdesk.domain.declared import Declaration

app = typer.Typer(no_args_is_help=True)


@app.command()
def declare(
    number: Annotated[int, typer.Argument(metavar="ID", help="A customer number, or a company's with --company.")],
    *,
    user: User,
    kind: Annotated[
        str, typer.Option("--kind", help="As what, for instance family; the answer to another word names them all.")
    ],
    company: Annotated[
        bool, typer.Option("--company", help="It is a company: meant are all who belong to it.")
    ] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Declare that you are close to a customer or a company: each look of yours at them is put before the admin."""
    whom = Whom.COMPANY if company else Whom.PERSON
    with seat(home, user, password_fd) as at:
        at.desk.declaring.declare(at.access(), whom, number, kind)
    if as_json:
        put_json({"whom": whom.value, "number": number, "kind": kind})
    else:
        say(f"Declared: {_named(whom, number)}, {kinds().title(kind)}. Let a colleague help there.")


@app.command()
def declarations(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List what you declared, by customers' numbers; nobody is opened by it."""
    with seat(home, user, password_fd) as at:
        found = at.desk.declaring.own(at.access())
    put_declarations(found, as_json=as_json)


@app.command()
def withdraw(
    declaration: Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the declaration.")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take back a declaration of yours; it counts for a time still, and the log goes on saying that it stood."""
    with seat(home, user, password_fd) as at:
        at.desk.declaring.withdraw(at.access(), declaration)
    if as_json:
        put_json({"withdrawn": declaration, "counts_days": kinds().withdrawn_days})
    else:
        say(f"Taken back. It counts for {kinds().withdrawn_days} days more.")


def every_declaration(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List who declared which relation to which number, for admin and auditor."""
    with seat(home, user, password_fd) as at:
        found = at.desk.declaring.all(at.access())
    put_declarations(found, as_json=as_json)


def put_declarations(found: Sequence[Declaration], *, as_json: bool) -> None:
    """Print declarations: whose, of which kind, about which number, since when, until when."""
    if as_json:
        put_json(
            [
                {
                    "declaration": each.id,
                    "who": each.who,
                    "kind": each.kind,
                    each.whom.value: each.number,
                    "declared_at": as_utc(each.declared_at),
                    "withdrawn_at": None if each.withdrawn_at is None else as_utc(each.withdrawn_at),
                    "counts_until": None if each.counts_until is None else as_utc(each.counts_until),
                }
                for each in found
            ]
        )
    elif found:
        lines = (
            (
                str(each.id), each.who, _named(each.whom, each.number), kinds().title(each.kind),
                as_utc(each.declared_at), "" if each.counts_until is None else as_utc(each.counts_until),
            )
            for each in found
        )  # fmt: skip
        put_table(("Number", "Who", "About", "Declared as", "Since", "Taken back, counts until"), lines)
    else:
        say("Nothing is declared.")


def _named(whom: Whom, number: int) -> str:
    return f"customer {number}" if whom is Whom.PERSON else f"company {number}"
