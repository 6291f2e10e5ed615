"""Finding customers: identifiers by B-tree, words by the word index; at most twenty rows, never "list all".

The first 200 matches by number are looked at; of those the first 20 by folded name, then number, are given, so both
databases answer with the same rows in the same order.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Invoice, Order
from staffdesk.data.tables.support import Case
from staffdesk.data.transaction import AnyRow, Read
from staffdesk.domain.access import RecordKind
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.new_people import Company
from staffdesk.domain.records import Match
from staffdesk.domain.words import fts5_query, tsquery

MOST_LOOKED_AT: Final = 200
"""How many matches by number the word queries below, and ``desk.find_people``, look at."""
_MOST: Final = sa.bindparam("most", type_=sa.Integer())

_P: Final = register.table(Person)
_O: Final = register.table(Organisation)
_ORDER: Final = register.table(Order)
_INVOICE: Final = register.table(Invoice)
_LICENCE: Final = register.table(Licence)
_ACTIVATION: Final = register.table(Activation)
_CASE: Final = register.table(Case)
_REQUEST: Final = register.table(Request)

_WHO: Final = (
    _P.c.aid,
    _P.c.id.label("customer"),
    _P.c.given_name,
    _P.c.family_name,
    _P.c.email,
    _O.c.name.label("company"),
    _P.c.country,
    _P.c.relation_keys,
)
_NOBODY: Final = (sa.null().label("number"), sa.null().label("product"), sa.literal(1).label("is_open"))


def _people(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(_P.c.id, *_WHO, *_NOBODY)
        .select_from(_P.outerjoin(_O, _P.c.organisation_id == _O.c.id))
        .where(*conditions)
        .order_by(_P.c.sort_name, _P.c.id)
        .limit(_MOST)
    )


def _things(
    thing: sa.Table, *columns: sa.ColumnElement[Any], owner: sa.Table | None = None, joined: sa.FromClause | None = None
) -> sa.Select[Any]:
    """Select things by what they are called; ``owner`` names the table that says whose they are, if another."""
    whose = thing if owner is None else owner
    people = (thing if joined is None else joined).outerjoin(_P, whose.c.person_id == _P.c.id)
    return (
        sa.select(thing.c.id, sa.func.coalesce(_P.c.aid, whose.c.aid).label("aid"), *_WHO[1:], *columns)
        .select_from(people.outerjoin(_O, sa.func.coalesce(_P.c.organisation_id, whose.c.organisation_id) == _O.c.id))
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


_OPEN: Final = sa.literal(1).label("is_open")
_VALUE: Final[sa.BindParameter[Any]] = sa.bindparam("value")
_STATEMENTS: Final[dict[Identifier, tuple[RecordKind, sa.Select[Any]]]] = {
    Identifier.EMAIL: (RecordKind.PERSON, _people(_P.c.email_normal == _VALUE)),
    Identifier.ORDER: (
        RecordKind.ORDER,
        _things(_ORDER, _ORDER.c.number, sa.null().label("product"), _OPEN).where(_ORDER.c.number_normal == _VALUE),
    ),
    Identifier.INVOICE: (
        RecordKind.ORDER,
        _things(_ORDER, _ORDER.c.number, sa.null().label("product"), _OPEN).where(
            _ORDER.c.id.in_(sa.select(_INVOICE.c.order_id).where(_INVOICE.c.number_normal == _VALUE))
        ),
    ),
    Identifier.CASE: (
        RecordKind.CASE,
        _things(
            _CASE,
            _CASE.c.number,
            _CASE.c.product_name.label("product"),
            _CASE.c.closed_at.is_(None).label("is_open"),
        ).where(_CASE.c.number == _VALUE),
    ),
    Identifier.REQUEST: (
        RecordKind.PERSON,
        _people(_P.c.id.in_(sa.select(_REQUEST.c.person_id).where(_REQUEST.c.number == _VALUE))),
    ),
    Identifier.SERIAL: (
        RecordKind.LICENCE,
        _things(_LICENCE, _LICENCE.c.serial.label("number"), _LICENCE.c.product_name.label("product"), _OPEN).where(
            _LICENCE.c.serial_normal == _VALUE
        ),
    ),
    Identifier.MAC: (RecordKind.ACTIVATION, _activations().where(_ACTIVATION.c.mac == _VALUE)),
    Identifier.IP: (RecordKind.ACTIVATION, _activations().where(_ACTIVATION.c.ip == _VALUE)),
}

_BY_IDENTIFIER: Final = {
    identifier: (kind, Prepared(statement)) for identifier, (kind, statement) in _STATEMENTS.items()
}
_AFTER_ALL: Final = "\U0010ffff"
_BY_COMPANY: Final = (
    sa.select(_O.c.id, _O.c.aid, _O.c.name, _O.c.country)
    .where(_O.c.sort_name >= sa.bindparam("first"), _O.c.sort_name < sa.bindparam("after"))
    .order_by(_O.c.sort_name, _O.c.id)
    .limit(_MOST)
)
_COLLEAGUES: Final = Prepared(
    _people(_P.c.organisation_id == sa.bindparam("organisation"), _P.c.id != sa.bindparam("but"))
)
_BY_PHONE: Final = _people(_P.c.phone_normal.in_(sa.bindparam("values", expanding=True)))

_NAMES: Final = """
    SELECT id FROM (SELECT rowid AS id FROM person_words WHERE person_words MATCH :query ORDER BY rowid LIMIT 200)
