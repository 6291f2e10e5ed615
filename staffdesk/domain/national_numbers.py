"""Belgian national register numbers in a text: of a person, or of somebody with another tie to the country (bis)."""

from __future__ import annotations

import re

_LAST_DAY = 31


def is_national_number(written: str, *, unbroken: bool, in_groups: bool) -> bool:
    """Say whether digits that stand so are one: ``unbroken`` and ``in_groups`` say which of the two ways may count.

    Whose day is not known has a number too, but among numbers of eleven digits it is rare: it counts in groups.
    """
    from stdnum.be import bis, nn  # noqa: PLC0415 - asked only for a text that looks like one

    if written.isdigit():
        return unbroken and int(written[4:6]) <= _LAST_DAY and bool(nn.is_valid(written))
    digits = re.sub(r"\D", "", written)
    return in_groups and bool(nn.is_valid(digits) or bis.is_valid(digits))
