"""Where MAC and IP addresses and serials may stand in a text, each with its place and the form it is compared in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_ip, normal_mac

Placed: TypeAlias = tuple[tuple[int, int], str]
"""From where to where something stands, and how it is compared."""

_MAC = re.compile(
    r"(?<![\w:-])(?:(?:[0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}|(?:[0-9A-Fa-f]{4}[.:-]){2}[0-9A-Fa-f]{4}"
    # Without a sign between, and with spaces alone, it has a letter: digits alone are counted, dialled or paid.
    r"|(?=[\d ]{0,16}[A-Fa-f])(?:(?:[0-9A-Fa-f]{2} ){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4} ){2}[0-9A-Fa-f]{4}"
    r"|(?=[A-Fa-f]{0,11}\d)[0-9A-Fa-f]{12}))(?![\w:-])"
)
_IP = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:])")
_SERIAL = re.compile(
    r"(?<![\w-])(?:(?=[\w-]*\d)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+|[A-Za-z]{4,8}(?:-[A-Za-z]{4,8}){3,})(?![\w-])"
)
_NUMBER_WORDS = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
_PART = re.compile(r"[A-Za-z0-9]+")
_MOST_PARTS: Final = 8
_MAC_DIGITS: Final = 12
_SHORTEST_SERIAL: Final = 8


def macs(text: str) -> Iterator[Placed]:
    """Yield the MAC addresses of a text, as :func:`staffdesk.domain.identifiers.normal_mac` has them."""
    return _normal(text, _MAC, _normal_mac)


def ip_addresses(text: str) -> Iterator[Placed]:
    """Yield what may be IP addresses, as :func:`staffdesk.domain.identifiers.normal_ip` has them."""
    return _normal(text, _IP, normal_ip)


def bare_serial(serial: str) -> str:
    """Return a serial as it is compared where it was written without its hyphens, or with spaces for them."""
    return "".join(char for char in serial.upper() if char.isalnum())


def serials(text: str) -> Iterator[Placed]:
    """Yield parts side by side that may be one serial, as :func:`bare_serial` has it.

    One of letters alone has three hyphens or more.
    """
    for found in _NUMBER_WORDS.finditer(text):
        parts = [each.span() for each in _PART.finditer(text, *found.span())]
        for first, (begin, _) in enumerate(parts):
            for _, end in parts[first : first + _MOST_PARTS]:
                value = bare_serial(text[begin:end])
                if len(value) >= _SHORTEST_SERIAL and (not value.isalpha() or _SERIAL.fullmatch(text, begin, end)):
                    yield (begin, end), value


def _normal_mac(written: str) -> str:
    """Return a MAC address in any notation of a text; raises :class:`BadInput`."""
    bare = "".join(char for char in written if char.isalnum())
    return normal_mac(bare if len(bare) == _MAC_DIGITS else written)


def _normal(text: str, pattern: re.Pattern[str], normal: Callable[[str], str]) -> Iterator[Placed]:
    for found in pattern.finditer(text):
        try:
            yield found.span(), normal(found[0])
        except BadInput:
            continue
