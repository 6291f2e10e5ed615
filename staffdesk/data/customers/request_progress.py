"""Moving a request on: where it stands, the guarded update that moves it, and what each move leaves behind."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.places_outside import noted_of
from staffdesk.data.customers.request_people import same_people
from staffdesk.data.customers.writing import Writing
from staffdesk.data.deciding import Deciding, i_may
from staffdesk.data.restrictions import ERASING, SETTLED, STANDS, TO_TELL, UNTOLD
from staffdesk.data.tables.requests import RecipientTask, Request
from staffdesk.data.tables.workflow import (
    RequestChange,
    RequestCheck,
    RequestDecision,
    RequestLetter,
    RequestMove,
    RequestPerson,
    RequestProgress,
    RequestReveal,
)
from staffdesk.data.transaction import AnyRow, Change, Transaction
from staffdesk.domain.erasure import ERASED
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_moves import NOTES_LATENESS, Identity, Letter
from staffdesk.domain.request_progress import Progress, Work
from staffdesk.domain.request_work import Decision, Searched
from staffdesk.domain.requests import ANSWERED, RequestState, RequestType
from staffdesk.domain.restrictions import NONE, Restriction

_REQUEST: Final = register.table(Request)
_PROGRESS: Final = register.table(RequestProgress)
_MOVE: Final = register.table(RequestMove)
_CHECK: Final = register.table(RequestCheck)
_DECISION: Final = register.table(RequestDecision)
_CHANGE: Final = register.table(RequestChange)
_LETTER: Final = register.table(RequestLetter)
_TASK: Final = register.table(RecipientTask)
_ANSWER: Final = register.table(RequestPerson)
_REVEAL: Final = register.table(RequestReveal)

_OWN: Final = tuple(column for column in register.of_table(_PROGRESS.name) if column != "request_id")
_ROWS: Final = (
    sa.select(
        _REQUEST.c.id, _REQUEST.c.aid, _REQUEST.c.number, _REQUEST.c.kind, _REQUEST.c.state, _REQUEST.c.channel,
        _REQUEST.c.received_at, _REQUEST.c.received_by, _REQUEST.c.person_id.label("person"), _REQUEST.c.language,
        _REQUEST.c.proof_came_along, _REQUEST.c.hard_due, _REQUEST.c.soft_due, _REQUEST.c.carried_out_at,
        TO_TELL.label("to_tell"), *(_PROGRESS.c[column] for column in _OWN),
    )
    .join(_PROGRESS, _PROGRESS.c.request_id == _REQUEST.c.id)
)  # fmt: skip
_ROW: Final = _ROWS.where(_REQUEST.c.id == sa.bindparam("which"))
_NOT_PURGED: Final = _ROWS.where(_REQUEST.c.state != RequestState.PURGED.value).order_by(_REQUEST.c.id)
_TURN: Final = (
    sa.update(_PROGRESS)
    .where(_PROGRESS.c.request_id == sa.bindparam("which"), _PROGRESS.c.turn == sa.bindparam("before"))
    .values({column: sa.bindparam(f"new_{column}") for column in _OWN})
)
_TURN_AS_ROLE: Final = _TURN.where(i_may())
_HOLD: Final = (
    sa.select(_PROGRESS.c.request_id).where(_PROGRESS.c.request_id == sa.bindparam("which")).with_for_update()
)
_STATE: Final = (
    sa.update(_REQUEST)
    .where(_REQUEST.c.id == sa.bindparam("which"), _REQUEST.c.state == sa.bindparam("start"))
    .values(
        state=sa.bindparam("new_state"),
        person_id=sa.bindparam("new_person"),
        language=sa.bindparam("new_language"),
        hard_due=sa.bindparam("new_hard_due"),
        soft_due=sa.bindparam("new_soft_due"),
        carried_out_at=sa.bindparam("new_carried_out_at"),
    )
)
_RELATIONS: Final = (
    sa.update(_REQUEST).where(_REQUEST.c.id == sa.bindparam("which")).values(relation_keys=sa.bindparam("keys"))
)
_OWN_RELATIONS: Final = sa.select(_REQUEST.c.relation_keys).where(_REQUEST.c.id == sa.bindparam("which"))
_NO_ADDRESS: Final = "-"
"""Stands first among the digests of a request that came under no e-mail address: none after it is who wrote."""
_DECIDED: Final = sa.select(_DECISION.c.action).where(_DECISION.c.request_id == sa.bindparam("which"))
_RECIPIENTS: Final = (
    sa.select(_TASK.c.state).where(_TASK.c.request_id == sa.bindparam("which")).order_by(_TASK.c.recipient)
)
_SENT: Final = sa.select(_LETTER.c.kind).where(
    _LETTER.c.request_id == sa.bindparam("which"), _LETTER.c.sent_at.is_not(None), _LETTER.c.recipient.is_(None)
)
_RESTRICTION: Final = sa.select(
    STANDS.label("stands"), SETTLED.label("settled"), ERASING.label("erasing"), UNTOLD.label("untold")
).where(_REQUEST.c.id == sa.bindparam("which"))
_OTHER: Final = _REQUEST.alias("other")
_OTHERS_OPEN: Final = (
    sa.select(sa.func.count())
    .select_from(_REQUEST.join(_OTHER, _OTHER.c.person_id == _REQUEST.c.person_id))
    .where(
        _REQUEST.c.id == sa.bindparam("which"),
        _OTHER.c.id != _REQUEST.c.id,
        _OTHER.c.kind != RequestType.ERASE.value,
        _OTHER.c.state.not_in([each.value for each in ANSWERED | {RequestState.ARCHIVED, RequestState.PURGED}]),
    )
)
_CLAIM: Final = (
    sa.update(_PROGRESS)
    .where(_PROGRESS.c.request_id == sa.bindparam("which"), _PROGRESS.c.turn == sa.bindparam("before"))
    .values(claimed_by=sa.bindparam("session"), claimed_at=sa.bindparam("now", type_=sa.BigInteger))
)
_REVEALS: Final = sa.select(_REVEAL.c.id).where(_REVEAL.c.request_id == sa.bindparam("which")).limit(1)
_LATENESS: Final = (
    sa.select(_MOVE.c.id).where(_MOVE.c.request_id == sa.bindparam("which"), _MOVE.c.name == NOTES_LATENESS).limit(1)
)
_UNSENT: Final = (
    sa.update(_LETTER)
    .where(_LETTER.c.request_id == sa.bindparam("which"), _LETTER.c.sent_at.is_(None))
    .values(body=None)
)
_UNDONE: Final = (
    sa.update(_CHANGE)
    .where(_CHANGE.c.request_id == sa.bindparam("which"), _CHANGE.c.done_at.is_(None))
    .values(new_value=None, evidence=None)
)
_KNOWN_BY: Final = (
    sa.update(_TASK)
    .where(
        _TASK.c.request_id == sa.bindparam("which"),
        sa.exists(sa.select(_REQUEST.c.id).where(_REQUEST.c.id == _TASK.c.request_id, _REQUEST.c.kind == "erase")),
    )
    .values(orders=None)
)
_EMPTIED: Final = (
    sa.update(_LETTER).where(_LETTER.c.request_id == sa.bindparam("which")).values(body=None),
    sa.update(_MOVE).where(_MOVE.c.request_id == sa.bindparam("which")).values(reason=None),
    sa.update(_CHECK).where(_CHECK.c.request_id == sa.bindparam("which")).values(evidence=None),
    sa.update(_CHANGE).where(_CHANGE.c.request_id == sa.bindparam("which")).values(new_value=None, evidence=None),
    sa.update(_DECISION).where(_DECISION.c.request_id == sa.bindparam("which")).values(facts=None),
    sa.update(_TASK).where(_TASK.c.request_id == sa.bindparam("which")).values(reason=None, orders=None),
    sa.update(_ANSWER).where(_ANSWER.c.request_id == sa.bindparam("which")).values(person_id=None),
    sa.update(_REVEAL).where(_REVEAL.c.request_id == sa.bindparam("which")).values(reason=None),
    sa.update(_REQUEST)
    .where(_REQUEST.c.id == sa.bindparam("which"))
    .values(requester=ERASED, reply_address=ERASED, note=None, person_id=None, message_digest=None, relation_keys=None),
)
_UNCHECK: Final = sa.delete(_CHECK).where(
    _CHECK.c.request_id == sa.bindparam("which"), _CHECK.c.place == sa.bindparam("where")
)


class RequestProgresses:
    """Reads where a request stands and moves it on."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``; moving needs a :class:`Change`."""
        self._tx = tx

    def of(self, request_id: int) -> Progress | None:
        """Return where a request stands."""
        row = self._tx.row(_ROW, {"which": request_id})
        return None if row is None else _progress(row)

    def not_purged(self) -> tuple[Progress, ...]:
        """Return every request whose file is still there, oldest first."""
        return tuple(map(_progress, self._tx.rows(_NOT_PURGED)))

    def work(self, request_id: int) -> Work:
        """Return what was done about a request."""
        which = {"which": request_id}
        noted = noted_of(self._tx, request_id)
        return Work(
            searched=frozenset(each.place for each in noted),
            found_outside=any(each.outcome is not Searched.NOTHING for each in noted),
            uncleared=frozenset(each.place for each in noted if each.waits),
            same=tuple(same_people(self._tx, request_id)),
            reveals_staff=self._tx.row(_REVEALS, which) is not None,
            decided=Counter(Decision(row[0]) for row in self._tx.rows(_DECIDED, which)),
            recipients=tuple(TaskState(row[0]) for row in self._tx.rows(_RECIPIENTS, which)),
            sent=frozenset(Letter(row[0]) for row in self._tx.rows(_SENT, which)),
            restriction=self.restriction(request_id),
            lateness_noted=self._tx.row(_LATENESS, which) is not None,
            others_open=int(self._tx.rows(_OTHERS_OPEN, which)[0][0]),
        )

    def restriction(self, request_id: int) -> Restriction:
        """Return what stands of what a request restricted."""
        row = self._tx.row(_RESTRICTION, {"which": request_id})
        if row is None:
            return NONE
        return Restriction(bool(row.stands), bool(row.settled), bool(row.erasing), bool(row.untold))


