"""What each kind of record is used for, on which lawful basis, by which clause of the policy (GDPR Art. 13(1)(c))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.records import Record, Row
from staffdesk.parameters import Dated, read

NEWS: Final = "subscription"
"""The table of who gets product news."""
_SUBSCRIBED: Final = "subscribed"


@dataclass(frozen=True, slots=True)
class Use:
    """A kind of record in words, what it is used for, on which basis and by which clause."""

    label: str
    use: str
    basis: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRules(Dated):
    """The uses by the name of the table."""

    uses: Mapping[str, Use]


@cache
def uses() -> Mapping[str, Use]:
    """Return the shipped uses."""
    return read("uses", UseRules).uses


def used_for(record: Record) -> tuple[Use, ...]:
    """Return what the records of a person are used for, each use once; product news only where they are sent."""
    found: dict[Use, None] = {}
    for table, rows in record.sections.items():
        if table in uses() and (any(map(gets_news, rows)) if table == NEWS else rows):
            found[uses()[table]] = None
    return tuple(found)


def gets_news(row: Row) -> bool:
    """Say whether a campaign subscription is one to which mail is sent."""
    return row.text("status") == _SUBSCRIBED
