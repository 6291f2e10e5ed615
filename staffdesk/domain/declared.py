"""What employees declare of themselves: whom they are close to, by a closed list of kinds (``declared.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.parameters import Dated, read

_DAY_MS: Final = 86_400_000


class Whom(StrEnum):
    """What a declaration is about."""

    PERSON = "person"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of relation: what it is called, and of what it can be."""

    title: str
    of: frozenset[Whom]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredKinds(Dated):
    """The kinds, by their codes, and for how many days a declaration counts after it was taken back."""

    kinds: Mapping[str, Kind]
    withdrawn_days: int

    def __post_init__(self) -> None:
        """Refuse a list that offers nothing for a person or a company, and a kind that is of neither."""
        if any(not each.of or not each.title.strip() for each in self.kinds.values()):
            raise Misconfigured("declared.toml: each kind needs a title, and of what it can be.")
        if any(not self.offered(whom) for whom in Whom):
            raise Misconfigured("declared.toml: a person and a company need a kind each.")
        if self.withdrawn_days < 1:
            raise Misconfigured("declared.toml: withdrawn_days must be more than 0.")

    def offered(self, whom: Whom) -> tuple[tuple[str, str], ...]:
        """Return the codes and titles of what may be declared of a person, or of a company."""
        return tuple((code, each.title) for code, each in self.kinds.items() if whom in each.of)

    def check(self, code: str, whom: Whom) -> str:
        """Return a code that may be declared of whom it is; raises :class:`BadInput`."""
        offered = [each for each, _ in self.offered(whom)]
        if code not in offered:
            raise BadInput(f"A {whom.value} is not declared as that.", f"One of: {', '.join(offered)}.")
        return code

    def title(self, code: str) -> str:
        """Return what a kind is called; one of an older list by its code."""
        return self.kinds[code].title if code in self.kinds else code


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A declaration that counts: its number, who made it, of which kind, about which customer or company, and when.

    The customer is a number alone. ``declared_at`` is UTC milliseconds, and so is ``withdrawn_at``, None while it was
    not taken back.
    """

    id: int
    who: str
    kind: str
    whom: Whom
    number: int
    declared_at: int
    withdrawn_at: int | None = None

    @property
    def counts_until(self) -> int | None:
        """Until when it counts, in UTC milliseconds; None for one that was not taken back."""
        return None if self.withdrawn_at is None else self.withdrawn_at + kinds().withdrawn_days * _DAY_MS


def counting_since(now: int) -> int:
    """Return since when a declaration must have been taken back to count still."""
    return now - kinds().withdrawn_days * _DAY_MS


@cache
def kinds() -> DeclaredKinds:
    """Return the shipped list."""
    return read("declared", DeclaredKinds)
