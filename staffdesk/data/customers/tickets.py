"""What an import of a support service meets: the cases its tickets became, the messages that are held of each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.data.transaction import Change, Transaction

_CASE: Final = register.table(Case)
_REPORT: Final = register.table(ContactReport)
_STAFF: Final = register.table(Staff)
_WANTED: Final[sa.BindParameter[Any]] = sa.bindparam("wanted", expanding=True)

_HELD: Final = sa.select(
    _CASE.c.ticket, _CASE.c.id, _CASE.c.aid, _CASE.c.person_id, _CASE.c.organisation_id, _CASE.c.opened_at,
    _CASE.c.closed_at, _CASE.c.product_name, _CASE.c.channel, _CASE.c.import_id,
).where(_CASE.c.ticket.in_(_WANTED), _CASE.c.desk == sa.bindparam("desk"))  # fmt: skip
_MESSAGES: Final = sa.select(_REPORT.c.case_id, _REPORT.c.message).where(
    _REPORT.c.case_id.in_(_WANTED), _REPORT.c.message.is_not(None)
)
_ACCOUNTS: Final = (
    sa.select(sa.func.lower(_STAFF.c.email), _STAFF.c.id)
    .where(sa.func.lower(_STAFF.c.email).in_(_WANTED))
    .order_by(_STAFF.c.id)
)
_UPDATE: Final = (
    sa.update(_CASE)
    .where(_CASE.c.id == sa.bindparam("case_id"))
    .values(
        closed_at=sa.func.coalesce(_CASE.c.closed_at, sa.bindparam("ended_at", type_=_CASE.c.closed_at.type)),
        resolution=sa.func.coalesce(_CASE.c.resolution, sa.bindparam("ended_so", type_=sa.String())),
        product_name=sa.func.coalesce(_CASE.c.product_name, sa.bindparam("product", type_=sa.String())),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTicket:
    """The case that a ticket became; times are UTC milliseconds. It names nobody whose data were erased."""

    id: int
    aid: str
    person_id: int | None
    organisation_id: int | None
    opened_at: int
    closed_at: int | None
    has_product: bool
    channel: str
    import_id: int | None


class Tickets:
    """The look-ups of an import of tickets."""

    def __init__(self, tx: Transaction, desk: str) -> None:
        """Look up in ``tx`` what came from the support service ``desk``."""
        self._tx = tx
        self._desk = desk

    def held(self, numbers: Collection[str]) -> dict[str, HeldTicket]:
        """Return the cases of these tickets, by the ticket's number."""
        if not numbers:
            return {}
        return {
            row.ticket: HeldTicket(
                id=row.id,
                aid=row.aid,
                person_id=row.person_id,
                organisation_id=row.organisation_id,
                opened_at=row.opened_at,
                closed_at=row.closed_at,
                has_product=row.product_name is not None,
                channel=row.channel,
                import_id=row.import_id,
            )
            for row in self._tx.rows(_HELD, {"wanted": list(numbers), "desk": self._desk})
        }

    def messages(self, cases: Collection[int]) -> set[tuple[int, str]]:
        """Return the messages that are held of these cases, as number of the case and what the service calls it."""
        if not cases:
            return set()
        return {(int(row[0]), str(row[1])) for row in self._tx.rows(_MESSAGES, {"wanted": list(cases)})}

    def accounts(self, addresses: Collection[str]) -> Mapping[str, str]:
        """Return whose accounts here these addresses in small letters are."""
        if not addresses:
            return {}
        return {str(row[0]): str(row[1]) for row in self._tx.rows(_ACCOUNTS, {"wanted": list(addresses)})}


class EndingTickets:
    """Writes of a case what its ticket says since."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def update(self, case_id: int, ended_at: int | None, ended_so: str | None, product: str | None) -> int:
        """Fill what the case lacks, and close it where it is open; return how many rows were touched."""
        return self._tx.write(
            _UPDATE, {"case_id": case_id, "ended_at": ended_at, "ended_so": ended_so, "product": product}
        )
