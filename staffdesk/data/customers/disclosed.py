"""To whom outside the house a person's data was given."""

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.campaign import CampaignAddress, CampaignExport
from staffdesk.data.tables.sharing import Disclosure, Recipient
from staffdesk.data.transaction import AnyRow, Read
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.sharing import Disclosed

_ID: Final[sa.BindParameter[Any]] = sa.bindparam("id")
_RECIPIENT: Final = register.table(Recipient)
_DISCLOSURE: Final = register.table(Disclosure)
_EXPORT: Final = register.table(CampaignExport)
_ADDRESS: Final = register.table(CampaignAddress)
_DISCLOSED: Final = Prepared(
    sa.select(
        _RECIPIENT.c.code, _RECIPIENT.c.name, _RECIPIENT.c.country, _RECIPIENT.c.mechanism,
        _RECIPIENT.c.mechanism_until, _DISCLOSURE.c.classes, _DISCLOSURE.c.purpose,
        sa.func.max(_DISCLOSURE.c.disclosed_on).label("last_on"),
        sa.func.count(_DISCLOSURE.c.order_id).label("orders"),
    )
    .join(_DISCLOSURE, _DISCLOSURE.c.recipient_id == _RECIPIENT.c.id)
    .where(_DISCLOSURE.c.person_id == _ID)
    .group_by(
        _RECIPIENT.c.id, _RECIPIENT.c.code, _RECIPIENT.c.name, _RECIPIENT.c.country, _RECIPIENT.c.mechanism,
        _RECIPIENT.c.mechanism_until, _DISCLOSURE.c.classes, _DISCLOSURE.c.purpose,
    )
    .order_by(_RECIPIENT.c.id, _DISCLOSURE.c.purpose, _DISCLOSURE.c.classes)
)  # fmt: skip


_NEWS: Final = Prepared(
    sa.select(
        _RECIPIENT.c.code, _RECIPIENT.c.name, _RECIPIENT.c.country, _RECIPIENT.c.mechanism,
        _RECIPIENT.c.mechanism_until, _EXPORT.c.classes, _EXPORT.c.purpose, _EXPORT.c.made_at,
    )
    .join(_EXPORT, _EXPORT.c.recipient_id == _RECIPIENT.c.id)
    .join(_ADDRESS, _ADDRESS.c.given_in == _EXPORT.c.id)
    .where(_ADDRESS.c.person_id == _ID)
    .order_by(_EXPORT.c.made_at.desc(), _EXPORT.c.id.desc())
    .limit(1)
)  # fmt: skip


def disclosures(tx: Read, person_id: int) -> tuple[Disclosed, ...]:
    """Return to whom a person's data was given, once for each recipient, purpose and kinds of data.

    Of what a whole export gave the campaign service the newest is told, though it is one record of many people.
    """
    asked = {"id": person_id}
    singly = [_disclosed(row, row.last_on, with_order=row.orders > 0) for row in tx.rows(_DISCLOSED, asked)]
    with_others = [
        _disclosed(row, receive_day(dt.datetime.fromtimestamp(row.made_at / 1000, dt.UTC)), with_order=False)
        for row in tx.rows(_NEWS, asked)
    ]
    return (*singly, *with_others)


def _disclosed(row: AnyRow, last_on: dt.date, *, with_order: bool) -> Disclosed:
    return Disclosed(
        code=row.code,
        name=row.name,
        country=row.country,
        classes=row.classes,
        purpose=row.purpose,
        last_on=last_on,
        with_order=with_order,
        mechanism=row.mechanism,
        mechanism_until=row.mechanism_until,
    )
