"""What the screens of a request say in words: letters by their names, fields, what is first, a plan in counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Role
from staffdesk.domain.correction import corrected_fields
from staffdesk.domain.erasure import Action
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_board import waits_for, whose_move
from staffdesk.domain.request_guards import Offer, sentence
from staffdesk.domain.request_moves import Guard, Move
from staffdesk.domain.request_pages import Contested
from staffdesk.domain.request_progress import RequestStanding
from staffdesk.domain.request_words import GROUNDS, LETTERS
from staffdesk.domain.request_work import LET_STAND
from staffdesk.domain.requests import ANSWERED, RequestState
from staffdesk.domain.restrictions import what_is_next
from staffdesk.services.request_plans import Decided, ErasurePlan
from staffdesk.tui.due import today
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import DASH, MUTED, joined, plain

FIELDS: Final = {
    (f"company's {name.partition('.')[2]}" if "." in name else name).replace("_", " "): name
    for name in corrected_fields()
}
"""What a field that can be corrected is called, and its name."""

KEYS_FIRST: Final = {
    sentence(Guard.SEARCHED): "press k: places outside the desk are not searched yet",
    sentence(Guard.ANSWERED): "press k: somebody on file may be he, and it is not said of each whether he is",
    sentence(Guard.SOMEBODY): "choose Whose data first: it names no customer",
    sentence(Guard.TOLD): "press i: recipients are to be told",
    sentence(Guard.CLEARED): "press k: what was found outside is not noted as dealt with yet",
    sentence(Guard.SENT): "press e: the answer waits",
}
"""What is said where a closed move is opened by a key."""

_MOST_DAYS: Final = 2

_HERE_FIRST: Final = {
    RequestState.NOTIFYING: KEYS_FIRST[sentence(Guard.TOLD)],
    RequestState.REPLYING: KEYS_FIRST[sentence(Guard.SENT)],
}


def letters_of(move: Move) -> str:
    """Return what the letters of a move are called."""
    return " or ".join(LETTERS[each] for each in move.letters)


def why_closed(offer: Offer) -> str:
    """Return why a move is closed, or the key that opens it; it says so, since it stands below the fields of a form."""
    closed = offer.closed or ""
    return f"Closed · {offer.move.title}: {KEYS_FIRST.get(closed, closed)}"


def correction_of(field: Contested) -> Content:
    """Return a field that is to be corrected: what stands there, and what is to."""
    to_be = field.new or (LET_STAND if field.stays else "not said yet: c notes it")
    return joined(plain(f"{field.label}: ", MUTED), plain(field.old or DASH), plain(" → ", MUTED), plain(to_be))


def what_first(standing: RequestStanding) -> str:
    """Return what is to be done where no move leads on for whoever looks: by which key, or whose turn it is."""
    progress = standing.progress
    for offer in standing.offers:
        if offer.closed in KEYS_FIRST and progress.state not in _HERE_FIRST:
            return KEYS_FIRST[offer.closed]
    if progress.state is RequestState.NOTIFYING and TaskState.OPEN not in standing.work.recipients:
        return KEYS_FIRST[sentence(Guard.CLEARED)]
    if progress.state in _HERE_FIRST:
        return _HERE_FIRST[progress.state]
    if progress.state in ANSWERED and standing.work.restriction.untold:
        return KEYS_FIRST[sentence(Guard.TOLD)]
    restriction = standing.work.restriction
    if lifts := what_is_next(restriction, progress.state, progress.lift_on, today()):
        return lifts
    if progress.state in ANSWERED:
        return "it is answered: nothing is to be moved"
    roles = whose_move(progress.kind, progress.state, progress.identity) - {Role.PRIVACY}
    whose = f" ({'/'.join(sorted(role.value for role in roles))})" if roles else ""
    waits = waits_for(progress.kind, progress.state, progress.identity, to_tell=progress.to_tell)
    return f"it waits for {waits}{whose}"


def counts_of(plan: ErasurePlan) -> str:
    """Return what an erasure does to how many rows: ``12 rows deleted, 4 kept until 2036-12-31``.

    Of more than two days until which something is kept the last alone is named.
    """
    days = Counter[dt.date | None]()
    for kind, n in plan.kinds:
        if kind.action is Action.RESTRICT:
            days[kind.until] += n
    kept = [(n, f"kept until {day}") for day, n in sorted(days.items(), key=lambda each: str(each[0]))]
    if len(kept) > _MOST_DAYS:
        kept = [(days.total(), f"kept, the last until {plan.until}")]
    gone = [(plan.rows(Action.ERASE), "deleted"), (plan.rows(Action.ANONYMISE), "kept without the person")]
    goes = [(n, fate) for n, fate in gone if n]
    first, *others = [*goes, *kept] or [(0, "deleted")]
    nothing = "Nothing is deleted now: " if kept and not goes else ""
    changed = "! Something changed since it was submitted. " if plan.changed else ""
    return (
        changed
        + nothing
        + ", ".join([f"{count(first[0], 'row')} {first[1]}", *(f"{n:,} {fate}" for n, fate in others)])
    )


def decided_in_short(decided: Decided) -> str:
    """Return in one line what is decided."""
    if decided.refusal is not None:
        return f"Refused: {GROUNDS[decided.refusal.ground]}"
    if decided.unproven:
        return "To be refused: what was sent as proof shows somebody else"
    if decided.certificate is not None:
        return "Erased and certified" if decided.certificate.finished else "Erased; the rest is being destroyed"
    return counts_of(decided.erasure) if decided.erasure is not None else "Nothing is refused"
