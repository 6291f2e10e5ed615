"""Bank account numbers in a text: an IBAN of the length its country has, with check digits that are right."""

from __future__ import annotations

import re
from functools import cache

_LETTER_OR_DIGIT = re.compile("[A-Za-z0-9]")
_PART = re.compile(r"(\d+)!")


def is_iban(written: str) -> bool:
    """Say whether a text that begins with two letters and digits begins with an IBAN, whatever signs are in it."""
    from stdnum import iban  # noqa: PLC0415 - asked only for a text that looks like one

    parts = list(_LETTER_OR_DIGIT.finditer(written))
    length = _length("".join(part[0] for part in parts[:2]).upper())
    if length is None or len(parts) < length:
        return False
    goes_on = written[parts[length - 1].end() :][:1].isdigit()
    return not goes_on and bool(iban.is_valid("".join(part[0] for part in parts[:length]), check_country=False))


@cache
def _length(country: str) -> int | None:
    """Return how many letters and digits a country's IBANs have, from the registry that stdnum brings."""
    from stdnum import numdb  # noqa: PLC0415 - as above

    structure = numdb.get("iban").info(country)[0][1].get("bban")
    return None if structure is None else len("BE68") + sum(int(size) for size in _PART.findall(structure))
