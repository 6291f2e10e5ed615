"""Cases in lists: references, products and dates; no column here is a customer's."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.staff import Session
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import AnyRow, Transaction
from staffdesk.domain.matters import CaseRow

_CASE: Final = register.table(Case)
_REPORT: Final = register.table(ContactReport)
_SESSION: Final = register.table(Session)
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
