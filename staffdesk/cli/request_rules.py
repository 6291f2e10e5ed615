"""The rules of requests, which need no home: when an answer is due, and the table of the workflow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

import typer

from staffdesk.cli.options import Json
from staffdesk.cli.output import put, put_json, put_pairs, put_table
from staffdesk.domain import deadlines
from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.request_guards import sentence
from staffdesk.domain.request_moves import Identity, Move, moves
from staffdesk.domain.request_walk import findings, ways
from staffdesk.domain.requests import RequestState, RequestType

_DAY = ["%Y-%m-%d"]
_MOMENT = [*_DAY, "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_NAMED = 3
"""States a cell names one by one; more are a span."""


def due(
    *,
    received: Annotated[
        dt.datetime,
        typer.Option(
            "--received",
            formats=_MOMENT,
            help="When it reached the house: a day in Brussels, or a moment, in UTC or with its zone (10:00+0100).",
        ),
    ],
    extended: Annotated[bool, typer.Option("--extended", help="The answer was extended.")] = False,
    proof_asked: Annotated[
        dt.datetime | None,
        typer.Option("--proof-asked", formats=_DAY, help="The day proof was asked, for a reasonable doubt."),
    ] = None,
    proof_received: Annotated[
        dt.datetime | None,
        typer.Option("--proof-received", formats=_DAY, help="The day the proof that was enough came."),
    ] = None,
    as_data: Json = False,
) -> None:
    """Say until when a request must be answered, and why each day was moved; no home is needed."""
    rules = deadlines.rules()
    # A moment without a zone is in UTC, as in requests add: its midnight is the same day in Brussels, as is a bare day.
    day = deadlines.receive_day(received if received.tzinfo else received.replace(tzinfo=dt.UTC))
    paused, pause = _pause(day, proof_asked, proof_received)
    months = rules.extended_months if extended else rules.months
    at = dt.datetime.combine(day, dt.time(12), dt.UTC)
    last = deadlines.due_dates(at, months, paused)
    unmoved = deadlines.nominal(day, months)
    hard_moves, soft_moves = _moved(unmoved), _moved(unmoved + dt.timedelta(days=paused))
    if as_data:
        put_json(
            {
                "received": day.isoformat(),
                "months": months,
                "extended": extended,
                "nominal": unmoved.isoformat(),
                "paused_days": paused,
                "pause": pause,
                "hard_due": last.hard.isoformat(),
                "hard_moved": [{"day": each.isoformat(), "why": why} for each, why in hard_moves.items()],
                "soft_due": last.soft.isoformat(),
                "soft_moved": [{"day": each.isoformat(), "why": why} for each, why in soft_moves.items()],
                "sources": [rules.source, rules.legal.source],
            }
        )
        return
    put_pairs(
        {
            "Received": _said(day),
            "Period": f"{months} months from receipt, extended" if extended else f"{months} month from receipt",
            "Same day of the month": _said(unmoved),
            "Due": f"{_said(last.hard)}{_because(hard_moves)}",
            "With the pause": f"{_said(last.soft)}{_because(soft_moves)}",
            "Pause": pause,
            "Source": rules.source,
        }
    )


def states(
    *,
    kind: Annotated[RequestType | None, typer.Option("--type", help="Only the moves of this type.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Prove that every type reaches its end and nobody is stuck on the way.")
    ] = False,
    as_data: Json = False,
) -> None:
    """Print the workflow of requests: each move, from where to where, who makes it, and when; no home is needed."""
    kinds = list(RequestType) if kind is None else [kind]
    if check:
        _prove(kinds, as_data=as_data)
        return
    shown = [each for each in moves() if each.types & set(kinds)]
    if as_data:
        put_json([_as_json(each) for each in shown])
    else:
        put_table(
            ("Move", "From", "To", "By", "Identity", "Letters", "Only when"),
            ((*_from_to(each), " ".join(each.letters), _guards(each)) for each in shown),
        )


def _prove(kinds: list[RequestType], *, as_data: bool) -> None:
    wrong = findings()
    proven = {each.value: ways(each) for each in kinds}
    ends = {
        name: min((way for place, way in reached.items() if place.state is RequestState.COMPLETED), key=len, default=())
        for name, reached in proven.items()
    }
    if as_data:
        put_json(
            {
                "findings": wrong,
                "types": {
                    name: {
                        "places": len(reached),
                        "states": sorted({place.state.value for place in reached}),
                        "shortest_way": [each.name for each in ends[name]],
                    }
                    for name, reached in proven.items()
                },
            }
        )
    else:
        for name, reached in proven.items():
            way = " > ".join(each.name for each in ends[name])
            put(f"{name}: {len({place.state for place in reached})} states, a way on from each; {way or 'no end'}")
        for each in wrong:
            put(each)
    if wrong:
        raise Misconfigured("The table of moves does not keep what it must.", "Correct request_moves.toml.")


def _pause(day: dt.date, asked: dt.datetime | None, proven: dt.datetime | None) -> tuple[int, str]:
    """Return the days earned by asking for proof, and why so many."""
    if asked is None and proven is None:
        return 0, "none: no proof was asked"
    if asked is None or proven is None:
        raise BadInput(
            "A pause has a beginning and an end.", "Give --proof-asked and --proof-received, or neither of them."
        )
    try:
        days = deadlines.days_paused(day, asked.date(), proven.date())
    except ValueError as error:
        raise BadInput(
            "These days do not follow one another.", "The proof is asked after the receipt, and comes after that."
        ) from error
    limit = deadlines.working_days_later(day, deadlines.rules().targets.ask_proof_working_days)
    if asked.date() > limit:
        return 0, f"none: the proof was asked after {_said(limit)}, too late to stop the clock"
    return days, f"{days} {'day' if days == 1 else 'days'}: asked in time, until the proof came; the hard date stays"


def _moved(day: dt.date) -> Mapping[dt.date, str]:
    """Return each day on which the period could not end, from ``day`` on, with why."""
    moved: dict[dt.date, str] = {}
    while (why := deadlines.why_no_working_day(day)) is not None:
        moved[day] = why
        day += dt.timedelta(days=1)
    return moved


def _because(moved: Mapping[dt.date, str]) -> str:
    if not moved:
        return ""
    return " (moved: " + ", ".join(f"{day:%d %b} is {_article(why)}" for day, why in moved.items()) + ")"


def _article(why: str) -> str:
    return f"a {why}" if why in {"Saturday", "Sunday"} else why


def _said(day: dt.date) -> str:
    return f"{day.isoformat()} {day:%a}"


def _from_to(move: Move) -> tuple[str, str, str, str, str]:
    return (
        move.name,
        _starts(move),
        "stays" if move.end is None else move.end.value,
        ", ".join(sorted(move.by)) or "the desk",
        _identity(move),
    )


def _starts(move: Move) -> str:
    inside = [each.value for each in RequestState if each in move.starts]
    return ", ".join(inside) if len(inside) <= _NAMED else f"{inside[0]} … {inside[-1]}"


def _guards(move: Move) -> str:
    return ", ".join(each.value.replace("_", " ") for each in move.guards)


def _identity(move: Move) -> str:
    asked = ", ".join(each.value for each in Identity if each in move.identity) or ("proven" if move.proven else "")
    return asked if move.becomes is None else f"{asked} > {move.becomes}".strip()


def _as_json(move: Move) -> dict[str, object]:
    return {
        "name": move.name,
        "title": move.title,
        "source": move.source,
        "types": [each.value for each in RequestType if each in move.types],
        "from": [each.value for each in RequestState if each in move.starts],
        "through": [each.value for each in move.through],
        "to": None if move.end is None else move.end.value,
        "by": sorted(move.by),
        "identity": [each.value for each in Identity if each in move.identity],
        "identity_becomes": move.becomes,
        "needs_proven_identity": move.proven,
        "confirmed_by_password": move.confirmed,
        "guards": {each.value: sentence(each) for each in move.guards},
        "letters": list(move.letters),
        "recorded": list(move.recorded),
        "destroyed": list(move.destroyed),
    }
