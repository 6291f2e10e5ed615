"""Answering requests by commands: corrections noted, plans, packages, letters sent, certificates, due dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why, refuse_taken
from staffdesk.cli.output import put, put_json, put_pairs, put_table, say
from staffdesk.cli.request_moves import Number, put_moved
from staffdesk.cli.seat import seat
from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_words import FATES, GROUNDS, row_of, title_of_move
from staffdesk.domain.request_work import FIRM_STAYS, Way, clearing_words
from staffdesk.domain.requests import ANSWERED

if TYPE_CHECKING:
    from staffdesk.services.erasure.certificate import Certificate
    from staffdesk.services.request_plans import Decided


def note_correction(
    number: Number,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="email, organisation.name, person:12:email…")],
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="What is to stand there; '' for nothing.")
    ] = None,
    *,
    user: User,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take back what was noted of the field.")] = False,
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it.")] = "",
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Note which field is to be corrected under a request, and print all of them, old beside new."""
    if take_back == (value is not None):
        raise BadInput("What is to stand there?", "Give a value, or --take-back without one.")
    with seat(home, user, password_fd) as at:
        access, corrections = at.access(purpose, reference or number), at.desk.corrections
        if value is None:
            noted = corrections.take_back(access, number, field)
        else:
            noted = corrections.want(access, number, field, value, evidence)
    if as_data:
        put_json([{"field": each.field, "old": each.old, "new": each.new} for each in noted])
    elif noted:
        put_table(("Field", "Now", "To be"), ((each.label, each.old, each.new) for each in noted))
    else:
        say("Nothing is to be corrected any more.")


def show_plan(
    number: Number,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Print what is decided: what an erasure would do today, or what is refused and why, and by whom it was decided."""
    with seat(home, user, password_fd) as at:
        decided = at.desk.plans.decided(at.access(purpose, reference or number), number)
    plan, refusal = decided.erasure, decided.refusal
    people = {
        "identity_checked_by": decided.verified_by,
        "decided_by": decided.decided_by,
        "approved_by": decided.approved_by,
    }  # fmt: skip
    if as_data:
        rows = [
            {
                "kind": kind.table, "action": kind.action.value, "rows": n, "ground": kind.ground or None,
                "law": kind.law or None, "until": None if kind.until is None else kind.until.isoformat(),
            }
            for kind, n in (() if plan is None else plan.kinds)
        ]  # fmt: skip
        refused = None if refusal is None else {"ground": refusal.ground.value, "facts": refusal.facts}
        digest = (
            {}
            if plan is None
            else {"digest": plan.digest, "changed": plan.changed, "firm_stays": plan.shared_firms > 0}
        )
        wrote = [{"move": each.name, "by": each.who or None, "reason": each.reason} for each in decided.reasons]
        put_json(
            {
                **digest, "rows": rows, "refused": refused, **{name: who or None for name, who in people.items()},
                "asked": decided.asked or None, "reasons": wrote,
            }
        )  # fmt: skip
        return
    if refusal is not None:
        put(f"Refused ({GROUNDS[refusal.ground]}): {refusal.facts}")
    if decided.asked:
        put(f"He wrote: {decided.asked}", lines=True)
    for made in decided.reasons:
        put(f"{title_of_move(made.name)}, {made.who or 'the desk'}: {made.reason}")
    if plan is not None:
        put_table(
            ("Kind", "What", "Rows", "Ground", "Until"),
            (
                (
                    row_of(kind.table),
                    FATES[kind.action],
                    str(n),
                    kind.ground.replace("_", " "),
                    "" if kind.until is None else f"{kind.until}",
                )
                for kind, n in plan.kinds
            ),
        )
        for name, until, n in plan.claims:
            put(f"Held for the claim {name} until {until}: {n} rows")
        if plan.shared_firms:
            put(FIRM_STAYS)
        put(f"Digest {plan.digest}{' · no longer what was submitted' if plan.changed else ''}")
    elif decided.unproven:
        put("To be refused: what was sent as proof shows somebody else.")
    elif refusal is None:
        put(_nothing_planned(decided))
    put_pairs({name.replace("_", " ").capitalize(): who or "nobody yet" for name, who in people.items()})


def _nothing_planned(decided: Decided) -> str:
    if decided.certificate is not None:
        return f"It is carried out: staffdesk requests certificate {decided.number}"
    return "Nothing is refused, and nothing is to be erased."


def show_package(
    number: Number,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """List the places in a package that may be about somebody else; all are hidden but those move --leave names."""
    with seat(home, user, password_fd) as at:
        found = at.desk.answers.findings(at.access(purpose, reference or number), number)
    if as_data:
        put_json(
            [
                {
                    "id": each.id, "table": each.table, "row": each.row, "column": each.column,
                    "kind": each.mark.kind.value, "shown": each.left,
                    "before": each.before, "found": each.found, "after": each.after,
                }
                for each in found
            ]
        )  # fmt: skip
    elif found:
        put_table(
            ("Id", "Where", "What", "Package", "Text"),
            (
                (
                    each.id,
                    f"{each.table}:{each.row}:{each.column}",
                    each.mark.kind.value,
                    "shown" if each.left else "hidden",
                    f"{each.before}[{each.found}]{each.after}",
                )
                for each in found
            ),
        )
    else:
        say("Nobody else is named in it.", "staffdesk requests move NUMBER hand_over makes the package.")


def send_answer(
    number: Number,
    *,
    user: User,
    way: Annotated[Way | None, typer.Option("--way", help="By mail, or by hand; mail where that can be.")] = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="A package may cross the Internet by plain mail, sealed as it is.")
    ] = False,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Send the answer that waits, with its package where there is one; the request is complete then."""
    with seat(home, user, password_fd) as at:
        moved = at.desk.workflow.send(at.access(purpose, reference or number), number, way, confirmed=confirmed)
    put_moved(moved, as_data=as_data)


def send_notice(
    number: Number,
    recipient: Annotated[
        str, typer.Argument(metavar="RECIPIENT", help="Its name, or its code: requests show prints both.")
    ],
    *,
    user: User,
    address: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="Its mailbox; the one on file, if not given.")
    ] = "",
    way: Annotated[Way | None, typer.Option("--way", help="By mail, or by hand; mail where that can be.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Print the notice, and send nothing.")] = False,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Send a recipient the notice of what a request changed (GDPR Art. 19), and note that he was told."""
    with seat(home, user, password_fd) as at:
        access, notices = at.access(purpose, reference or number), at.desk.notices
        if show:
            put(notices.draft(access, number, recipient, address).written.text, lines=True)
            return
        moved = notices.send(access, number, recipient, address, way)
    put_moved(moved, as_data=as_data)


def show_certificate(
    number: Number,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Print the certificate of an erasure: what went, what a law keeps, what the sweep found, the proof in the log."""
    from staffdesk.services.erasure.certificate import certificate_lines  # noqa: PLC0415 - needed by few

    with seat(home, user, password_fd) as at:
        found = at.desk.plans.certificate(at.access(purpose, reference or number), number)
    if as_data:
        put_json(_as_json(found))
        return
    put(f"Erased under {found.request}")
    for line in certificate_lines(found):
        put(line, lines=True)


