"""Cases: what a call or a mail is dealt with under."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from staffdesk.cli.case_mails import attach_mail, fetch_mails
from staffdesk.cli.licence_requests import licence_app
from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.cli.support_logs import logs_app
from staffdesk.domain.matters import CaseRow, NewCase

case_app = typer.Typer(no_args_is_help=True)
case_app.add_typer(logs_app, name="logs", help="Customers' support logs.")
case_app.add_typer(licence_app, name="licence", help="What customers ask of their licences, step by step.")
case_app.command("mail")(attach_mail)
case_app.command("fetch")(fetch_mails)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The case's number.")]
Customer = Annotated[int | None, typer.Option("--customer", metavar="ID", help="A customer number.")]


@case_app.command("new")
def new_case(
    *,
    user: User,
    kind: Annotated[str, typer.Option("--kind", help="support or sale.")] = "support",
    channel: Annotated[str, typer.Option("--channel", help="How the customer reached you.")] = "call",
    product: Annotated[str | None, typer.Option("--product", help="What it is about.")] = None,
    caller: Annotated[str | None, typer.Option("--caller", help="Who says he is calling.")] = None,
    recognised: Annotated[str | None, typer.Option("--recognised", help="How he was recognised.")] = None,
    summary: Annotated[str | None, typer.Option("--summary", help="What is asked.")] = None,
    customer: Customer = None,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open a case; its number is the reference from then on."""
    new = NewCase(
        kind=kind,
        channel=channel,
        product=product,
        caller=caller,
        recognised=recognised,
        summary=summary,
        customer=customer,
    )
    with seat(home, user, password_fd) as at:
        case = at.desk.cases.open(at.access(purpose), new)
    if as_json:
        put_json(_case(case))
    else:
        put(case.number)


@case_app.command("list")
def list_cases(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List my open cases, newest first."""
    with seat(home, user, password_fd) as at:
        cases = at.desk.cases.mine(at.sid)
    if as_json:
        put_json([_case(case) for case in cases])
    elif cases:
        put_table(
            ("Case", "Kind", "Channel", "Product", "Opened", "Customer"),
            (
                (each.number, each.kind, each.channel, each.product, as_utc(each.opened_at), _number(each.customer))
                for each in cases
            ),
        )
    else:
        say("No open cases.", "staffdesk case new starts one.")


@case_app.command("note")
def note_in_case(
    number: Number,
    *,
    user: User,
    topic: Annotated[str, typer.Option("--topic", help="What it was about, in one line.")],
    text: Annotated[str | None, typer.Option("--text", help="What was said; - reads it from standard input.")] = None,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Report in an open case what was said."""
    said = sys.stdin.read() if text == "-" else text
    with seat(home, user, password_fd) as at:
        at.desk.cases.note(at.access(purpose, number), number, topic=topic, text=said)
    if as_json:
        put_json({"case": number, "noted": True})
    else:
        say(f"Noted in {number}.")


@case_app.command("tie")
def tie_case(
    number: Number,
    *,
    user: User,
    customer: Annotated[int, typer.Option("--customer", metavar="ID", help="Who called: a customer number.")],
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say whom an open case of mine is about that names nobody yet."""
    with seat(home, user, password_fd) as at:
        at.desk.cases.tie(at.access(purpose, number), number, customer)
    if as_json:
        put_json({"case": number, "customer": customer})
    else:
        say(f"{number} names customer {customer}.")


@case_app.command("close")
def close_case(
    number: Number,
    *,
    user: User,
    resolution: Annotated[str | None, typer.Option("--resolution", help="How it ended, in one line.")] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why a colleague's case is closed; the log keeps it.")
    ] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Close it though steps of its licence request are open.")
    ] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Close a case: mine, or a colleague's for a written reason."""
    with seat(home, user, password_fd) as at:
        at.desk.cases.close(at.access(), number, resolution=resolution, reason=reason, unfinished=unfinished)
    if as_json:
        put_json({"case": number, "open": False})
    else:
        say(f"{number} is closed.")


def _case(case: CaseRow) -> dict[str, object]:
    return {
        "number": case.number,
        "kind": case.kind,
        "channel": case.channel,
        "product": case.product,
        "opened_at": as_utc(case.opened_at),
        "open": case.is_open,
        "customer": case.customer,
    }


def _number(customer: int | None) -> str:
    return "" if customer is None else str(customer)
