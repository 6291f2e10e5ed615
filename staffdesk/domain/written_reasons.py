"""What a written reason must be, so that whoever reads it later learns why (``reasons.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import clean_line
from staffdesk.domain.words import cut
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRules(Dated):
    """How many different words and letters a reason has at least, and how many characters at most."""

    words: int
    letters: int
    different_letters: int
    longest: int

    def __post_init__(self) -> None:
        """Refuse a rule that any text would meet, and one that none could."""
        if min(self.words, self.letters, self.different_letters) <= 0:
            raise Misconfigured("reasons.toml: words, letters and different_letters must be more than 0.")
        if self.longest < self.letters + self.words:
            raise Misconfigured("reasons.toml: longest leaves no room for a reason.")


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
    refuse_forbidden(written)
    words = {word for word in cut(written) if any(map(str.isalpha, word))}
    letters = [char for char in written.casefold() if char.isalpha()]
    few = len(words) < asked.words or len(letters) < asked.letters
    if few or len(set(letters)) < asked.different_letters:
        raise BadInput(
            f"A reason has at least {asked.words} different words and {asked.letters} letters.",
            "Say in a sentence why it must be.",
        )
    return written
