"""Reading one request whole: its row, who outside the house is told, and what its letter names."""

import datetime as dt
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.reading import Values
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.requests import RecipientTask, Request
from staffdesk.data.tables.sharing import Recipient, Subscription
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.workflow import RequestLetter, RequestMove
from staffdesk.data.transaction import Read
from staffdesk.domain.request_moves import NAMES_HIM, Letter
from staffdesk.domain.request_pages import Linked, Made, Posted, Told

_REQUEST: Final = register.table(Request)
_TASK: Final = register.table(RecipientTask)
_RECIPIENT: Final = register.table(Recipient)
_PERSON: Final = register.table(Person)
_SUBSCRIPTION: Final = register.table(Subscription)
_STAFF: Final = register.table(Staff)
_MOVE: Final = register.table(RequestMove)
_LETTER: Final = register.table(RequestLetter)

_ROW: Final = sa.select(*(_REQUEST.c[column] for column in register.shown(_REQUEST.name))).where(
    _REQUEST.c.id == sa.bindparam("which")
)
_TOLD: Final = (
    sa.select(
        sa.func.coalesce(_RECIPIENT.c.name, _TASK.c.recipient).label("name"),
        _TASK.c.state,
        _TASK.c.made_at,
        _TASK.c.sent_at,
        _TASK.c.recipient.label("code"),
        _TASK.c.ground,
    )
    .outerjoin(_RECIPIENT, _RECIPIENT.c.code == _TASK.c.recipient)
    .where(_TASK.c.request_id == sa.bindparam("which"))
    .order_by(_TASK.c.id)
)
_RECEIVER: Final = sa.select(_STAFF.c.full_name).where(_STAFF.c.id == sa.bindparam("who"))
_EMPLOYEES: Final = sa.select(_STAFF.c.full_name)
_LANGUAGE: Final = sa.select(_PERSON.c.language).where(_PERSON.c.id == sa.bindparam("person"))
_ENDED: Final = (
    sa.select(_SUBSCRIPTION.c.list_name)
    .where(_SUBSCRIPTION.c.person_id == sa.bindparam("person"), _SUBSCRIPTION.c.ended_on >= sa.bindparam("since"))
    .distinct()
)
_FIRST: Final = sa.select(sa.func.coalesce(_REQUEST.c.linked_to, _REQUEST.c.id)).where(
    _REQUEST.c.id == sa.bindparam("which")
)
_LINKED: Final = (
    sa.select(_REQUEST.c.number, _REQUEST.c.kind)
    .where(
        sa.or_(_REQUEST.c.id == _FIRST.scalar_subquery(), _REQUEST.c.linked_to == _FIRST.scalar_subquery()),
        _REQUEST.c.id != sa.bindparam("which"),
    )
    .order_by(_REQUEST.c.id)
)
_POSTED: Final = (
    sa.select(_LETTER.c.kind, _LETTER.c.sent_at, _LETTER.c.way, _LETTER.c.recipient)
    .where(_LETTER.c.request_id == sa.bindparam("which"), _LETTER.c.sent_at.is_not(None))
    .order_by(_LETTER.c.sent_at, _LETTER.c.id)
)
_HISTORY: Final = (
    sa.select(_MOVE.c.name, _MOVE.c.state, _MOVE.c.made_at, _MOVE.c.staff_id, _STAFF.c.full_name, _MOVE.c.reason)
    .outerjoin(_STAFF, _STAFF.c.id == _MOVE.c.staff_id)
    .where(_MOVE.c.request_id == sa.bindparam("which"))
    .order_by(_MOVE.c.turn)
)


class RequestFiles:
    """Requests in full, unmasked, for the services that show and answer them."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def values(self, request_id: int) -> Values | None:
        """Return the row of a request by column name."""
        row = self._tx.row(_ROW, {"which": request_id})
        return None if row is None else row._asdict()

    def told(self, request_id: int) -> tuple[Told, ...]:
        """Return who outside the house is to be told of it."""
        rows = self._tx.rows(_TOLD, {"which": request_id})
        return tuple(Told(row.name, row.state, row.made_at, row.sent_at, row.code, row.ground or "") for row in rows)

    def linked(self, request_id: int) -> tuple[Linked, ...]:
        """Return the requests that came along with it, the first one that names the others too."""
        return tuple(Linked(row.number, row.kind) for row in self._tx.rows(_LINKED, {"which": request_id}))

    def history(self, request_id: int) -> tuple[Made, ...]:
        """Return the moves a request has made, in their order, with who made each and why."""
        return tuple(
            Made(row.name, row.state, row.made_at, row.staff_id is None, row.full_name or "", row.reason or "")
            for row in self._tx.rows(_HISTORY, {"which": request_id})
        )

    def named_later(self, request_id: int) -> bool:
        """Say whether privacy found out after the receipt whose data a request is about."""
        return any(made.name == NAMES_HIM for made in self.history(request_id))

    def letters(self, request_id: int) -> tuple[Posted, ...]:
        """Return the letters that went out or were saved to be sent by hand, the oldest first."""
        rows = self._tx.rows(_POSTED, {"which": request_id})
        return tuple(Posted(Letter(row.kind), row.sent_at, row.way or "", row.recipient or "") for row in rows)

    def receiver(self, staff_id: str) -> str:
        """Return the name of the employee who received a request."""
        row = self._tx.row(_RECEIVER, {"who": staff_id})
        return "" if row is None else str(row[0])

    def employees(self) -> tuple[str, ...]:
        """Return the names of everybody who works or worked here: no letter holds one."""
        return tuple(str(row[0]) for row in self._tx.rows(_EMPLOYEES))

    def language(self, person_id: int) -> str | None:
        """Return the language of a person."""
        row = self._tx.row(_LANGUAGE, {"person": person_id})
        return None if row is None else row[0]

    def lists_ended(self, person_id: int, since: dt.date) -> tuple[str, ...]:
        """Return the mail lists a person has been off since a day."""
        return tuple(sorted(str(row[0]) for row in self._tx.rows(_ENDED, {"person": person_id, "since": since})))
