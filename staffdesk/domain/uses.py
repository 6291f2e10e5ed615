"""What each kind of record is used for, on which lawful basis, by which clause of the policy (GDPR Art. 13(1)(c))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from staffdesk.parameters import Dated, read


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
