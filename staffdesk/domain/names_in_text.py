"""Where names may stand in a text: its words with their places, and the runs of words that may be somebody's name.

An apostrophe parts words here, so that *Maria's* and *d'Anders* hold a name; what may be a name is compared as
:func:`staffdesk.domain.words.words_of` makes it of the text as it stands, where *O'Brien* is whole and in parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.name_parts import without_ending
from staffdesk.domain.text import without_hidden
from staffdesk.domain.words import cut, words_of

LONGEST_NAME: Final = 6
"""Words that stand side by side and are looked up as one name, at most."""

_IDEOGRAPH = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fffd]")
_PARTED = re.compile(r"[.!?;:]\s|\n\s*\n")
_FARTHEST = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its place, what it is folded, and whether it begins as a name does."""

    start: int
    end: int
    folded: tuple[str, ...]
    capital: bool

    @property
    def initial(self) -> bool:
        """Whether it is one letter."""
        return sum(map(len, self.folded)) == 1

    @property
    def base(self) -> tuple[str, ...]:
        """What it is folded without the ending that says that something is his; nothing where it has none."""
        base = without_ending(self.folded[-1]) if self.capital else None
        return () if base is None else (*self.folded[:-1], base)


@dataclass(frozen=True, slots=True)
class Run:
    """Words side by side: their place, and the name they would be."""

    start: int
    end: int
    name: str


def words_with_places(text: str) -> tuple[Word, ...]:
    """Return the words of a text in their order."""
    found = []
    for start, end in _spans(text):
        word = text[start:end]
        folded = cut(word)
        if folded:
            first = without_hidden(word)[:1]
            found.append(Word(start, end, folded, capital=first.isalpha() and first == first.upper()))
    return tuple(found)


def runs(text: str, words: Sequence[Word], in_names: Collection[str]) -> Iterator[Run]:
    """Yield what may be a name: words side by side of which each is in somebody's; an initial between may be left out.

    A sentence's end and an empty line part words, and a word that comes again begins another name. The last one may
    have the ending that says that something is his.
    """
    fits = [all(folded in in_names for folded in word.folded) for word in words]
    owns = [bool(word.base) and all(folded in in_names for folded in word.base) for word in words]
    for first, word in enumerate(words):
        if not fits[first]:
            continue
        taken = [word]
        for at in range(first + 1, min(first + LONGEST_NAME, len(words))):
            each = words[at]
            again = not each.initial and any(each.folded == part.folded for part in taken)
            if again or not (fits[at] or owns[at] or each.initial) or _apart(text, taken[-1], each):
                break
            if owns[at]:
                yield Run(word.start, each.end, words_of(text[word.start : taken[-1].end], *each.base))
                if not fits[at]:
                    break
            taken.append(each)
            if fits[at]:
                yield Run(word.start, each.end, words_of(text[word.start : each.end]))
            kept = [part for part in taken if not part.initial]
            if len(kept) < len(taken) and not each.initial:
                yield Run(word.start, each.end, words_of(" ".join(text[part.start : part.end] for part in kept)))


def _apart(text: str, before: Word, after: Word) -> bool:
    between = text[before.end : after.start]
    return len(between) > _FARTHEST or (_PARTED.search(between) is not None and not before.initial)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = -1
    for at, char in enumerate(text):
        if char.isalnum() and _IDEOGRAPH.match(char):
            if start >= 0:
                yield start, at
            yield at, at + 1
            start = -1
        elif char.isalnum() or (start >= 0 and _belongs(char)):
            start = at if start < 0 else start
        elif start >= 0:
            yield start, at
            start = -1
    if start >= 0:
        yield start, len(text)


def _belongs(char: str) -> bool:
    """Say whether a sign inside a word is spelling, or shows nothing."""
    return not char.isascii() and (unicodedata.category(char).startswith("M") or not without_hidden(char))
