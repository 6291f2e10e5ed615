"""Whose address mail came back from: the mark ``person.bounced_at``, set by what came back, gone with the address.

It is lifted where the address is set right (:meth:`Writing.amend`) or confirmed, and where the import that told it is
undone. It says nothing of a wish for news.
"""

from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.writing import UNMARKED
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.people import Person
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.accuracy import Returned

_PERSON: Final = register.table(Person)
_STATUS: Final = register.table(FieldStatus)
_OF_ADDRESS: Final = (
    sa.select(
        _PERSON.c.id,
        _PERSON.c.aid,
        _PERSON.c.email_normal,
        _PERSON.c.bounced_at,
        _PERSON.c.obtained_on.label("person_obtained_on"),
        _STATUS.c.obtained_on,
        _STATUS.c.confirmed_on,
    )
    .outerjoin(_STATUS, sa.and_(_STATUS.c.person_id == _PERSON.c.id, _STATUS.c.field == "email"))
    .where(_PERSON.c.email_normal.in_(sa.bindparam("emails", expanding=True)))
    .order_by(_PERSON.c.id)
)
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_MARK: Final = (
    sa.update(_PERSON)
    .where(_PERSON.c.id.in_(_IDS))
    .values(bounced_at=sa.bindparam("at"), bounced_import_id=sa.bindparam("by"))
)
_BY_IMPORT: Final = (
    sa.select(_PERSON.c.id, _PERSON.c.aid)
    .where(_PERSON.c.bounced_at.is_not(None), _PERSON.c.bounced_import_id == sa.bindparam("by"))
    .order_by(_PERSON.c.id)
)
_LIFT: Final = sa.update(_PERSON).where(_PERSON.c.id.in_(_IDS), _PERSON.c.bounced_at.is_not(None)).values(UNMARKED)


class Bounces:
    """Reads whose mail came back; needs the open door."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of_addresses(self, emails: Collection[str]) -> tuple[Returned, ...]:
        """Return the people with one of these normalised addresses, and since when each is held or known."""
        if not emails:
            return ()
        return tuple(
            Returned(
                person=int(row.id),
                aid=str(row.aid),
                email=str(row.email_normal),
                bounced_at=row.bounced_at,
                known_on=max(
                    day for day in (row.obtained_on or row.person_obtained_on, row.confirmed_on) if day is not None
                ),
            )
            for row in self._tx.rows(_OF_ADDRESS, {"emails": list(emails)})
        )


class MarkingBounces:
    """Marks addresses that mail came back from, and takes marks back."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def mark(self, people: Collection[int], at: int, import_id: int | None = None) -> int:
        """Note that a mail to these people came back, at UTC milliseconds, as an import tells or a notice does.

        Returns how many rows were touched.
        """
        return self._tx.write(_MARK, {"ids": list(people), "at": at, "by": import_id}) if people else 0

    def by_import(self, import_id: int, most: int) -> tuple[tuple[int, str], ...]:
        """Return some people, with their audit ids, whose mark stands as this import set it."""
        rows = self._tx.rows(_BY_IMPORT.limit(most), {"by": import_id})
        return tuple((int(row.id), str(row.aid)) for row in rows)

    def lift(self, people: Collection[int]) -> int:
        """Take the marks of these people away; return how many rows were touched."""
        return self._tx.write(_LIFT, {"ids": list(people)}) if people else 0
