"""Which employees a package is to name, and why."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.workflow import RequestReveal
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.reveals import Reveal

_REVEAL: Final = register.table(RequestReveal)
_STAFF: Final = register.table(Staff)
_WHICH: Final = sa.bindparam("which", type_=sa.BigInteger())
_OF: Final = (
    sa.select(
        _REVEAL.c.seq, _REVEAL.c.every_one, _REVEAL.c.employee, _STAFF.c.full_name, _REVEAL.c.reason,
        _REVEAL.c.asked_at,
    )
    .join(_STAFF, _STAFF.c.id == _REVEAL.c.employee)
    .where(_REVEAL.c.request_id == _WHICH)
    .order_by(_REVEAL.c.seq)
)  # fmt: skip
_FORGET: Final = sa.delete(_REVEAL).where(_REVEAL.c.request_id == _WHICH, _REVEAL.c.seq == sa.bindparam("entry"))


class Reveals:
    """Reads what is to be named; writing needs a :class:`Change`."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of(self, request_id: int) -> tuple[Reveal, ...]:
        """Return what a request's package is to name, by entry."""
        return tuple(
            Reveal(
                seq=row.seq,
                every_one=bool(row.every_one),
                employee=row.employee,
                name=row.full_name,
                reason=row.reason or "",
                asked_at=row.asked_at,
            )
            for row in self._tx.rows(_OF, {"which": request_id})
        )


class Revealing:
    """Writes what is to be named."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def ask(
        self, request_id: int, seq: int, employee: str, reason: str, staff_id: str, now: int, *, every_one: bool
    ) -> None:
        """Note that the employee of an entry is to be named, in the stead of what was noted before."""
        row = RequestReveal.checked(
            {
                "request_id": request_id,
                "seq": seq,
                "every_one": every_one,
                "employee": employee,
                "reason": reason,
                "asked_at": now,
                "staff_id": staff_id,
            }
        )
        self.forget(request_id, seq)
        Writing(self._tx).add([row])

    def forget(self, request_id: int, seq: int) -> int:
        """Note that nobody is to be named for an entry; return how many rows that were (1, or 0)."""
        return self._tx.write(_FORGET, {"which": request_id, "entry": seq})
