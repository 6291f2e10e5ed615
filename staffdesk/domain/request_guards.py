"""What closes a move of a request: for each guard the sentence that says so, and the check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.access import Role
from staffdesk.domain.deadlines import nominal
from staffdesk.domain.request_moves import Facts, Guard, Move, moves
from staffdesk.domain.requests import IdentityNeed, Periods, RequestState, rules


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as it is offered: open, or closed with the reason; ``note`` is what to know before an open one is made."""

    move: Move
    closed: str | None
    note: str = ""


def offers(facts: Facts, roles: frozenset[Role]) -> Iterator[Offer]:
    """Yield the moves a holder of these roles sees for a request, in the order of the workflow."""
    for move in moves():
        if move.by & roles and move.fits(facts.kind, facts.state, facts.identity):
            yield Offer(move, why_closed(move, facts))


def own_moves(facts: Facts) -> Iterator[Move]:
    """Yield the moves the desk makes by itself now."""
    for move in moves():
        if not move.by and move.fits(facts.kind, facts.state, facts.identity) and why_closed(move, facts) is None:
            yield move


def worth_saying(offer: Offer) -> bool:
    """Say whether an offer is shown: a move that few requests ever make is not, while it is closed for being theirs."""
    return offer.closed not in {sentence(each) for each in _OF_FEW}


def why_closed(move: Move, facts: Facts) -> str | None:
    """Return the first sentence that closes a move which fits, or None where it is open."""
    periods = rules().periods
    return next((sentence(each) for each in move.guards if not _CHECKS[each][1](facts, periods)), None)


def sentence(guard: Guard) -> str:
    """Return what is said to whoever finds a move closed by this guard."""
    return _CHECKS[guard][0]


def _within_period(facts: Facts, _periods: Periods) -> bool:
    return facts.today <= facts.first_due


def _lapse_is_near(facts: Facts, periods: Periods) -> bool:
    return facts.today >= facts.hard_due - dt.timedelta(days=periods.lapse_days_before_due)


def _not_lapsed_long(facts: Facts, periods: Periods) -> bool:
    soon = facts.ended_on is not None and facts.today <= nominal(facts.ended_on, periods.reopen_months)
    return soon and not facts.reopened


def _archive_is_due(facts: Facts, periods: Periods) -> bool:
    if facts.state is RequestState.LAPSED and _not_lapsed_long(facts, periods):
        return False  # its letter says until when proof takes it up again
    days = dt.timedelta(days=periods.archive_days)
    return facts.ended_on is not None and facts.today >= facts.ended_on + days


def _purge_is_due(facts: Facts, periods: Periods) -> bool:
    return facts.ended_on is not None and facts.today >= nominal(facts.ended_on, periods.purge_months)


def _approval_is_fresh(facts: Facts, periods: Periods) -> bool:
    days = dt.timedelta(days=periods.approval_days)
    return facts.submitted_on is not None and facts.today <= facts.submitted_on + days


def _lift_day_has_come(facts: Facts, _periods: Periods) -> bool:
    return facts.lift_on is None or facts.today >= facts.lift_on


def _card_not_demanded(facts: Facts, _periods: Periods) -> bool:
    return not facts.card_mandatory or rules().identity[facts.kind] is not IdentityNeed.ALWAYS


def _did_not_verify(facts: Facts, _periods: Periods) -> bool:
    return facts.actor not in {facts.verified_by, *facts.also_verified_by}


def _refuses_all(facts: Facts) -> bool:
    return facts.declined and not facts.granted


