"""The runs of imports: what was said of them, and how they ended."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.sharing import ImportRun
from staffdesk.data.tables.staff import Staff
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.manifest import OwedNotice, rules

_RUN: Final = register.table(ImportRun)
_STAFF: Final = register.table(Staff)
_PERSON: Final = register.table(Person)
_ALL: Final = (
    sa.select(
        _RUN.c.id, _RUN.c.store, _RUN.c.started_at, _STAFF.c.user_name, _RUN.c.source, _RUN.c.obtained_on,
        _RUN.c.evidence, _RUN.c.event, _RUN.c.partner_id, _RUN.c.notice_due_on, _RUN.c.noticed_on, _RUN.c.undone_at,
        _RUN.c.written_at, _RUN.c.continued_at, _RUN.c.finished_at,
    )
    .join(_STAFF, _STAFF.c.id == _RUN.c.staff_id)
    .order_by(_RUN.c.id)
)  # fmt: skip
_OWED: Final = (
    sa.select(
        _RUN.c.id, _RUN.c.store, _RUN.c.partner_id, _RUN.c.notice_due_on,
        sa.select(sa.func.count())
        .select_from(_PERSON)
        .where(_PERSON.c.import_id == _RUN.c.id)
        .scalar_subquery()
        .label("people"),
    )
    .where(
        _RUN.c.notice_due_on <= sa.bindparam("soon", type_=sa.Date()),
        _RUN.c.noticed_on.is_(None),
    )
    .order_by(_RUN.c.notice_due_on, _RUN.c.id)
)  # fmt: skip
_NUMBER: Final[sa.BindParameter[int]] = sa.bindparam("number")
_UNFINISHED: Final = sa.and_(_RUN.c.finished_at.is_(None), _RUN.c.undone_at.is_(None))
_TOLD_ALIKE: Final = ("store", "digest", "source", "obtained_on", "evidence", "event", "partner_id")
_STOPPED: Final = (
    sa.select(_RUN.c.id)
    .where(
        _UNFINISHED,
        *(_RUN.c[each].is_not_distinct_from(sa.bindparam(each, type_=_RUN.c[each].type)) for each in _TOLD_ALIKE),
    )
    .order_by(_RUN.c.id.desc())
    .limit(1)
)
_RUNNING: Final = (
    _ALL.where(_UNFINISHED, _RUN.c.written_at >= sa.bindparam("since"), _RUN.c.id != sa.bindparam("besides"))
    .order_by(None)
    .order_by(_RUN.c.written_at.desc())
    .limit(1)
)
_MARKS: Final = {
    name: sa.update(_RUN).where(_RUN.c.id == _NUMBER).values({name: sa.bindparam("now")})
    for name in ("written_at", "continued_at", "finished_at")
}
_ALONE: Final = sa.text(f"LOCK TABLE {_RUN.name} IN SHARE ROW EXCLUSIVE MODE")
"""What is read before it is written would be written twice by two at once; the encrypted file has one writer anyhow."""
_TOLD: Final = (
    sa.update(_RUN)
    .where(_RUN.c.id == _NUMBER, _RUN.c.notice_due_on.is_not(None), _RUN.c.noticed_on.is_(None))
    .values(noticed_on=sa.bindparam("day", type_=sa.Date()))
)
_UNDONE: Final = (
    sa.update(_RUN)
    .where(_RUN.c.id == _NUMBER)
    .values(undone_at=sa.func.coalesce(_RUN.c.undone_at, sa.bindparam("now")))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One import; times are UTC milliseconds."""

    id: int
    store: str
    started_at: int
    user_name: str
    source: str | None
    obtained_on: dt.date | None
    evidence: str | None
    event: str | None
    partner_id: int | None
    notice_due_on: dt.date | None
    noticed_on: dt.date | None
    undone_at: int | None
    written_at: int | None
    continued_at: int | None
    finished_at: int | None


class ImportRuns:
    """Reads what imports there were."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def all(self) -> tuple[Run, ...]:
        """Return every import, the oldest first."""
        return tuple(Run(**row._asdict()) for row in self._tx.rows(_ALL))

    def owed(self, today: dt.date) -> tuple[OwedNotice, ...]:
        """Return the notices that are overdue or soon due, the longest owed first; to nobody on file none is owed."""
        rows = self._tx.rows(_OWED, {"soon": today + dt.timedelta(days=rules().alarm_days)})
        return tuple(
            OwedNotice(
                run=int(row.id), store=str(row.store), partner=row.partner_id, people=int(row.people),
                due_on=row.notice_due_on, late=row.notice_due_on < today,
            )
            for row in rows
            if row.people
        )  # fmt: skip

    def stopped(self, begun: ImportRun) -> int | None:
        """Return the last import of the same files, obtained in the same way, that was neither finished nor undone."""
        row = self._tx.row(_STOPPED, {each: getattr(begun, each) for each in _TOLD_ALIKE})
        return None if row is None else int(row[0])

    def running(self, since: int, besides: int | None) -> Run | None:
        """Return an import that is not finished and wrote ``since`` then (UTC milliseconds), but for one number."""
        row = self._tx.row(_RUNNING, {"since": since, "besides": besides or 0})
        return None if row is None else Run(**row._asdict())

    def of_number(self, number: int) -> Run | None:
        """Return one import."""
        row = self._tx.row(_ALL.where(_RUN.c.id == _NUMBER), {"number": number})
        return None if row is None else Run(**row._asdict())


class EndingRuns:
    """Notes of an import what was done about it."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def alone(self) -> None:
        """Let no other import, nor the undoing of one, write until this transaction ends; before all else it does."""
        if self._tx.is_postgres:
            self._tx.write(_ALONE)

    def told(self, number: int, day: dt.date) -> int:
        """Note that whom a partner named was told; return how many rows were touched: 0 where that is not owed."""
        return self._tx.write(_TOLD, {"number": number, "day": day})

    def wrote(self, number: int, now: int) -> int:
        """Note that an import wrote; return how many rows were touched."""
        return self._tx.write(_MARKS["written_at"], {"number": number, "now": now})

    def gone_on(self, number: int, now: int) -> int:
        """Note that an import that was stopped goes on; return how many rows were touched."""
        return self._tx.write(_MARKS["continued_at"], {"number": number, "now": now})

    def finished(self, number: int, now: int) -> int:
        """Note that all of an import was read; return how many rows were touched."""
        return self._tx.write(_MARKS["finished_at"], {"number": number, "now": now})

    def undone(self, number: int, now: int) -> int:
        """Note that an import was undone; return how many rows were touched."""
        return self._tx.write(_UNDONE, {"number": number, "now": now})
