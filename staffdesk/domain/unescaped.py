r"""A text as it reads once its escapes are resolved, and where each sign of it stands in the text as it is written.

Logs write one name in many ways: ``%C3%A9`` in a URL, ``\u00e9`` in JSON, where ``/`` may be ``\/`` too, and
``&eacute;`` in a page.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_ESCAPES: Final = re.compile(
    r"(?:%(?:25)*[0-9A-Fa-f]{2})+|(?:\\u[0-9A-Fa-f]{4})+|\\/"
    r"|&(?:amp;)*(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,24});"
)
_OF_A_URL: Final = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})")
_OF_JSON: Final = 6
"""Signs of one escape of JSON: ``\\u`` and four digits."""
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


@dataclass(frozen=True, slots=True)
class Unescaped:
    """The text as it reads, and what leads back to the text as it is written."""

    text: str = field(repr=False)
    _begins: tuple[int, ...] = ()
    _places: tuple[tuple[int, int], ...] = ()
    """For each sign that was escaped where it stands as it is written; ``_begins`` are their places in ``text``."""

    def written(self, begin: int, end: int) -> tuple[int, int]:
        """Return where some signs stand in the text as it is written; ``end`` is the first place after them."""
        if not self._begins or end <= begin:
            return begin, end
        return self._at(begin)[0], self._at(end - 1)[1]

    def _at(self, place: int) -> tuple[int, int]:
        before = bisect_right(self._begins, place) - 1
        if before < 0:
            return place, place + 1
        begin, end = self._places[before]
        further = place - self._begins[before]
        return (begin, end) if further == 0 else (end + further - 1, end + further)


def unescaped(text: str) -> Unescaped:
    """Return a text as it reads; one without escapes is itself. What is no escape after all stays as it is."""
    parts: list[str] = []
    begins: list[int] = []
    places: list[tuple[int, int]] = []
    kept = length = 0
    for found in _ESCAPES.finditer(text):
        for sign, begin, end in _signs(found):
            parts += [text[kept:begin], sign]
            length += begin - kept
            begins.append(length)
            places.append((begin, end))
            length += 1
            kept = end
    if not begins:
        return Unescaped(text)
    parts.append(text[kept:])
    return Unescaped("".join(parts), tuple(begins), tuple(places))


def _signs(found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each sign that an escape, or a run of them, stands for, with its own place."""
    written, at = found[0], found.start()
    if written == "\\/":
        yield "/", at, at + len(written)
    elif written.startswith("%"):
        yield from _of_bytes(
            [(int(each[1], 16), at + each.start(), at + each.end()) for each in _OF_A_URL.finditer(written)]
        )
    elif written.startswith("&"):
        # Escaped more than once, as a page is in a page: what it stands for in the end.
        sign = html.unescape(f"&{written[:-1].rpartition(';')[2].lstrip('&')};")
        if len(sign) == 1:
            yield _shown(sign), at, at + len(written)
    else:
        yield from _of_units(written, at)


def _of_bytes(run: list[tuple[int, int, int]]) -> Iterator[tuple[str, int, int]]:
    place = 0
    while place < len(run):
        for length in (1, 2, 3, 4):
            part = run[place : place + length]
            try:
                sign = bytes(each[0] for each in part).decode("utf-8")
            except UnicodeDecodeError:
                continue
            yield _shown(sign), part[0][1], part[-1][2]
            place += length - 1
            break
        place += 1


def _of_units(written: str, at: int) -> Iterator[tuple[str, int, int]]:
    units = [int(written[begin + 2 : begin + _OF_JSON], 16) for begin in range(0, len(written), _OF_JSON)]
    place = 0
    while place < len(units):
        unit, length = units[place], 1
        if unit in _HIGH and place + 1 < len(units) and units[place + 1] in _LOW:
            unit, length = 0x10000 + ((unit - 0xD800) << 10) + (units[place + 1] - 0xDC00), 2
        if unit not in _HIGH and unit not in _LOW:
            begin = at + place * _OF_JSON
            yield _shown(chr(unit)), begin, begin + length * _OF_JSON
        place += length


def _shown(sign: str) -> str:
    """Return a sign that ends no line: what is looked for is looked for line by line. One that shows nothing stays."""
    return sign if sign.isprintable() or unicodedata.category(sign) == "Cf" else " "
