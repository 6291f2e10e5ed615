"""A text with one sign for all that look or count alike, before it is looked through: digits, dashes, letters."""

from __future__ import annotations

import unicodedata

from staffdesk.domain import look_alikes
from staffdesk.domain.text import without_hidden


def in_plain_signs(text: str) -> str:
    """Return the text with digits, dashes and spaces of any script as ASCII, and without signs that show nothing.

    A word that reads as a Latin one is in Latin letters.
    They go before the text is composed, since one of them between two letters hides the word from composition too.
    """
    plain = unicodedata.normalize("NFKC", without_hidden(text).translate(_SIGNS)).translate(_SIGNS)
    return plain if plain.isascii() else look_alikes.shipped().read(plain)


class _Signs(dict[int, str | int | None]):
    """What stands for a sign in a text that is screened, found when the sign is first met."""

    def __missing__(self, code: int) -> str | int | None:
        char = chr(code)
        sign: str | int | None = code
        if code > _LAST_ASCII:
            match unicodedata.category(char):
                case "Nd" | "No":
                    digit = unicodedata.digit(char, None)
                    sign = code if digit is None else str(digit)
                case "Pd":
                    sign = "-"
                case "Zs":
                    sign = " "
                case "Cf" | "Me":
                    sign = None
        self[code] = sign
        return sign


_LAST_ASCII = 0x7F
_MINUS = 0x2212
_SIGNS = _Signs({_MINUS: "-"})
"""The minus sign counts among the mathematical ones in Unicode, not among the dashes."""
