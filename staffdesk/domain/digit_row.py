"""Numbers typed on a Belgian keyboard, whose row of digits gives signs and letters as long as Shift is not held."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ROW: Final = "à&é\"'(§è!ç"
"""What the keys of 0 to 9 give without Shift, in that order."""
_DIGITS: Final = str.maketrans(_ROW, "0123456789")
_NUMBER: Final = re.compile(rf"\s*(?:[A-Za-z]{{1,4}}-)?[{re.escape(_ROW)}][{re.escape(_ROW)} ./+-]*")
_LEAST: Final = 3
"""With fewer signs of the row it may be anything else; no word is written in these signs alone."""


def as_digits(typed: str) -> str:
    """Return a number that was typed without Shift as the number that was meant; any other text as it is."""
    composed = unicodedata.normalize("NFC", typed)
    if sum(map(_ROW.count, composed)) < _LEAST or not _NUMBER.fullmatch(composed):
        return typed
    return composed.translate(_DIGITS)
