"""Reading one record whole: every table with a path to the person, each row as plain values by column name.

Which columns there are comes from the register; what of them is shown is decided by the gateway.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import HIS_RECORDS
from staffdesk.data.prepared import Prepared
from staffdesk.data.references import TABLE_OF
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Invoice, Order, OrderLine, ProductSubscription, Shipment
from staffdesk.data.tables.sharing import ImportRun, Subscription
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.data.transaction import Read, padded
from staffdesk.domain.classes import PrivacyClass

LIMIT: Final = 200
"""Rows of one section that a record opens with."""

Values = Mapping[str, Any]

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_ORDER: Final = register.table(Order)
_LICENCE: Final = register.table(Licence)
_ACTIVATION: Final = register.table(Activation)
_CASE: Final = register.table(Case)
_IN_HAND: Final = _CASE.alias("in_hand")
_REPORT: Final = register.table(ContactReport)
_STATUS: Final = register.table(FieldStatus)
_ID: Final[sa.BindParameter[Any]] = sa.bindparam("id")


def _shown(table: sa.Table) -> sa.Select[Any]:
    """Select the columns staff may read, and no other."""
    return sa.select(*(table.c[column] for column in register.shown(table.name)))


def _one(table: sa.Table, number: sa.ColumnElement[Any]) -> Prepared:
    return Prepared(_shown(table).where(table.c.id == number))


def _newest(table: sa.Table, condition: sa.ColumnElement[bool], *order: sa.ColumnElement[Any]) -> Prepared:
    return Prepared(_shown(table).where(condition).order_by(*order, table.c.id.desc()).limit(LIMIT + 1))


def _by_order(table: sa.Table, person: bool) -> Prepared:
    orders = sa.select(_ORDER.c.id).where(_ORDER.c.person_id == _ID)
    return _newest(table, table.c.order_id.in_(orders) if person else table.c.order_id == _ID)


def _of_order(person: bool) -> dict[str, Prepared]:
    return {
        str(table.name): _by_order(table, person)
        for table in (register.table(OrderLine), register.table(Invoice), register.table(Shipment))
    }


_OF_PERSON: Final[Mapping[str, Prepared]] = {
    # What was put together with him comes after his own row.
    "person": Prepared(
        _shown(_PERSON).where(_PERSON.c.id.in_(HIS_RECORDS)).order_by(_PERSON.c.id != _ID, _PERSON.c.id)
    ),
    "organisation": _one(
        _ORGANISATION, sa.select(_PERSON.c.organisation_id).where(_PERSON.c.id == _ID).scalar_subquery()
    ),
    "sales_order": _newest(_ORDER, _ORDER.c.person_id == _ID, _ORDER.c.ordered_at.desc()),
    **_of_order(person=True),
    "licence": _newest(_LICENCE, _LICENCE.c.person_id == _ID),
    "activation": _newest(
        _ACTIVATION,
        _ACTIVATION.c.licence_id.in_(sa.select(_LICENCE.c.id).where(_LICENCE.c.person_id == _ID)),
        _ACTIVATION.c.activated_at.desc(),
    ),
    "support_case": _newest(_CASE, _CASE.c.person_id == _ID, _CASE.c.opened_at.desc()),
    **{
        str(table.name): _newest(table, table.c.person_id == _ID)
        for table in (
            _REPORT,
            register.table(ProductSubscription),
            register.table(Subscription),
            register.table(Request),
        )
    },
    "field_status": _newest(
        _STATUS,
        _STATUS.c.id.in_(
            sa.union(
                sa.select(_STATUS.c.id).where(_STATUS.c.person_id.in_(HIS_RECORDS)),
                sa.select(_STATUS.c.id).where(
                    _STATUS.c.organisation_id
                    == sa.select(_PERSON.c.organisation_id).where(_PERSON.c.id == _ID).scalar_subquery()
                ),
            )
        ),
    ),
}
_OF_ORDER: Final[Mapping[str, Prepared]] = {
    "sales_order": _one(_ORDER, _ID),
    "organisation": _one(
        _ORGANISATION, sa.select(_ORDER.c.organisation_id).where(_ORDER.c.id == _ID).scalar_subquery()
    ),
    **_of_order(person=False),
    "licence": _newest(_LICENCE, _LICENCE.c.order_id == _ID),
    "field_status": _newest(
        _STATUS,
        _STATUS.c.organisation_id == sa.select(_ORDER.c.organisation_id).where(_ORDER.c.id == _ID).scalar_subquery(),
    ),
}
_OF_LICENCE: Final[Mapping[str, Prepared]] = {
    "licence": _one(_LICENCE, _ID),
    "activation": _newest(_ACTIVATION, _ACTIVATION.c.licence_id == _ID, _ACTIVATION.c.activated_at.desc()),
}
_OF_ACTIVATION: Final[Mapping[str, Prepared]] = {
    "licence": _one(_LICENCE, sa.select(_ACTIVATION.c.licence_id).where(_ACTIVATION.c.id == _ID).scalar_subquery()),
    "activation": _one(_ACTIVATION, _ID),
}
_OF_CASE: Final[Mapping[str, Prepared]] = {
    "support_case": _one(_CASE, _ID),
    "contact_report": _newest(_REPORT, _REPORT.c.case_id == _ID),
}
_OF_ORGANISATION: Final[Mapping[str, Prepared]] = {
    "organisation": _one(_ORGANISATION, _ID),
    "field_status": _newest(_STATUS, _STATUS.c.organisation_id == _ID),
}
_WITHOUT_PERSON: Final = {
    "organisation": _OF_ORGANISATION,
    "order": _OF_ORDER,
    "licence": _OF_LICENCE,
    "activation": _OF_ACTIVATION,
    "case": _OF_CASE,
}

_TABLES: Final = {kind.value: table for kind, table in TABLE_OF.items()}

_NUMBERS: Final[sa.BindParameter[Any]] = sa.bindparam("numbers", expanding=True)
_PARTNERS: Final = Prepared(
    sa.select(_ORGANISATION.c.id, _ORGANISATION.c.name, _ORGANISATION.c.country).where(_ORGANISATION.c.id.in_(_NUMBERS))
)
_IMPORT: Final = register.table(ImportRun)
_IMPORTS: Final = Prepared(
    sa.select(_IMPORT.c.id, _IMPORT.c.store, _IMPORT.c.started_at).where(_IMPORT.c.id.in_(_NUMBERS))
)


@cache
def _value(table: str, column: str) -> Prepared:
    """Select a value, and the request under which it is contested where its table has fields that may be."""
    found = register.metadata.tables[table]
    contested: sa.ColumnElement[Any] = sa.null()
    if (owner := _STATUS.c.get(f"{table}_id")) is not None:
        status = sa.select(_STATUS.c.contested_under).where(owner == found.c.id, _STATUS.c.field == column)
        contested = status.scalar_subquery()
    return Prepared(sa.select(found.c[column], contested.label("contested")).where(found.c.id == _ID))


_IDENTIFIERS: Final = Prepared(
    sa.select(
        *(
            _PERSON.c[column]
            for column, declaration in register.shown("person").items()
            if declaration.searched is not None or declaration.privacy_class is PrivacyClass.NETWORK
        )
    )
    .where(_PERSON.c.id.in_(HIS_RECORDS))
    .order_by(_PERSON.c.id)
)
_HIS_LICENCES: Final = _LICENCE.c.person_id.in_(HIS_RECORDS)
_HIS_NUMBERS: Final = Prepared(
    sa.union(
        sa.select(_LICENCE.c.serial).where(_HIS_LICENCES),
        *(
            sa.select(column)
            .join(_LICENCE, _LICENCE.c.id == _ACTIVATION.c.licence_id)
            .where(_HIS_LICENCES, column.is_not(None))
            for column in (_ACTIVATION.c.mac, _ACTIVATION.c.ip)
        ),
    ).limit(LIMIT)
)
_OF_THE_SAME_PRODUCT: Final = sa.select(_CASE.c.id).where(
    _CASE.c.person_id == _ID,
    _CASE.c.id.in_(sa.bindparam("numbers", expanding=True)),
    _CASE.c.product_name
    == sa.select(_IN_HAND.c.product_name)
    .where(_IN_HAND.c.id == sa.bindparam("case"), _IN_HAND.c.person_id == _ID)
    .scalar_subquery(),
)

_CONTACT: Final = Prepared(
    sa.select(
        *(
            _PERSON.c[column]
            for column in (
                "given_name", "family_name", "email", "phone", "street", "postal_code", "city", "country",
            )
        )
    ).where(_PERSON.c.id == _ID)
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """How a person is called and reached; what is not held is empty."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


