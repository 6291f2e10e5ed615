"""Due dates of requests by number, and when an officer was last there to see them; nobody's data stands here."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deciding import usable
from staffdesk.data.restrictions import TO_TELL
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.staff import Session, Staff, StaffRole
from staffdesk.data.tables.workflow import RequestProgress
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Role
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.requests import ANSWERED, RequestType

_REQUEST: Final = register.table(Request)
_PROGRESS: Final = register.table(RequestProgress)
_ROLE: Final = register.table(StaffRole)
_SESSION: Final = register.table(Session)
_STAFF: Final = register.table(Staff)

_DUE: Final = (
    sa.select(
        _REQUEST.c.number, _REQUEST.c.state, _REQUEST.c.hard_due, _REQUEST.c.kind, _PROGRESS.c.identity,
        TO_TELL.label("to_tell"),
    )
    .join(_PROGRESS, _PROGRESS.c.request_id == _REQUEST.c.id)
    .where(_REQUEST.c.state.not_in(sorted(ANSWERED)), _REQUEST.c.hard_due <= sa.bindparam("until", type_=sa.Date()))
    .order_by(_REQUEST.c.hard_due, _REQUEST.c.id)
)  # fmt: skip
_SEEN: Final = (
    sa.select(sa.func.max(_SESSION.c.started_at))
    .select_from(_STAFF.join(_ROLE, _ROLE.c.staff_id == _STAFF.c.id).join(_SESSION, _SESSION.c.staff_id == _STAFF.c.id))
    .where(_ROLE.c.role == Role.PRIVACY.value, usable(_STAFF))
)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A request that is not answered: its number, its state, the last day of its answer, its type and its proof.

    ``to_tell`` says that a recipient is still to be told of it.
    """

    number: str
    state: str
    hard_due: dt.date
    kind: RequestType
    identity: Identity
    to_tell: bool


class DueDates:
    """Reads due dates."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def until(self, day: dt.date) -> tuple[DueRow, ...]:
        """Return what is to be answered up to a day, what is due first on top."""
        return tuple(
            DueRow(
                row.number, row.state, row.hard_due, RequestType(row.kind), Identity(row.identity), bool(row.to_tell)
            )
            for row in self._tx.rows(_DUE, {"until": day})
        )

    def officer_seen(self, today: dt.date) -> int | None:
        """Return when an account that holds privacy and may be used today signed in last, in UTC milliseconds."""
        row = self._tx.row(_SEEN, {"today": today})
        return None if row is None or row[0] is None else int(row[0])
