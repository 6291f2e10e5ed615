"""Who on file may be the same person as who asks: what makes him likely, and what privacy answers of him."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staffdesk.domain.requests import RequestState


class Likeness(StrEnum):
    """What two records have in common; never a computer's address or user name, which are solely for licensing."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    COMPANY = "company"


class SamePerson(StrEnum):
    """What privacy answers of somebody likely."""

    SAME = "same"
    OTHER = "other"


ANSWERABLE = frozenset({
    RequestState.RECEIVED, RequestState.ACKNOWLEDGED, RequestState.IDENTITY, RequestState.ASSESSMENT,
    RequestState.DECISION, RequestState.APPROVAL, RequestState.EXECUTING,
})  # fmt: skip
"""Until it is carried out: a plan that an answer changes is decided again."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Likely:
    """Somebody on file who may be the same person, with his e-mail address and telephone masked.

    ``found_by`` is what both have in common, as it was when he was answered; ``answer`` is None until then,
    ``answered_by`` the employee who did, ``answered_at`` UTC milliseconds.
    """

    customer: int
    aid: str
    name: str
    company: str
    email: str
    phone: str
    country: str
    found_by: tuple[Likeness, ...]
    relation_keys: str = ""
    answer: SamePerson | None = None
    answered_by: str = ""
    answered_at: int | None = None

    def __repr__(self) -> str:
        return f"<Likely {self.customer}>"


@dataclass(frozen=True, slots=True, repr=False)
class LikelyPage:
    """Those who were found: the unanswered first; ``more`` says that there are others once these are answered.

    ``abroad`` counts whom this employee's company may not receive; ``seq`` is the entry they were looked for under.
    """

    listed: tuple[Likely, ...]
    more: bool
    abroad: int
    seq: int

    @property
    def unanswered(self) -> int:
        """How many of those listed wait for an answer."""
        return sum(each.answer is None for each in self.listed)

    def __repr__(self) -> str:
        return f"<LikelyPage of {len(self.listed)}>"
