"""Moving a request on by commands: what is open, a move, what was searched, who was told."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Final

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_pairs, put_table, say
from staffdesk.cli.request_text import left_as_json, left_text, offer_text
from staffdesk.cli.seat import seat
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import BadInput
from staffdesk.domain.grounds import ExemptionGround, ExtensionGround, ProofFault, RefusalGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.refusals import grounds_for
from staffdesk.domain.request_board import next_step
from staffdesk.domain.request_guards import Offer
from staffdesk.domain.request_moves import Identity, Move, moves
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_words import ASKED, STATES, WENT, name_of_proof, title_of_move
from staffdesk.domain.request_work import Answers, Ask, Searched, Way
from staffdesk.domain.requests import RequestType
from staffdesk.domain.restrictions import what_is_next

if TYPE_CHECKING:
    from staffdesk.services.moved import Moved

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="A request number: DSR-2026-0001.")]

_OTHERS: Final = "others"


def list_moves(
    number: Number,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Say where a request stands, which moves are open to you, and why the others are closed."""
    with seat(home, user, password_fd) as at:
        found = at.desk.workflow.open_moves(at.access(purpose, reference or number), number)
    if as_data:
        left = [left_as_json(each) for each in found.work.left]
        offered = [_offer(each, found.progress.kind, found.progress.identity) for each in found.offers]
        put_json({**_as_json(found.progress), "kept_by_law": left, "moves": offered})
        return
    today = receive_day(dt.datetime.now(dt.UTC))
    _put(found.progress, what_is_next(found.work.restriction, found.progress.state, found.progress.lift_on, today))
    for kept in found.work.left:
        put(f"  ! {left_text(kept)}")
    if found.offers:
        put_table(
            ("Move", "What it is", "Asks", "Open"),
            (
                (
                    each.move.name,
                    each.move.title,
                    _asks(each.move),
                    offer_text(each),
                )
                for each in found.offers
            ),
        )
        if any(each.closed is None and Ask.GROUND in each.move.asks for each in found.offers):
            put(f"Grounds of a refusal here: {', '.join(grounds_for(found.progress.kind, found.progress.identity))}")
    else:
        say("No move is yours here.", "staffdesk requests states lists whose each is.")


def make_move(
    number: Number,
    name: Annotated[str, typer.Argument(metavar="MOVE", help="A move: staffdesk requests moves NUMBER lists them.")],
    *,
    user: User,
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence.")] = "",
    day: Annotated[
        dt.datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="The day it happened, in Brussels; today, if not given."),
    ] = None,
    document: Annotated[str, typer.Option("--document", help="What proves who asks: identity_card, passport…")] = "",
    method: Annotated[
        str, typer.Option("--method", help="How he is known without a card: call_back, registered_email, last_order.")
    ] = "",
    masked: Annotated[bool, typer.Option("--masked", help="What is not needed was made illegible.")] = False,
    copy_deleted: Annotated[
        bool, typer.Option("--copy-deleted", help="The copy is deleted in the mailbox, its bin emptied.")
    ] = False,
    ground: Annotated[
        str,
        typer.Option(
            "--ground",
            help="Why it is refused (requests moves lists the grounds), or extended: complexity, number_of_requests.",
        ),
    ] = "",
    fault: Annotated[
        list[ProofFault] | None, typer.Option("--fault", help="What a proof lacks, or has too much of.")
    ] = None,
    breach: Annotated[
        bool | None, typer.Option("--breach/--no-breach", help="Whether it is one that somebody else asked.")
    ] = None,
    facts: Annotated[
        str, typer.Option("--facts", help="What shows the ground of a refusal; the customer reads it.")
    ] = "",
    field: Annotated[str, typer.Option("--field", help="A field: email, organisation.name, person:12:city.")] = "",
    customer: Annotated[
        int | None, typer.Option("--customer", metavar="ID", min=1, help="Whose data it is about.")
    ] = None,
    leave: Annotated[
        list[str] | None, typer.Option("--leave", metavar="ID", help="A place in a package that is not hidden.")
    ] = None,
    way: Annotated[Way | None, typer.Option("--way", help="How its letter goes: mail or hand.")] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Print the letter that would go with it, and do nothing.")
    ] = False,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Make one move of a request, and the moves that the desk makes after it by itself.

    An approval asks for the password again; with --password-fd the one that signed in for this one act confirms it.
    """
    refusal, extension = _grounds(ground)
    answers = Answers(
        reason=reason,
        day=None if day is None else day.date(),
        document=document,
        method=method,
        masked=masked,
        copy_deleted=copy_deleted,
        ground=refusal,
        extension=extension,
        faults=tuple(fault or ()),
        breach=breach,
        facts=facts,
        customer=customer,
        field=field,
        leave=tuple(leave or ()),
    )
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference or number)
        if show:
            drafted = at.desk.workflow.draft(access, number, name, answers)
            put(drafted.written.text if drafted is not None else "No letter goes with this move.", lines=True)
            return
        confirmed = any(each.name == name and each.confirmed for each in moves())
        password = at.password_again(f"Password of {user} again, to confirm: ") if confirmed else ""
        moved = at.desk.workflow.make(access, number, name, answers, way, password=password)
    put_moved(moved, as_data=as_data)


def _grounds(typed: str) -> tuple[RefusalGround | None, ExtensionGround | None]:
    """Return the ground that was typed, of a refusal or an extension; raises :class:`BadInput` for none of either."""
    if typed and typed not in {*RefusalGround, *ExtensionGround}:
        raise BadInput("There is no such ground.", f"Take one of {', '.join((*RefusalGround, *ExtensionGround))}.")
    return (
        RefusalGround(typed) if typed in set(RefusalGround) else None,
        ExtensionGround(typed) if typed in set(ExtensionGround) else None,
    )


def note_search(
    number: Number,
    place: Annotated[
        list[str],
        typer.Argument(metavar="PLACE...", help="mailboxes, campaigns, support_desk, us_office, paper; or others."),
    ],
    outcome: Annotated[Searched, typer.Argument(metavar="OUTCOME", help="done, nothing or evidence.")],
    *,
    user: User,
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it.")] = "",
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Note that places outside the desk were searched for a request, and what was found there.

    The place "others" stands for all that nothing is noted of yet: requests searched NUMBER others nothing.
    """
    named = {each: outcome for each in place if each != _OTHERS}
    others = outcome if _OTHERS in place else None
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference or number)
        noted = at.desk.searches.note(access, number, named, evidence, others=others)
    put(f"{number}: {outcome.value}, {noted} {'place' if noted == 1 else 'places'} noted")


