"""Licence requests of cases: the checklist, a seat freed, a licence moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User, Why
from staffdesk.cli.output import put, put_json, put_table
from staffdesk.cli.seat import seat

if TYPE_CHECKING:
    from staffdesk.domain.licence_requests import Checklist, Ticked

licence_app = typer.Typer(no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The case's number.")]
Step = Annotated[str, typer.Argument(metavar="STEP", help="The step, as the list calls it.")]


@licence_app.command("start")
def start_request(
    number: Number,
    *,
    user: User,
    kind: Annotated[str, typer.Option("--kind", help="seat_freed, other_computer, other_person or lost_activation.")],
    licence: Annotated[int, typer.Option("--licence", metavar="ID", min=1, help="The licence, as `show` numbers it.")],
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make an open case a licence request, and list its steps."""
    with seat(home, user, password_fd) as at:
        asked = at.desk.licence_requests.start(at.access(purpose, number), number, kind, licence)
    _put(asked, as_json=as_json)


@licence_app.command("show")
def show_request(
    number: Number, *, user: User, purpose: Why = None, password_fd: PasswordFd = None, home: Home = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """List the steps of a licence request, with who did which when, and the seats of its licence."""
    with seat(home, user, password_fd) as at:
        asked = at.desk.licence_requests.of_case(at.access(purpose, number), number)
    _put(asked, as_json=as_json)


@licence_app.command("tick")
def tick_step(
    number: Number,
    step: Step,
    *,
    user: User,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="How it was done, in one line.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take a tick back that was a mistake.")] = False,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Note that a step is done, or is not."""
    with seat(home, user, password_fd) as at:
        access, requests = at.access(purpose, number), at.desk.licence_requests
        asked = requests.untick(access, number, step) if undo else requests.tick(access, number, step, note=note)
    _put(asked, as_json=as_json)


@licence_app.command("free")
def free_seat(
    number: Number,
    which: Annotated[int, typer.Argument(metavar="SEAT", help="The seat, as the list numbers it.")],
    *,
    user: User,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Free a seat of the licence; the licence manager is told by hand."""
    with seat(home, user, password_fd) as at:
        asked = at.desk.licence_requests.free_seat(at.access(purpose, number), number, which)
    _put(asked, as_json=as_json)


@licence_app.command("move")
def move_licence(
    number: Number,
    *,
    user: User,
    to: Annotated[int, typer.Option("--to", metavar="ID", min=1, help="The new holder's customer number.")],
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Register the licence to another person, once its holder confirmed and every seat is free."""
    with seat(home, user, password_fd) as at:
        asked = at.desk.licence_requests.move(at.access(purpose, number), number, to)
    _put(asked, as_json=as_json)


def _put(asked: Checklist, *, as_json: bool) -> None:
    if as_json:
        put_json(_as_json(asked))
        return
    put(f"{asked.number}: {asked.title}, {asked.product}, licence {asked.licence}")
    put_table(
        ("Step", "Done", "By", "What", "How"),
        ((each.step.id, _when(each), each.done_by, each.step.text, each.note) for each in asked.steps),
    )
    if asked.seats:
        seats = (
            (str(each.id), as_utc(each.at), "taken" if each.active else "free", " ".join(each.computer))
            for each in asked.seats
        )
        put_table(("Seat", "Activated", "State", "Computer"), seats)


def _when(each: Ticked) -> str:
    return "" if each.done_at is None else as_utc(each.done_at)


def _as_json(asked: Checklist) -> dict[str, object]:
    return {
        "case": asked.number,
        "kind": asked.kind,
        "licence": asked.licence,
        "product": asked.product,
        "steps": [
            {
                "step": each.step.id,
                "what": each.step.text,
                "done_at": None if each.done_at is None else as_utc(each.done_at),
                "done_by": each.done_by or None,
                "note": each.note or None,
            }
            for each in asked.steps
        ],
        "open": [each.id for each in asked.still_open],
        "seats": [
            {"seat": each.id, "activated_at": as_utc(each.at), "taken": each.active, "computer": list(each.computer)}
            for each in asked.seats
        ],
    }
