"""Somebody as the records of a batch tell of him, beside what is held of him."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final

from staffdesk.data.customers.accounts import KnownPerson
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.imported import ImportedParty
from staffdesk.domain.words import name_key
from staffdesk.services.importing.remembered import Dream

PARTY = tuple(field.name for field in fields(ImportedParty))
"""What a record may tell of somebody."""

HALVES: Final = frozenset({"given_name", "family_name"})
"""The two pieces of a name."""


@dataclass(slots=True, eq=False, repr=False)
class Met:
    """One person as the records of a batch tell of him.

    ``known`` is his row where he has one, ``dream`` who he is where an earlier batch of a dry run told of him.
    """

    party: ImportedParty
    known: KnownPerson | None = None
    dream: Dream | None = None
    marked: bool = False
    number: int | None = None

    @property
    def name(self) -> str:
        """The folded name; empty where nobody has told it. The one that is held counts."""
        held = None if self.known is None else self.known.values
        return (_folded(held["family_name"], held["given_name"]) if held else "") or name_of(self.party)

    @property
    def has_name(self) -> bool:
        """Whether anybody told a name of his."""
        return bool((self.dream is not None and self.dream.name) or self.name)

    def is_called(self, name: str) -> bool:
        """Say whether this is his folded name."""
        if self.dream is not None and self.dream.name:
            return bool(name) and self.dream.name == hash(name)
        return self.name == name

    @property
    def is_prospect(self) -> bool:
        """Whether a list named him before he bought, and nobody else has his address."""
        return self.known is not None and self.known.prospect

    @property
    def has_account(self) -> bool:
        """Whether the store knows an account of his."""
        return self.account_id is not None or (self.dream is not None and self.dream.has_account)

    @property
    def account_id(self) -> str | None:
        """The store's id of the account, where it is at hand."""
        return (self.known.account_id if self.known is not None else None) or self.party.account_id

    @property
    def keys(self) -> Iterator[str]:
        """What he is looked up by."""
        if self.account_id:
            yield f"account {self.account_id}"
        yield from self.addresses

    @property
    def addresses(self) -> frozenset[str]:
        """What he is looked up by, of e-mail."""
        held = None if self.known is None else self.known.email_normal
        told = normal_email(self.party.email) if self.party.email else None
        before = frozenset() if self.known is None else self.known.addresses
        return frozenset(f"email {email}" for email in {held, told, *before} if email)


def _folded(family_name: object, given_name: object) -> str:
    return name_key(" ".join(str(part) for part in (family_name, given_name) if part))


def name_of(party: ImportedParty) -> str:
    """Return the folded name a record tells; empty where it tells none."""
    return _folded(party.family_name, party.given_name)


def filled(first: ImportedParty, second: ImportedParty) -> ImportedParty:
    """Join what two records say of a person; the first word stands."""
    if first == second:
        return first
    apart = misfits({name: getattr(first, name) for name in HALVES}, second)
    both = {
        name: held if (held := getattr(first, name)) is not None or name in apart else getattr(second, name)
        for name in PARTY
    }
    return ImportedParty(**both)


def misfits(held: Mapping[str, object], party: ImportedParty) -> frozenset[str]:
    """Return the fields of ``party`` that must not fill what is lacking beside what is ``held`` of a person.

    Half a name stands beside the other half alone: beside a whole name in one piece it would be there twice.
    """
    if any(held[name] and _folded(held[name], None) != _folded(getattr(party, name), None) for name in HALVES):
        return HALVES
    return frozenset()
