"""One line as it is stored: clean, and looked through for what must not be held."""

from __future__ import annotations

from typing import Final

from staffdesk.domain.screening import MOST_REMEMBERED, FieldKind, refuse_forbidden, shipped
from staffdesk.domain.text import clean_line

_KNOWN: Final[set[int]] = set()
"""The hashes of the last lines that are clean, for those that take long: an import asks twice of each."""


def held_line(value: str, limit: int, kind: FieldKind = FieldKind.TEXT) -> str:
    """Return one line of at most ``limit`` characters, as :func:`clean_line` does, that may be held in such a field.

    Raises :class:`BadInput` for what is no such line, MustNotBeHeld for what must not be held.
    """
    line = clean_line(value, limit) if value.isascii() or len(value) > limit else _composed(value, limit)
    if shipped().find(line, kind) is not None:
        refuse_forbidden(line, kind)
    return line


def _composed(value: str, limit: int) -> str:
    if hash(value) in _KNOWN:  # it came out of here before
        return value
    line = clean_line(value, limit)
    if len(_KNOWN) >= MOST_REMEMBERED:
        _KNOWN.clear()
    _KNOWN.add(hash(line))
    return line
