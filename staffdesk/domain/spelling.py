"""Words one slip of the finger away: a letter too much, missing, another, or two that changed places.

All words at that distance are written down and looked for one by one, so that no list of words is ever read through.
"""

from __future__ import annotations

import string
from functools import lru_cache
from typing import Final

from staffdesk.domain.words import fold

SHORTEST: Final = 4
"""Letters below which a word is near to too many others."""
_LONGEST: Final = 32
_LATIN: Final = string.ascii_lowercase + string.digits
_BLOCK: Final = 128


def one_slip_away(word: str) -> frozenset[str]:
    """Return every folded word at one slip from a folded word; none for a word that is too short or too long.

    Letters put in are those of Latin and of the scripts the word is written in.
    """
    if not SHORTEST <= len(word) <= _LONGEST:
        return frozenset()
    letters = _letters_near("".join(sorted({char for char in word if not char.isascii()})))
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {before + after[1:] for before, after in parts if after}
    near.update(before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1)
    near.update(before + letter + after[1:] for before, after in parts if after for letter in letters)
    near.update(before + letter + after for before, after in parts for letter in letters)
    return frozenset(near - {word})


def slips_between(one: str, other: str, most: int) -> int:
    """Return how many slips lie between two folded words, or ``most`` + 1 for more than that.

    No letter takes part in two slips.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one):
        last, before, row = before, row, [at + 1]
        for place, each in enumerate(other):
            slips = min(before[place] + (letter != each), before[place + 1] + 1, row[place] + 1)
            if at and place and letter == other[place - 1] and each == one[at - 1]:
                slips = min(slips, last[place - 1] + 1)
            row.append(slips)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)


@lru_cache(256)
def _letters_near(chars: str) -> str:
    """Return Latin letters and digits, and the letters that stand beside these in Unicode and fold to themselves."""
    found = set(_LATIN)
    for char in chars:
        first = ord(char) // _BLOCK * _BLOCK
        found.update(each for each in map(chr, range(first, first + _BLOCK)) if each.isalpha() and fold(each) == each)
    return "".join(sorted(found))
