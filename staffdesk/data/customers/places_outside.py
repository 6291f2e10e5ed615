"""The places outside the desk where a person's data may be: what was found there, and what became of it."""

from typing import Final, NamedTuple

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.workflow import RequestCheck
from staffdesk.data.transaction import Transaction
from staffdesk.domain.request_work import Searched

_CHECK: Final = register.table(RequestCheck)
_REQUEST: Final = register.table(Request)
_NOTED: Final = (
    sa.select(_CHECK.c.place, _CHECK.c.outcome, _CHECK.c.checked_at, _REQUEST.c.carried_out_at)
    .select_from(_CHECK.join(_REQUEST, _REQUEST.c.id == _CHECK.c.request_id))
    .where(_CHECK.c.request_id == sa.bindparam("which"))
    .order_by(_CHECK.c.place)
)


_SHOWN: Final = _NOTED.add_columns(_CHECK.c.evidence)


class Noted(NamedTuple):
    """What is noted of one place, when in UTC milliseconds, and whether that was since the request was carried out."""

    place: str
    outcome: Searched
    evidence: str
    at: int
    since: bool

    @property
    def waits(self) -> bool:
        """Whether something was found there, and nothing is noted of it since."""
        return self.outcome is not Searched.NOTHING and not self.since


def noted_of(tx: Transaction, request_id: int, *, shown: bool = False) -> tuple[Noted, ...]:
    """Return what is noted of each place for a request; what shows it is read through the open door alone."""
    return tuple(
        Noted(
            str(row.place),
            Searched(row.outcome),
            (row.evidence or "") if shown else "",
            int(row.checked_at),
            row.carried_out_at is not None and row.checked_at >= row.carried_out_at,
        )
        for row in tx.rows(_SHOWN if shown else _NOTED, {"which": request_id})
    )
