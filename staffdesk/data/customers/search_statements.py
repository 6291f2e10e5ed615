"""The statements of the search in SQLAlchemy Core: what each identifier is an equality on, and what people own."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Invoice, Order
from staffdesk.data.tables.support import Case
from staffdesk.domain.access import RecordKind
from staffdesk.domain.identifiers import Identifier

_MOST: Final = sa.bindparam("most", type_=sa.Integer())
_LOOKED: Final = sa.bindparam("looked", type_=sa.Integer())
_VALUE: Final[sa.BindParameter[Any]] = sa.bindparam("value")

PERSON: Final = register.table(Person)
ORGANISATION: Final = register.table(Organisation)
_ORDER: Final = register.table(Order)
_INVOICE: Final = register.table(Invoice)
_LICENCE: Final = register.table(Licence)
_ACTIVATION: Final = register.table(Activation)
_CASE: Final = register.table(Case)
_REQUEST: Final = register.table(Request)

_WHO: Final = (
    PERSON.c.aid,
    PERSON.c.id.label("customer"),
    PERSON.c.given_name,
    PERSON.c.family_name,
    PERSON.c.email,
    ORGANISATION.c.name.label("company"),
    ORGANISATION.c.country.label("company_country"),
    PERSON.c.country,
    PERSON.c.relation_keys,
)
_NOBODY: Final = (sa.null().label("number"), sa.null().label("product"), sa.literal(1).label("is_open"))
_OPEN: Final = sa.literal(1).label("is_open")


@dataclass(frozen=True, slots=True)
class Dated:
    """When a record came: the column ``since:`` is held against, and whether it is a day or a moment."""

    column: sa.Column[Any]
    is_date: bool


SINCE: Final = {
    RecordKind.PERSON: Dated(PERSON.c.obtained_on, is_date=True),
    RecordKind.ORDER: Dated(_ORDER.c.ordered_at, is_date=False),
    RecordKind.LICENCE: Dated(_LICENCE.c.obtained_on, is_date=True),
    RecordKind.ACTIVATION: Dated(_ACTIVATION.c.activated_at, is_date=False),
    RecordKind.CASE: Dated(_CASE.c.opened_at, is_date=False),
}


def matching_people(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select the first people by folded name, then number."""
    return _people(PERSON).where(*conditions).limit(_MOST)


def people_of(numbers: sa.TextualSelect) -> sa.Select[Any]:
    """Select the first of many people by folded name, then number; only of the first the organisation is looked up."""
    each = PERSON.alias("each")
    found = sa.select(each.c.id).where(each.c.id.in_(numbers)).order_by(each.c.sort_name, each.c.id).limit(_MOST)
    first = found.correlate(None).subquery("first")
    return _people(first.join(PERSON, PERSON.c.id == first.c.id))


def _people(people: sa.FromClause) -> sa.Select[Any]:
    return (
        sa.select(PERSON.c.id, *_WHO, *_NOBODY)
        .select_from(people.outerjoin(ORGANISATION, PERSON.c.organisation_id == ORGANISATION.c.id))
        .order_by(PERSON.c.sort_name, PERSON.c.id)
    )


def _things(
    thing: sa.Table, *columns: sa.ColumnElement[Any], owner: sa.Table | None = None, joined: sa.FromClause | None = None
) -> sa.Select[Any]:
    """Select things by what they are called; ``owner`` names the table that says whose they are, if another."""
    whose = thing if owner is None else owner
    people = (thing if joined is None else joined).outerjoin(PERSON, whose.c.person_id == PERSON.c.id)
    return (
        sa.select(thing.c.id, sa.func.coalesce(PERSON.c.aid, whose.c.aid).label("aid"), *_WHO[1:], *columns)
        .select_from(
            people.outerjoin(
                ORGANISATION, sa.func.coalesce(PERSON.c.organisation_id, whose.c.organisation_id) == ORGANISATION.c.id
            )
        )
        .order_by(thing.c.id)
        .limit(_MOST)
    )


def _activations() -> sa.Select[Any]:
    return _things(
        _ACTIVATION,
        _LICENCE.c.serial.label("number"),
        _LICENCE.c.product_name.label("product"),
        _OPEN,
        owner=_LICENCE,
        joined=_ACTIVATION.join(_LICENCE, _ACTIVATION.c.licence_id == _LICENCE.c.id),
    )


