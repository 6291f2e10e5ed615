"""What staff wrote, as whoever reviews the log may read it: a customer's identifiers give way to his number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from staffdesk.data.customers.reading import Reading
from staffdesk.data.transaction import Read
from staffdesk.domain.words import fold

SHORTEST: Final = 3
"""Letters and digits an identifier has at least to be looked for within words: a shorter one stands in half of them."""
SHORTEST_WORD: Final = 2
_SYLLABIC: Final = "\u3005"
"""From here on in Unicode a sign is a syllable or a word: kana, Han and Hangul."""


def identifiers_of(tx: Read, customers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return what each of these people is found by, by customer number."""
    reading = Reading(tx)
    return {number: reading.identifiers(number) for number in customers}


def redacted(text: str, identifiers: Mapping[int, Iterable[str]]) -> str:
    """Return ``text`` with each identifier replaced by "customer N".

    Compared folded, letters and digits alone: a reference is kept without its spaces, and a name typed without its
    accents is the same name. A short name counts where it stands as a word.
    """
    for number, values in identifiers.items():
        for value in sorted({_bare(each) for each in values}, key=len, reverse=True):
            within = len(value) >= SHORTEST or value >= _SYLLABIC
            if within or len(value) >= SHORTEST_WORD:
                text = _without(text, value, f"customer {number}", within=within)
    return text


def _without(text: str, value: str, instead: str, *, within: bool) -> str:
    places = list(_places(text))
    bare = "".join(char for char, _ in places)
    parts: list[str] = []
    kept, at = 0, bare.find(value)
    while at >= 0:
        begin, end = places[at][1], places[at + len(value) - 1][1] + 1
        if within or not (text[:begin][-1:].isalnum() or text[end : end + 1].isalnum()):
            parts += [text[kept:begin], instead]
            kept = end
        at = bare.find(value, at + len(value))
    return "".join([*parts, text[kept:]])


def _places(text: str) -> Iterator[tuple[str, int]]:
    for place, char in enumerate(text):
        for folded in _bare(char):
            yield folded, place


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
