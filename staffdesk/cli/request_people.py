"""Whose data a request is about, and whom its package names, by commands: likely duplicates, consultations."""

from __future__ import annotations

from typing import Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.request_moves import Number
from staffdesk.cli.seat import seat
from staffdesk.domain.errors import BadInput
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.request_words import LIKENESSES

Entry = Annotated[int, typer.Argument(metavar="ENTRY", help="A consultation by its entry: requests consultations.")]


def list_duplicates(
    number: Number,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """List who on file may be the same person as who asks: by e-mail, telephone, or name and company; logged."""
    with seat(home, user, password_fd) as at:
        page = at.desk.duplicates.list(at.access(purpose, reference or number), number)
    if as_data:
        people = [
            {
                "customer": each.customer, "name": each.name, "company": each.company, "email": each.email,
                "phone": each.phone, "country": each.country, "same": [likeness.value for likeness in each.found_by],
                "answer": None if each.answer is None else each.answer.value,
                "answered_by": each.answered_by or None,
                "answered_at": None if each.answered_at is None else as_utc(each.answered_at),
            }
            for each in page.listed
        ]  # fmt: skip
        put_json({"people": people, "more": page.more, "abroad": page.abroad, "entry": page.seq})
        return
    if page.listed:
        put_table(
            ("Customer", "Name", "Company", "E-mail", "Telephone", "Same", "Answer"),
            (
                (
                    str(each.customer), each.name, each.company, each.email, each.phone,
                    ", ".join(LIKENESSES[likeness] for likeness in each.found_by),
                    f"{each.answer.value}, {each.answered_by}" if each.answer else "not answered",
                )
                for each in page.listed
            ),
        )  # fmt: skip
    else:
        say("Nobody else on file may be the same person.")
    if page.more:
        say("There are more.", "They are listed once these are answered: staffdesk requests same-person")
    if page.abroad:
        say(f"{page.abroad} may not be received here.", "Ask a colleague employed in Brussels.")


def answer_duplicate(
    number: Number,
    customer: Annotated[int, typer.Argument(metavar="CUSTOMER", help="A customer that requests duplicates lists.")],
    answer: Annotated[SamePerson, typer.Argument(metavar="ANSWER", help="same or other.")],
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Say whether somebody is the same person as who asks; what is given or deleted takes his record along then."""
    with seat(home, user, password_fd) as at:
        left = at.desk.duplicates.answer(at.access(purpose, reference or number), number, {customer: answer})
    put(f"{number}: customer {customer} {answer.value}; {left} not answered")


def list_consultations(
    number: Number,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """List the consultations that an access package tells, by entry, and whose employee is to be named; logged."""
    with seat(home, user, password_fd) as at:
        consulted = at.desk.reveals.consultations(at.access(purpose, reference or number), number)
    if as_data:
        put_json(
            [
                {
                    "entry": each.seq, "at": as_utc(each.at), "act": each.act, "purpose": each.purpose,
                    "department": each.department, "times": each.times, "named": each.named,
                }
                for each in consulted
            ]
        )  # fmt: skip
    elif consulted:
        put_table(
            ("Entry", "When", "What", "Purpose", "Department", "Times", "Employee"),
            (
                (
                    str(each.seq), as_utc(each.at), each.act, each.purpose, each.department, str(each.times),
                    "to be named" if each.named else "",
                )
                for each in consulted
            ),
        )  # fmt: skip
    else:
        say("Nobody has looked at this person's data.")


def name_employee(
    number: Number,
    entry: Entry,
    *,
    user: User,
    reason: Annotated[
        str, typer.Option("--reason", help="Why he needs the name, in a sentence; the log keeps it.")
    ] = "",
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="In all consultations of the same employee.")
    ] = False,
    not_after_all: Annotated[bool, typer.Option("--not-after-all", help="Name nobody for this consultation.")] = False,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Ask that an access package name the employee of a consultation; a second person approves it, no letter does."""
    if not not_after_all and not reason.strip():
        raise BadInput("A name is given for a reason.", "Say why: --reason WORDS")
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference or number)
        if not_after_all:
            at.desk.reveals.take_back(access, number, entry)
        else:
            at.desk.reveals.ask(access, number, entry, reason, every_one=everywhere)
    put(f"{number}: entry {entry} {'names nobody' if not_after_all else 'is to name its employee, once approved'}")