class RequestMoves:
    """Moves requests on; every statement is guarded, and tells how many rows it touched."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def begin(self, request_id: int, first_due: dt.date) -> int:
        """Note that a request was received; return how many rows were written (1)."""
        row = RequestProgress.checked({"request_id": request_id, "first_due": first_due})
        return self._tx.write(sa.insert(_PROGRESS), row.values())

    def hold(self, request_id: int) -> bool:
        """Let nobody else move a request until the transaction ends; False where there is none."""
        return self._tx.row(_HOLD, {"which": request_id}) is not None

    def claim(self, before: Progress, session: str | None, now: int | None) -> int:
        """Note that a session is sending something for a request, or no more; return how many rows were touched (1)."""
        return self._tx.write(_CLAIM, {"which": before.id, "before": before.turn, "session": session, "now": now})

    def move(self, before: Progress, after: Progress, by: Deciding | None = None) -> int:
        """Write where a request stands now, if nobody moved it since ``before``; return how many rows were touched.

        None is touched either where whoever moves it, ``by``, no longer holds his role or his session.
        """
        turn = {"which": before.id, "before": before.turn, **_new(after, _OWN), "new_turn": before.turn + 1}
        turned = self._tx.write(_TURN, turn) if by is None else self._tx.write(_TURN_AS_ROLE, turn | by.parameters())
        if turned != 1:
            return 0
        columns = ("state", "person", "language", "hard_due", "soft_due", "carried_out_at")
        return self._tx.write(_STATE, {"which": before.id, "start": before.state.value, **_new(after, columns)})

    def keep_relations(self, request_id: int, keys: str) -> int:
        """Keep with a request how employees stand to who asks, once nothing else tells it; return rows touched (1)."""
        return self._tx.write(_RELATIONS, {"which": request_id, "keys": keys})

    def add_relations(self, request_id: int, keys: Iterable[str]) -> int:
        """Keep more digests with a request, behind that of the address it came from; return rows touched (1)."""
        row = self._tx.row(_OWN_RELATIONS, {"which": request_id})
        own = ((row and row.relation_keys) or _NO_ADDRESS).split()
        return self.keep_relations(request_id, " ".join(dict.fromkeys((*own, *keys))))

    def record(self, after: Progress, turn: int, name: str, staff_id: str | None, reason: str, now: int) -> None:
        """Keep that a move was made; raises what the reason must not hold."""
        row = RequestMove.checked(
            {
                "request_id": after.id, "turn": turn, "name": name, "state": after.state.value, "made_at": now,
                "staff_id": staff_id, "reason": reason or None,
            }
        )  # fmt: skip
        Writing(self._tx).add([row])

    def close(self, request_id: int) -> int:
        """Empty what came to nothing under a request whose file is closed, drafts and corrections; return how many.

        And by what recipients knew somebody who is erased: they were told, and had their time to confirm it.
        """
        return sum(self._tx.write(each, {"which": request_id}) for each in (_UNSENT, _UNDONE, _KNOWN_BY))

    def forget(self, request_id: int) -> None:
        """Empty whatever a request's file says of anybody: number, type, states and dates stay, for statistics."""
        for statement in _EMPTIED:
            self._tx.write(statement, {"which": request_id})

    def check(self, request_id: int, place: str, outcome: Searched, evidence: str, staff_id: str, now: int) -> None:
        """Keep what was found in a place outside the desk, in the stead of what was noted before."""
        row = RequestCheck.checked(
            {
                "request_id": request_id, "place": place, "outcome": outcome, "checked_at": now, "staff_id": staff_id,
                "evidence": evidence or None,
            }
        )  # fmt: skip
        self._tx.write(_UNCHECK, {"which": request_id, "where": place})
        Writing(self._tx).add([row])


def _progress(row: AnyRow) -> Progress:
    values = row._asdict()
    return Progress(
        **{
            **values,
            "kind": RequestType(values["kind"]),
            "state": RequestState(values["state"]),
            "identity": Identity(values["identity"]),
            "proof_came_along": bool(values["proof_came_along"]),
            "to_tell": bool(values["to_tell"]),
        }
    )


def _new(after: Progress, columns: tuple[str, ...]) -> Mapping[str, object]:
    known = {each.name for each in fields(after)}
    values = {name: getattr(after, name) for name in columns if name in known}
    return {f"new_{name}": getattr(value, "value", value) for name, value in values.items()}
