"""Drawing a person, a firm, an address, a slip of the hand: what every record of the known twins is made of."""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from tests.bench.known_twins import names

_T = TypeVar("_T")

_EVEN: Final = 0.35


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as somebody typed it; ``who`` is the person it is of, ``kind`` how the record came about."""

    who: int
    kind: str
    given: str = ""
    family: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    country: str = "BE"


@dataclass(frozen=True, slots=True)
class Firm:
    """A company with the number one is put through by."""

    name: str
    domain: str
    phone: str


class Drawing:
    """Draws with one pair of dice; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        """Throw these dice."""
        self.dice = random.Random(seed)  # noqa: S311 - people made up
        self._who = 0
        self._given_out: set[str] = set()

    def _somebody(self, firm: Firm, *, alone: bool = False, given: str = "", family: str = "") -> Entry:
        self._who += 1
        given, family = given or self._given(), family or self._family()
        private = alone or self.dice.random() < 0.15
        email = self._private(given, family) if private else self._work(given, family, firm)
        return Entry(self._who, "first", given, family, email, self._phone(firm), "" if alone else firm.name)

    def _firm(self) -> Firm:
        family = self._family() if self.dice.random() < 0.4 else self._word()
        trade = self._one(names.TRADES)
        name = f"{family} {trade} {self._one(names.FORMS)}".strip()
        number = self.dice.randrange(100)
        domain = f"{ascii_of(family + trade)}{number if number < 40 else ''}.{self._one(('be', 'com', 'eu', 'tv'))}"
        while domain in self._given_out:
            domain = f"{domain.partition('.')[0]}{self.dice.randrange(1000)}.{domain.partition('.')[2]}"
        self._given_out.add(domain)
        return Firm(name, domain, f"02 {self.dice.randrange(200, 800)} {self.dice.randrange(100):02} 00")

    def _word(self) -> str:
        """Return a made-up word, as most firms are called by one."""
        return "".join(self._one(names.SYLLABLES) for _ in range(self.dice.randrange(2, 4))).capitalize()

    def _given(self) -> str:
        return self._uneven(names.GIVEN)

    def _family(self) -> str:
        return self._one(names.PARTICLES) if self.dice.random() < 0.08 else self._uneven(names.FAMILY)

    def _uneven(self, words: Sequence[str]) -> str:
        if self.dice.random() < _EVEN:
            return self._one(words)
        return words[min(int(self.dice.expovariate(6 / len(words))), len(words) - 1)]

    def _work(self, given: str, family: str, firm: Firm) -> str:
        first, last = ascii_of(given), ascii_of(family)
        local = self._one((f"{first}.{last}", f"{first}.{last}", f"{first[:1]}{last}", first, f"{first}{last[:1]}"))
        return self._new(local, f"{first}.{last}", firm.domain)

    def _new(self, local: str, whole: str, domain: str) -> str:
        """Return an address that no colleague has: a house gives each out once."""
        for name in (local, whole, *(f"{whole}{number}" for number in range(2, 1000))):
            if f"{name}@{domain}" not in self._given_out:
                self._given_out.add(f"{name}@{domain}")
                return f"{name}@{domain}"
        raise ValueError("a house of a thousand namesakes")

    def _private(self, given: str, family: str) -> str:
        first, last = ascii_of(given), ascii_of(family)
        number = self.dice.randrange(1, 99)
        ways = f"{first}.{last}{number}", f"{last}{number}", f"{first}{last}", f"{first[:1]}{last}{number}"
        local = self._one(ways)
        return self._new(local, f"{first}.{last}{number}", self._one(names.PRIVATE))

    def _phone(self, firm: Firm) -> str:
        chance = self.dice.random()
        if chance < 0.2:
            return ""
        return self._mobile() if chance < 0.75 else firm.phone

    def _mobile(self) -> str:
        rest = self.dice.randrange(10_000_000)
        text = f"04{self.dice.randrange(7, 10)}{rest:07}"
        return self._one((text, f"+32 {text[1:4]} {text[4:6]} {text[6:8]} {text[8:]}", f"{text[:4]}/{text[4:]}"))

    def _slip(self, word: str) -> str:
        at, letter = self.dice.randrange(max(1, len(word) - 1)), self.dice.choice(string.ascii_lowercase)
        ways = (
            word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        )  # fmt: skip
        return self._one([way for way in ways if way.lower() != word.lower()] or [word + letter])

    def _some(self, one: Entry, often: float = 0.8) -> Entry:
        """Leave out address or number, never both where both were there."""
        keep_email, keep_phone = self.dice.random() < often, self.dice.random() < often
        if not (keep_email and one.email) and not (keep_phone and one.phone):
            return one
        return replace(one, email=one.email if keep_email else "", phone=one.phone if keep_phone else "")

    def _one(self, of: Sequence[_T]) -> _T:
        return self.dice.choice(of)

    def _as(self, one: Entry, kind: str, *, email: str | None = None, phone: str | None = None) -> Entry:
        return replace(
            one, kind=kind, email=one.email if email is None else email, phone=one.phone if phone is None else phone
        )

    def _other_than(self, given: str) -> str:
        return self._one([each for each in names.GIVEN if each != given])


def plain(text: str) -> str:
    """Return a text without its accents."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ø", "o").replace("Ł", "L")


def ascii_of(text: str) -> str:
    """Return a text as it stands in an address: small letters and digits."""
    return "".join(sign for sign in plain(text).lower() if sign.isascii() and sign.isalnum())
