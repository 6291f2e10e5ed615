"""Closing a month of the review: nothing of it undecided, its share drawn, and a certificate that stands in the log."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from staffdesk.data.actors import Actors
from staffdesk.data.breaches import Breaches, MonthBreach
from staffdesk.data.deciding import Deciding
from staffdesk.data.review_months import MonthChanges, MonthRow, ReviewMonths
from staffdesk.data.reviews import Reviews
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict, NotFound, StorageUnavailable
from staffdesk.domain.flags import rules as flag_rules
from staffdesk.domain.review_certificates import Certificate, digest_of, from_json, last_day
from staffdesk.domain.reviews import (
    DAY_MS,
    DECISIONS,
    OUTCOME_WORDS,
    UNDECIDED,
    ItemKind,
    check_month,
    hours_in_words,
    hours_until,
)
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.deciding import begun
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.new_files import write_together
from staffdesk.services.reviewing import REVIEW
from staffdesk.services.sessions import Clock, day_in_brussels, shown_time, utc_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthState:
    """A month of the log as the review has it; ``why`` says why it cannot be closed yet, empty where it can or is.

    ``pruned_at`` is the moment its entries went from the log, ``over`` whether its last day has passed.
    """

    month: str
    entries: int
    opens: int
    drawn: int | None
    items: int
    undecided: int
    closed_at: int | None
    closed_by: str
    why: str
    pruned_at: int | None = None
    over: bool = True


class MonthReviews:
    """The months, for admin and auditor; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, clock: Clock = utc_ms, *, folder: Path | None = None) -> None:
        """Work through ``door``; certificates are saved into ``folder``."""
        self._door = door
        self._clock = clock
        self._folder = folder

    def months(self, access: Access) -> tuple[MonthState, ...]:
        """Return the months, newest first."""
        kinds = (REVIEW, "months")

        def read(tx: Append, _cleared: Clearance) -> tuple[tuple[MonthState, ...], Result]:
            today = day_in_brussels(self._clock())
            found = tuple(_state(tx, row, today) for row in ReviewMonths(tx).all())
            return found, Result(act=Act.AUDIT_LISTED, kinds=kinds, n=len(found))

        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=kinds)
        return self._door.act(access, draft, read, intent=False)

    def close(self, access: Access, month: str) -> Certificate:
        """Close a month and return its certificate, whose digest stands in the entry.

        Raises :class:`Conflict` while anything of it is open, :class:`NotFound`.
        """
        kinds = (REVIEW, f"month:{check_month(month)}")

        def write(tx: Append, cleared: Clearance) -> tuple[Certificate, Result]:
            by = begun(tx, cleared, self._clock)
            row = ReviewMonths(tx).one(month)
            if row is None:
                raise _no_month()
            why = _state(tx, row, by.today).why
            if row.closed_at is not None or why:
                said = f"{month} was closed already" if row.closed_at is not None else f"{month} is not closed: {why}"
                look = "certificate" if row.closed_at is not None else "list --month"
                raise Conflict(f"{said}.", f"Look at: staffdesk audit review {look} {month}")
            certificate = _certificate(tx, row, by)
            kept = certificate.to_json()
            if MonthChanges(tx).close(month, kept, by) != 1:
                raise Conflict(
                    "Your role or your session ended a moment ago, so nothing was changed.", "Sign in again."
                )
            return certificate, Result(
                act=Act.AUDIT_CLOSED, kinds=(*kinds, f"sha256:{digest_of(kept)}"), n=certificate.items
            )

        return self._door.act(access, Draft(wanted=Wanted(act=Act.AUDIT_CLOSED), kinds=kinds), write)

    def certificate(self, access: Access, month: str) -> Certificate:
        """Return the certificate of a closed month as it was given; raises :class:`NotFound` for one still open."""
        kinds = (REVIEW, f"certificate:{check_month(month)}")

        def read(tx: Append, _cleared: Clearance) -> tuple[Certificate, Result]:
            row = ReviewMonths(tx).one(month)
            if row is None or row.certificate is None:
                raise NotFound(f"{month} has no certificate: it was not closed.", "staffdesk audit review months")
            return from_json(row.certificate), Result(act=Act.AUDIT_LISTED, kinds=kinds, n=1)

        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=kinds)
        return self._door.act(access, draft, read, intent=False)

    def save(self, access: Access, month: str) -> Path:
        """Write a certificate as it is kept into a new file, whose SHA-256 then stands in the entry of the closing.

        Raises as :meth:`certificate`, and :class:`StorageUnavailable`, which leaves no half of a file behind.
        """
        made = self.certificate(access, month)
        if self._folder is None:
            raise StorageUnavailable("This desk has no folder to save into.", "staffdesk audit review certificate")
        (path,) = write_together(self._folder, f"review-{month}", {".json": made.to_json().encode()})
        return path


