"""The work-list of the review: what comes on it, its states, who may do what with an item, and when a month may close.

Numbers are ``review.toml``. Nothing here knows a customer: a person is his audit id, or his number where it is known.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import heapq
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.parameters import Dated, read


class ItemKind(StrEnum):
    """Why an access is on the list."""

    FLAG = "flag"
    BREAK_GLASS = "break_glass"
    RANDOM = "random"


class ItemState(StrEnum):
    """How far an item is; the last three are decisions."""

    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
    UNCLEAR = "unclear"

    @property
    def words(self) -> str:
        """Return the state as it is read."""
        return self.value.replace("_", " ")


DECISIONS: Final = (ItemState.JUSTIFIED, ItemState.NOT_JUSTIFIED, ItemState.UNCLEAR)
UNDECIDED: Final = (ItemState.OPEN, ItemState.ASKED, ItemState.ANSWERED)


class ItemMove(StrEnum):
    """What is done with an item."""

    ASK = "ask"
    ANSWER = "answer"
    DECIDE = "decide"


FROM: Final[Mapping[ItemMove, tuple[ItemState, ...]]] = {
    ItemMove.ASK: (ItemState.OPEN, ItemState.ANSWERED),
    ItemMove.ANSWER: (ItemState.ASKED,),
    ItemMove.DECIDE: UNDECIDED,
}
"""The states from which each move is made; a decided item never moves again."""


class BreachOutcome(StrEnum):
    """What became of a breach (GDPR Art. 33 and 34)."""

    NO_RISK = "no_risk"
    AUTHORITY = "authority"
    AUTHORITY_AND_PERSON = "authority_and_person"


OUTCOME_WORDS: Final[Mapping[BreachOutcome, str]] = {
    BreachOutcome.NO_RISK: "no risk for the person: not notified",
    BreachOutcome.AUTHORITY: "notified to the authority",
    BreachOutcome.AUTHORITY_AND_PERSON: "notified to the authority and to the person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRules(Dated):
    """How long after somebody became aware of a breach the authority is to be told."""

    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules(Dated):
    """The random share of a month's opens and the least of them; days to answer in.

    ``ask_first`` are the decisions before which the employee was asked, and answered or had ``answer_days`` to.
    ``named_minutes`` is how long before and after a look or an answer whom else its employee was shown may be named.
    A list that was not filled for more than ``behind_days`` says so.
    ``clock_minutes`` is how long after midnight a day is taken to be over on every desk's clock.
    """

    share: float
    at_least: int
    answer_days: int
    named_minutes: int
    behind_days: int
    clock_minutes: int
    ask_first: tuple[ItemState, ...]
    breach: BreachRules

    def __post_init__(self) -> None:
        """Refuse a share of nothing or of more than all, times of nothing, and to ask before what is no decision."""
        if not 0 < self.share <= 1 or self.at_least < 1:
            raise Misconfigured("review.toml: share lies between 0 and 1, at_least is 1 or more.")
        if min(self.answer_days, self.named_minutes, self.behind_days, self.clock_minutes, self.breach.hours) < 1:
            raise Misconfigured("review.toml: days, minutes and hours must be more than 0.")
        if not set(self.ask_first) <= set(DECISIONS):
            raise Misconfigured("review.toml: ask_first names decisions alone.")


@cache
def rules() -> ReviewRules:
    """Return the shipped rules."""
    return read("review", ReviewRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """An item as the list shows it; times are UTC milliseconds, ``day`` and ``month`` are written as ISO does.

    ``who`` is the employee's user name, ``customer`` the number of the one person it is about, where still known.
    ``words`` say what the rule saw. ``own`` marks a decision about an access of the decider's own.
    """

    id: int
    kind: ItemKind
    rule: str
    title: str
    words: str
    severity: int
    actor: str
    who: str
    subject: str | None
    customer: int | None
    day: str
    month: str
    at: int
    entries: int
    state: ItemState
    asked_at: int | None = None
    answered_at: int | None = None
    answer_entry: int | None = None
    decided_at: int | None = None
    decided_by: str = ""
    decision_entry: int | None = None
    own: bool = False

    @property
    def decided(self) -> bool:
        """Whether somebody signed it off."""
        return self.state in DECISIONS

    def days_waiting(self, now: int) -> int:
        """Return for how many days it has been undecided since it happened."""
        return 0 if self.decided else max(0, (now - self.at) // DAY_MS)


DAY_MS: Final = 86_400_000
HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class OpenBreach:
    """A breach that is not closed, until when the authority is to be told of it, and the hours until then."""

    number: str
    due_at: int
    hours: int

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return self.hours < 0

    @property
    def hours_left(self) -> int:
        """The hours left, 0 once it is late."""
        return max(0, self.hours)

    @property
    def hours_late(self) -> int:
        """The hours by which it is late, 0 until then."""
        return max(0, -self.hours)


def hours_until(due_at: int, now: int) -> int:
    """Return the hours until a breach is due, less than 0 once it is late; one that was begun late counts as late."""
    return (due_at - now) // HOUR_MS


def hours_in_words(hours: int) -> str:
    """Return in words how long the authority may still be told of a breach, or how late it is."""
    return f"{hours:,} h left" if hours >= 0 else f"{-hours:,} h late"


def breach_words(breach: OpenBreach, by: str) -> str:
    """Return what is to be done about a breach; ``by`` is its moment, as it is written where this is read."""
    return f"{breach.number}: authority to be told by {by}, {hours_in_words(breach.hours)}"


def why_not_decided(
    item: ReviewItem, decision: ItemState, me: str, now: int, *, may_answer: bool, by: ReviewRules | None = None
) -> str:
    """Return why a decision is not open yet because the employee was not heard; empty where it is.

    ``may_answer`` says whether the employee's account is in use: who left cannot answer. Nobody asks himself.
    """
    asked = by or rules()
    if decision not in DECISIONS:
        return "this is no decision"
    if decision not in asked.ask_first or item.actor == me or not may_answer or item.state is ItemState.ANSWERED:
        return ""
    if item.state is ItemState.OPEN or item.asked_at is None:
        return "the employee was not asked yet"
    left = asked.answer_days - (now - item.asked_at) // DAY_MS
    return f"the employee has {left} more {'day' if left == 1 else 'days'} to answer" if left > 0 else ""


def behind_words(taken: dt.date | None, today: dt.date) -> str:
    """Return that the list is not what it should be, by the day to which the log was taken; nothing where it is."""
    if taken is not None and taken > today:
        return f"Taken to {taken}, which is still to come: staffdesk run-due says more"
    if taken is not None and (today - taken).days > rules().behind_days:
        return f"No day of the log was taken since {taken}: staffdesk run-due"
    return ""


def parse_decision(text: str) -> ItemState:
    """Return the decision somebody typed; raises :class:`BadInput`."""
    typed = "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    for each in DECISIONS:
        if typed == each.value:
            return each
    raise BadInput("This is no decision.", f"Choose one of: {', '.join(each.words for each in DECISIONS)}.")


def check_month(text: str) -> str:
    """Return a month as it is written, 2026-11; raises :class:`BadInput` for anything else."""
    if not _MONTH.fullmatch(text):
        raise BadInput("This is no month.", "Write year and month, as 2026-11.")
    return text


_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


def together(resting: Mapping[int, frozenset[int]]) -> tuple[tuple[int, ...], ...]:
    """Return items by what they rest on in groups: those that share an entry, one through another, are in one.

    Items and groups keep their order.
    """
    groups: list[tuple[list[int], set[int]]] = []
    for item, seqs in resting.items():
        touched = [group for group in groups if not group[1].isdisjoint(seqs)]
        items, entries = touched[0] if touched else ([], set[int]())
        if not touched:
            groups.append((items, entries))
        items.append(item)
        entries.update(seqs)
        for other in touched[1:]:
            items.extend(other[0])
            entries.update(other[1])
            groups = [group for group in groups if group is not other]
    order = {item: at for at, item in enumerate(resting)}
    return tuple(tuple(sorted(items, key=order.__getitem__)) for items, _ in groups)


def share_of(opens: int, by: ReviewRules | None = None) -> int:
    """Return how many of so many opens are drawn: the share, rounded up, at least so many, and never more than all."""
    asked = by or rules()
    return min(opens, max(asked.at_least, math.ceil(opens * asked.share)))


def drawn(root: bytes, opens: Iterable[int], many: int) -> tuple[int, ...]:
    """Draw so many entries of a month, by number, with the root hash of its checkpoint as the seed.

    Each entry's lot is SHA-256 over the root's 32 bytes and the entry's number in decimal digits; the smallest lots are
    drawn. Whoever has the checkpoint and the log draws the same ones again.
    """
    return tuple(sorted(heapq.nsmallest(many, opens, key=lambda seq: hashlib.sha256(root + b"%d" % seq).digest())))
