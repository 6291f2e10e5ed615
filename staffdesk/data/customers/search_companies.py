"""Finding organisations as such, by the beginning of their names: also those that nobody belongs to."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.people import Organisation
from staffdesk.data.transaction import Read
from staffdesk.domain.access import RecordKind
from staffdesk.domain.records import Match
from staffdesk.domain.search_text import Asked

_ORGANISATION: Final = register.table(Organisation)
_STATUS: Final = register.table(FieldStatus)
_AFTER_ALL: Final = "\U0010ffff"
_COUNTRY: Final = sa.bindparam("country", type_=sa.String())
_SINCE: Final = sa.bindparam("since", type_=sa.Date())
_CONTESTED: Final = sa.exists(
    sa.select(_STATUS.c.id).where(
        _STATUS.c.organisation_id == _ORGANISATION.c.id,
        _STATUS.c.field == "name",
        _STATUS.c.contested_under.is_not(None),
    )
)
_NAMED: Final = Prepared(
    sa.select(_ORGANISATION.c.id, _ORGANISATION.c.aid, _ORGANISATION.c.name, _ORGANISATION.c.country)
    .where(
        _ORGANISATION.c.sort_name >= sa.bindparam("first"),
        _ORGANISATION.c.sort_name < sa.bindparam("after"),
        sa.or_(_COUNTRY.is_(None), _ORGANISATION.c.country == _COUNTRY),
        sa.or_(_SINCE.is_(None), _ORGANISATION.c.obtained_on >= _SINCE),
        sa.or_(sa.bindparam("contested", type_=sa.Boolean()), ~_CONTESTED),
    )
    .order_by(_ORGANISATION.c.sort_name, _ORGANISATION.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)


def organisations_named(tx: Read, sort_name: str, asked: Asked, most: int, *, contested: bool) -> tuple[Match, ...]:
    """Return the organisations whose folded name begins so, by name, at most ``most``, narrowed as ``asked``.

    Who does not settle what is ``contested`` finds none by a name that is.
    """
    bounds = {"first": sort_name, "after": sort_name + _AFTER_ALL, "most": most, "contested": contested}
    return tuple(
        Match(
            kind=RecordKind.ORGANISATION,
            id=row.id,
            aid=row.aid,
            customer=None,
            given_name=None,
            family_name=None,
            email=None,
            company=row.name,
            country=row.country,
            company_country=row.country,
        )
        for row in tx.rows(_NAMED, {**bounds, "country": asked.country, "since": asked.since})
    )