def export_due_dates(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file: requests.ics.")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Write the due dates of the open requests as a calendar (RFC 5545): numbers and types, no names."""
    from staffdesk.services.calendar import calendar_of  # noqa: PLC0415 - needed by few

    refuse_taken(file, "The calendar")
    with seat(home, user, password_fd) as at:
        requests = at.desk.requests.open_requests(at.access())
    with file.open("x", encoding="utf-8", newline="") as made:
        made.write(calendar_of(requests, dt.datetime.now(dt.UTC)))
    open_ones = sum(each.state not in ANSWERED for each in requests)
    say(f"{file.name}: {open_ones} due {'date' if open_ones == 1 else 'dates'} of open requests written.")


def _places(found: Certificate) -> Iterator[dict[str, object]]:
    for each in found.outside:
        became = clearing_words(each.outcome, waits=each.waits)
        yield {"place": each.place, "result": became, "evidence": each.evidence or None, "at": _moment(each.at)}


def _as_json(found: Certificate) -> dict[str, object]:
    inclusion = found.inclusion
    return {
        "request": found.request,
        "people": found.people,
        "erased_at": _moment(found.erased_at),
        "finished": found.finished,
        "destroyed": [{"what": each.what.value, "result": each.result} for each in found.destroyed],
        "held": [{"kind": table, "until": until.isoformat(), "rows": n} for table, until, n in found.held],
        "outside": list(_places(found)),
        "inclusion": None
        if inclusion is None
        else {
            "entry": inclusion.seq,
            "size": inclusion.size,
            "leaf": inclusion.leaf.hex(),
            "path": [each.hex() for each in inclusion.path],
            "checkpoint": inclusion.checkpoint,
        },
    }


def _moment(milliseconds: int) -> str:
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).isoformat(timespec="seconds")
