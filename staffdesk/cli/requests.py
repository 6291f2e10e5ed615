"""What people ask about their own data: received, listed, read, and mail stopped at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from staffdesk.cli import (
    claim_holds,
    intake,
    local_settings,
    request_answers,
    request_moves,
    request_people,
    request_rules,
)
from staffdesk.cli.moments import as_utc, milliseconds
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why, refuse_taken
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.request_text import as_json, asked_of, page_as_json, put_page, state_of
from staffdesk.cli.seat import seat
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.request_board import next_of
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.requests import RequestChannel, RequestType, Urgency, due_words, urgency
from staffdesk.services import letters
from staffdesk.services.new_files import write_new

app = typer.Typer(no_args_is_help=True)
app.command(short_help="Say until when a request must be answered, and why.")(request_rules.due)
app.command(short_help="Print the workflow: each move, who makes it, and when.")(request_rules.states)
app.command("intake", short_help="Take in what mails ask: people, type and language proposed.")(intake.take_in)
app.command(short_help="Take in what is new in the mailbox of settings.toml.")(intake.fetch)
app.command("moves", short_help="Say which moves are open to you, and why others are not.")(request_moves.list_moves)
app.command("move", short_help="Make a move, and those the desk makes after it.")(request_moves.make_move)
app.command("searched", short_help="Note that places outside the desk were searched.")(request_moves.note_search)
app.command("told", short_help="Note that a recipient was told, or need not be.")(request_moves.note_told)
app.command("notice", short_help="Send a recipient the notice of what a request changed.")(request_answers.send_notice)
app.command("duplicates", short_help="List who may be the same person, to be answered.")(request_people.list_duplicates)
app.command("same-person", short_help="Say whether a customer is the same person.")(request_people.answer_duplicate)
app.command("consultations", short_help="List who looked, to name one employee.")(request_people.list_consultations)
app.command("name-employee", short_help="Ask that a package names who looked.")(request_people.name_employee)
app.command("card", short_help="Say whether the card's front is demanded, or change it.")(local_settings.card_rule)
app.command("correction", short_help="Note which field is to be corrected.")(request_answers.note_correction)
app.command("plan", short_help="Print what is decided, by whom, and what an erasure does.")(request_answers.show_plan)
app.command("package", short_help="List what in a package may be about somebody else.")(request_answers.show_package)
app.command("send", short_help="Send the answer that waits; the request is complete then.")(request_answers.send_answer)
app.command("certificate", short_help="Print the certificate of an erasure.")(request_answers.show_certificate)
app.command("hold", short_help="Hold a customer's records for a named claim.")(claim_holds.hold_for_claim)
app.command("holds", short_help="List the claims for which records are held.")(claim_holds.list_claims)
app.command("lift-hold", short_help="End what is held for a claim.")(claim_holds.lift_claim)
app.command("calendar", short_help="Write the due dates as a calendar.")(request_answers.export_due_dates)

_CUSTOMER = (
    "A customer number. Without one give --requester and --reply-address; whose data it is about is named before it is"
    " decided."
)
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="A request number: DSR-2026-0001.")]
Channel = Annotated[RequestChannel, typer.Option("--channel", help="How it came in.")]
ReplyAddress = Annotated[
    str | None,
    typer.Option("--reply-address", help="Where the answer goes: e-mail, telephone or post; the one on file if empty."),
]
Received = Annotated[
    dt.datetime | None,
    typer.Option(
        "--received",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help="When it reached the house, in UTC; now, if not given.",
    ),
]
Note = Annotated[str | None, typer.Option("--note", help="What is asked, in words.")]


@app.command("add", short_help="Record a request, and print its number and due dates.")
def add_request(
    *,
    user: User,
    kind: Annotated[RequestType, typer.Option("--type", help="What is asked for.")],
    channel: Channel = RequestChannel.EMAIL,
    customer: Annotated[int | None, typer.Option("--customer", metavar="ID", help=_CUSTOMER)] = None,
    requester: Annotated[str | None, typer.Option("--requester", help="Who asks.")] = None,
    reply_address: ReplyAddress = None,
    received: Received = None,
    note: Note = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
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
    if as_data:
        put_json(as_json(request))
    else:
        put(f"{request.number}, due {request.hard_due.isoformat()} (with the pause {request.soft_due.isoformat()})")


@app.command("list", short_help="List the requests, the first due on top.")
def list_requests(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_data: Json = False) -> None:
    """List the requests, open ones first, the first due first; what is overdue says so."""
    with seat(home, user, password_fd) as at:
        requests = at.desk.requests.open_requests(at.access())
        today = receive_day(dt.datetime.now(dt.UTC))
    if as_data:
        put_json([{**as_json(each), "overdue": _is_overdue(each.state, each.hard_due, today)} for each in requests])
    elif requests:
        put_table(
            ("Request", "Type", "State", "Received", "Due", "", "With the pause", "Customer", "Waits for"),
            (
                (
                    each.number,
                    asked_of(each),
                    state_of(each),
                    as_utc(each.received_at),
                    each.hard_due.isoformat(),
                    due_words(each.state, each.hard_due, today, each.ended_on),
                    each.soft_due.isoformat(),
                    "" if each.customer is None else str(each.customer),
                    next_of(each, today),
                )
                for each in requests
            ),
        )
    else:
        say("No requests.", "staffdesk requests add records one.")


@app.command("show", short_help="Open one request: steps, due dates, moves, recipients.")
def show_request(
    number: Number,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Open one request: its steps and due dates, what was asked, who is told; privacy every one, others their own."""
    with seat(home, user, password_fd) as at:
        page = at.desk.request_pages.open(at.access(purpose, reference or number), number)
        today = receive_day(dt.datetime.now(dt.UTC))
    if as_data:
        put_json(page_as_json(page))
    else:
        put_page(page, today)


