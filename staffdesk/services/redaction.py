"""What staff wrote, as whoever reviews the log may read it: a customer's identifiers give way to his number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from staffdesk.data.customers.reading import Reading
from staffdesk.data.transaction import Read
from staffdesk.domain.words import fold

SHORTEST: Final = 3
"""Letters and digits an identifier has at least to be looked for within an address: a shorter one stands in many."""
SHORTEST_WORD: Final = 2
_LONG: Final = 6
"""From so many letters on words that are written together or apart are one name: of fewer, "as a" would be Asa."""
_SYLLABIC: Final = "\u3005"
"""From here on in Unicode a sign is a syllable or a word: kana, Han and Hangul."""
_ADDRESS: Final = re.compile(r"([^\s<>()\[\],;:\"@]+)@[^\W_](?:[\w.-]*[^\W_])?")


def identifiers_of(tx: Read, customers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return what each of these people is found by, by customer number."""
    reading = Reading(tx)
    return {number: reading.identifiers(number) for number in customers}


def redacted(text: str, identifiers: Mapping[int, Iterable[str]]) -> str:
    """Return ``text`` with each identifier replaced by "customer N".

    Compared folded, letters and digits alone: a reference is kept without its spaces, and a name typed without its
    accents is the same name. A name counts where it stands as whole words, one of signs that are words themselves
    anywhere; an e-mail address that holds one gives way whole.
    """
    for number, values in identifiers.items():
        wanted = sorted(set(values), key=lambda each: (-len(_bare(each)), each))
        instead = f"customer {number}"
        text = _ADDRESS.sub(partial(_whole_address, wanted, instead), text)
        for value in wanted:
            text = _without(text, value, instead)
    return text


def _whole_address(identifiers: Sequence[str], instead: str, address: re.Match[str]) -> str:
    return instead if _is_of(address, identifiers) else address[0]


def _is_of(address: re.Match[str], identifiers: Iterable[str]) -> bool:
    local, whole = _bare(address[1]), _bare(address[0])
    for each in identifiers:
        value = _bare(each)
        if (len(value) >= SHORTEST and value in local) or (len(value) >= _LONG and value in whole):
            return True
        if _without(address[0], each, "") != address[0]:
            return True
    return False


def _without(text: str, identifier: str, instead: str) -> str:
    value, signs = _bare(identifier), list(_places(identifier))
    if len(value) < SHORTEST_WORD and not value >= _SYLLABIC:
        return text
    apart = {at for at in range(1, min(len(value), len(signs))) if signs[at][1] - signs[at - 1][1] > 1}
    anywhere = len(value) >= _LONG or any(char.isdigit() for char in value) or value >= _SYLLABIC
    places = list(_places(text))
    bare = "".join(char for char, _ in places)
    parts: list[str] = []
    kept, at = 0, bare.find(value)
    while at >= 0:
        found = [place for _, place in places[at : at + len(value)]]
        begin, end = found[0], found[-1] + 1
        gaps = {n for n in range(1, len(found)) if any(map(_parts_words, text[found[n - 1] + 1 : found[n]]))}
        whole = value >= _SYLLABIC or not (_goes_on(text[:begin][-1:]) or _goes_on(text[end : end + 1]))
        if whole and (anywhere or gaps <= apart):
            parts += [text[kept:begin], instead]
            kept = end
            at = bare.find(value, at + len(value))
        else:
            at = bare.find(value, at + 1)
    return "".join([*parts, text[kept:]])


def _parts_words(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "ZPSC" and unicodedata.category(sign) != "Cf"


def _goes_on(beside: str) -> bool:
    """Whether a word goes on with this sign; one of the signs that are words themselves is another word."""
    return beside.isalnum() and beside < _SYLLABIC


def _places(text: str) -> Iterator[tuple[str, int]]:
    for place, char in enumerate(text):
        for folded in _bare(char):
            yield folded, place


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
