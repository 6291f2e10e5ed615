"""Somebody new as a record tells of him: his row, but for what the batch that writes it alone can know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from staffdesk.data.customers.fields import Origin
from staffdesk.data.customers.writing import new_aid, row_of
from staffdesk.data.tables.people import Person
from staffdesk.domain.imported import ImportedParty
from staffdesk.services.importing.met import PARTY
from staffdesk.services.importing.profiles import Profile

Row: TypeAlias = Mapping[str, object]
"""A row as it is written, by column: validated, with what is derived from it."""

Rows: TypeAlias = dict[ImportedParty, Row]
"""The rows of people who are new, if nobody is found to be the same, by what a record tells of them."""

NOT_THE_PERSONS = frozenset({"company"})


def new_person(origin: Origin, profile: Profile, store: str, party: ImportedParty) -> Person:
    """Return somebody new, of no organisation yet and with no mark; raises :class:`BadInput` as his class does."""
    return Person.checked(
        {
            **origin.values(),
            **values_of(party),
            "aid": new_aid(Person),
            "store": store,
            "is_customer": profile.customers,
        }
    )


def new_row(origin: Origin, profile: Profile, store: str, party: ImportedParty, secret: bytes) -> Row:
    """Return the row of :func:`new_person`; raises also where nothing can be derived, as from what is no address."""
    return row_of(new_person(origin, profile, store, party), secret)


def values_of(party: ImportedParty) -> dict[str, str | None]:
    """Return the columns of a person that a record tells."""
    return {name: getattr(party, name) for name in PARTY if name not in NOT_THE_PERSONS}
