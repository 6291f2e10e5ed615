"""What must not be held, as ``screening.toml`` has it, and what is said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.payment_cards import CardBrand, CardGroups
from staffdesk.parameters import Dated


class Check(StrEnum):
    """What is done with what a pattern matched."""

    PATTERN = "pattern"
    CARD = "card"
    IBAN = "iban"
    NATIONAL_NUMBER = "national_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that must not be held: how it is recognised and what is said of it."""

    name: str
    what: str
    reason: str
    next: str
    check: Check
    pattern: str
    triggers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a pattern that is none, and one that would be tried on every text."""
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise Misconfigured(f"screening.toml: {self.name}: the pattern cannot be read: {error}.") from None
        if self.check is Check.PATTERN and not self.triggers:
            raise Misconfigured(f"screening.toml: {self.name}: a pattern needs triggers.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScreeningRules(Dated):
    """All that must not be held; the first rule that finds something speaks.

    ``about_people`` are refused in notes alone, ``contacts`` where whoever reads the text may see no customer's data.
    Where a pattern has a group that begins with said, it finds nothing in one of the ``no_secrets``: of a password one
    says that it is wrong, forgotten or required.
    """

    rules: tuple[Rule, ...]
    about_people: tuple[Rule, ...]
    contacts: tuple[Rule, ...]
    no_secrets: tuple[str, ...]
    cards: tuple[CardBrand, ...]
    card_groups: CardGroups


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text holds that may not be held, why, and the next step; nothing of the text itself."""

    name: str
    what: str
    reason: str
    next: str

    @property
    def sentence(self) -> str:
        """What is said to whoever wrote the text."""
        return f"The text holds what looks like {self.what}: {self.reason}."
