"""Somebody new, as an employee takes him down during a call, and who of those on file he may be."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffdesk.domain.records import Page


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewPerson:
    """A person, his company or both; ``event`` and ``partner`` (an organisation's number) say where we met."""

    given_name: str | None = None
    family_name: str | None = None
    company: str | None = None
    email: str | None = None
    phone: str | None = None
    job_title: str | None = None
    country: str | None = None
    language: str | None = None
    event: str | None = None
    partner: int | None = None

    @property
    def names_a_person(self) -> bool:
        """Whether there is more in it than a company."""
        return any((self.given_name, self.family_name, self.email, self.phone, self.job_title))

    def __repr__(self) -> str:
        return f"<NewPerson of {sum(getattr(self, each.name) is not None for each in fields(self))} fields>"


def called(words: str) -> NewPerson | None:
    """Return whom words name that somebody is called by: a name, behind a comma a company; or an address.

    None where there is a digit in a name, or a filter: that is no name. Whoever reads it sets right what is guessed,
    such as which of two names is the family's.
    """
    name, _, company = (part.strip() for part in words.partition(","))
    if "@" in name:
        return None if " " in name else NewPerson(email=name, company=company or None)
    if not name or ":" in words or any(character.isdigit() for character in name):
        return None
    given, _, family = name.partition(" ")
    return NewPerson(given_name=given, family_name=family.strip() or None, company=company or None)


@dataclass(frozen=True, slots=True, repr=False)
class Company:
    """An organisation on file whose name begins as the one that was typed."""

    id: int
    aid: str
    name: str
    country: str

    def __repr__(self) -> str:
        return "<Company>"


@dataclass(frozen=True, slots=True, repr=False)
class Twins:
    """Who of those on file the new person may be, and which companies on file may be his."""

    page: Page
    companies: tuple[Company, ...] = ()

    def __repr__(self) -> str:
        return f"<Twins {len(self.page.hits)}>"


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: the customer's number (None for a company alone), and whether the case in hand names it now."""

    customer: int | None
    organisation: int | None
    tied: bool
