"""What erasures left to be destroyed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.erasure import Destruction
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.erasure import Destroyed

_DESTRUCTION: Final = register.table(Destruction)
_TO_DO: Final = (
    sa.select(_DESTRUCTION.c.id, _DESTRUCTION.c.request_id, _DESTRUCTION.c.what, _DESTRUCTION.c.made_at)
    .where(_DESTRUCTION.c.done_at.is_(None))
    .order_by(_DESTRUCTION.c.id)
)
_SEALED: Final = sa.select(_DESTRUCTION.c.id, _DESTRUCTION.c.sealed).where(
    _DESTRUCTION.c.id.in_(sa.bindparam("ids", expanding=True)), _DESTRUCTION.c.sealed.is_not(None)
)
_DONE: Final = (
    sa.update(_DESTRUCTION)
    .where(_DESTRUCTION.c.id.in_(sa.bindparam("ids", expanding=True)), _DESTRUCTION.c.done_at.is_(None))
    .values(done_at=sa.bindparam("now"), target=sa.bindparam("result"), sealed=None)
)
_NOTE: Final = (
    sa.update(_DESTRUCTION)
    .where(_DESTRUCTION.c.id == sa.bindparam("listed"), _DESTRUCTION.c.done_at.is_(None))
    .values(target=sa.bindparam("result"))
)
_RESULT: Final = (
    sa.select(_DESTRUCTION.c.what, _DESTRUCTION.c.target, _DESTRUCTION.c.done_at)
    .where(_DESTRUCTION.c.request_id == sa.bindparam("request"))
    .order_by(_DESTRUCTION.c.id)
)


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to destroy."""

    id: int
    request_id: int | None
    what: Destroyed
    made_at: int


@dataclass(frozen=True, slots=True)
class Done:
    """One thing of a request, and what came of it; ``at`` is None while it is to be done."""

    what: Destroyed
    result: str
    at: int | None = dataclass_field(default=None)


class Destructions:
    """The list."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``; nothing personal is read."""
        self._tx = tx

    def to_do(self) -> Sequence[ToDo]:
        """Return what is not done yet, in order."""
        rows = self._tx.rows(_TO_DO)
        return tuple(ToDo(int(row.id), row.request_id, Destroyed(row.what), int(row.made_at)) for row in rows)

    def of_request(self, request_id: int) -> Sequence[Done]:
        """Return what was listed for a request, and what came of it."""
        rows = self._tx.rows(_RESULT, {"request": request_id})
        return tuple(Done(Destroyed(row.what), row.target or "", row.done_at) for row in rows)


class Destroying(Destructions):
    """What may open the sealed identifiers; wants the open door."""

    def __init__(self, tx: Change) -> None:
        """Work in ``tx``."""
        super().__init__(tx)
        self._change = tx

    def sealed(self, ids: Collection[int]) -> Sequence[tuple[int, bytes]]:
        """Return what is looked for, sealed."""
        rows = self._change.rows(_SEALED, {"ids": sorted(ids)}) if ids else ()
        return tuple((int(row[0]), bytes(row[1])) for row in rows)

    def done(self, ids: Collection[int], result: str, now: int) -> int:
        """Say that it is done, and forget what was looked for; return how much was not done before."""
        return self._change.write(_DONE, {"ids": sorted(ids), "now": now, "result": result}) if ids else 0

    def note(self, listed: int, result: str) -> int:
        """Say how far it is, while it is not done; return how much was noted."""
        return self._change.write(_NOTE, {"listed": listed, "result": result})
