"""What must not be held: card numbers, IBANs, national register numbers, tokens, stream keys, passwords.

Every free text and every import asks this before anything is kept. What is found is never said back, kept or logged:
only what it looks like and why it is refused. The patterns are ``screening.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from staffdesk.domain.errors import Misconfigured, MustNotBeHeld
from staffdesk.parameters import Dated, read


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


@dataclass(frozen=True, slots=True)
class CardBrand:
    """The first digits of a brand's numbers, as ranges with both ends in them, and how long they are."""

    name: str
    prefixes: tuple[tuple[int, int], ...]
    lengths: frozenset[int]

    def issues(self, digits: str) -> bool:
        """Say whether a number of these digits can be this brand's."""
        return len(digits) in self.lengths and any(
            low <= int(digits[: len(str(low))]) <= high for low, high in self.prefixes
        )


@dataclass(frozen=True, slots=True)
class CardGroups:
    """How many digits stand together at least where a card number is written in groups."""

    first: int
    middle: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScreeningRules(Dated):
    """All that must not be held; the first rule that finds something speaks."""

    rules: tuple[Rule, ...]
    cards: tuple[CardBrand, ...]
    card_groups: CardGroups


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text holds that may not be held, why, and the next step; nothing of the text itself."""

    name: str
    what: str
    reason: str
    next: str


class Screen:
    """The rules made ready: build once, ask for every text."""

    __slots__ = ("_cards", "_digit_rules", "_groups", "_triggered", "_triggers")

    def __init__(self, rules: ScreeningRules) -> None:
        """Compile the patterns."""
        compiled = [(rule, re.compile(rule.pattern)) for rule in rules.rules]
        self._triggered = [(rule, pattern) for rule, pattern in compiled if rule.triggers]
        self._digit_rules = [
            (rule, pattern, self._check(rule.check)) for rule, pattern in compiled if not rule.triggers
        ]
        words = sorted({re.escape(word.lower()) for rule in rules.rules for word in rule.triggers})
        # Without IGNORECASE, on text made lower, this is eight times faster; most texts need nothing more.
        self._triggers = re.compile("|".join(words))
        self._cards = rules.cards
        self._groups = rules.card_groups

    def find(self, text: str) -> Finding | None:
        """Return the first thing in ``text`` that must not be held, or nothing."""
        if not text.isascii():
            text = _plain(text)
        if self._triggers.search(text.lower()):
            for rule, pattern in self._triggered:
                if pattern.search(text):
                    return _finding(rule)
        if len(text) >= _FEWEST and _DIGITS.search(text):
            for rule, pattern, check in self._digit_rules:
                if pattern.search(text) and any(check(found) for found in pattern.finditer(text)):
                    return _finding(rule)
        return None

    def _check(self, check: Check) -> Callable[[re.Match[str]], bool]:
        match check:
            case Check.CARD:
                return self._is_card
            case Check.IBAN:
                return _is_iban
            case Check.NATIONAL_NUMBER:
                return _is_national_number
            case Check.PATTERN:
                return bool

    def _is_card(self, found: re.Match[str]) -> bool:
        groups = re.findall(r"\d+", found[0])
        return any(
            _luhn(digits) and any(brand.issues(digits) for brand in self._cards) for digits in self._card_digits(groups)
        )

    def _card_digits(self, groups: list[str]) -> Iterator[str]:
        """Yield every run of groups that may be one card's number, since other numbers may stand beside it."""
        for start, first in enumerate(groups):
            digits = first
            if _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD:
                yield digits
            if len(first) < self._groups.first:
                continue
            for group in groups[start + 1 :]:
                digits += group
                if len(digits) > _LONGEST_CARD:
                    break
                if len(digits) >= _SHORTEST_CARD:
                    yield digits
                if len(group) < self._groups.middle:
                    break


_FEWEST = 11
_SHORTEST_CARD = 13
_LONGEST_CARD = 19
_SHORTEST_IBAN = 15
_LONGEST_IBAN = 34

_DIGITS = re.compile(r"\d(?:[^\d\n]{0,8}\d){7}")
"""Eight digits near each other: the fewest that an IBAN (with letters among them) is sure to hold."""


@cache
def shipped() -> Screen:
    """Return the screen of the shipped rules."""
    return Screen(read("screening", ScreeningRules))


def screen(text: str, *, by: Screen | None = None) -> Finding | None:
    """Return what ``text`` holds that must not be held, or nothing; a text without digits or keywords costs little."""
    return (by or shipped()).find(text)


def refuse_forbidden(text: str, *, by: Screen | None = None) -> None:
    """Raise MustNotBeHeld, with the reason and the next step and nothing of the text, where it may not be held."""
    found = screen(text, by=by)
    if found is not None:
        raise MustNotBeHeld(f"The text holds what looks like {found.what}: {found.reason}.", found.next)


def _finding(rule: Rule) -> Finding:
    return Finding(rule.name, rule.what, rule.reason, rule.next)


def _plain(text: str) -> str:
    """Return the text with full-width and other digits, dashes and spaces as ASCII, and without invisible signs."""
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


class _Signs(dict[int, str | int | None]):
    """What stands for a sign in a text that is screened, found when the sign is first met."""

    def __missing__(self, code: int) -> str | int | None:
        char = chr(code)
        sign: str | int | None = code
        if code > _LAST_ASCII:
            match unicodedata.category(char):
                case "Nd":
                    sign = str(unicodedata.decimal(char))
                case "Pd":
                    sign = "-"
                case "Zs":
                    sign = " "
                case "Cf":
                    sign = None
        self[code] = sign
        return sign


_LAST_ASCII = 0x7F
_MINUS = 0x2212
_SIGNS = _Signs({_MINUS: "-"})
"""The minus sign counts among the mathematical ones in Unicode, not among the dashes."""


def _luhn(digits: str) -> bool:
    from stdnum import luhn  # noqa: PLC0415 - asked only for a text that looks like a card number

    return bool(luhn.is_valid(digits))


def _is_iban(found: re.Match[str]) -> bool:
    from stdnum import iban  # noqa: PLC0415 - as above

    written = found[1]
    for end in range(_SHORTEST_IBAN, len(written) + 1):
        if end < len(written) and written[end].isalnum():
            continue
        compact = re.sub(r"[^A-Za-z0-9]", "", written[:end]).upper()
        if _SHORTEST_IBAN <= len(compact) <= _LONGEST_IBAN and iban.is_valid(compact, check_country=False):
            return True
    return False


def _is_national_number(found: re.Match[str]) -> bool:
    from stdnum.be import bis, nn  # noqa: PLC0415 - as above

    digits = re.sub(r"\D", "", found[0])
    # A telephone number in international form has eleven digits too: only one written as a register number is a bis.
    written_as_one = "." in found[0] or "-" in found[0]
    return bool(nn.is_valid(digits) or (written_as_one and bis.is_valid(digits)))
