"""What a password must be (NIST SP 800-63B-4, OWASP ASVS 6.2) and how the first one is made.

There is no rule of composition and no expiry but the first password's. What is set and what is verified is the NFC of
what was typed.
"""

from __future__ import annotations

import math
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.parameters import Dated, read

_LONGER = "Three or four words that have nothing to do with each other are long enough and easy to keep."
_SHORTEST_CONTEXT = 3


@dataclass(frozen=True, slots=True, repr=False)
class PasswordContext:
    """What others know of whoever sets the password; none of it may make up most of the password."""

    user_name: str = ""
    full_name: str = ""
    company: str = ""

    def words(self) -> frozenset[str]:
        """Return the folded words of at least three characters, and the whole names run together."""
        texts = (self.user_name, self.full_name, self.company)
        words = {_folded(word) for text in texts for word in (*text.replace(".", " ").replace("@", " ").split(), text)}
        return frozenset(word for word in words if len(word) >= _SHORTEST_CONTEXT)


@dataclass(frozen=True, slots=True)
class OneTime:
    """How a first password is made: ``groups`` of consonant, vowel, consonant, vowel, consonant."""

    consonants: str
    vowels: str
    groups: int
    least_bits: int

    def __post_init__(self) -> None:
        """Refuse an alphabet from which a first password could be guessed."""
        if self.bits < self.least_bits:
            raise Misconfigured(f"passwords.toml: one_time gives {self.bits:.0f} bits, less than {self.least_bits}.")

    @property
    def bits(self) -> float:
        """Return the entropy of one password made so."""
        return self.groups * (3 * math.log2(len(set(self.consonants))) + 2 * math.log2(len(set(self.vowels))))


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules(Dated):
    """The lengths, the blocked words, and what must be left of a password without them."""

    least_characters: int
    most_bytes: int
    own_characters: int
    different_characters: int
    blocked: frozenset[str]
    one_time: OneTime


@cache
def rules() -> PasswordRules:
    """Return the shipped rules."""
    return read("passwords", PasswordRules)


def normal(password: str) -> str:
    """Return the NFC of a password, which is what is hashed and verified."""
    return unicodedata.normalize("NFC", password)


def check(password: str, context: PasswordContext | None = None, *, by: PasswordRules | None = None) -> None:
    """Raise BadInput, with the reason and never the password, where this password may not be set."""
    rule = by or rules()
    typed = normal(password)
    try:
        size = len(typed.encode())
    except UnicodeEncodeError as error:
        raise BadInput("The password holds something that is not a character.", "Type it anew.") from error
    if len(typed) < rule.least_characters:
        raise BadInput(f"The password is too short: it needs {rule.least_characters} characters.", _LONGER)
    if size > rule.most_bytes:
        raise BadInput(f"The password is too long: at most {rule.most_bytes} bytes.", "Leave out some words.")
    if len(set(typed.casefold())) < rule.different_characters:
        raise BadInput("The password repeats the same few characters.", _LONGER)
    known = (context or PasswordContext()).words()
    if _left(typed, known) < rule.own_characters:
        raise BadInput("The password is mostly your own name or the company's.", _LONGER)
    if _left(typed, rule.blocked | known) < rule.own_characters:
        raise BadInput("The password is made of words that stand on every list of stolen passwords.", _LONGER)


def generate_one_time(*, by: PasswordRules | None = None) -> str:
    """Return a new first password that can be read out and typed on any keyboard: small letters and dashes."""
    one_time = (by or rules()).one_time
    letters = (one_time.consonants, one_time.vowels)
    groups = ("".join(secrets.choice(letters[place % 2]) for place in range(5)) for _ in range(one_time.groups))
    return "-".join(groups)


def _folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _left(typed: str, words: Iterable[str]) -> int:
    """Return how many characters are left without these words; the same sign between letters counts once."""
    letters = _folded(typed)
    for word in sorted(words, key=len, reverse=True):
        letters = letters.replace(word, " ")
    signs = {char for char in typed if not char.isalnum()}
    return len(letters.replace(" ", "")) + len(signs)
