"""Whose data have had their time: nobody was in touch with him for as long as his kind of record is kept.

Left out is who is owed something or kept for another reason: a licence in use, a subscription, an open case or
request, a hold of any kind; the only contact of a company with a licence in force; a supplier's and a partner's people;
and a record that was put together with another, since it goes with that one: for whose sake the other stays, both stay.

A company goes where nothing leads to it any more: nobody, no order, licence, case, report or subscription.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import PAIR, SAME
from staffdesk.data.tables.declared import DeclaredRelation
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Order, ProductSubscription
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.data.tables.workflow import RequestProgress
from staffdesk.data.transaction import Transaction
from staffdesk.domain.deadlines import beginning_of
from staffdesk.domain.marketing import SubscriptionStatus
from staffdesk.domain.provenance import NEEDS_EVENT

_PERSON: Final = register.table(Person)
_OTHER: Final = _PERSON.alias("other")
_CONTACT: Final = _PERSON.alias("contact")
_ORGANISATION: Final = register.table(Organisation)
_STATUS: Final = register.table(FieldStatus)
_ORDER: Final = register.table(Order)
_LICENCE: Final = register.table(Licence)
_ACTIVATION: Final = register.table(Activation)
_SUPPLY: Final = register.table(ProductSubscription)
_NEWS: Final = register.table(Subscription)
_CASE: Final = register.table(Case)
_REPORT: Final = register.table(ContactReport)
_REQUEST: Final = register.table(Request)
_PROGRESS: Final = register.table(RequestProgress)
_HOLD: Final = register.table(Hold)
_DAY: Final[sa.BindParameter[dt.date]] = sa.bindparam("day", type_=sa.Date())
_AT: Final[sa.BindParameter[int]] = sa.bindparam("at", type_=sa.BigInteger())
_IN_FORCE: Final[sa.BindParameter[Any]] = sa.bindparam("in_force", expanding=True)
_ALONE: Final[sa.BindParameter[bool]] = sa.bindparam("alone", type_=sa.Boolean())
_ACTIVE: Final = "active"
_GOES_WITH_IT: Final = frozenset({_STATUS, register.table(DeclaredRelation)})
"""What is noted of a company and is no reason to keep it."""


def _known_on(table: sa.FromClause) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(table.c.confirmed_on, table.c.obtained_on)


def _is_there(*conditions: sa.ColumnElement[bool]) -> sa.Exists:
    """Ask whether there is a row, without naming a column: some are closed here."""
    return sa.select(sa.literal(1)).where(*conditions).exists()


def _of_his(table: sa.Table, *conditions: sa.ColumnElement[bool], whose: sa.FromClause = _PERSON) -> sa.Exists:
    return _is_there(table.c.person_id == whose.c.id, *conditions)


def _in_touch(whose: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    """Say what shows that somebody was in touch since, or that something is owed him."""
    return (
        _of_his(_ORDER, _ORDER.c.ordered_at >= _AT, whose=whose),
        _of_his(
            _LICENCE,
            sa.or_(_LICENCE.c.status.in_(_IN_FORCE), _LICENCE.c.issued_on >= _DAY, _LICENCE.c.obtained_on >= _DAY),
            whose=whose,
        ),
        _of_his(
            _LICENCE,
            _is_there(
                _ACTIVATION.c.licence_id == _LICENCE.c.id,
                sa.or_(_ACTIVATION.c.status == _ACTIVE, _ACTIVATION.c.activated_at >= _AT),
            ),
            whose=whose,
        ),
        _of_his(_SUPPLY, sa.or_(_SUPPLY.c.ended_on.is_(None), _SUPPLY.c.ended_on >= _DAY), whose=whose),
        _of_his(_NEWS, _NEWS.c.status == SubscriptionStatus.SUBSCRIBED.value, whose=whose),
        _of_his(
            _CASE, sa.or_(_CASE.c.closed_at.is_(None), _CASE.c.closed_at >= _AT, _CASE.c.opened_at >= _AT), whose=whose
        ),
        _of_his(_REPORT, _REPORT.c.contact_at >= _AT, whose=whose),
        _of_his(
            _REQUEST,
            sa.or_(
                _REQUEST.c.received_at >= _AT,
                _is_there(_PROGRESS.c.request_id == _REQUEST.c.id, _PROGRESS.c.ended_on.is_(None)),
                _REQUEST.c.id.not_in(sa.select(_PROGRESS.c.request_id)),
            ),
            whose=whose,
        ),
    )


def _held(table: sa.Table, number: sa.ColumnElement[Any]) -> sa.Exists:
    return _is_there(_HOLD.c.record_table == table.name, _HOLD.c.record_id == number, _HOLD.c.ended_at.is_(None))


def _alone_at_its_licence(whose: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say whether his company has a licence in force and nobody else to be told of it.

    Nobody else is who went and is held by a law, or whose record was put together with another.
    """
    return sa.and_(
        _ALONE,
        _is_there(_LICENCE.c.organisation_id == whose.c.organisation_id, _LICENCE.c.status.in_(_IN_FORCE)),
        ~_is_there(
            _CONTACT.c.organisation_id == whose.c.organisation_id,
            _CONTACT.c.id != whose.c.id,
            _CONTACT.c.id.not_in(sa.select(PAIR.c.other_id).where(SAME)),
            ~_held(_PERSON, _CONTACT.c.id),
        ),
    )


