"""Names as staff write them: a part alone, what is somebody's, and with the initials of the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.words import cut
from staffdesk.parameters import Dated, read

_SHORTEST_PART: Final = 3
_INITIALS: Final = r"[^\W\d_]\.(?:[ -]?[^\W\d_]\.)*"
_BEFORE: Final = re.compile(rf"(?<![\w.]){_INITIALS} ?['\u2019]?$")
_AFTER: Final = re.compile(rf",? {_INITIALS}(?!\w)")
_FARTHEST: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRules(Dated):
    """Folded words: ``particles`` name nobody alone, ``joined`` are those that a name may begin with as one word.

    ``everyday`` are names that are words of every day too. ``endings`` follow a name of ``ends_from`` letters or more.
    """

    particles: frozenset[str]
    joined: tuple[str, ...]
    everyday: frozenset[str]
    endings: tuple[str, ...]
    ends_from: int

    def __post_init__(self) -> None:
        """Refuse an ending of nothing, and names so short that an ending makes another word of them."""
        if not all(self.endings) or self.ends_from < _SHORTEST_PART:
            raise Misconfigured("names.toml: endings must not be empty, ends_from is 3 or more.")


@cache
def rules() -> NameRules:
    """Return the shipped rules."""
    return read("names", NameRules)


def parts_of(name: str) -> tuple[str, ...]:
    """Return the folded parts of a compound name by which somebody may be called; none where there is one word."""
    words = [word for word in cut(name.replace("'", " ").replace("\u2019", " ")) if word not in rules().particles]
    found = dict.fromkeys(words if len(cut(name)) > 1 else ())
    for word in words:
        before = next((each for each in rules().joined if word.startswith(each)), "")
        if before and len(word) - len(before) > _SHORTEST_PART:
            found[word.removeprefix(before)] = None
    return tuple(word for word in found if len(word) >= _SHORTEST_PART)


def without_ending(word: str) -> str | None:
    """Return the folded name of which a folded word may be the genitive or the plural, or None."""
    for ending in rules().endings:
        if word.endswith(ending) and len(word) - len(ending) >= rules().ends_from:
            return word.removesuffix(ending)
    return None


def with_initials(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where a name stands in a text, with the initials before or behind it."""
    before = _BEFORE.search(text[max(0, start - _FARTHEST) : start])
    if before is not None:
        return start - len(before[0]), end
    after = _AFTER.match(text, end, end + _FARTHEST)
    return start, end if after is None else after.end()
