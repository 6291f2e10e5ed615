"""What staff wrote, as whoever reviews the log may read it: a customer's identifiers give way to his number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from staffdesk.data.customers.reading import Reading
from staffdesk.data.transaction import Read
from staffdesk.domain.words import fold

SHORTEST: Final = 3
"""Letters and digits an identifier has at least: a shorter one stands in half of all words."""


def identifiers_of(tx: Read, customers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return what each of these people is found by, by customer number."""
    reading = Reading(tx)
    return {number: reading.identifiers(number) for number in customers}


def redacted(text: str, identifiers: Mapping[int, Iterable[str]]) -> str:
    """Return ``text`` with each identifier replaced by "customer N".

    Compared folded, letters and digits alone: a reference is kept without its spaces, and a name typed without its
    accents is the same name.
    """
    for number, values in identifiers.items():
        for value in sorted({_bare(each) for each in values}, key=len, reverse=True):
            if len(value) >= SHORTEST:
                text = _without(text, value, f"customer {number}")
    return text


def _without(text: str, value: str, instead: str) -> str:
    places = list(_places(text))
    bare = "".join(char for char, _ in places)
    parts: list[str] = []
    kept, at = 0, bare.find(value)
    while at >= 0:
        parts += [text[kept : places[at][1]], instead]
        kept = places[at + len(value) - 1][1] + 1
        at = bare.find(value, at + len(value))
    return "".join([*parts, text[kept:]])


def _places(text: str) -> Iterator[tuple[str, int]]:
    for place, char in enumerate(text):
        for folded in _bare(char):
            yield folded, place


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
