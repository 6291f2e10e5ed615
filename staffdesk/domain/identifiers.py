"""What somebody typed: which identifier it is, and the one form each identifier is stored and looked up in.

The same functions make the normalised columns when a record is written and the value of a look-up, so a look-up is
always an equality.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from staffdesk.domain.errors import BadInput
from staffdesk.domain.phone_numbers import as_typed, digits_of
from staffdesk.domain.text import without_hidden
from staffdesk.domain.words import terms, usable


class Identifier(StrEnum):
    """What a text in the search box can be; each but ``words`` is an equality on a normalised column."""

    EMAIL = "email"
    ORDER = "order"
    INVOICE = "invoice"
    CASE = "case"
    TICKET = "ticket"
    REQUEST = "request"
    CUSTOMER = "customer"
    SERIAL = "serial"
    MAC = "mac"
    IP = "ip"
    PHONE = "phone"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Recognised:
    """One reading of what was typed; ``value`` is in the form its kind is stored in.

    A telephone's value is its digits: ask ``phone_candidates`` of it for all it may be stored as.
    """

    kind: Identifier
    value: str = field(repr=False)


_LONGEST_TYPED = 256
_SHORTEST_SERIAL, _LONGEST_NUMBER = 8, 64
_SHORTEST_PHONE, _LONGEST_PHONE = 6, 15

_EMAIL = re.compile(r"[^\s@<>\"(),:;\\]+@[^\s@<>\"(),:;\\]+")
_DOTTED_DOMAIN = re.compile(r".+@[^.]+(?:\.[^.]+)+")
_WRAPPED = re.compile(r"(?:mailto:|[^<]*<(?:mailto:)?)([^<>]*)>?", re.IGNORECASE)
_CASE = re.compile(r"C-[0-9]{4}-[0-9]{4,}")
_REQUEST = re.compile(r"DSR-[0-9]{4}-[0-9]{4,}")
_CUSTOMER = re.compile(r"customer\s+([1-9][0-9]{0,17})")
_TICKET = re.compile(r"ticket\s+#?([1-9][0-9]{0,17})")
_BARE = re.compile(r"[1-9][0-9]{0,17}")
_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9]+(?:[-_./][A-Z0-9]+)*")
_LETTER_SERIAL = re.compile(r"[A-Z]{4,8}(?:-[A-Z]{4,8}){3,}")
_MAC = re.compile(r"[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}")
_MAC_IN_FOURS = re.compile(r"[0-9a-f]{4}(\.?)[0-9a-f]{4}\1[0-9a-f]{4}")
_MAC_AS_HELD = re.compile(r"[0-9A-F]{2}(?::[0-9A-F]{2}){5}")
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_PHONE = re.compile(r"\(?\+?[0-9][0-9 ./()-]*")
_DIGIT = re.compile(r"[0-9]")
_DIGITS_ONLY = re.compile(r"[0-9.-]+")


def recognise(text: str) -> tuple[Recognised, ...]:
    """Return what the text can be, in the order to try; nothing while there is too little to search for.

    A customer number is one as the desk writes it, ``customer 4711``: a bare number may be too much else. A ticket of
    a support service is ``ticket 4711``, or a bare number that is no order and no invoice.
    An e-mail address, an IP address, a MAC with separators (but for digits and dashes alone) and a request number can
    be nothing else. Any other number may be an order, an invoice, a serial, a MAC and a telephone number at once, and
    words after that.
    """
    text = text[:_LONGEST_TYPED]
    if (address := _typed_email(text)) is not None:
        return (Recognised(Identifier.EMAIL, address),)
    typed = as_typed(text)
    if (ip := _ip(typed)) is not None:
        return (Recognised(Identifier.IP, ip),)
    mac = _mac(typed)
    if mac is not None and not typed.isalnum() and not _DIGITS_ONLY.fullmatch(typed):
        return (Recognised(Identifier.MAC, mac),)
    return tuple(_readings(typed, mac))


def normal_email(text: str) -> str:
    """Return the form e-mail addresses are compared in: no case, the domain in ASCII (IDNA).

    Raises ``BadInput`` when it is not one local part, one @ and one domain.
    """
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", without_hidden(text))).strip()
    if not _EMAIL.fullmatch(plain):
        raise _not_an_email()
    local, _, domain = plain.rpartition("@")
    if local.isascii():
        local = local.lower()
    else:
        for _ in range(2):
            local = unicodedata.normalize("NFKC", without_hidden(local.casefold()))
    try:
        host = domain.rstrip(".") if domain.isascii() else domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        raise _not_an_email() from None
    if not host:
        raise _not_an_email()
    return f"{local}@{host.lower()}"


def normal_number(text: str) -> str:
    """Return the form an order, invoice, case, request or serial number is compared in: capitals, no space, no ``#``.

    Raises ``BadInput`` when nothing is left.
    """
    number = "".join(as_typed(text).upper().split()).lstrip("#")
    if not number:
        raise BadInput("The number is empty.", "Type the number as it stands on the order, invoice or licence.")
    return number


def normal_mac(text: str) -> str:
    """Return a MAC address as ``AA:BB:CC:DD:EE:FF``, from any notation; raises ``BadInput`` for anything else."""
    if _MAC_AS_HELD.fullmatch(text):
        return text
    mac = _mac(as_typed(text))
    if mac is None:
        raise BadInput("This is not a MAC address.", "Type twelve hexadecimal digits, with or without separators.")
    return mac


def normal_ip(text: str) -> str:
    """Return an IP address in its canonical text (RFC 5952), a mapped IPv4 as IPv4, without a zone.

    Raises ``BadInput`` for anything else.
    """
    if _IPV4.fullmatch(text):
        return text
    ip = _ip(as_typed(text))
    if ip is None:
        raise BadInput("This is not an IP address.", "Type it as 192.0.2.10 or 2001:db8::10.")
    return ip


def _readings(typed: str, mac: str | None) -> Iterator[Recognised]:
    number = _number(typed)
    digits, _ = digits_of(typed) if _PHONE.fullmatch(typed) else ("", False)
    is_phone = _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE
    phone_first = is_phone and (typed[0] in "+(0" or " " in typed)
    if number is not None and _REQUEST.fullmatch(number):
        yield Recognised(Identifier.REQUEST, number)
        return
    if customer := _CUSTOMER.fullmatch(typed):
        yield Recognised(Identifier.CUSTOMER, customer[1])
    if ticket := _TICKET.fullmatch(typed):
        yield Recognised(Identifier.TICKET, ticket[1])
    if phone_first:
        yield Recognised(Identifier.PHONE, digits)
    if mac is not None and not mac.replace(":", "").isdecimal():
        yield Recognised(Identifier.MAC, mac)
        mac = None
    if number is not None:
        yield from _number_readings(typed, number)
    if mac is not None:
        yield Recognised(Identifier.MAC, mac)
    if is_phone and not phone_first:
        yield Recognised(Identifier.PHONE, digits)
    words = terms(typed)
    if usable(words) and not typed.startswith("+"):
        yield Recognised(Identifier.WORDS, " ".join(words))


def _number_readings(typed: str, number: str) -> Iterator[Recognised]:
    is_case = _CASE.fullmatch(number) is not None
    if is_case:
        yield Recognised(Identifier.CASE, number)
    if not _LETTER_SERIAL.fullmatch(number):
        yield Recognised(Identifier.ORDER, number)
        yield Recognised(Identifier.INVOICE, number)
    if _BARE.fullmatch(number):
        yield Recognised(Identifier.TICKET, number)
    if not is_case and not typed.startswith("#") and sum(map(str.isalnum, number)) >= _SHORTEST_SERIAL:
        yield Recognised(Identifier.SERIAL, number)


def _number(typed: str) -> str | None:
    """Return the number a text can be; one with spaces has a digit in each part (``Studio 54`` is a name)."""
    parts = typed.upper().split()
    number = "".join(parts).lstrip("#")
    if len(parts) > 1 and not all(_DIGIT.search(part) for part in parts):
        return None
    if len(number) > _LONGEST_NUMBER or not (_NUMBER.fullmatch(number) or _LETTER_SERIAL.fullmatch(number)):
        return None
    return number


def _typed_email(text: str) -> str | None:
    wrapped = _WRAPPED.fullmatch(text.strip())
    try:
        address = normal_email(wrapped[1] if wrapped else text)
    except BadInput:
        return None
    return address if _DOTTED_DOMAIN.fullmatch(address) else None


def _not_an_email() -> BadInput:
    return BadInput("This is not an e-mail address.", "Type it as name@example.org.")


def _mac(typed: str) -> str | None:
    if _MAC.fullmatch(typed):
        return ":".join(pair.zfill(2) for pair in re.split("[:-]", typed.upper()))
    if _MAC_IN_FOURS.fullmatch(typed):
        bare = typed.replace(".", "").upper()
        return ":".join(bare[at : at + 2] for at in range(0, len(bare), 2))
    return None


def _ip(typed: str) -> str | None:
    try:
        address = ipaddress.ip_address(typed.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
