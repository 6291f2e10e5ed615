"""What can be an address to answer to: an e-mail address, a telephone number, or a street and a town."""

from __future__ import annotations

import re
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import Identifier, recognise

_PHONE: Final = re.compile(r"\(?\+?[0-9][0-9 ./()-]*")
_FEWEST_DIGITS: Final = 6
_MOST_DIGITS: Final = 15
_FEWEST_DIFFERENT: Final = 2
_FEWEST_LETTERS: Final = 5
_DAY: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}([./-])\d{1,2}\2\d{1,2}")
_PARTS: Final = re.compile(r"[,;\n]")
_NUMBERS: Final = re.compile(r"\d+")


def check_reply_address(text: str) -> None:
    """Raise :class:`BadInput` for what can be neither mailed, nor called, nor written to by post."""
    if "@" in text:
        if not any(reading.kind is Identifier.EMAIL for reading in recognise(text)):
            raise BadInput("The answer cannot go to this e-mail address.", "Type it as name@example.org.")
    elif not _can_be_called(text) and not _can_be_posted(text):
        raise BadInput(
            "An answer cannot be sent to this.",
            "Give an e-mail address, a telephone number, or a postal address: Rue Haute 7, 1000 Brussels.",
        )


def _can_be_called(text: str) -> bool:
    typed = text.strip()
    digits = [char for char in typed if char.isdigit()]
    if _DAY.fullmatch(typed) or len(set(digits)) < _FEWEST_DIFFERENT or _is_of_a_computer(typed):
        return False
    return _PHONE.fullmatch(typed) is not None and _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS


def _is_of_a_computer(typed: str) -> bool:
    return any(reading.kind is Identifier.IP for reading in recognise(typed))


def _can_be_posted(text: str) -> bool:
    """Say whether there is a number among words, and more than one part; a script without spaces has no parts."""
    numbers = _NUMBERS.findall(text)
    letters = [char for char in text if char.isalpha()]
    parts = [part for part in _PARTS.split(text) if any(map(str.isalpha, part))]
    in_parts = len(parts) > 1 or len(numbers) > 1 or not any(map(str.isascii, letters))
    return bool(numbers) and len(letters) >= _FEWEST_LETTERS and in_parts