def _state(tx: Append, row: MonthRow, today: dt.date) -> MonthState:
    counts: Counter[bool] = Counter()
    for _, _, state, _, many in Reviews(tx).of_month(row.month):
        counts[state in UNDECIDED] += many
    return MonthState(
        month=row.month,
        entries=row.entries,
        opens=row.opens,
        drawn=row.drawn,
        # Items go with their month when it is pruned; the certificate stays.
        items=counts.total() if row.certificate is None else from_json(row.certificate).items,
        undecided=counts[True],
        closed_at=row.closed_at,
        closed_by=row.closed_by or "",
        pruned_at=row.pruned_at,
        over=last_day(row.month) < today,
        why="" if row.closed_at is not None else _why_open(row, counts[True], ReviewMonths(tx).far().day, today),
    )


def _why_open(row: MonthRow, undecided: int, far: dt.date | None, today: dt.date) -> str:
    """Return why a month cannot be closed yet; empty where it can."""
    end = last_day(row.month)
    if today <= end:
        return "the month is not over"
    # Its last claims are judged with the first day that comes after the time in which they could be corroborated.
    judged = end + dt.timedelta(days=flag_rules().corroboration_days + 1)
    if far is None or far < judged:
        return f"its claims are judged once the log of {judged.isoformat()} was taken, the day after"
    if row.root is None:
        return "no checkpoint covers its end, or its share was not drawn yet (staffdesk run-due)"
    if undecided:
        return f"{undecided} {'item is' if undecided == 1 else 'items are'} not decided"
    return ""


def _certificate(tx: Append, row: MonthRow, by: Deciding) -> Certificate:
    flags: Counter[str] = Counter()
    kinds: Counter[ItemKind] = Counter()
    decided: Counter[str] = Counter({each.value: 0 for each in DECISIONS})
    signed_own = 0
    for kind, rule, state, own, many in Reviews(tx).of_month(row.month):
        kinds[kind] += many
        decided[state.value] += many
        signed_own += many if own else 0
        if kind is ItemKind.FLAG:
            flags[rule] += many
    sealed = ReviewMonths(tx).seal_over(row.last_seq)
    if sealed is None or row.root is None:
        raise Conflict("The checkpoint of the month is gone.", "Run: staffdesk audit verify")
    states = Reviews(tx).states()
    oldest = min((states[each][1] for each in UNDECIDED if each in states), default=None)
    names = Actors(tx).user_names()
    breaches = Breaches(tx).of_month(row.month)
    return Certificate(
        month=row.month,
        first_entry=row.first_seq,
        last_entry=row.last_seq,
        entries=row.entries,
        opens=row.opens,
        items=kinds.total(),
        reviewed_entries=Reviews(tx).entries_of_month(row.month),
        flags=dict(sorted(flags.items())),
        break_glass=kinds[ItemKind.BREAK_GLASS],
        share=row.drawn or 0,
        decided=dict(sorted(decided.items())),
        own=signed_own,
        breaches=tuple(each.number for each in breaches),
        breach_states={each.number: _standing(each, by.now) for each in breaches},
        oldest_open_days=None if oldest is None else (by.now - oldest) // DAY_MS,
        closed_at=shown_time(by.now),
        closed_by=names.get(by.staff_id, ""),
        checkpoint_size=sealed.size,
        checkpoint_root=row.root,
        checkpoint=sealed.note,
    )


def _standing(breach: MonthBreach, now: int) -> str:
    """Return how a breach stands as its month is closed."""
    if breach.outcome is not None and breach.closed_at is not None:
        return f"{OUTCOME_WORDS[breach.outcome]}, closed {shown_time(breach.closed_at)}"
    return f"open, due {shown_time(breach.due_at)}, {hours_in_words(hours_until(breach.due_at, now))}"


def _no_month() -> NotFound:
    return NotFound("The log has nothing of this month.", "Look at: staffdesk audit review months")
