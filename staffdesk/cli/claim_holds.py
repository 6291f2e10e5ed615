"""Holding a customer's records for a named claim by commands: set, listed, lifted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat

Customer = Annotated[int, typer.Argument(metavar="CUSTOMER", help="A customer number.", min=1)]
Claim = Annotated[str, typer.Option("--claim", help="The reference of the dispute.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a sentence; the log keeps it.")]


def hold_for_claim(
    customer: Customer,
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
    """Hold records for a named claim: an erasure restricts them instead of erasing them, until the day."""
    with seat(home, user, password_fd) as at:
        access, day = at.access(purpose, reference), until.date()
        n = at.desk.claim_holds.set(access, customer, claim=claim, reason=reason, until=day, record=record)
    put(f"Customer {customer}: {n} rows held for {claim} until {day.isoformat()}")


def list_claims(
    customer: Customer,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """List the claims for which a customer's records are held, and until when; logged."""
    with seat(home, user, password_fd) as at:
        found = at.desk.claim_holds.list(at.access(purpose, reference), customer)
    if as_data:
        put_json(
            [
                {
                    "claim": each.name, "until": each.until.isoformat(), "set_at": as_utc(each.set_at),
                    "rows": dict(each.rows),
                }
                for each in found
            ]
        )  # fmt: skip
    elif found:
        put_table(
            ("Claim", "Until", "Set", "Rows"),
            (
                (
                    each.name, each.until.isoformat(), as_utc(each.set_at),
                    ", ".join(f"{n} {table}" for table, n in each.rows),
                )
                for each in found
            ),
        )  # fmt: skip
    else:
        say("Nothing is held for a claim.", "staffdesk requests hold sets a hold.")


def lift_claim(
    customer: Customer,
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
    with seat(home, user, password_fd) as at:
        n = at.desk.claim_holds.lift(at.access(purpose, reference), customer, claim=claim, reason=reason)
    put(f"Customer {customer}: {n} rows no longer held for {claim}")
