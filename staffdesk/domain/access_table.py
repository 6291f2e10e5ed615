"""The words and cells that the access table (``access.toml``) is written in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staffdesk.domain.access import Purpose, Role, Standing
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.errors import BadInput, Misconfigured

MOST_COUNTED = 1_000
"""How many matches of words are counted at most: what the databases look at, less one."""


class ReferenceKind(StrEnum):
    """What the number given as a reference belongs to; ``outside`` is one the desk does not know."""

    CASE = "case"
    ORDER = "order"
    LICENCE = "licence"
    REQUEST = "request"
    OUTSIDE = "outside"


class SearchKey(StrEnum):
    """By what a person, an order or an activation is searched."""

    NAME = "name"
    COMPANY = "company"
    EMAIL = "email"
    PHONE = "phone"
    ORDER = "order"
    INVOICE = "invoice"
    CASE = "case"
    REQUEST = "request"
    CUSTOMER = "customer"
    SERIAL = "serial"
    MAC = "mac"
    IP = "ip"


class Need(StrEnum):
    """Whether an act needs something."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Condition(StrEnum):
    """On what the exposure of a class may hang."""

    VERIFIED = "verified"
    CASE_OR_LICENCE = "case_or_licence"
    OWN_PRODUCT = "own_product"
    OWN_RECEIPT = "own_receipt"


def is_met(condition: Condition, standing: Standing, reference: ReferenceKind | None, *, own: bool) -> bool:
    """Say whether a condition holds; ``own``: of the product in hand, or received by this very employee."""
    match condition:
        case Condition.VERIFIED:
            return standing is Standing.VERIFIED
        case Condition.CASE_OR_LICENCE:
            return reference in {ReferenceKind.CASE, ReferenceKind.LICENCE}
        case Condition.OWN_PRODUCT | Condition.OWN_RECEIPT:
            return own


class Opening(StrEnum):
    """The two kinds of what the log keeps outside its entries."""

    REASON = "reason"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class ActRule:
    """Who may do an act, for which purposes, and whether it needs a purpose and a reference.

    ``never``: who holds one of these may not, whatever else he holds.
    """

    roles: tuple[Role, ...]
    purposes: tuple[Purpose, ...] = ()
    purpose: Need = Need.REQUIRED
    reference: Need = Need.NONE
    never: tuple[Role, ...] = ()

    @property
    def purpose_need(self) -> Need:
        """Return whether a purpose is needed; an act without purposes needs none."""
        return self.purpose if self.purposes else Need.NONE


@dataclass(frozen=True, slots=True)
class ExposureRule:
    """How much a role sees of a class: nothing below ``when``, all from ``shown_when`` on."""

    exposure: Exposure
    when: Condition | None = None
    shown_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class KeyRule:
    """How a search key is called, and the kinds of reference a search by it needs; none where empty."""

    label: str
    references: tuple[ReferenceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingRules:
    """How old an order may be that verifies, and within how many days a claim is corroborated."""

    order_days: int
    corroborated_within_days: int


@dataclass(frozen=True, slots=True)
class OutsideRules:
    """What a number the desk does not know may look like: characters and letters at most, and a digit."""

    characters: int
    letters: int

    def check(self, number: str) -> None:
        """Raise BadInput for what is no number: a name or an address would stand in the log."""
        letters = sum(char.isalpha() for char in number)
        has_digit = any(char.isdecimal() for char in number)
        if len(number) > self.characters or letters > self.letters or not has_digit or "@" in number:
            raise BadInput(
                "This is no number to refer to.", "Give the number of a case, order, licence, request or ticket."
            )


@dataclass(frozen=True, slots=True)
class BreakGlassRules:
    """For how many minutes break-glass opens a record, and which classes it opens."""

    minutes: int
    classes: frozenset[PrivacyClass]

    def __post_init__(self) -> None:
        """Refuse a time of nothing."""
        if self.minutes <= 0:
            raise Misconfigured("access.toml: break_glass.minutes must be more than 0.")


@dataclass(frozen=True, slots=True)
class CaseRules:
    """In which roles a colleague's case may be closed, with a written reason."""

    close_others: frozenset[Role]


@dataclass(frozen=True, slots=True)
class HistoryRules:
    """To which roles the history of a record names the employees who looked."""

    names: frozenset[Role]


@dataclass(frozen=True, slots=True)
class RecipientNames:
    """To which roles recipients are told by name: all of them, or those that were given something with an order."""

    names: frozenset[Role]
    orders: frozenset[Role]


@dataclass(frozen=True, slots=True)
class ListingLimits:
    """Rows listed at most, and letters a word needs to be searched by.

    While somebody types, words are counted up to ``counted``, and listed where no more than
    ``listed_while_typing`` are left.
    """

    rows: int
    letters: int
    listed_while_typing: int
    counted: int

    def __post_init__(self) -> None:
        """Refuse more than the database looks at."""
        if self.counted > MOST_COUNTED:
            raise Misconfigured(f"access.toml: limits.counted is at most {MOST_COUNTED:,}.")
