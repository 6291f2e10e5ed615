"""What is asked of the work-list and what it answers: a filter, a page, an item in full, how much waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from staffdesk.data.reviews import Wanted
from staffdesk.domain.errors import BadInput
from staffdesk.domain.reviews import (
    DECISIONS,
    UNDECIDED,
    BreachOutcome,
    ItemKind,
    ItemState,
    OpenBreach,
    ReviewItem,
    check_month,
)
from staffdesk.services.log_rows import EntryRow

PAGE: Final = 50
LONGEST_PAGE: Final = 500
TODO: Final = "todo"
SHOWN: Final = {
    TODO: UNDECIDED,
    **{each.value: (each,) for each in ItemState},
    "decided": DECISIONS,
    "all": (),
}
"""Which states a word of the filter shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items are wanted: a word of :data:`SHOWN`, a rule or ``random``, a user name, a month as 2026-11."""

    shown: str = TODO
    rule: str | None = None
    who: str | None = None
    month: str | None = None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Items, the heaviest first; ``after`` asks for the page behind this one, None at the end.

    ``breaches`` are those of the register that are not closed, whatever is listed. ``behind`` says that the list was
    not filled, and since when; empty where it was.
    """

    items: tuple[ReviewItem, ...]
    after: int | None
    breaches: tuple[OpenBreach, ...] = ()
    behind: str = ""


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """An item with its entries, what the employee answered, what was noted, and the breach it became.

    ``closed`` says of each decision that is not open why not, ``not_asked`` why the employee cannot be asked; empty
    where it is, and he can be. ``breach_due`` is when the authority is to be told at the latest, in UTC milliseconds;
    once the breach is closed, ``breach_outcome`` is what became of it and ``breach_entry`` the entry with the facts.
    """

    item: ReviewItem
    entries: tuple[EntryRow, ...]
    answer: str = field(repr=False)
    note: str = field(repr=False)
    breach: str
    breach_due: int | None
    closed: dict[ItemState, str]
    not_asked: str
    breach_outcome: BreachOutcome | None = None
    breach_entry: int | None = None

    @property
    def askable(self) -> bool:
        """Whether the employee can be asked."""
        return not self.not_asked


@dataclass(frozen=True, slots=True)
class ToReview:
    """How many items are undecided, how many of them are answered, and for how many days the oldest waits.

    ``breaches`` are those that are not closed, the earliest due first.
    """

    undecided: int
    answered: int
    oldest_days: int
    breaches: tuple[OpenBreach, ...] = ()


def checked(wanted: ItemFilter) -> Wanted:
    """Refuse a word that means nothing: it would find nothing, and look like an answer."""
    from staffdesk.domain.flags.rules import NAMES  # noqa: PLC0415 - long to read in, and the first screen only counts

    if wanted.shown not in SHOWN:
        raise BadInput("The list knows no such state.", f"Choose one of: {', '.join(SHOWN)}.")
    rules = (*NAMES, ItemKind.RANDOM.value)
    if wanted.rule is not None and wanted.rule not in rules:
        raise BadInput("There is no such rule.", f"Choose one of: {', '.join(rules)}.")
    if wanted.month is not None:
        check_month(wanted.month)
    return Wanted(states=SHOWN[wanted.shown], rule=wanted.rule, month=wanted.month)