@app.command("letter", short_help="Print a letter of a request, or make a PDF of it.")
def print_letter(
    number: Number,
    *,
    kind: Annotated[
        Letter | None, typer.Option("--kind", help="Which one, as requests show names it; the newest, if not given.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", metavar="FILE", help="A new file for it as PDF, for the post; yours alone.")
    ] = None,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Print a letter of a request that is kept, the newest or another, or make a PDF of it; an entry of its own."""
    if pdf is not None:
        refuse_taken(pdf, "The letter")
    with seat(home, user, password_fd) as at:
        kept = at.desk.request_pages.kept_letter(at.access(purpose, reference or number), number, kind)
    if pdf is None:
        put(kept.written.text, lines=True)
    else:
        write_new(pdf, letters.pdf(kept.written, kept.language))
        say(f"{pdf.name}: the letter as PDF.")


@app.command("stop-marketing", short_help="Stop all mail to a customer at once.")
def stop_marketing(
    customer: Annotated[int, typer.Argument(metavar="CUSTOMER", help="A customer number.")],
    *,
    user: User,
    channel: Channel = RequestChannel.PHONE,
    reply_address: ReplyAddress = None,
    received: Received = None,
    note: Note = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Stop all mail to a customer at once: no identity, no reason, no approval; only his own new opt-in undoes it."""
    with seat(home, user, password_fd) as at:
        stopped = at.desk.marketing.stop(
            at.access(purpose, reference),
            customer,
            channel=channel,
            reply_address=reply_address,
            received_at=milliseconds(received),
            note=note,
        )
    request = stopped.request
    if as_data:
        put_json({**as_json(request), "already": stopped.already})
        return
    since = "" if request.carried_out_at is None else as_utc(request.carried_out_at)
    put(f"{request.number}, no mail since {since}{' (stopped before)' if stopped.already else ''}")


def _is_overdue(state: str, due: dt.date, today: dt.date) -> bool:
    return urgency(state, due, today) is Urgency.OVERDUE
