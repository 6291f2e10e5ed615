"""One line as it is stored: clean, and looked through for what must not be held."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from staffdesk.domain.screening import MOST_REMEMBERED, FieldKind, refuse_forbidden
from staffdesk.domain.text import clean_line

_KNOWN: Final[defaultdict[FieldKind, set[int]]] = defaultdict(set)
"""Of the last lines the hashes: an import asks where it reads a line and again where it keeps it."""


def held_line(value: str, limit: int, kind: FieldKind = FieldKind.TEXT) -> str:
    """Return one line of at most ``limit`` characters, as :func:`clean_line` does, that may be held in such a field.

    Raises :class:`BadInput` for what is no such line, MustNotBeHeld for what must not be held.
    """
    known = _KNOWN[kind]
    if hash(value) in known and len(value) <= limit:  # it came out of here before
        return value
    line = clean_line(value, limit)
    refuse_forbidden(line, kind)
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known.add(hash(line))
    return line