class Reading:
    """Whole records, unmasked, for the gateway alone."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def person(self, person_id: int, kind: str, record_id: int) -> Mapping[str, tuple[Values, ...]]:
        """Return every section of a person's record, newest rows first; a section may hold more rows than the limit.

        What it was opened by, a record of ``kind``, is in it however old it is, with the rows that belong to it.
        """
        found = self._sections(_OF_PERSON, person_id)
        if kind in _WITHOUT_PERSON and not any(row["id"] == record_id for row in found[_TABLES[kind]]):
            for name, rows in self.without_person(kind, record_id).items():
                known = {row["id"] for row in found[name]}
                found[name] = (*(row for row in rows if row["id"] not in known), *found[name])
        return found

    def without_person(self, kind: str, record_id: int) -> Mapping[str, tuple[Values, ...]]:
        """Return the sections of an organisation, or of an order, licence, activation or case of nobody known."""
        return self._sections(_WITHOUT_PERSON[kind], record_id)

    def cases_of_the_same_product(self, person_id: int, case_id: int, numbers: Collection[int]) -> frozenset[int]:
        """Return which of these cases of a person are about the same product as one of his."""
        if not numbers:
            return frozenset()
        asked = {"id": person_id, "case": case_id, "numbers": sorted(numbers)}
        return frozenset(int(row[0]) for row in self._tx.rows(_OF_THE_SAME_PRODUCT, asked))

    def partners(self, numbers: Collection[int]) -> tuple[tuple[int, str, str | None], ...]:
        """Return number, name and country of partners by their organisations' numbers."""
        rows = self._tx.rows(_PARTNERS, {"numbers": padded(sorted(numbers))}) if numbers else ()
        return tuple((int(row[0]), str(row[1]), row[2]) for row in rows)

    def imports(self, numbers: Collection[int]) -> dict[int, tuple[str, int]]:
        """Return the store and the UTC milliseconds of runs of an import by number."""
        rows = self._tx.rows(_IMPORTS, {"numbers": padded(sorted(numbers))}) if numbers else ()
        return {int(row[0]): (str(row[1]), int(row[2])) for row in rows}

    def identifiers(self, person_id: int) -> tuple[str, ...]:
        """Return what a person is searched and known by: names, e-mail, telephone, account and user name, numbers.

        Numbers are his serials and his computers' addresses, up to :data:`LIMIT`. The two names are given together
        too, in both orders, and so is what was put together with his record.
        """
        found: list[str] = []
        for row in self._tx.rows(_IDENTIFIERS, {"id": person_id}):
            names = [str(name) for name in (row.given_name, row.family_name) if name]
            found += (*(str(value) for value in row if value), " ".join(names), " ".join(reversed(names)))
        return (*found, *(str(row[0]) for row in self._tx.rows(_HIS_NUMBERS, {"id": person_id})))

    def contact(self, person_id: int) -> Contact:
        """Return how a person is called and reached."""
        row = self._tx.row(_CONTACT, {"id": person_id})
        if row is None:
            return Contact()
        town = " ".join(part for part in (row.postal_code, row.city) if part)
        return Contact(
            name=" ".join(part for part in (row.given_name, row.family_name) if part),
            email=row.email or "",
            phone=row.phone or "",
            address=", ".join(part for part in (row.street, town, row.country) if part) if row.street else "",
        )

    def value(self, table: str, record_id: int, column: str) -> tuple[str | None, str | None]:
        """Return one value, and the request it is contested under; raises KeyError for what the register has not."""
        row = self._tx.row(_value(table, column), {"id": record_id})
        return (None, None) if row is None or row[0] is None else (str(row[0]), row[1])

    def _sections(self, statements: Mapping[str, Prepared], record_id: int) -> dict[str, tuple[Values, ...]]:
        asked = {"id": record_id}
        return {
            name: tuple(row._asdict() for row in self._tx.rows(statement, asked))
            for name, statement in statements.items()
        }
