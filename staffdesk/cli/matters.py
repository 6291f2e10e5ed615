"""Cases and data-subject requests."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer

from staffdesk.cli.moments import as_utc, milliseconds
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.matters import CaseRow, NewCase, RequestRow
from staffdesk.domain.requests import RequestChannel, RequestType

case_app = typer.Typer(no_args_is_help=True)
requests_app = typer.Typer(no_args_is_help=True)

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
) -> None:
    """Report in an open case what was said."""
    said = sys.stdin.read() if text == "-" else text
    with seat(home, user, password_fd) as at:
        at.desk.cases.note(at.access(purpose, number), number, topic=topic, text=said)
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
) -> None:
    """Say whom an open case of mine is about that names nobody yet."""
    with seat(home, user, password_fd) as at:
        at.desk.cases.tie(at.access(purpose, number), number, customer)
    say(f"{number} names customer {customer}.")


@case_app.command("close")
def close_case(
    number: Number,
    *,
    user: User,
    resolution: Annotated[str | None, typer.Option("--resolution", help="How it ended, in one line.")] = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Close a case."""
    with seat(home, user, password_fd) as at:
        at.desk.cases.close(at.access(), number, resolution=resolution)
    say(f"{number} is closed.")


@requests_app.command("new")
def new_request(
    *,
    user: User,
    kind: Annotated[RequestType, typer.Option("--kind", help="What is asked for.")],
    channel: Annotated[RequestChannel, typer.Option("--channel", help="How it came in.")] = RequestChannel.EMAIL,
    customer: Customer = None,
    requester: Annotated[str | None, typer.Option("--requester", help="Who asks.")] = None,
    reply_address: Annotated[str | None, typer.Option("--reply-address", help="Where the answer goes.")] = None,
    received: Annotated[
        dt.datetime | None,
        typer.Option(
            "--received",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
            help="When it reached the house, in UTC; now, if not given.",
        ),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="What is asked, in words.")] = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Record a request for access, correction, deletion or another right, and print its number and due dates."""
    with seat(home, user, password_fd) as at:
        request = at.desk.requests.receive(
            at.access(purpose, reference),
            kind=kind,
            channel=channel,
            customer=customer,
            requester=requester,
            reply_address=reply_address,
            received_at=milliseconds(received),
            note=note,
        )
    if as_json:
        put_json(_request(request))
    else:
        put(f"{request.number}, due {request.hard_due.isoformat()} (with a pause {request.soft_due.isoformat()})")


@requests_app.command("list")
def list_requests(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the open requests, the first due first."""
    with seat(home, user, password_fd) as at:
        requests = at.desk.requests.open_requests(at.access())
    if as_json:
        put_json([_request(request) for request in requests])
    elif requests:
        put_table(
            ("Request", "Kind", "State", "Received", "Due", "With a pause", "Customer"),
            (
                (
                    each.number,
                    each.kind,
                    each.state,
                    as_utc(each.received_at),
                    each.hard_due.isoformat(),
                    each.soft_due.isoformat(),
                    _number(each.customer),
                )
                for each in requests
            ),
        )
    else:
        say("No open requests.", "staffdesk requests new starts one.")


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


def _request(request: RequestRow) -> dict[str, object]:
    return {
        "number": request.number,
        "kind": request.kind,
        "state": request.state,
        "channel": request.channel,
        "received_at": as_utc(request.received_at),
        "due": request.hard_due.isoformat(),
        "due_with_pause": request.soft_due.isoformat(),
        "customer": request.customer,
    }


def _number(customer: int | None) -> str:
    return "" if customer is None else str(customer)
