"""What a written reason must be, so that whoever reads it later learns why (``reasons.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.screening import FieldKind, refuse_contacts, refuse_forbidden
from staffdesk.domain.text import clean_line
from staffdesk.domain.words import cut
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRules(Dated):
    """How many different words and letters a reason has at least, and how many characters at most.

    A word in Latin script has one of ``vowels``, and is not one letter again and again.
    What is made of at least ``run_of_keys`` keys side by side in ``rows_of_keys``, again and again, is no word.
    """

    words: int
    letters: int
    different_letters: int
    longest: int
    vowels: str
    run_of_keys: int
    rows_of_keys: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a rule that any text would meet, and one that none could."""
        if min(self.words, self.letters, self.different_letters) <= 0:
            raise Misconfigured("reasons.toml: words, letters and different_letters must be more than 0.")
        if self.longest < self.letters + self.words:
            raise Misconfigured("reasons.toml: longest leaves no room for a reason.")
        if not self.vowels:
            raise Misconfigured("reasons.toml: vowels are missing, and no word would be one.")
        if self.run_of_keys <= _KEYS_OF_MANY_WORDS:
            raise Misconfigured("reasons.toml: run_of_keys must be more than 2: many words hold two such keys.")

    def is_word(self, text: str) -> bool:
        """Say whether a folded text could be a word: it can be spoken, and was not made by drumming on the keys."""
        letters = [char for char in text if char.isalpha()]
        if not letters or (len(text) > self.run_of_keys and self._is_drummed(text)):
            return False
        if not all(map(str.isascii, letters)):  # another script than Latin, which is folded to ASCII
            return True
        return not set(self.vowels).isdisjoint(letters) and (len(letters) == 1 or len(set(letters)) > 1)

    def _is_drummed(self, text: str) -> bool:
        """Say whether a text is runs of keys and nothing else, the longest run taken each time."""
        rows = [row for each in self.rows_of_keys for row in (each, each[::-1])]
        while text:
            run = max(size for size in range(len(text) + 1) if any(text[:size] in row for row in rows))
            if run < self.run_of_keys:
                return False
            text = text[run:]
        return True


_KEYS_OF_MANY_WORDS: Final = 2


@cache
def rules() -> ReasonRules:
    """Return the shipped rule."""
    return read("reasons", ReasonRules)


def written_reason(text: str, by: ReasonRules | None = None) -> str:
    """Return a reason as it is kept.

    Raises :class:`BadInput` for one that tells nobody why, :class:`MustNotBeHeld`.
    """
    asked = by or rules()
    written = clean_line(text, asked.longest)
    refuse_forbidden(written, FieldKind.NOTE)
    if not _tells(written, asked):
        raise BadInput(
            f"A reason has at least {asked.words} different words and {asked.letters} letters.",
            "Say in a sentence why it must be.",
        )
    return written


def reviewed_reason(text: str) -> str:
    """Return what is written for the review as it is kept; its readers see no customer's data.

    Raises as :func:`written_reason`, and :class:`MustNotBeHeld` for an e-mail address or a telephone number.
    """
    written = written_reason(text)
    refuse_contacts(written)
    return written


def check_quoted(text: str, by: ReasonRules | None = None) -> None:
    """Raise :class:`BadInput` for a reason that tells nothing to the customer who reads it in his letter."""
    asked = by or rules()
    if not _tells(text, asked):
        raise BadInput(
            "The customer reads this reason in his letter: it has at least"
            f" {asked.words} different words and {asked.letters} letters.",
            "Say it in a sentence.",
        )


def _tells(text: str, asked: ReasonRules) -> bool:
    """Say whether there are words and letters enough in a text to tell somebody anything."""
    words = {word for word in cut(text) if asked.is_word(word)}
    letters = [char for word in cut(text) if word in words for char in word if char.isalpha()]
    return len(words) >= asked.words and len(letters) >= asked.letters and len(set(letters)) >= asked.different_letters
