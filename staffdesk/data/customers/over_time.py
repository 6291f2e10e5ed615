"""Whose data have had their time: nobody was in touch with him for as long as his kind of record is kept.

Left out is who is owed something or kept for another reason: a licence in use, a subscription, an open case or
request, a hold of any kind; a supplier's and a partner's people; and a record that was put together with another, since
it goes with that one: for whose sake the other stays, both stay.
"""

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import PAIR, SAME
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Person
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
_ACTIVE: Final = "active"


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
            sa.or_(_LICENCE.c.status == _ACTIVE, _LICENCE.c.issued_on >= _DAY, _LICENCE.c.obtained_on >= _DAY),
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


def _stays(whose: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    """Say for which reasons somebody stays, any of which is enough."""
    return (
        _known_on(whose) >= _DAY,
        whose.c.is_supplier.is_(sa.true()),
        whose.c.is_partner.is_(sa.true()),
        _is_there(_HOLD.c.record_table == _PERSON.name, _HOLD.c.record_id == whose.c.id, _HOLD.c.ended_at.is_(None)),
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
_OF_KIND: Final = {"lead": (*_LET_GO, *_LEADS), "person": (*_LET_GO, sa.not_(sa.and_(*_LEADS)))}
_COUNT: Final = {
    kind: sa.select(sa.func.count()).select_from(_PERSON).where(*conditions) for kind, conditions in _OF_KIND.items()
}
_SOME: Final = {
    kind: sa.select(_PERSON.c.id, _PERSON.c.aid)
    .where(*conditions)
    .order_by(_PERSON.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    for kind, conditions in _OF_KIND.items()
}
_STILL: Final = {
    kind: sa.select(_PERSON.c.id).where(_PERSON.c.id == sa.bindparam("person"), *conditions)
    for kind, conditions in _OF_KIND.items()
}


class OverTime:
    """Reads them, at the closed door: numbers alone.

    The ``kind`` is that of ``retention.toml``: ``lead`` for who was met at an event and never bought, ``person`` for
    everybody else. ``day`` is the first day on which a contact keeps him.
    """

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def count(self, kind: str, day: dt.date) -> int:
        """Return how many they are."""
        row = self._tx.row(_COUNT[kind], _since(day))
        return 0 if row is None else int(row[0])

    def some(self, kind: str, day: dt.date, most: int) -> tuple[tuple[int, str], ...]:
        """Return the numbers and audit ids of the first of them."""
        return tuple((int(row[0]), str(row[1])) for row in self._tx.rows(_SOME[kind], {**_since(day), "most": most}))

    def still(self, kind: str, day: dt.date, person: int) -> bool:
        """Say whether one is still among them."""
        return self._tx.row(_STILL[kind], {**_since(day), "person": person}) is not None


def _since(day: dt.date) -> dict[str, object]:
    return {"day": day, "at": int(beginning_of(day).timestamp() * 1000)}