def _stays(whose: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    """Say for which reasons somebody stays, any of which is enough."""
    return (
        _known_on(whose) >= _DAY,
        whose.c.is_supplier.is_(sa.true()),
        whose.c.is_partner.is_(sa.true()),
        _held(_PERSON, whose.c.id),
        _alone_at_its_licence(whose),
        *_in_touch(whose),
    )


def _put_together(*conditions: sa.ColumnElement[bool]) -> sa.Exists:
    """Ask whether there is such a record among those that were put together with his, and go with it."""
    return _is_there(PAIR.c.person_id == _PERSON.c.id, SAME, _OTHER.c.id == PAIR.c.other_id, *conditions)


_LET_GO: Final = (
    _PERSON.c.id.not_in(sa.select(PAIR.c.other_id).where(SAME)),
    *(~each for each in _stays(_PERSON)),
    ~_put_together(sa.or_(*_stays(_OTHER))),
)
_LEADS: Final = (
    _PERSON.c.is_customer.is_(sa.false()),
    _PERSON.c.source.in_(sorted(each.value for each in NEEDS_EVENT)),
    ~_of_his(_ORDER),
    ~_of_his(_LICENCE),
    ~_put_together(_OTHER.c.is_customer.is_(sa.true())),
)
_LEFT_BEHIND: Final = (
    _ORGANISATION.c.obtained_on < _DAY,
    _ORGANISATION.c.is_supplier.is_(sa.false()),
    _ORGANISATION.c.is_partner.is_(sa.false()),
    ~_held(_ORGANISATION, _ORGANISATION.c.id),
    ~_is_there(_STATUS.c.organisation_id == _ORGANISATION.c.id, _known_on(_STATUS) >= _DAY),
    ~_is_there(_STATUS.c.organisation_id == _ORGANISATION.c.id, _STATUS.c.contested_under.is_not(None)),
    *(
        ~_is_there(column == _ORGANISATION.c.id)
        for table in register.metadata.sorted_tables
        for column in table.c
        if table not in _GOES_WITH_IT and column.references(_ORGANISATION.c.id)
    ),
)
_OF_KIND: Final[Mapping[str, tuple[sa.Table, tuple[sa.ColumnElement[bool], ...]]]] = {
    "lead": (_PERSON, (*_LET_GO, *_LEADS)),
    "person": (_PERSON, (*_LET_GO, sa.not_(sa.and_(*_LEADS)))),
    "company": (_ORGANISATION, _LEFT_BEHIND),
}
_COUNT: Final = {
    kind: sa.select(sa.func.count()).select_from(table).where(*conditions)
    for kind, (table, conditions) in _OF_KIND.items()
}
_SOME: Final = {
    kind: sa.select(table.c.id).where(*conditions).order_by(table.c.id).limit(sa.bindparam("most", type_=sa.Integer()))
    for kind, (table, conditions) in _OF_KIND.items()
}
_STILL: Final = {
    kind: sa.select(table.c.id).where(table.c.id == sa.bindparam("number"), *conditions)
    for kind, (table, conditions) in _OF_KIND.items()
}


class OverTime:
    """Reads them, at the closed door: numbers alone.

    The ``kind`` is that of ``retention.toml``: ``lead`` for who was met at an event and never bought, ``person`` for
    everybody else, ``company``. ``day`` is the first day on which a contact keeps them.
    """

    def __init__(self, tx: Transaction, in_force: Collection[str], *, alone: bool) -> None:
        """Read in ``tx``; ``in_force`` are the statuses of licences that keep their contacts.

        ``alone`` says that one in force keeps also the only contact of its company, whom it does not name.
        """
        self._tx = tx
        self._rules = {"in_force": sorted(in_force), "alone": alone}

    def count(self, kind: str, day: dt.date) -> int:
        """Return how many they are."""
        row = self._tx.row(_COUNT[kind], self._since(kind, day))
        return 0 if row is None else int(row[0])

    def some(self, kind: str, day: dt.date, most: int) -> tuple[int, ...]:
        """Return the numbers of the first of them."""
        return tuple(int(row[0]) for row in self._tx.rows(_SOME[kind], {**self._since(kind, day), "most": most}))

    def still(self, kind: str, day: dt.date, number: int) -> bool:
        """Say whether one is still among them."""
        return self._tx.row(_STILL[kind], {**self._since(kind, day), "number": number}) is not None

    def _since(self, kind: str, day: dt.date) -> dict[str, object]:
        if kind == "company":
            return {"day": day}
        return {"day": day, "at": int(beginning_of(day).timestamp() * 1000), **self._rules}