_OF_FEW: Final = (
    Guard.LEFT, Guard.CAME_WITH, Guard.COMPLAINED, Guard.CONTESTED, Guard.LATE, Guard.NAMED_LATER,
)  # fmt: skip
_CHECKS: Final[Mapping[Guard, tuple[str, Callable[[Facts, Periods], bool]]]] = {
    Guard.ON_TIME: ("The first period is over: a late answer is a breach note, not a new date.", _within_period),
    Guard.ONCE: ("The period was extended before, and once is all the law allows.", lambda f, _: not f.extended),
    Guard.CAME_ALONG: ("No proof came with the request; ask for it.", lambda f, _: f.proof_came_along),
    Guard.NO_DOUBT: ("Say first why there is no doubt about who asks.", lambda f, _: f.no_doubt),
    Guard.COPY_THERE: ("No copy is there, or it is confirmed as deleted already.", lambda f, _: f.copy_there),
    Guard.COPY_GONE: ("The copy is still there: look at it once more.", lambda f, _: not f.copy_there),
    Guard.NO_CARD: ("The front of the card is mandatory; privacy may change that, with a reason.", _card_not_demanded),
    Guard.SEARCHED: ("Every kind of record must be searched and ticked off first.", lambda f, _: f.searched),
    Guard.ANSWERED: (
        "Somebody on file may be the same person; say of each one whether it is he.",
        lambda f, _: f.unanswered == 0,
    ),
    Guard.NOBODY: ("Somebody was found: ask who asks, and collect.", lambda f, _: not f.anybody_found),
    Guard.NOTHING: ("Something is held about him; decide on it.", lambda f, _: not f.anything_held),
    Guard.NONE_LEFT: ("A law still keeps something of him since he was erased here.", lambda f, _: not f.left),
    Guard.NONE_OUTSIDE: (
        "Something of who asks was found outside the desk: have him taken down as a person, and say whose data it is.",
        lambda f, _: not f.found_outside,
    ),
    Guard.CAME_WITH: ("No request out of the same letter has shown who asks.", lambda f, _: f.came_with_proof),
    Guard.OWN_PROOF: (
        "Another request's proof shows who asks here, and nobody else can be named.",
        lambda f, _: not f.proven_elsewhere,
    ),
    Guard.PROOF_STANDS: (
        "The proof that counts here turned out to be somebody else's, under the other request: say so here too.",
        lambda f, _: not f.proof_fell,
    ),
    Guard.LEFT: ("No law keeps anything of him since an erasure.", lambda f, _: f.left),
    Guard.DECIDED: ("Records are still without a decision.", lambda f, _: f.open_records == 0),
    Guard.ALONE: ("A second person must approve this; submit it.", lambda f, _: not f.needs_approval),
    Guard.TOGETHER: ("Nothing here needs a second person; carry it out.", lambda f, _: f.needs_approval),
    Guard.GRANTED: ("Everything is refused here; approve the refusal.", lambda f, _: not _refuses_all(f)),
    Guard.REFUSED: ("Nothing is refused outright here; approve the decision.", lambda f, _: _refuses_all(f)),
    Guard.UNCHANGED: ("Something changed since this was submitted; decide again.", lambda f, _: not f.plan_changed),
    Guard.FRESH: ("This was submitted too long ago; decide again.", _approval_is_fresh),
    Guard.OTHER_DECIDED: ("Who decided does not approve.", lambda f, _: f.actor != f.decided_by),
    Guard.OTHER_VERIFIED: ("Who checked the identity does not approve.", _did_not_verify),
    Guard.NOT_HIMSELF: ("Nobody moves a request about himself.", lambda f, _: f.actor != f.subject),
    Guard.NOT_APPROVER: ("Who approved does not carry it out.", lambda f, _: f.actor != f.approved_by),
    Guard.TOLD: ("Not every recipient has been told or is exempt.", lambda f, _: f.open_recipients == 0),
    Guard.CLEARED: (
        "What was found outside the desk is not deleted there yet; note each place.",
        lambda f, _: f.open_places == 0,
    ),
    Guard.SOMEBODY: ("Say first whose data it is about.", lambda f, _: f.anybody_found),
    Guard.UNNAMED: ("It names its customer already.", lambda f, _: not f.anybody_found),
    Guard.NAMED_LATER: (
        "Its mail or a record named its customer when it was received, or nobody is named.",
        lambda f, _: f.anybody_found and f.named_later,
    ),
    Guard.LAST: ("Another request of his is open; answer it before he is erased.", lambda f, _: f.others_open == 0),
    Guard.NOT_DONE: (
        "What he asked is carried out, and that is not undone by this: tell him so, and send its letter.",
        lambda f, _: not f.carried_out,
    ),
    Guard.CONTESTED: ("No field is contested under this request and undecided.", lambda f, _: f.contested),
    Guard.UNSENT: ("Its letter has gone out.", lambda f, _: not f.letter_sent),
    Guard.SENT: ("Its letter has not been sent yet.", lambda f, _: f.letter_sent),
    Guard.LAPSING: ("There is still time for the proof.", _lapse_is_near),
    Guard.REOPENS: ("It lapsed too long ago, or before; receive a new request.", _not_lapsed_long),
    Guard.ARCHIVES: ("It ended too short a time ago.", _archive_is_due),
    Guard.PURGES: ("It is kept longer.", _purge_is_due),
    Guard.QUIET: ("A complaint is open.", lambda f, _: not f.complaint),
    Guard.LATE: ("It is not late.", lambda f, _: (f.ended_on or f.today) > f.hard_due),
    Guard.UNNOTED: ("Why it is late is noted already.", lambda f, _: not f.lateness_noted),
    Guard.COMPLAINED: ("No complaint is open.", lambda f, _: f.complaint),
    Guard.RESTRICTED: ("No restriction of this request stands.", lambda f, _: f.restricted),
    Guard.UNRESTRICTED: ("A restriction of this request still stands.", lambda f, _: not f.restricted),
    Guard.NOT_ERASING: ("The customer is to be erased, and that ends the restriction.", lambda f, _: not f.erasing),
    Guard.FREES: (
        "Another request of his restricts the same data: Lift restriction ends this one, and nothing is used again.",
        lambda f, _: not f.restricted_elsewhere,
    ),
    Guard.LIFT_UNTOLD: ("He was told of it, and his letter names the day.", lambda f, _: f.lift_on is None),
    Guard.LIFT_TOLD: (
        "He must be told before it is lifted.",
        lambda f, _: f.lift_on is not None or f.restricted_elsewhere,
    ),
    Guard.LIFT_DAY: ("The day that his letter names has not come.", _lift_day_has_come),
}
