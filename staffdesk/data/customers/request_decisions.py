"""What was decided under a request: what is refused and why, which fields are corrected, who is told."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.request_reveals import Reveals
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.requests import RecipientTask
from staffdesk.data.tables.sharing import Recipient
from staffdesk.data.tables.workflow import RequestChange, RequestDecision
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.grounds import ExemptionGround, RefusalGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_work import Decision

_DECISION: Final = register.table(RequestDecision)
_CHANGE: Final = register.table(RequestChange)
_TASK: Final = register.table(RecipientTask)
_RECIPIENT: Final = register.table(Recipient)

_DECIDED: Final = (
    sa.select(
        _DECISION.c.record_table, _DECISION.c.record_id, _DECISION.c.action, _DECISION.c.ground, _DECISION.c.law,
        _DECISION.c.until, _DECISION.c.facts,
    )
    .where(_DECISION.c.request_id == sa.bindparam("which"))
    .order_by(_DECISION.c.record_table, _DECISION.c.record_id)
)  # fmt: skip
_FORGET: Final = sa.delete(_DECISION).where(_DECISION.c.request_id == sa.bindparam("which"))
_CHANGES: Final = (
    sa.select(
        _CHANGE.c.id, _CHANGE.c.record_table, _CHANGE.c.record_id, _CHANGE.c.field, _CHANGE.c.new_value,
        _CHANGE.c.evidence,
    )
    .where(_CHANGE.c.request_id == sa.bindparam("which"), _CHANGE.c.done_at.is_(None))
    .order_by(_CHANGE.c.id)
)  # fmt: skip
_UNCHANGE: Final = sa.delete(_CHANGE).where(
    _CHANGE.c.request_id == sa.bindparam("which"),
    _CHANGE.c.record_table == sa.bindparam("name"),
    _CHANGE.c.record_id == sa.bindparam("number"),
    _CHANGE.c.field == sa.bindparam("column"),
    _CHANGE.c.done_at.is_(None),
)
_DONE: Final = (
    sa.select(_CHANGE.c.record_table, _CHANGE.c.record_id, _CHANGE.c.field)
    .where(_CHANGE.c.request_id == sa.bindparam("which"), _CHANGE.c.done_at.is_not(None))
    .order_by(_CHANGE.c.id)
)
_CHANGED: Final = (
    sa.update(_CHANGE)
    .where(_CHANGE.c.id == sa.bindparam("change"), _CHANGE.c.done_at.is_(None))
    .values(done_at=sa.bindparam("now"), new_value=None, evidence=None)
)
_TASKS_BY_NAME: Final = (
    sa.select(sa.func.coalesce(_RECIPIENT.c.name, _TASK.c.recipient), _TASK.c.state, _TASK.c.ground)
    .select_from(_TASK)
    .outerjoin(_RECIPIENT, _RECIPIENT.c.code == _TASK.c.recipient)
    .where(_TASK.c.request_id == sa.bindparam("which"))
    .order_by(_TASK.c.id)
)


class Refusal(NamedTuple):
    """What is refused: the ground, its facts, the rule of law where one is named."""

    ground: RefusalGround
    facts: str
    law: str | None


class Wanted(NamedTuple):
    """A field that is to be corrected: its place, what is to stand there, what shows it."""

    id: int
    table: str
    number: int
    field: str
    new: str | None
    evidence: str | None


class Decisions:
    """Reads what was decided; writing needs a :class:`Change`."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def digest(self, request_id: int) -> str:
        """Return a digest of what was decided, corrections and names of employees too: a change makes another one."""
        decided: list[list[Any]] = [list(row) for row in self._tx.rows(_DECIDED, {"which": request_id})]
        wanted: list[list[Any]] = [list(row) for row in self._tx.rows(_CHANGES, {"which": request_id})]
        named = [[each.seq, each.every_one, each.employee, each.reason] for each in Reveals(self._tx).of(request_id)]
        whole = [decided, wanted, *([named] if named else [])]
        text = json.dumps(whole, default=dt.date.isoformat, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def refusal(self, request_id: int) -> Refusal | None:
        """Return what is refused under a request, or nothing."""
        for row in self._tx.rows(_DECIDED, {"which": request_id}):
            if row.action == Decision.DECLINE:
                return Refusal(RefusalGround(row.ground), row.facts or "", row.law)
        return None

    def corrections(self, request_id: int) -> Sequence[Wanted]:
        """Return the fields that are to be corrected and are not yet."""
        return tuple(
            Wanted(row.id, row.record_table, row.record_id, row.field, row.new_value, row.evidence)
            for row in self._tx.rows(_CHANGES, {"which": request_id})
        )

    def corrected(self, request_id: int) -> Sequence[tuple[str, int, str]]:
        """Return the fields that were corrected under a request: table, number, column."""
        rows = self._tx.rows(_DONE, {"which": request_id})
        return tuple((str(row.record_table), int(row.record_id), str(row.field)) for row in rows)

    def tasks_by_name(self, request_id: int) -> tuple[tuple[str, TaskState, ExemptionGround | None], ...]:
        """Return the names of the recipients to be told of a request, how far each has been, why he need not be."""
        return tuple(
            (str(row[0]), TaskState(row[1]), None if row[2] is None else ExemptionGround(row[2]))
            for row in self._tx.rows(_TASKS_BY_NAME, {"which": request_id})
        )


class Deciding:
    """Writes what is decided."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def decline(self, request_id: int, ground: RefusalGround, facts: str) -> None:
        """Refuse a request; the facts are screened as everything that is kept."""
        row = RequestDecision.checked(
            {
                "request_id": request_id,
                "record_table": "request",
                "record_id": request_id,
                "action": Decision.DECLINE,
                "ground": ground.value,
                "facts": facts,
            }
        )
        Writing(self._tx).add([row])

    def forget(self, request_id: int) -> int:
        """Take back what was decided; return how many rows that were."""
        return self._tx.write(_FORGET, {"which": request_id})

    def want(self, request_id: int, table: str, number: int, field: str, new: str | None, evidence: str) -> None:
        """Note what is to stand in a field, in the stead of what was noted before."""
        row = RequestChange.checked(
            {
                "request_id": request_id,
                "record_table": table,
                "record_id": number,
                "field": field,
                "new_value": new,
                "evidence": evidence or None,
            }
        )
        self.unwant(request_id, table, number, field)
        Writing(self._tx).add([row])

    def unwant(self, request_id: int, table: str, number: int, field: str) -> int:
        """Take back what was noted of a field; return how many rows that were (1, or 0)."""
        place = {"which": request_id, "name": table, "number": number, "column": field}
        return self._tx.write(_UNCHANGE, place)

    def corrected(self, change_id: int, now: int) -> int:
        """Note that a field was corrected; the value and the evidence are forgotten here. Return 1, or 0."""
        return self._tx.write(_CHANGED, {"change": change_id, "now": now})