def _orders() -> sa.Select[Any]:
    return _things(_ORDER, _ORDER.c.number, sa.null().label("product"), _OPEN)


def _licences() -> sa.Select[Any]:
    return _things(_LICENCE, _LICENCE.c.serial.label("number"), _LICENCE.c.product_name.label("product"), _OPEN)


def _cases() -> sa.Select[Any]:
    is_open = _CASE.c.closed_at.is_(None).label("is_open")
    return _things(_CASE, _CASE.c.number, _CASE.c.product_name.label("product"), is_open)


STATEMENTS: Final[dict[Identifier, tuple[RecordKind, sa.Select[Any]]]] = {
    Identifier.EMAIL: (RecordKind.PERSON, matching_people(PERSON.c.email_normal == _VALUE)),
    Identifier.ORDER: (RecordKind.ORDER, _orders().where(_ORDER.c.number_normal == _VALUE)),
    Identifier.INVOICE: (
        RecordKind.ORDER,
        _orders().where(_ORDER.c.id.in_(sa.select(_INVOICE.c.order_id).where(_INVOICE.c.number_normal == _VALUE))),
    ),
    Identifier.CASE: (RecordKind.CASE, _cases().where(_CASE.c.number == _VALUE)),
    Identifier.TICKET: (RecordKind.CASE, _cases().where(_CASE.c.ticket == _VALUE)),
    Identifier.REQUEST: (
        RecordKind.PERSON,
        matching_people(PERSON.c.id.in_(sa.select(_REQUEST.c.person_id).where(_REQUEST.c.number == _VALUE))),
    ),
    Identifier.CUSTOMER: (RecordKind.PERSON, matching_people(PERSON.c.id == sa.cast(_VALUE, sa.BigInteger()))),
    Identifier.SERIAL: (RecordKind.LICENCE, _licences().where(_LICENCE.c.serial_normal == _VALUE)),
    Identifier.MAC: (RecordKind.ACTIVATION, _activations().where(_ACTIVATION.c.mac == _VALUE)),
    Identifier.IP: (RecordKind.ACTIVATION, _activations().where(_ACTIVATION.c.ip == _VALUE)),
}
"""What each identifier leads to; those that lead to a person are conditions on the person alone."""

BY_PHONE: Final = matching_people(PERSON.c.phone_normal.in_(sa.bindparam("values", expanding=True)))

_OWNED: Final = {
    RecordKind.ORDER: (_ORDER, _orders),
    RecordKind.LICENCE: (_LICENCE, _licences),
    RecordKind.CASE: (_CASE, _cases),
}


def numbers_of(matching: sa.Select[Any]) -> sa.Select[Any]:
    """Return the numbers of the first people a statement of :func:`matching_people` selects, by number."""
    condition = matching.whereclause
    found = sa.select(PERSON.c.id).order_by(PERSON.c.id).limit(_LOOKED).correlate(None)
    return found if condition is None else found.where(condition)


def owned(kind: RecordKind, people: sa.Select[Any] | sa.TextualSelect, *, since: bool) -> sa.Select[Any]:
    """Select the first things of a kind that people own, by the owner's folded name, then their number."""
    thing, select = _OWNED[kind]
    first = first_owned(kind, people, since=since)
    return select().where(thing.c.id.in_(sa.select(first.c.id))).order_by(None).order_by(PERSON.c.sort_name, thing.c.id)


def first_owned(kind: RecordKind, people: sa.Select[Any] | sa.TextualSelect, *, since: bool) -> sa.Subquery:
    """Return the numbers of the first things of a kind that people own, and whose they are."""
    thing = _OWNED[kind][0]
    inner = thing.alias("belonging")
    found = sa.select(inner.c.id, inner.c.person_id).where(inner.c.person_id.in_(people)).correlate(None)
    if since:
        column = inner.c[SINCE[kind].column.name]
        found = found.where(column >= sa.bindparam("since_when", type_=column.type))
    return found.order_by(inner.c.id).limit(_LOOKED).subquery("first_owned")


def narrowed(statement: sa.Select[Any], kind: RecordKind, *, in_country: bool, since: bool) -> sa.Select[Any]:
    """Return a statement that asks for the person's country and the record's date besides."""
    if in_country:
        statement = statement.where(PERSON.c.country == sa.bindparam("country", type_=sa.String()))
    if since:
        column = SINCE[kind].column
        statement = statement.where(column >= sa.bindparam("since_when", type_=column.type))
    return statement
