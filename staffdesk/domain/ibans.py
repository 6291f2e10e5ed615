"""Bank account numbers in a text: an IBAN of the length its country has, with check digits that are right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

_LETTER_OR_DIGIT = re.compile("[A-Za-z0-9]")
_PART = re.compile(r"(\d+)!([nac])")
_BEFORE: Final = "aann"
"""A country and check digits stand before what each country has of its own."""

_GROUP: Final = 4
_LETTER: Final = "a"


def is_iban(written: str) -> bool:
    """Say whether a text that begins with two letters and digits begins with an IBAN, whatever signs are in it."""
    from stdnum import iban  # noqa: PLC0415 - asked only for a text that looks like one

    parts = list(_LETTER_OR_DIGIT.finditer(written))
    kinds = _kinds("".join(part[0] for part in parts[:2]).upper())
    length = len(kinds)
    if not kinds or len(parts) < length:
        return False
    goes_on = written[parts[length - 1].end() :][:1].isdigit()
    if goes_on or _begins_another(parts[:length], kinds):
        return False
    return bool(iban.is_valid("".join(part[0] for part in parts[:length]), check_country=False))


def _begins_another(parts: Sequence[re.Match[str]], kinds: str) -> bool:
    """Say whether a letter that need not be one begins a group where no group of four does: a second serial, a word.

    Where most signs stand apart there are no groups.
    """
    apart = [at for at in range(1, len(parts)) if parts[at].start() > parts[at - 1].end()]
    if 2 * len(apart) > len(parts):
        return False
    return any(at % _GROUP and kinds[at] != _LETTER and parts[at][0].isalpha() for at in apart)


@cache
def _kinds(country: str) -> str:
    """Return for each sign of a country's IBANs whether it is a figure, a letter or either (n, a, c).

    From the registry that stdnum brings; nothing for no country that has them.
    """
    from stdnum import numdb  # noqa: PLC0415 - as above

    structure = numdb.get("iban").info(country)[0][1].get("bban")
    if structure is None:
        return ""
    return _BEFORE + "".join(kind * int(size) for size, kind in _PART.findall(structure))
