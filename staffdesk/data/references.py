"""What the log must know before the door opens: whose record it is and what a reference is worth; no value is read.

The views (``desk_subject_…``, ``desk_reference_…``) hold keys, audit ids, dates and keyed digests only; they belong
to the database's owner, so row security on the tables behind them leaves these look-ups as they are.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.twins import PersonPair
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import RecordKind
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.numbers import Series, parse_number

SUBJECT_TABLES: Final = (
    "person", "organisation", "sales_order", "order_line", "invoice", "shipment", "product_subscription", "licence",
    "activation", "support_case", "contact_report", "subscription", "request", "field_status",
)  # fmt: skip
"""The tables whose rows belong to somebody; each has a view of its own."""

LARGEST: Final = 2**63 - 1
"""The largest number a key column holds; a driver refuses more in words of its own."""

TABLE_OF: Final[Mapping[RecordKind, str]] = {
    RecordKind.PERSON: "person",
    RecordKind.ORDER: "sales_order",
    RecordKind.LICENCE: "licence",
    RecordKind.ACTIVATION: "activation",
    RecordKind.CASE: "support_case",
    RecordKind.ORGANISATION: "organisation",
}

_SUBJECT_COLUMNS: Final = (
    "record_id", "person_id", "organisation_id", "aid", "relation_keys", "country", "organisation_aid",
    "organisation_country",
)  # fmt: skip
_REFERENCE_COLUMNS: Final = (
    "number", "record_id", "aid", "person_id", "organisation_id", "made_by", "origin", "at", "is_open",
    "imported_by",
)  # fmt: skip


def _subject(table: str) -> Prepared:
    view = sa.table(f"desk_subject_{table}", *(sa.column(name) for name in _SUBJECT_COLUMNS))
    return Prepared(sa.select(view).where(view.c.record_id == sa.bindparam("id")))


def reference_view(kind: str) -> sa.TableClause:
    """Return the view of one kind of reference: case, request, order or licence."""
    return sa.table(f"desk_reference_{kind}", *(sa.column(name) for name in _REFERENCE_COLUMNS))


def _reference(kind: str) -> Prepared:
    view = reference_view(kind)
    return Prepared(sa.select(view).where(view.c.number == sa.bindparam("number")).limit(2))


_SUBJECTS: Final = {table: _subject(table) for table in SUBJECT_TABLES}
_MERGED: Final = Prepared(
    sa.select(register.table(Person).c.aid)
    .join(register.table(PersonPair), register.table(PersonPair).c.other_id == register.table(Person).c.id)
    .where(
        register.table(PersonPair).c.person_id == sa.bindparam("person"),
        register.table(PersonPair).c.answer == SamePerson.SAME.value,
    )
    .order_by(register.table(Person).c.id)
)
_REFERENCES: Final = {kind: _reference(kind) for kind in ("case", "request", "order", "licence")}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose record it is: the audit id the log writes, and keyed digests to compare; countries are ISO-2 or None.

    ``country`` is the person's, or the organisation's where no person is known. ``merged`` are the audit ids of the
    records that were put together with the person's: who looks at his sees theirs, and an entry names them all.
    """

    aid: str
    person_id: int | None
    organisation_id: int | None
    relation_keys: str
    country: str | None
    organisation_aid: str | None = None
    organisation_country: str | None = None
    merged: tuple[str, ...] = ()

    @property
    def is_company(self) -> bool:
        """Whether it is the record of the organisation itself, and not of somebody or something of its."""
        return self.aid == self.organisation_aid

    @property
    def aids(self) -> tuple[str, ...]:
        """Return the audit ids the log knows him by, that of the record he opens as first."""
        return (self.aid, *self.merged)


@dataclass(frozen=True, slots=True)
class Reference:
    """A case, order, licence or request number as the desk knows it; ``at`` is UTC milliseconds.

    ``made_by`` is who opened or received it, ``imported_by`` who ran the import that brought it.
    """

    kind: str
    id: int
    aid: str
    person_id: int | None
    organisation_id: int | None
    made_by: str | None
    origin: str | None
    at: int | None
    is_open: bool
    imported_by: str | None = None


class References:
    """Look-ups that need no open door."""

    def __init__(self, tx: Transaction) -> None:
        """Look up in ``tx``."""
        self._tx = tx

    def subject(self, table: str, record_id: int) -> Subject | None:
        """Return whose record it is, or None if there is no such record; KeyError for a table that is nobody's."""
        row = self._tx.row(_SUBJECTS[table], {"id": record_id}) if 0 < record_id <= LARGEST else None
        if row is None:
            return None
        return Subject(
            aid=row.aid,
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            relation_keys=row.relation_keys or "",
            country=row.country,
            organisation_aid=row.organisation_aid,
            organisation_country=row.organisation_country,
            merged=self._merged(row.person_id),
        )

    def _merged(self, person: int | None) -> tuple[str, ...]:
        return () if person is None else tuple(str(row[0]) for row in self._tx.rows(_MERGED, {"person": person}))

    def reference(self, number: str) -> Reference | None:
        """Return what a normalised number stands for, or None where the desk does not know it or it is ambiguous."""
        for kind in _kinds(number):
            known_as = serial_key(self._tx.secret, number) if kind == "licence" else number
            rows = self._tx.rows(_REFERENCES[kind], {"number": known_as})
            if len(rows) == 1:
                row = rows[0]
                return Reference(
                    kind=kind,
                    id=row.record_id,
                    aid=row.aid,
                    person_id=row.person_id,
                    organisation_id=row.organisation_id,
                    made_by=row.made_by,
                    origin=row.origin,
                    at=row.at,
                    is_open=bool(row.is_open),
                    imported_by=row.imported_by,
                )
        return None


def serial_key(secret: bytes, serial: str) -> str:
    """Return the keyed digest of a normalised serial, by which a licence is known while the door is closed."""
    return hmac.digest(secret, f"serial {serial}".encode(), "sha256").hex()


def _kinds(number: str) -> tuple[str, ...]:
    found = parse_number(number)
    if found is None:
        return ("order", "licence")
    return ("case",) if found.series is Series.CASE else ("request",)
