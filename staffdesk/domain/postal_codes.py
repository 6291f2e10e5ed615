"""Postal codes that do not look like their country's: whoever delivers or invoices is warned (privacy policy, D.11)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read

_BEFORE: Final = re.compile(r"[A-Z]{1,3}-(?=\d)")
"""The letters of a country that some write before its code."""

COUNTRY_OF: Final[Mapping[str, str]] = {"postal_code": "country", "billing_postal_code": "billing_country"}
"""In which column the country of a postal code stands, by the code's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalRules(Dated):
    """What a postal code looks like, as a regular expression by country; letters count as capitals."""

    patterns: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse a pattern that is none, with the country's name."""
        for country, pattern in self.patterns.items():
            try:
                re.compile(pattern)
            except re.error:
                raise Misconfigured(f"postal_codes.toml: patterns.{country} is no regular expression.") from None


@cache
def rules() -> PostalRules:
    """Return the shipped rules."""
    return read("postal_codes", PostalRules)


def doubt(country: str | None, postal_code: str | None, by: PostalRules | None = None) -> str:
    """Say in words that a postal code does not look like its country's; nothing where it does, or none is known."""
    pattern = (by or rules()).patterns.get((country or "").upper())
    if pattern is None or not postal_code:
        return ""
    written = " ".join(postal_code.upper().split())
    forms = (written, _BEFORE.sub("", written, count=1))
    return "" if any(re.fullmatch(pattern, each) for each in forms) else f"not as in {(country or '').upper()}"
