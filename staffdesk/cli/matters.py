"""Cases: what a call or a mail is dealt with under."""

from __future__ import annotations

from typing import Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.matters import CaseRow, NewCase

case_app = typer.Typer(no_args_is_help=True)

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
