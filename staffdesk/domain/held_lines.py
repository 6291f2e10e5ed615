"""One line as it is stored: clean, and looked through for what must not be held."""

from __future__ import annotations

from typing import Final

from staffdesk.domain.screening import MOST_REMEMBERED, FieldKind, refuse_forbidden, shipped
from staffdesk.domain.text import clean_line

_HELD: Final[dict[FieldKind, set[int]]] = {kind: set() for kind in FieldKind}
"""The hashes of the last lines that came out of here, by what they are for: an import asks twice of each."""


def held_line(value: str, limit: int, kind: FieldKind = FieldKind.TEXT) -> str:
    """Return one line of at most ``limit`` characters, as :func:`clean_line` does, that may be held in such a field.

    Raises :class:`BadInput` for what is no such line, MustNotBeHeld for what must not be held.
    """
    known = _HELD[kind]
    if len(value) <= limit and hash(value) in known:
        return value
    line = clean_line(value, limit)
    if shipped().look(line, kind) is not None:
        refuse_forbidden(line, kind)
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known.add(hash(line))
    return line
