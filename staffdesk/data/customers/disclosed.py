"""To whom outside the house a person's data was given."""

from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.sharing import Disclosure, Recipient
from staffdesk.data.transaction import Read
from staffdesk.domain.sharing import Disclosed

_ID: Final[sa.BindParameter[Any]] = sa.bindparam("id")
_RECIPIENT: Final = register.table(Recipient)
_DISCLOSURE: Final = register.table(Disclosure)
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


def disclosures(tx: Read, person_id: int) -> tuple[Disclosed, ...]:
    """Return to whom a person's data was given, once for each recipient, purpose and kinds of data."""
    return tuple(
        Disclosed(
            code=row.code,
            name=row.name,
            country=row.country,
            classes=row.classes,
            purpose=row.purpose,
            last_on=row.last_on,
            with_order=row.orders > 0,
            mechanism=row.mechanism,
            mechanism_until=row.mechanism_until,
        )
        for row in tx.rows(_DISCLOSED, {"id": person_id})
    )
