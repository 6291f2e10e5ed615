"""Mails in cases: which addresses are on file of whom a case names, which mail is there already."""

from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.merges import HIS_RECORDS
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.support import Case, CaseOrigin, ContactReport
from staffdesk.data.transaction import Change

_PERSON: Final = register.table(Person)
_CASE: Final = register.table(Case)
_REPORT: Final = register.table(ContactReport)
_CASE_ID: Final[sa.BindParameter[Any]] = sa.bindparam("case_id")

_ADDRESSES: Final = sa.select(_PERSON.c.id, _PERSON.c.email_normal).where(
    _PERSON.c.id.in_(HIS_RECORDS), _PERSON.c.email_normal.is_not(None)
)
_HELD: Final = sa.select(_REPORT.c.id, _REPORT.c.proven, _REPORT.c.topic, _REPORT.c.body).where(
    _REPORT.c.case_id == _CASE_ID, _REPORT.c.message == sa.bindparam("digest")
)
_PROVE: Final = sa.update(_REPORT).where(_REPORT.c.id == sa.bindparam("report_id"), _REPORT.c.proven.is_not(sa.true()))
_HOLD: Final = sa.select(_PERSON.c.id).where(_PERSON.c.id == sa.bindparam("person")).with_for_update()
_STANDS: Final = sa.select(_REPORT.c.id).where(
    _REPORT.c.message == sa.bindparam("digest"), _REPORT.c.proven.is_(sa.true())
)
_OF_MESSAGE: Final = (
    sa.update(_CASE)
    .where(_CASE.c.id == _CASE_ID, _CASE.c.origin == CaseOrigin.OWN.value)
    .values(origin=CaseOrigin.MESSAGE.value)
)


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A mail that a case has: whether its sender is proven, and what is kept of it."""

    id: int
    proven: bool
    topic: str = field(repr=False)
    body: str | None = field(repr=False)


class CaseMails:
    """What is asked before a mail is written into a case."""

    def __init__(self, tx: Change) -> None:
        """Work in ``tx``."""
        self._tx = tx

    def addresses_on_file(self, person_id: int | None) -> frozenset[str]:
        """Return a person's addresses as they are searched, with those of records put together with his.

        One whose accuracy is contested counts for nothing meanwhile.
        """
        if person_id is None:
            return frozenset()
        rows = self._tx.rows(_ADDRESSES, {"id": person_id})
        contested = ContestedFields(self._tx).of_people({int(row.id) for row in rows})
        return frozenset(
            str(row.email_normal) for row in rows if ("person", "email") not in contested.get(int(row.id), ())
        )

    def held(self, case_id: int, digest: str) -> HeldMail | None:
        """Return the mail with this keyed digest that a case has, or nothing."""
        row = self._tx.row(_HELD, {"case_id": case_id, "digest": digest})
        return None if row is None else HeldMail(int(row.id), bool(row.proven), row.topic, row.body)

    def prove(self, held: HeldMail, report: ContactReport) -> int:
        """Write over a mail that was not proven what a server proved of it; who attached it and when stays.

        Where none of its words were kept none are now. Returns how many rows were touched: 1, or 0 where it was proven
        meanwhile.
        """
        words = (report.topic, report.body) if held.body is not None else (held.topic, None)
        values = {
            "topic": words[0], "body": words[1], "attachments": report.attachments, "contact_at": report.contact_at,
            "direction": report.direction, "correspondent": report.correspondent, "proven": True,
        }  # fmt: skip
        return self._tx.write(_PROVE.values(values), {"report_id": held.id})

    def stands_elsewhere(self, person_id: int | None, digest: str) -> bool:
        """Say whether a proven mail of this person stands for a case already; nobody else asks until the end."""
        self._tx.row(_HOLD, {"person": person_id or 0})
        return self._tx.row(_STANDS, {"digest": digest}) is not None

    def vouch(self, case_id: int) -> int:
        """Say of a case that an employee opened that a message of the customer stands for it.

        Returns how many rows were touched: 1, or 0 where something else stood for it already.
        """
        return self._tx.write(_OF_MESSAGE, {"case_id": case_id})
