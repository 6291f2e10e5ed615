"""Whose move a request waits for, and what for: one line a request, from its state and the stage of its proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.access import Role
from staffdesk.domain.request_guards import Offer, sentence
from staffdesk.domain.request_moves import Guard, Identity, Move, moves
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import ANSWERED, RequestState, RequestType
from staffdesk.domain.restrictions import Lifting, lifting, what_is_next

_WAITS_FOR: Final = {
    RequestState.RECEIVED: "its acknowledgement",
    RequestState.ACKNOWLEDGED: "the question who asks",
    RequestState.ASSESSMENT: "search or decision",
    RequestState.DECISION: "its submission or carrying out",
    RequestState.APPROVAL: "a second person",
    RequestState.EXECUTING: "its carrying out",
    RequestState.NOTIFYING: "recipients to be told",
    RequestState.REPLYING: "its letter to be sent",
}
_DECISION: Final = "its decision"
_OUTSIDE: Final = "what was found outside to be deleted there"
"""What a request waits for whose recipients are all told, and which is not answered all the same."""
_BY_KEY: Final = frozenset({RequestState.NOTIFYING, RequestState.REPLYING})
"""Where the desk moves by itself once somebody has told recipients, or sent the letter."""
_PROOF: Final = {
    Identity.NONE: "proof of identity",
    Identity.ASKED: "proof from who asks",
    Identity.RECEIVED: "a look at the proof",
    Identity.FAILED: "a second person",
}


def whose_move(kind: RequestType, state: RequestState, identity: Identity) -> frozenset[Role]:
    """Return the roles that make the next move; nobody's where the request is answered."""
    if state in ANSWERED:
        return frozenset()
    return frozenset(role for each in _leading(kind, state, identity) for role in each.by)


def _leading(kind: RequestType, state: RequestState, identity: Identity) -> list[Move]:
    return [each for each in moves() if each.fits(kind, state, identity) and each.name not in _ASIDE]


def restriction_waits_for(request: RequestRow, today: dt.date) -> str:
    """Return what the restriction of an answered request waits for, in words; nothing where it simply stands."""
    return what_is_next(request.restriction, request.state, request.lift_on, today)


def lifting_under_way(request: RequestRow, today: dt.date) -> bool:
    """Say whether the person was told of the day his restriction is lifted, which has not come: it is nobody's move."""
    return lifting(request.restriction, request.state, request.lift_on, today) is Lifting.TOLD


def carries_out(kind: RequestType, state: RequestState) -> Move | None:
    """Return the move by which somebody carries out what was decided; nothing before and after that."""
    if state is not RequestState.EXECUTING:
        return None
    return next((each for each in moves() if each.starts == {state} and kind in each.types), None)


def waits_for(
    kind: RequestType, state: RequestState, identity: Identity, *, to_tell: bool, searched: bool = False
) -> str:
    """Return what a request waits for, in words; nothing where it is answered.

    ``to_tell`` says that a recipient is still to be told of it, ``searched`` that every place was searched for it.
    """
    if state in ANSWERED:
        return ""
    if state is RequestState.IDENTITY:
        return _PROOF.get(identity, "")
    if state is RequestState.ASSESSMENT and searched:
        return _DECISION
    if state is RequestState.DECISION and kind is RequestType.ERASE:
        return "its submission to a second person"
    if state is RequestState.NOTIFYING and not to_tell:
        return _OUTSIDE
    move = carries_out(kind, state)
    return _WAITS_FOR[state] if move is None else f"{_WAITS_FOR[state]}: {move.title}"


def whose_step(kind: RequestType, state: RequestState, identity: Identity) -> frozenset[Role]:
    """Return the roles that have to do something next, by a move or by a key; nobody's where it is answered."""
    move = carries_out(kind, state)
    if move is not None:
        return move.by
    return frozenset({Role.PRIVACY}) if state in _BY_KEY else whose_move(kind, state, identity)


def next_step(
    kind: RequestType, state: RequestState, identity: Identity, *, to_tell: bool, searched: bool = False
) -> str:
    """Return what a request waits for and whose move that is, in words; nothing where it is answered. As above."""
    what = waits_for(kind, state, identity, to_tell=to_tell, searched=searched)
    whose = "/".join(sorted(role.value for role in whose_step(kind, state, identity)))
    return f"{what} ({whose})" if what and whose else what


def next_of(request: RequestRow, today: dt.date, *, searched: bool = False) -> str:
    """Return the same of a request in a list, or what the restriction it made waits for; nothing where it is done."""
    if lifts := restriction_waits_for(request, today):
        return lifts if lifting_under_way(request, today) else f"{lifts} ({Role.PRIVACY.value})"
    kind, state = RequestType(request.kind), RequestState(request.state)
    return next_step(kind, state, request.identity, to_tell=request.to_tell, searched=searched)


@dataclass(frozen=True, slots=True)
class Choices:
    """The moves somebody chooses from: those that lead on, those beside the way, those that are closed with why."""

    leading: tuple[Move, ...]
    aside: tuple[Move, ...]
    closed: tuple[Offer, ...]


def choices(offers: Iterable[Offer]) -> Choices:
    """Return offers as they are proposed: what leads on first, what ends or delays a request last.

    A move that is closed for its missing reason alone is to be chosen: the reason is told with it.
    """
    listed = tuple(offers)
    closed = tuple(each for each in listed if each.closed is not None and each.closed != sentence(Guard.NO_DOUBT))
    moves_to_choose = [each.move for each in listed if each not in closed]
    beside = _ASIDE - _EXPECTED
    return Choices(
        tuple(each for each in moves_to_choose if each.name not in beside),
        tuple(sorted((each for each in moves_to_choose if each.name in beside), key=lambda it: it.name in _LAST)),
        closed,
    )


_EXPECTED: Final = frozenset({"proof_arrived", "verified_with"})
"""They wait for who asks, and are what is told once he has answered."""
_LAST: Final = frozenset({"extend", "withdraw", "complaint", "complaint_closed"})
_ASIDE: Final = frozenset(
    {
        "extend", "withdraw", "complaint", "take_back", "proof_arrived", "lapse", "copy_deleted", "contest",
        "build_again", "verify_otherwise", "verified_with", "name_customer", "unname_customer", "check_again",
        "ask_again", "found_another", "let_stand", "complaint_closed", "note_breach",
        "send_back_to_check", "send_back_to_ask",
    }
)  # fmt: skip
"""Moves that do not lead a request to its end, or that wait for who asks."""
