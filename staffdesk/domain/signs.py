"""What a text is made of, counted fast: it decides which patterns can find anything in it."""

from __future__ import annotations

from typing import Final

_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FIGURES: Final = b"0123456789"


def made_of(text: str) -> tuple[int, int, int]:
    """Return how many letters, figures and other signs a text has.

    Of one that is neither ASCII nor letters alone each may be as many as it has signs: they are not told apart.
    """
    many = len(text)
    if text.isalpha():
        return many, 0, 0
    if not text.isascii():
        return many, many, many
    signs = text.encode().translate(None, _LETTERS)
    others = len(signs.translate(None, _FIGURES)) if signs else 0
    return many - len(signs), len(signs) - others, others
