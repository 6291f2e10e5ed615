"""The numbers given to cases and requests: series, year, and a count that starts again each year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Series(StrEnum):
    """What is numbered; the value stands before the year."""

    CASE = "C"
    REQUEST = "DSR"


@dataclass(frozen=True, slots=True)
class RecordNumber:
    """A number taken apart; ``str()`` puts it together again."""

    series: Series
    year: int
    n: int

    def __str__(self) -> str:
        """Return the number as people read it."""
        return format_number(self.series, self.year, self.n)


_NUMBER = re.compile(r"\s*(C|DSR)-([0-9]{4})-([0-9]{1,9})\s*", re.IGNORECASE)


def format_number(series: Series, year: int, n: int) -> str:
    """Return ``C-2026-0001``; the count has at least four digits. Raises ValueError below 1."""
    if n < 1:
        raise ValueError("a count starts at 1")
    return f"{series}-{year:04d}-{n:04d}"


def parse_number(text: str) -> RecordNumber | None:
    """Return the number a person typed, in any case and with or without its leading zeros, or nothing."""
    found = _NUMBER.fullmatch(text)
    if found is None or int(found[3]) < 1:
        return None
    return RecordNumber(Series(found[1].upper()), int(found[2]), int(found[3]))
