"""Requests in lists: references, states and dates; no column here is a customer's."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.restrictions import ERASING, SETTLED, STANDS, TO_TELL, UNTOLD
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.workflow import RequestMove, RequestProgress
from staffdesk.data.transaction import AnyRow, Transaction
from staffdesk.domain.marketing import SubscriptionStatus
from staffdesk.domain.request_moves import NAMES_HIM, Identity
from staffdesk.domain.request_progress import LOOKED_AT
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import ANSWERED, CHECKING, RequestState, RequestType
from staffdesk.domain.restrictions import Restriction

_MOVE: Final = register.table(RequestMove)
_PROGRESS: Final = register.table(RequestProgress)
_REQUEST: Final = register.table(Request)
_SUBSCRIPTION: Final = register.table(Subscription)
_LIMIT: Final = 200

_COPY_THERE: Final = sa.and_(
    _PROGRESS.c.copy_since.is_not(None),
    _PROGRESS.c.copy_deleted_on.is_(None),
    sa.or_(_PROGRESS.c.identity.in_(sorted(LOOKED_AT)), _REQUEST.c.state.not_in(sorted(CHECKING))),
)
_NAMED_LATER: Final = sa.exists(
    sa.select(_MOVE.c.id).where(_MOVE.c.request_id == _REQUEST.c.id, _MOVE.c.name == NAMES_HIM)
)
_REQUEST_ROWS: Final = (
    sa.select(
        _REQUEST.c.id, _REQUEST.c.number, _REQUEST.c.kind, _REQUEST.c.state, _REQUEST.c.channel,
        _REQUEST.c.received_at, _REQUEST.c.hard_due, _REQUEST.c.soft_due, _REQUEST.c.person_id,
        _REQUEST.c.carried_out_at, _PROGRESS.c.identity, _PROGRESS.c.lift_on, _PROGRESS.c.ended_on,
        STANDS.label("stands"),
        SETTLED.label("settled"), ERASING.label("erasing"), UNTOLD.label("untold"), _COPY_THERE.label("copy_there"),
        _NAMED_LATER.label("named_later"), TO_TELL.label("to_tell"),
    )
    .join(_PROGRESS, _PROGRESS.c.request_id == _REQUEST.c.id)
    .limit(_LIMIT)
)  # fmt: skip
_SUBMITTED: Final = sa.or_(
    _REQUEST.c.state == RequestState.APPROVAL.value, _PROGRESS.c.identity == Identity.FAILED.value
)
_TO_BE_LIFTED: Final = sa.or_(sa.and_(STANDS, sa.or_(SETTLED, _PROGRESS.c.lift_on.is_not(None))), UNTOLD)
_ANSWERED: Final = sa.case((_REQUEST.c.state.not_in(sorted(ANSWERED)), 0), (_TO_BE_LIFTED, 1), else_=2)
_REQUESTS: Final = _REQUEST_ROWS.order_by(_ANSWERED, _REQUEST.c.hard_due, _REQUEST.c.id)
_REQUESTS_OF: Final = _REQUESTS.where(
    sa.or_(
        _REQUEST.c.received_by == sa.bindparam("staff_id"),
        sa.and_(sa.bindparam("decides", type_=sa.Boolean), _SUBMITTED),
    )
)
_OF_PERSON: Final = _REQUEST_ROWS.where(
    _REQUEST.c.person_id == sa.bindparam("person"), _REQUEST.c.kind == sa.bindparam("kind")
).order_by(_REQUEST.c.id.desc())
_OWN_OR_ALL: Final = sa.or_(
    sa.bindparam("staff_id", type_=sa.String).is_(None), _REQUEST.c.received_by == sa.bindparam("staff_id")
)
_OF_MESSAGE: Final = _REQUEST_ROWS.where(_REQUEST.c.message_digest == sa.bindparam("digest")).order_by(_REQUEST.c.id)
_STILL_OPEN: Final = _REQUEST_ROWS.where(
    _REQUEST.c.person_id == sa.bindparam("person"), _REQUEST.c.state.not_in(sorted(ANSWERED)), _OWN_OR_ALL
).order_by(_REQUEST.c.id)
_GETS_MAIL: Final = (
    sa.select(_SUBSCRIPTION.c.id)
    .where(
        _SUBSCRIPTION.c.person_id == sa.bindparam("person"),
        _SUBSCRIPTION.c.status == SubscriptionStatus.SUBSCRIBED.value,
    )
    .limit(1)
)


class RequestLists:
    """The lists of data-subject requests."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def by_due_date(self, received_by: str | None, *, decides: bool = False) -> tuple[RequestRow, ...]:
        """Return the requests, open ones first, the one due first on top; of one employee's receipts, where named.

        After the open ones come those whose restriction is to be lifted. Who ``decides`` gets those with them that wait
        for a second person.
        """
        if received_by is None:
            return tuple(map(_request, self._tx.rows(_REQUESTS)))
        return tuple(map(_request, self._tx.rows(_REQUESTS_OF, {"staff_id": received_by, "decides": decides})))

    def of_person(self, person_id: int, kind: RequestType) -> tuple[RequestRow, ...]:
        """Return what a person asked of one type, newest first."""
        return tuple(map(_request, self._tx.rows(_OF_PERSON, {"person": person_id, "kind": kind.value})))

    def of_message(self, digest: str) -> tuple[RequestRow, ...]:
        """Return what was received by the mail with this keyed digest, the first one first."""
        return tuple(map(_request, self._tx.rows(_OF_MESSAGE, {"digest": digest})))

    def still_open(self, person_id: int, received_by: str | None) -> tuple[RequestRow, ...]:
        """Return what a person asked that is not answered yet; of one employee's receipts, where named."""
        return tuple(map(_request, self._tx.rows(_STILL_OPEN, {"person": person_id, "staff_id": received_by})))

    def gets_mail(self, person_id: int) -> bool:
        """Say whether any list's mail goes to a person."""
        return self._tx.row(_GETS_MAIL, {"person": person_id}) is not None


def _request(row: AnyRow) -> RequestRow:
    return RequestRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        state=row.state,
        channel=row.channel,
        received_at=row.received_at,
        hard_due=row.hard_due,
        soft_due=row.soft_due,
        customer=row.person_id,
        carried_out_at=row.carried_out_at,
        identity=Identity(row.identity),
        restriction=Restriction(bool(row.stands), bool(row.settled), bool(row.erasing), bool(row.untold)),
        lift_on=row.lift_on,
        copy_there=bool(row.copy_there),
        named_later=bool(row.named_later),
        ended_on=row.ended_on,
        to_tell=bool(row.to_tell),
    )