def note_told(
    number: Number,
    recipient: Annotated[
        str, typer.Argument(metavar="RECIPIENT", help="Its code or its name: requests show prints both.")
    ],
    state: Annotated[TaskState, typer.Argument(metavar="STATE", help="sent, confirmed or exempt.")],
    *,
    user: User,
    reason: Annotated[str, typer.Option("--reason", help="Why a recipient need not be told.")] = "",
    ground: Annotated[
        ExemptionGround | None, typer.Option("--ground", help="What telling him is, where he need not be told.")
    ] = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Note that a recipient outside the house was told, confirmed it, or need not be (GDPR Art. 19)."""
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference or number)
        moved = at.desk.workflow.told(access, number, recipient, state, reason, ground=ground)
    put_moved(moved, as_data=as_data)


def put_moved(moved: Moved, *, as_data: bool) -> None:
    """Print what a move led to; a passphrase stands there once and is kept nowhere."""
    if as_data:
        sent = None if moved.sent is None else {"way": moved.sent.way.value, "reference": moved.sent.reference}
        secret = {"passphrase": moved.passphrase} if moved.passphrase else {}
        put_json({**_as_json(moved.progress), "made_by_the_desk": list(moved.made), "letter": sent, **secret})
        return
    _put(moved.progress)
    if moved.sent is not None:
        how = (
            f"is {WENT[moved.sent.way]} by mail"
            if moved.sent.way is Way.MAIL
            else f"is {WENT[moved.sent.way]}: {moved.sent.reference}"
        )
        put(f"  The letter {how}")
    if moved.passphrase:
        put(f"  Passphrase of the package, told this once; give it another way than the package: {moved.passphrase}")
    for name in moved.made:
        put(f"  the desk went on by {title_of_move(name)}")


def _put(progress: Progress, lifts: str = "") -> None:
    put(f"{progress.number} · {ASKED[progress.kind]} · {STATES[progress.state]} · identity {progress.identity.value}")
    pairs = {
        "Due": progress.hard_due.isoformat(),
        "With the pause": progress.soft_due.isoformat(),
        "Extended": "" if progress.extended_on is None else progress.extended_on.isoformat(),
        "Shown by": name_of_proof(progress.proof_kind) if progress.proof_kind else "",
        "Next": lifts or next_step(progress.kind, progress.state, progress.identity, to_tell=progress.to_tell),
        "Copy": "in the mailbox, to be deleted" if progress.copy_there else "",
        "Ended": "" if progress.ended_on is None else progress.ended_on.isoformat(),
    }
    put_pairs({name: value for name, value in pairs.items() if value}, indent="  ")


def _as_json(progress: Progress) -> dict[str, object]:
    days = {
        "due": progress.hard_due,
        "due_with_pause": progress.soft_due,
        "first_due": progress.first_due,
        "extended_on": progress.extended_on,
        "proof_asked_on": progress.asked_on,
        "proof_on": progress.proof_on,
        "copy_deleted_on": progress.copy_deleted_on,
        "submitted_on": progress.submitted_on,
        "ended_on": progress.ended_on,
        "complaint_on": progress.complaint_on,
    }
    return {
        "number": progress.number,
        "type": progress.kind.value,
        "state": progress.state.value,
        "identity": progress.identity.value,
        "moves_made": progress.turn,
        "shown_by": progress.proof_kind,
        "copy_in_mailbox": progress.copy_there,
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
    }


def _offer(offer: Offer, kind: RequestType, identity: Identity) -> dict[str, object]:
    return {
        "name": offer.move.name,
        "title": offer.move.title,
        "asks": [each.value for each in offer.move.asks],
        "confirmed": offer.move.confirmed,
        "open": offer.closed is None,
        "closed_because": offer.closed,
        **({"note": offer.note} if offer.note else {}),
        **({"grounds": list(grounds_for(kind, identity))} if Ask.GROUND in offer.move.asks else {}),
    }


def _asks(move: Move) -> str:
    asked = (*(each.replace("_", "-") for each in move.asks), *(("password",) if move.confirmed else ()))
    return " ".join(asked)
