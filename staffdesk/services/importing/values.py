"""What a field of a store's file may be; each function takes the raw value and raises ``BadInput`` without quoting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from functools import reduce

from staffdesk.domain.errors import BadInput
from staffdesk.domain.held_lines import held_line
from staffdesk.domain.imported import MOST_PIECES
from staffdesk.domain.screening import FieldKind
from staffdesk.domain.text import is_blank

_OUTER_SPACE = " \t\r\n"
_EMAIL_LIMIT = 254
_CODE_LIMIT = 80
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z _-]{0,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")

_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,20})?", re.ASCII)
_WITH_COMMA = re.compile(r"-?(\d{1,15}(,\d{1,20})?|\d{1,3}([. \u00a0\u202f]\d{3}){1,4},\d{1,20})", re.ASCII)
_BETWEEN_THOUSANDS = str.maketrans(",", ".", ". \u00a0\u202f")
_SAY_THE_COMMA = "Import it with --decimal-comma, if its amounts are written with a comma."
_EXACT = Context(prec=60)
_MOST_DIGITS_BEFORE = 15
_MOST_DIGITS_AFTER = 20


def code_of(value: object, limit: int) -> str | None:
    """Take an id, a number or a state; it may be one unbroken run of digits, and nothing that must not be held."""
    return _line_of(_as_text(value), limit, FieldKind.CODE)


def words_of(value: object, limit: int) -> str | None:
    """Take what a person wrote: cleaned, and refused where it holds what must not be held (privacy policy, C.6)."""
    return _line_of(value, limit, FieldKind.TEXT)


def word_of(value: object) -> str | None:
    """Take a state or a status: a store's own word, never a number or a sentence."""
    word = code_of(value, _CODE_LIMIT)
    if word is not None and not _WORD.fullmatch(word):
        raise BadInput("it is not a word for a state.")
    return word


def listed_word(value: object, words: Mapping[str, str]) -> str:
    """Take a word that the list knows, in any case; give the desk's own word for it."""
    known = words.get(value.strip().casefold()) if isinstance(value, str) else None
    if known is None:
        raise BadInput(f"it is none of the words {', '.join(words)}.")
    return known


def email_of(value: object) -> str | None:
    """Take an e-mail address as it is spelt."""
    address = words_of(value, _EMAIL_LIMIT)
    if address is not None and not _EMAIL.fullmatch(address):
        raise BadInput("it is not an e-mail address.")
    return address


def phone_of(value: object) -> str | None:
    """Take a telephone number without the apostrophe that Shopify puts before it."""
    number = _as_text(value)
    return _line_of(
        number.strip().removeprefix("'") if isinstance(number, str) else number, _CODE_LIMIT, FieldKind.PHONE
    )


def currency_of(value: object) -> str | None:
    """Take an ISO 4217 code."""
    code = code_of(value, _CODE_LIMIT)
    if code is not None and not _CURRENCY.fullmatch(code):
        raise BadInput("it is not a currency of three capital letters.")
    return code


def amount_of(value: object, *, comma: bool = False) -> Decimal:
    """Take an amount of money exactly as stated: a JSON number or plain decimal text with a point.

    With ``comma`` the text has a comma instead, and thousands may be kept apart where there is one; a point in it
    could mean either, and is refused.
    """
    if comma and isinstance(value, str):
        value = value.strip().translate(_BETWEEN_THOUSANDS) if _WITH_COMMA.fullmatch(value.strip()) else None
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return Decimal(value.strip())
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = Decimal(value)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and exponent >= -_MOST_DIGITS_AFTER and number.adjusted() < _MOST_DIGITS_BEFORE:
            return number
    written = isinstance(value, str) and _WITH_COMMA.fullmatch(value.strip())
    raise BadInput("it is not an amount.", _SAY_THE_COMMA if written else "")


def amount_text(amount: Decimal) -> str:
    """Write an amount one way only: no exponent, two decimals, more where more are stated and not zero."""
    whole, _, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(2, "0")
    text = f"{whole}.{decimals}"
    return text.removeprefix("-") if not amount else text


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """Add exactly."""
    return reduce(_EXACT.add, amounts, Decimal())


def line_amount(price: Decimal, quantity: int) -> Decimal:
    """Multiply exactly; the default context would round a long price."""
    return _EXACT.multiply(price, Decimal(quantity))


def whole_of(value: object) -> int:
    """Take a number of pieces, from none to a million."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal() and len(value) <= _CODE_LIMIT:
        value = int(value)
    if isinstance(value, Decimal) and value == value.to_integral_value() and value.adjusted() < _MOST_DIGITS_BEFORE:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PIECES:
        return value
    raise BadInput("it is not a number of pieces.")


def flag_of(value: object) -> bool:
    """Take true or false, and nothing that merely looks like it."""
    if isinstance(value, bool):
        return value
    raise BadInput("it is neither true nor false.")


def told_flag_of(value: object) -> bool:
    """Take true or false as a table writes it."""
    return flag_of({"true": True, "false": False}.get(value.strip().casefold()) if isinstance(value, str) else value)


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _line_of(value: object, limit: int, kind: FieldKind) -> str | None:
    if not isinstance(value, str):
        raise BadInput("it is not text.")
    line = value.strip(_OUTER_SPACE)
    return None if is_blank(line) else held_line(line, limit, kind)
