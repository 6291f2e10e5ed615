"""How a value looks while it is hidden: enough to recognise it with the customer, never enough to know it.

Every mask is as wide for a short value as for a long one. Beside the parts a mask exists to keep (the domain of an
e-mail address, the maker's half of a MAC, the network of an IP), at most a third of a value is shown, and of a value
of up to three characters nothing. A mask takes any stored text and never raises.
"""

from __future__ import annotations

import re
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email, normal_ip, normal_mac

_MASK: Final = "•••••••"
_HIDDEN: Final = "•••"
_ONE_IN = 3
_WHOLLY_UP_TO = 3
_SERIAL_HEAD = 4
_PHONE_TAIL = 2
_MAC_MAKER = 8

_DIGIT = re.compile(r"\d")
_SEPARATOR = re.compile(r"[^A-Za-z0-9]")


def mask_text(value: str) -> str:
    """Hide all of it: the same seven dots for every value."""
    del value
    return _MASK


def mask_email(value: str) -> str:
    """Keep the first character and the domain: ``a•••@example.org``; the character only of three or more."""
    try:
        local, _, domain = normal_email(value).rpartition("@")
    except BadInput:
        return _MASK
    if len(value.strip()) <= _WHOLLY_UP_TO:
        return _MASK
    return f"{_initial(local)}{_HIDDEN}@{domain}"


def mask_phone(value: str) -> str:
    """Keep the last two digits of six or more: ``•••23``."""
    digits = "".join(_DIGIT.findall(value))
    if len(digits) < _PHONE_TAIL * _ONE_IN:
        return _MASK
    return _HIDDEN + digits[-_PHONE_TAIL:]


def mask_mac(value: str) -> str:
    """Keep the maker's half: ``AA:BB:CC:••:••:••``, whatever the notation."""
    try:
        return normal_mac(value)[:_MAC_MAKER] + ":••:••:••"
    except BadInput:
        return _MASK


def mask_ip(value: str) -> str:
    """Keep the network: ``192.0.2.•`` of an IPv4 address, the first two groups of an IPv6 one, ``2001:db8:•``."""
    try:
        address = normal_ip(value)
    except BadInput:
        return _MASK
    if len(address) <= _WHOLLY_UP_TO:
        return _MASK
    if ":" not in address:
        return address.rpartition(".")[0] + ".•"
    first, second, *_ = address.split(":")
    return f"{first or '0'}:{second or '0'}:•"


def mask_serial(value: str) -> str:
    """Keep the first block, at most four characters of it: ``ABCD-••••``, ``FUR1••••``."""
    serial = value.strip()
    block = _SEPARATOR.split(serial, maxsplit=1)[0]
    head = block[:_SERIAL_HEAD]
    if len(head) * _ONE_IN > len(_SEPARATOR.sub("", serial)) or len(serial) <= _WHOLLY_UP_TO or not head:
        return _MASK
    return f"{head}-••••" if head == block and len(serial) > len(block) else f"{head}••••"


def mask_name(value: str) -> str:
    """Keep the first letter of a name of four characters or more: ``A•••``."""
    name = value.strip()
    return f"{_initial(name)}{_HIDDEN}" if len(name) > _WHOLLY_UP_TO else _MASK


def _initial(value: str) -> str:
    return value[0] if len(value) >= _ONE_IN and value[0].isalnum() else ""
