"""Whether the table of moves keeps what it must: every type reaches its end, and nobody is stuck on the way.

It walks the table and not the requests there are, so it needs no database and is the same on every desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from staffdesk.domain.access import Role
from staffdesk.domain.request_moves import Guard, Identity, Move, moves
from staffdesk.domain.requests import ANSWERED, IdentityNeed, RequestRules, RequestState, RequestType, rules

_FINAL: Final = RequestState.PURGED
_FILED: Final = frozenset({RequestState.ARCHIVED, RequestState.PURGED})


class Place(NamedTuple):
    """Where a request can be: its state, and how far the proof of identity is."""

    state: RequestState
    identity: Identity


Way = tuple[Move, ...]
START: Final = Place(RequestState.RECEIVED, Identity.NONE)


def ways(
    kind: RequestType, table: tuple[Move, ...] | None = None, *, by: RequestRules | None = None
) -> dict[Place, Way]:
    """Return every place a request of this type can get to, each with a shortest way there."""
    found: dict[Place, Way] = {START: ()}
    ahead = [START]
    while ahead:
        place, ahead = ahead[0], ahead[1:]
        for move in table or moves():
            if not move.fits(kind, *place, by=by):
                continue
            after = Place(move.end or place.state, move.becomes or place.identity)
            if after not in found:
                found[after] = (*found[place], move)
                ahead.append(after)
    return found


def findings(table: tuple[Move, ...] | None = None, *, by: RequestRules | None = None) -> list[str]:
    """Return what is wrong with the table, a sentence each; nothing, where it keeps what it must."""
    shown = table or moves()
    rules_in_force = by or rules()
    return [finding for kind in RequestType for finding in _of_type(kind, shown, rules_in_force)] + [
        f"{move.name}: no request ever comes to where it starts."
        for move in shown
        if not any(
            move.fits(kind, *place, by=rules_in_force)
            for kind in RequestType
            for place in ways(kind, shown, by=rules_in_force)
        )
    ]


def _of_type(kind: RequestType, table: tuple[Move, ...], by: RequestRules) -> Iterator[str]:
    reached = ways(kind, table, by=by)
    if not any(place.state is RequestState.COMPLETED for place in reached):
        yield f"{kind}: no way leads to its end."
    for place in reached:
        here = [move for move in table if move.fits(kind, *place, by=by)]
        if place.state is not _FINAL and not any(_goes_on(move, place) for move in here):
            yield f"{kind}: stuck in {place.state} with identity {place.identity}."
        for move in here:
            yield from _of_move(kind, move, place)
        proven = place.identity is Identity.VERIFIED or by.identity[kind] is not IdentityNeed.ALWAYS
        if place.state is RequestState.EXECUTING and not proven:
            yield f"{kind}: carried out with identity {place.identity}."
    yield from _of_way(kind, table, by)


def _of_move(kind: RequestType, move: Move, place: Place) -> Iterator[str]:
    end = move.end
    if end is None or end is place.state:
        return
    if end in ANSWERED and place.state not in ANSWERED and end is not RequestState.COMPLETED and not move.letters:
        yield f"{kind}: {move.name} ends it without a letter."
    erases = kind is RequestType.ERASE and end is RequestState.EXECUTING
    refuses = end is RequestState.REFUSED
    if (erases or refuses) and move.by != {Role.APPROVER}:
        yield f"{kind}: {move.name} needs no second person."


def _of_way(kind: RequestType, table: tuple[Move, ...], by: RequestRules) -> Iterator[str]:
    way = by.steps[kind]
    for before, after in pairwise(way):
        if not any(kind in move.types and _joins(move, before, after) for move in table):
            yield f"{kind}: its way goes from {before} to {after}, and no move does."


def _joins(move: Move, before: RequestState, after: RequestState) -> bool:
    return any((before, after) in pairwise((start, *move.through, move.end)) for start in move.starts)


def _goes_on(move: Move, place: Place) -> bool:
    if Guard.NOT_DONE in move.guards:  # it is closed once something is carried out, and nobody may wait for it
        return False
    moved = Place(move.end or place.state, move.becomes or place.identity)
    return moved != place and not (place.state not in ANSWERED and moved.state in _FILED)
