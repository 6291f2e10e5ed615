"""Holding a customer's records for a named claim by commands: set, listed, lifted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.errors import BadInput
from staffdesk.domain.numbers import parse_number

if TYPE_CHECKING:
    from staffdesk.services.claim_holds import HeldForClaim

Whose = Annotated[
    str,
    typer.Argument(metavar="CUSTOMER", help="A customer number, or the number of the request he was erased under."),
]
Claim = Annotated[str, typer.Option("--claim", help="The reference of the dispute.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a sentence; the log keeps it.")]


def hold_for_claim(
    customer: Whose,
    *,
    user: User,
    claim: Claim,
    reason: Reason,
    until: Annotated[
        dt.datetime,
        typer.Option("--until", formats=["%Y-%m-%d"], help="The last day it holds, no farther than the next review."),
    ],
    record: Annotated[
        str | None, typer.Option("--record", help="One order, licence or case by its number; all records without.")
    ] = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Hold records for a named claim: an erasure restricts them instead of erasing them, until the day.

    Set again for the same claim its day moves, also after the erasure, by the number of that request.
    """
    whose = _whose(customer)
    with seat(home, user, password_fd) as at:
        access, day = at.access(purpose, reference), until.date()
        n = at.desk.claim_holds.set(access, whose, claim=claim, reason=reason, until=day, record=record)
    put(f"{_said(whose)}: {n} rows held for {claim} until {day.isoformat()}")


def list_claims(
    customer: Annotated[
        str | None,
        typer.Argument(
            metavar="[CUSTOMER]", help="A customer number, or the request he was erased under; all claims without."
        ),
    ] = None,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """List the claims for which records are held, a customer's or all in force, and until when; logged."""
    whose = None if customer is None else _whose(customer)
    with seat(home, user, password_fd) as at:
        access, holds = at.access(purpose, reference), at.desk.claim_holds
        found = holds.in_force(access) if whose is None else holds.list(access, whose)
    if as_data:
        put_json([claim_as_json(each) for each in found])
    elif found:
        put_table(
            ("Claim", "Whose", "Until", "Set", "Held"),
            (
                (each.name, each.whose, each.until.isoformat(), as_utc(each.set_at), each.rows_in_words)
                for each in found
            ),
        )
    else:
        say("Nothing is held for a claim.", "staffdesk requests hold sets a hold.")


def claim_as_json(claim: HeldForClaim) -> dict[str, object]:
    """Return what is held for a claim as plain values."""
    return {
        "claim": claim.name, "customer": claim.customer, "request": claim.request or None,
        "until": claim.until.isoformat(), "set_at": as_utc(claim.set_at), "rows": dict(claim.rows),
    }  # fmt: skip


def lift_claim(
    customer: Whose,
    *,
    user: User,
    claim: Claim,
    reason: Reason,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """End what is held for a claim before its day; what an erasure left for it goes with the next run-due."""
    whose = _whose(customer)
    with seat(home, user, password_fd) as at:
        n = at.desk.claim_holds.lift(at.access(purpose, reference), whose, claim=claim, reason=reason)
    put(f"{_said(whose)}: {n} rows no longer held for {claim}")


def _whose(typed: str) -> int | str:
    """Return the number of a customer, or of the request under which he was erased."""
    if typed.isascii() and typed.isdigit() and int(typed) > 0:
        return int(typed)
    if parse_number(typed) is None:
        raise BadInput("This is no customer number and no number of a request.", "Give 1079, or DSR-2026-0004.")
    return typed


def _said(whose: int | str) -> str:
    return whose if isinstance(whose, str) else f"Customer {whose}"
