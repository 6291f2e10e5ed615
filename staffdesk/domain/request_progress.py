"""How far one request is, and the facts its moves are checked against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.deadlines import Due, beginning_of, days_paused, due_dates, receive_day
from staffdesk.domain.deadlines import rules as deadline_rules
from staffdesk.domain.holds import Left
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_guards import Offer
from staffdesk.domain.request_moves import Facts, Identity, Letter
from staffdesk.domain.request_work import Decision, places
from staffdesk.domain.requests import CHECKING, RequestState, RequestType
from staffdesk.domain.restrictions import NONE, Restriction

ANSWERS: Final = frozenset({
    Letter.ACCESS, Letter.CORRECTED, Letter.ERASED, Letter.PARTLY_ERASED, Letter.REFUSED, Letter.MARKETING_STOPPED,
    Letter.RESTRICTED,
})  # fmt: skip
"""The letters that answer what was asked; one of them goes out before a request is complete."""

COPIED: Final = frozenset({RequestType.ACCESS, RequestType.PORT})
"""The types that are carried out by a copy: until it has gone out, it is destroyed and nothing was done."""

LOOKED_AT: Final = frozenset({Identity.VERIFIED, Identity.FAILED})
"""Of a proof at these stages nobody needs the copy any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One request as it stands; days are days in Brussels, times UTC milliseconds, persons staff numbers.

    ``turn`` counts its moves. ``first_due`` is the last day of the first period, which an extension does not move.
    ``claimed_by`` is the session that is sending something for it since ``claimed_at``.
    From ``lift_on`` on its restriction may be lifted, as the person was told.
    ``to_tell`` says that a recipient is still to be told of it.
    ``copy_since`` is the day from which a copy of a proof lies in the mailbox, ``proof_kind`` what proved who asks.
    """

    id: int
    aid: str
    number: str
    kind: RequestType
    state: RequestState
    channel: str
    received_at: int
    received_by: str
    person: int | None
    language: str | None
    proof_came_along: bool
    hard_due: dt.date
    soft_due: dt.date
    carried_out_at: int | None
    turn: int
    identity: Identity
    asked_on: dt.date | None
    doubted: bool
    proof_on: dt.date | None
    runs_from: dt.date | None
    copy_deleted_on: dt.date | None
    first_due: dt.date
    extended_on: dt.date | None
    verified_by: str | None
    decided_by: str | None
    submitted_on: dt.date | None
    submitted_digest: str | None
    approved_by: str | None
    ended_on: dt.date | None
    complaint_on: dt.date | None
    lift_on: dt.date | None = None
    claimed_by: str | None = None
    claimed_at: int | None = None
    copy_since: dt.date | None = None
    proof_kind: str | None = None
    waits_from: dt.date | None = None
    paused_days: int | None = None
    to_tell: bool = False

    @property
    def proven_under(self) -> str | None:
        """The number of the request out of the same letter whose proof counts for this one too, where one does."""
        shown_here = {each.code for each in (*places().documents, *places().methods)}
        return None if self.proof_kind in shown_here else self.proof_kind

    @property
    def copy_there(self) -> bool:
        """Whether a copy of a proof lies in the mailbox that nobody has confirmed as deleted."""
        return self.copy_since is not None and self.copy_deleted_on is None

    @property
    def copy_left(self) -> bool:
        """Whether a copy lies there that nobody has to look at any more."""
        return self.copy_there and (self.identity in LOOKED_AT or self.state not in CHECKING)

    @property
    def received(self) -> dt.datetime:
        """When it was received."""
        return dt.datetime.fromtimestamp(self.received_at / 1000, dt.UTC)

    @property
    def began(self) -> dt.datetime:
        """When its period began: at the receipt, or on the day on which proof came after it had lapsed."""
        return self.received if self.runs_from is None else beginning_of(self.runs_from)

    @property
    def stands_still(self) -> bool:
        """Whether the law lets the period wait for the proof that was asked for: at once, and for a doubt."""
        if self.asked_on is None:
            return False
        began = receive_day(self.began)
        asked = max(self.asked_on, began)
        return days_paused(began, asked, asked + dt.timedelta(days=1), doubt=self.doubted) > 0

    @property
    def paused(self) -> int:
        """How many days were waited for the customer: what lies between two rounds of asking is the house's own."""
        if self.asked_on is None or self.waits_from is None or self.proof_on is None:
            return self.paused_days or 0
        began = receive_day(self.began)
        asked = max(self.asked_on, began)
        waits_from = max(self.waits_from, asked)
        proven = max(self.proof_on, waits_from)
        this_round = days_paused(began, asked, proven, doubt=self.doubted, waits_from=waits_from)
        return (self.paused_days or 0) + this_round

    def due(self) -> Due:
        """Return both due dates, from the beginning, the extension and the pause that was earned."""
        months = None if self.extended_on is None else deadline_rules().extended_months
        return due_dates(self.began, months, self.paused)