"""
_COMPANIES: Final = """
    SELECT id FROM (
      SELECT person.id FROM person WHERE person.organisation_id IN (
        SELECT rowid FROM organisation_words WHERE organisation_words MATCH :query ORDER BY rowid LIMIT 200
      ) ORDER BY person.id LIMIT 200
    )
"""


def _words(found: str) -> Prepared:
    within = sa.text(f"SELECT id FROM ({found} ORDER BY id LIMIT 200)").columns(sa.column("id"))  # noqa: S608 - our own constants
    return Prepared(_people(_P.c.id.in_(within)))


_WORDS_SQLITE: Final = {
    (True, True): _words(f"{_NAMES} UNION {_COMPANIES}"),
    (True, False): _words(_NAMES),
    (False, True): _words(_COMPANIES),
}
_WORDS_POSTGRES: Final = Prepared(
    _people(
        _P.c.id.in_(sa.text("SELECT id FROM desk.find_people(:query, :names, :companies)").columns(sa.column("id")))
    )
)


class Search:
    """The look-ups behind the one box."""

    def __init__(self, tx: Read, rows: int) -> None:
        """Search in ``tx`` for at most one match more than ``rows``, which says that there are others."""
        self._tx = tx
        self._most = rows + 1

    def by_identifier(self, identifier: Identifier, value: str) -> tuple[Match, ...]:
        """Return the records with a normalised identifier, at most one more than the limit."""
        kind, statement = _BY_IDENTIFIER[identifier]
        return _matches(kind, self._tx.rows(statement, {"value": value, "most": self._most}))

    def by_phone(self, candidates: Sequence[str]) -> tuple[Match, ...]:
        """Return the people with one of these telephone numbers, each in the form it is stored in."""
        return _matches(RecordKind.PERSON, self._tx.rows(_BY_PHONE, {"values": list(candidates), "most": self._most}))

    def colleagues(self, organisation_id: int, but: int) -> tuple[Match, ...]:
        """Return the people of an organisation, all but one, by name."""
        asked = {"organisation": organisation_id, "but": but, "most": self._most}
        return _matches(RecordKind.PERSON, self._tx.rows(_COLLEAGUES, asked))

    def companies(self, sort_name: str) -> tuple[Company, ...]:
        """Return the organisations whose folded name begins as this one does, the shortest first."""
        asked = {"first": sort_name, "after": sort_name + _AFTER_ALL, "most": self._most}
        rows = self._tx.rows(_BY_COMPANY, asked)
        return tuple(Company(row.id, row.aid, row.name, row.country or "") for row in rows)

    def by_words(self, terms: Sequence[str], *, names: bool, companies: bool) -> tuple[Match, ...]:
        """Return the people whose name, or whose organisation's, has a word beginning with each folded term."""
        if self._tx.is_postgres:
            asked = {"query": tsquery(terms), "names": names, "companies": companies, "most": self._most}
            return _matches(RecordKind.PERSON, self._tx.rows(_WORDS_POSTGRES, asked))
        statement = _WORDS_SQLITE[names, companies]
        return _matches(RecordKind.PERSON, self._tx.rows(statement, {"query": fts5_query(terms), "most": self._most}))


def _matches(kind: RecordKind, rows: Sequence[AnyRow]) -> tuple[Match, ...]:
    return tuple(
        Match(
            kind=kind,
            id=row.id,
            aid=row.aid or "",
            customer=row.customer,
            given_name=row.given_name,
            family_name=row.family_name,
            email=row.email,
            company=row.company,
            country=row.country,
            number=row.number,
            product=row.product,
            is_open=bool(row.is_open),
            relation_keys=row.relation_keys or "",
        )
        for row in rows
    )
