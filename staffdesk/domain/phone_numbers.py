"""Telephone numbers: the one form each is stored in, and all that a typed one may be stored as."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from staffdesk.domain.words import fold

FEWEST_DIGITS: Final = 3
"""Of fewer digits nothing is looked up."""
_DIALLED_FROM: Final = ("BE", "FR", "NL", "DE", "LU", "GB", "US")
"""Whose national notation of a telephone number the search box understands: the house's two countries, neighbours."""
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_INTERNATIONAL = re.compile(r"\+|00")
_WHOLE = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST_CODE: Final = 3
_TRUNK_ZERO = re.compile(r"\(0\)")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_SHORTEST_OF_SEVERAL: Final = 7
_ONE_NUMBER: Final = 2 * _SHORTEST_OF_SEVERAL
"""Of fewer digits a text tells one number."""

_BETWEEN_NUMBERS = re.compile(r"\s[-/]\s|[;,|&\r\n\t]|(?<=[0-9]{7})/(?=[+(]?[0-9]{7})|[^\W\d_]{2,}[.:]?")


def normal_phone(text: str, country: str | None) -> str | None:
    """Return the digits a telephone number is stored as: E.164 without the plus, or the bare digits.

    ``country`` (ISO 3166 letters) reads national notation. Bare digits stay where the number cannot be placed; fewer
    than three give None.
    """
    import phonenumbers  # noqa: PLC0415 - 0.2 s, and most look-ups are no telephone number

    typed = as_typed(text)
    digits, international = digits_of(typed)
    if len(digits) < FEWEST_DIGITS:
        return None
    if _WHOLE.fullmatch(typed) and _stays_whole(digits):
        return digits
    try:
        dialled = _INTERNATIONAL.sub("+", typed.lstrip("( "), count=1) if international else typed
        number = phonenumbers.parse(dialled, country.upper() if country else None)
    except phonenumbers.NumberParseException:
        return digits
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    kept_a_trunk_zero = number.italian_leading_zero and not phonenumbers.is_valid_number(number)
    if not possible or kept_a_trunk_zero:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def phone_candidates(text: str, countries: tuple[str, ...] = _DIALLED_FROM) -> tuple[str, ...]:
    """Return the digits a typed number may be stored as, each to be looked up exactly, the likeliest first.

    What was typed; typed without a prefix, its E.164 digits in each of the countries where its length fits; and if it
    is a whole international number, the digits dialled there, as a record without a country may hold them.
    """
    digits, international = digits_of(as_typed(text))
    if len(digits) < FEWEST_DIGITS:
        return ()
    abroad = () if international else (placed for region in countries for placed in _placed_in(digits, region))
    at_home = () if digits.startswith("0") else _dialled_at_home(digits)
    return tuple(dict.fromkeys((digits, *abroad, *at_home)))


def numbers_told(text: str, country: str | None) -> tuple[str, ...]:
    """Return the text, and where it tells several telephone numbers each of them as it is written.

    ``country`` (ISO 3166 letters) says how long a number in national notation is.
    """
    typed = as_typed(text)
    digits = _NOT_DIGITS.sub("", typed)
    if len(digits) < _ONE_NUMBER or _WHOLE.fullmatch(typed):
        return (text,)
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415 - as above

    told = [text]
    for part in _BETWEEN_NUMBERS.split(typed):
        found = PhoneNumberMatcher(part, country and country.upper(), leniency=Leniency.POSSIBLE)
        told += (part.strip(), *(each.raw_string.strip() for each in found))
    most = len(digits) - _SHORTEST_OF_SEVERAL
    several = (each for each in told[1:] if _SHORTEST_OF_SEVERAL <= len(_NOT_DIGITS.sub("", each)) <= most)
    return tuple(dict.fromkeys((text, *several)))


def numbers_kept(text: str, country: str | None, others: Iterable[str]) -> tuple[str, ...]:
    """Return the digits under which one number may come back, with a country or without, as an import reads it.

    As it is stored; where that is a whole number, as it is dialled at home too, which meets a number without a country
    alone; where it is not, as a whole number in each of the ``others``, the countries it may be from.
    """
    stored = normal_phone(text, country)
    if stored is None:
        return ()
    digits, international = digits_of(as_typed(text))
    if international or stored != digits:
        return tuple(dict.fromkeys((stored, *_dialled_at_home(stored, surely=False))))
    placed = (normal_phone(text, other) or stored for other in others)
    at_home = () if stored.startswith("0") else _dialled_at_home(stored)
    return tuple(dict.fromkeys((stored, *placed, *at_home)))


def as_typed(text: str) -> str:
    """Return what was typed, folded, with one kind of dash."""
    return _DASHES.sub("-", fold(text)).strip()


def digits_of(typed: str) -> tuple[str, bool]:
    """Return the digits without the international prefix, and whether there was one."""
    prefix = _INTERNATIONAL.match(typed.lstrip("( "))
    if prefix is None:
        return _NOT_DIGITS.sub("", typed), False
    return _NOT_DIGITS.sub("", _TRUNK_ZERO.sub("", typed.lstrip("( ")[prefix.end() :])), True


@cache
def _numbering(region: str) -> tuple[str, re.Pattern[str], frozenset[int]]:
    """Return a country's calling code, what stands before a number there (also a carrier's) and a number's lengths."""
    from phonenumbers import PhoneMetadata  # noqa: PLC0415 - as above

    plan = PhoneMetadata.metadata_for_region(region.upper())
    if plan is None or plan.general_desc is None:
        return "", re.compile(""), frozenset()
    before = re.compile(plan.national_prefix_for_parsing or "")
    return str(plan.country_code), before, frozenset(plan.general_desc.possible_length)


def _stays_whole(digits: str) -> bool:
    """Say whether nothing is dropped from an international number: possible or not, its digits are what is stored.

    The library says the same and takes ten times as long; most numbers of an import are written so.
    """
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415 - as above

    for end in range(1, _LONGEST_CODE + 1):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:end]))
        if regions:
            _, before, _ = _numbering(regions[0])
            national = digits[end:]
            return not national.startswith("0") and not (before.pattern and before.match(national))
    return False


def _placed_in(digits: str, region: str) -> Iterator[str]:
    code, before, lengths = _numbering(region)
    prefix = before.match(digits)
    for number in dict.fromkeys((digits[prefix.end() :] if prefix else digits, digits)):
        if len(number) in lengths and not number.startswith("0"):
            yield code + number


def _dialled_at_home(digits: str, *, surely: bool = True) -> tuple[str, ...]:
    """Return how a whole number is dialled in its country; ``surely`` where such numbers are given out alone.

    Otherwise its length is enough, and it is given with what is dialled before any number there as well.
    """
    import phonenumbers  # noqa: PLC0415 - as above

    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return ()
    if not (phonenumbers.is_valid_number(number) if surely else phonenumbers.is_possible_number(number)):
        return ()
    at_home = _NOT_DIGITS.sub("", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    if surely:
        return (at_home,)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    before = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""
    return (at_home, before + phonenumbers.national_significant_number(number))
