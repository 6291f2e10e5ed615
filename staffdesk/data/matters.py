"""Cases and requests in lists: references, products, states and dates; no column here is a customer's."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.restrictions import ERASING, SETTLED, STANDS, UNTOLD
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.staff import Session
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.data.tables.types import BigInt
from staffdesk.data.tables.workflow import RequestMove, RequestProgress
from staffdesk.data.transaction import AnyRow, Transaction
from staffdesk.domain.marketing import SubscriptionStatus
from staffdesk.domain.matters import CaseRow, RequestRow
from staffdesk.domain.request_moves import NAMES_HIM, Identity
from staffdesk.domain.request_progress import LOOKED_AT
from staffdesk.domain.requests import ANSWERED, CHECKING, RequestState, RequestType
from staffdesk.domain.restrictions import Restriction

_CASE: Final = register.table(Case)
_MOVE: Final = register.table(RequestMove)
_PROGRESS: Final = register.table(RequestProgress)
_REPORT: Final = register.table(ContactReport)
_REQUEST: Final = register.table(Request)
_SESSION: Final = register.table(Session)
_SUBSCRIPTION: Final = register.table(Subscription)
_LIMIT: Final = 200

_MINE: Final = (
    sa.select(
        _CASE.c.id, _CASE.c.number, _CASE.c.kind, _CASE.c.channel, _CASE.c.product_name, _CASE.c.opened_at,
        _CASE.c.closed_at, _CASE.c.person_id,
    )
    .join(_SESSION, _SESSION.c.staff_id == _CASE.c.opened_by)
    .where(
        _SESSION.c.sid == sa.bindparam("sid"),
        _SESSION.c.ended_at.is_(None),
        _SESSION.c.locked.is_(sa.false()),
        _CASE.c.closed_at.is_(None),
    )
    .order_by(_CASE.c.opened_at.desc(), _CASE.c.id.desc())
    .limit(_LIMIT)
)  # fmt: skip
_CLOSE: Final = (
    sa.update(_CASE)
    .where(_CASE.c.number == sa.bindparam("case_number"), _CASE.c.closed_at.is_(None))
    .values(
        closed_at=sa.bindparam("now"),
        resolution=sa.func.coalesce(sa.bindparam("why", type_=sa.String), _CASE.c.resolution),
    )
    .returning(_CASE.c.aid)
)
_OPEN: Final = (
    sa.select(
        _CASE.c.id,
        _CASE.c.aid,
        _CASE.c.channel,
        _CASE.c.person_id,
        _CASE.c.organisation_id,
        _CASE.c.opened_by,
        _CASE.c.opened_at,
    )
    .where(_CASE.c.number == sa.bindparam("case_number"), _CASE.c.closed_at.is_(None))
    .with_for_update()
)
_TIE: Final = (
    sa.update(_CASE)
    .where(
        _CASE.c.id == sa.bindparam("case_id"),
        _CASE.c.closed_at.is_(None),
        _CASE.c.person_id.is_(None),
        _CASE.c.opened_by == sa.bindparam("staff_id"),
    )
    .values(
        person_id=sa.bindparam("person"),
        organisation_id=sa.func.coalesce(sa.bindparam("organisation", type_=BigInt), _CASE.c.organisation_id),
    )
)
_TIE_REPORTS: Final = (
    sa.update(_REPORT)
    .where(_REPORT.c.case_id == sa.bindparam("case"), _REPORT.c.person_id.is_(None))
    .values(
        person_id=sa.bindparam("person"),
        organisation_id=sa.func.coalesce(sa.bindparam("organisation", type_=BigInt), _REPORT.c.organisation_id),
    )
)
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
        _NAMED_LATER.label("named_later"),
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


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What is written under a case: its keys, by which way it came, who opened it, and when in UTC milliseconds."""

    id: int
    aid: str
    channel: str
    person_id: int | None
    organisation_id: int | None
    opened_by: str
    opened_at: int


class CaseLists:
    """The lists of cases."""

    def __init__(self, tx: Transaction) -> None:
        """Work in ``tx``."""
        self._tx = tx

    def open_of_session(self, sid: str) -> tuple[CaseRow, ...]:
        """Return the open cases of the session's employee, newest first."""
        return tuple(_case(row) for row in self._tx.rows(_MINE, {"sid": sid}))

    def close(self, number: str, now: int, resolution: str | None = None) -> str | None:
        """Close an open case (a guarded update); return its audit id, or None if there was none open."""
        row = self._tx.row(_CLOSE, {"case_number": number, "now": now, "why": resolution})
        return None if row is None else str(row[0])

    def open_case(self, number: str) -> OpenCase | None:
        """Return an open case, locked until the transaction ends, or None if there is none with this number."""
        row = self._tx.row(_OPEN, {"case_number": number})
        return None if row is None else OpenCase(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name

    def tie(self, case_id: int, staff_id: str, person_id: int | None, organisation_id: int | None) -> int:
        """Say whom an open case of this employee's is about that names nobody; its reports follow.

        Returns how many cases were touched: 1, or 0 where it names somebody, is closed or another's.
        """
        whose = {"person": person_id, "organisation": organisation_id}
        touched = self._tx.write(_TIE, {"case_id": case_id, "staff_id": staff_id, **whose})
        if touched:
            self._tx.write(_TIE_REPORTS, {"case": case_id, **whose})
        return touched


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


def _case(row: AnyRow) -> CaseRow:
    return CaseRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        channel=row.channel,
        product=row.product_name or "",
        opened_at=row.opened_at,
        is_open=row.closed_at is None,
        customer=row.person_id,
    )


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
    )
