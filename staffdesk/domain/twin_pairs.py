"""Pairs of records that are likely one person's, over everybody on file: a work-list, and how far it was gone through.

What is surest comes first: the same address, then the same telephone, then the same name or company. Within one of
these the newest records come first, since an import brings the most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.records import Hit
from staffdesk.domain.request_words import LIKENESSES
from staffdesk.domain.twin_features import rules

NOT_BEGUN: Final = 2**62
"""Above every number of a record."""


class Sought(StrEnum):
    """By what pairs are looked for, in this order; ``NAME`` is also a company's name and an address spelt otherwise."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PairsAfter:
    """Where the next page begins: below which customer's number, of which search."""

    sought: Sought = Sought.EMAIL
    below: int = NOT_BEGUN

    def __str__(self) -> str:
        return self.sought.value if self.below == NOT_BEGUN else f"{self.sought.value}:{self.below}"

    @property
    def next_search(self) -> PairsAfter | None:
        """Where the search after this one begins; none after the last."""
        following = list(Sought)[list(Sought).index(self.sought) + 1 :]
        return PairsAfter(following[0]) if following else None


BEGINNING: Final = PairsAfter()


def pairs_after(text: str) -> PairsAfter:
    """Read what :class:`PairsAfter` is written as; raises :class:`BadInput`."""
    sought, colon, below = text.partition(":")
    if sought not in list(Sought) or (colon and not (below.isascii() and below.isdigit() and int(below) < NOT_BEGUN)):
        raise BadInput(
            "This is not where a page of pairs begins.", "Give what the page before printed, or leave it out."
        )
    return PairsAfter(Sought(sought), int(below) if colon else NOT_BEGUN)


@dataclass(frozen=True, slots=True, repr=False)
class TwinPair:
    """Two records as a list shows them, the older one first; ``found_by`` is in words what they have in common."""

    one: Hit
    other: Hit
    found_by: str

    def __repr__(self) -> str:
        return f"<TwinPair {self.one.id} {self.other.id}>"


@dataclass(frozen=True, slots=True)
class PairPage:
    """Pairs, the likeliest first; ``after`` is where the next page begins, none at the end; ``seq`` is the entry.

    ``left_out`` counts the addresses, telephones, names and companies that too many records have to be looked through,
    ``waiting`` the pairs of the records on this page that come once those shown are decided. ``looked`` is how many
    records were looked at for it.
    """

    pairs: tuple[TwinPair, ...]
    after: PairsAfter | None
    looked: int
    left_out: Mapping[Likeness, int]
    waiting: int
    seq: int

    def behind(self, before: PairPage) -> PairPage:
        """Return this page with what was looked at and left out of the empty ones ``before`` it."""
        left_out = Counter(before.left_out)
        left_out.update(self.left_out)
        ranked = {each: left_out[each] for each in Likeness if left_out[each]}
        waiting = before.waiting + self.waiting
        return replace(self, looked=before.looked + self.looked, left_out=ranked, waiting=waiting)

    @property
    def besides(self) -> tuple[str, ...]:
        """What this page does not show, in sentences."""
        said = []
        if self.waiting:
            said.append(f"{self.waiting:,} more of the same people come once some of these are decided.")
        if self.left_out:
            many = ", ".join(f"{LIKENESSES[each]} ({number:,})" for each, number in self.left_out.items())
            said.append(f"Left out, since more than {rules().block} records have it: {many}.")
        return tuple(said)