@dataclass(frozen=True, slots=True)
class LinkedProof:
    """A proof that was checked for another request out of the same letter: its number, its audit id, when it came."""

    number: str
    aid: str
    proof_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was done about a request: the places searched, what was decided, who is told, which letters went out.

    ``uncleared`` are the places in which something was found and of which nothing is noted since it was carried out.
    ``digest`` is of what was decided, where it was asked for; ``restriction`` is what stands of what it restricted.
    ``others_open`` are other requests of the same person, but for erasures, that are not answered. ``card_mandatory``
    says whether this desk demands the front of an identity card, as it is set at this moment. ``same`` are the other
    records that privacy confirmed to be of who asks, ``reveals_staff`` says that a package is to name an employee. What
    the open door alone tells, where a move asks for it: ``unanswered`` counts likely duplicates, ``held`` says whether
    there is more than the request, ``left`` what a law keeps of who asks since he was erased here,
    ``linked`` the proof that was checked for another request out of the same letter, ``checkers`` whoever checked the
    one that was taken over, ``proof_fell`` whether that shows nobody any more, ``restricted_elsewhere`` whether another
    request restricts all that this one does, ``contested`` whether a field is contested under it, ``lateness_noted``
    whether it was said why it is late, ``named_later`` whether privacy named its customer after the receipt.
    """

    searched: frozenset[str] = frozenset()
    found_outside: bool = False
    uncleared: frozenset[str] = frozenset()
    same: tuple[int, ...] = ()
    unanswered: int = 0
    held: bool = True
    left: tuple[Left, ...] = ()
    linked: LinkedProof | None = None
    checkers: frozenset[str] = frozenset()
    proof_fell: bool = False
    restricted_elsewhere: bool = False
    reveals_staff: bool = False
    decided: Mapping[Decision, int]
    recipients: tuple[TaskState, ...] = ()
    sent: frozenset[Letter] = frozenset()
    digest: str = ""
    restriction: Restriction = NONE
    others_open: int = 0
    contested: bool = False
    lateness_noted: bool = False
    named_later: bool = False
    card_mandatory: bool = True

    @property
    def to_be_cleared(self) -> str:
        """The names of the places of which nothing is noted since an erasure, though something was found there."""
        return ", ".join(each.name for each in places().places if each.code in self.uncleared)

    @property
    def all_searched(self) -> bool:
        """Whether every place outside the desk was searched."""
        return self.searched >= {each.code for each in places().places}


@dataclass(frozen=True, slots=True)
class RequestStanding:
    """Where a request stands and the moves a person sees: each open, or closed with the reason."""

    progress: Progress
    work: Work
    offers: tuple[Offer, ...]


def facts_of(
    progress: Progress, work: Work, *, today: dt.date, actor: str = "", himself: bool = False, reason: str = ""
) -> Facts:
    """Return what the guards are checked against, for a move that ``actor`` makes and gives this ``reason`` for."""
    declined = work.decided.get(Decision.DECLINE, 0) > 0
    return Facts(
        kind=progress.kind,
        state=progress.state,
        today=today,
        first_due=progress.first_due,
        hard_due=progress.hard_due,
        identity=progress.identity,
        extended=progress.extended_on is not None or Letter.EXTENDED in work.sent,
        proof_came_along=progress.proof_came_along,
        no_doubt=bool(reason.strip()),
        copy_there=progress.copy_there,
        card_mandatory=work.card_mandatory,
        searched=work.all_searched,
        anybody_found=progress.person is not None,
        unanswered=work.unanswered,
        named_later=work.named_later,
        left=bool(work.left),
        anything_held=work.found_outside or (progress.person is not None and work.held),
        others_open=work.others_open,
        reopened=progress.runs_from is not None,
        granted=not declined or _any_but_declined(work.decided),
        declined=declined,
        reveals_staff=work.reveals_staff,
        plan_changed=bool(work.digest) and progress.submitted_digest not in {None, work.digest},
        submitted_on=progress.submitted_on,
        open_places=len(work.uncleared) if progress.kind is RequestType.ERASE else 0,
        open_recipients=sum(state is TaskState.OPEN for state in work.recipients),
        letter_sent=bool(work.sent & ANSWERS),
        carried_out=progress.carried_out_at is not None and progress.kind not in COPIED,
        complaint=progress.complaint_on is not None,
        ended_on=progress.ended_on,
        restricted=work.restriction.stands,
        erasing=work.restriction.erasing,
        lift_on=progress.lift_on,
        restricted_elsewhere=work.restricted_elsewhere,
        actor=actor,
        subject=actor if himself else None,
        verified_by=progress.verified_by,
        contested=work.contested,
        lateness_noted=work.lateness_noted,
        came_with_proof=work.linked is not None,
        proven_elsewhere=progress.proven_under is not None,
        proof_fell=work.proof_fell,
        found_outside=work.found_outside,
        also_verified_by=work.checkers,
        decided_by=progress.decided_by,
        approved_by=progress.approved_by,
    )


def _any_but_declined(decided: Mapping[Decision, int]) -> bool:
    return any(n for action, n in decided.items() if action is not Decision.DECLINE)
