"""The grants of break-glass, read and written while the door is closed: audit ids, sessions and times alone."""

import hmac
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.references import LARGEST
from staffdesk.data.tables.break_glass import BreakGlass
from staffdesk.data.tables.log import Entry, EntrySubject
from staffdesk.data.tables.staff import Staff
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Act, Outcome

_GRANT: Final = register.table(BreakGlass)
_STAFF: Final = register.table(Staff)
_ENTRY: Final = register.table(Entry)
_SUBJECT: Final = register.table(EntrySubject)

_ONE: Final = Prepared(
    sa.select(
        _GRANT.c.staff_id, _GRANT.c.sid, _GRANT.c.aid, _GRANT.c.organisation_id, _GRANT.c.until_at, _GRANT.c.purpose,
        _GRANT.c.reference,
    ).where(_GRANT.c.id == sa.bindparam("id"))
)  # fmt: skip
_ADD: Final = sa.insert(_GRANT).returning(_GRANT.c.id)
_RESULT: Final = (
    sa.select(sa.func.min(_ENTRY.c.seq))
    .join(_SUBJECT, _SUBJECT.c.seq == _ENTRY.c.seq)
    .where(
        _SUBJECT.c.aid == _GRANT.c.aid,
        _ENTRY.c.seq > _GRANT.c.entry,
        _ENTRY.c.actor == _GRANT.c.staff_id,
        _ENTRY.c.act == Act.CUSTOMER_BREAK_GLASS.value,
        _ENTRY.c.out == Outcome.OK.value,
    )
    .correlate(_GRANT)
    .scalar_subquery()
)
"""The entry that says that a grant was given, with its reason: the first one behind the intent."""

_HOLD: Final = sa.select(_STAFF.c.id).where(_STAFF.c.id == sa.bindparam("staff")).with_for_update()
_GIVEN_SINCE: Final = (
    sa.select(_GRANT.c.id)
    .where(
        _GRANT.c.staff_id == sa.bindparam("staff"),
        _GRANT.c.aid == sa.bindparam("aid"),
        sa.bindparam("intent") < _RESULT,
    )
    .limit(1)
)
_TO_REVIEW: Final = (
    sa.select(_GRANT.c.id, _RESULT.label("entry")).where(_GRANT.c.reviewed_at.is_(None)).order_by(_GRANT.c.entry)
)
_REVIEW: Final = (
    sa.update(_GRANT)
    .where(
        _GRANT.c.id.in_(sa.bindparam("which", expanding=True)),
        _GRANT.c.reviewed_at.is_(None),
        _GRANT.c.staff_id != sa.bindparam("reviewer"),
    )
    .values(reviewed_at=sa.bindparam("now"), reviewed_by=sa.bindparam("reviewer"))
)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Whose grant it is, for which subject (and its company), and until when in UTC milliseconds.

    It holds for the purpose and the number it was asked under, the number as a keyed digest.
    """

    staff_id: str
    sid: str
    aid: str
    organisation_id: int | None
    until_at: int
    purpose: str | None
    reference: str | None


class Grants:
    """The grants, inside a transaction."""

    def __init__(self, tx: Transaction) -> None:
        """Look up in ``tx``."""
        self._tx = tx

    def of_number(self, number: int) -> GrantRow | None:
        """Return a grant, or None where there is none of this number."""
        row = self._tx.row(_ONE, {"id": number}) if 0 < number <= LARGEST else None
        return None if row is None else GrantRow(*row)

    def to_review(self) -> dict[int, int]:
        """Return the grants that no admin has reviewed, oldest first, and of each the entry with its reason."""
        return {int(row.id): int(row.entry) for row in self._tx.rows(_TO_REVIEW) if row.entry is not None}

    def review(self, entry: int, reviewer: str, now: int) -> int:
        """Note that the grant of an entry was reviewed (a guarded update); return how many were.

        None is, where it is no grant's, was reviewed before, or is the reviewer's own.
        """
        which = [number for number, given in self.to_review().items() if given == entry]
        return self._tx.write(_REVIEW, {"which": which, "reviewer": reviewer, "now": now}) if which else 0

    def key_of(self, number: str) -> str:
        """Return the keyed digest under which a grant holds the number it was asked under."""
        return hmac.digest(self._tx.secret, f"break-glass {number}".encode(), "sha256").hex()

    def given_since(self, staff_id: str, aid: str, intent: int) -> bool:
        """Say whether another one was given to somebody for a subject behind an intent of his.

        Nobody else is given one until the transaction ends: of each grant one entry alone is the one with its reason.
        """
        self._tx.row(_HOLD, {"staff": staff_id})
        return self._tx.row(_GIVEN_SINCE, {"staff": staff_id, "aid": aid, "intent": intent}) is not None

    def add(self, made: BreakGlass) -> int:
        """Write a grant and return its number; ``tx`` must be one that writes."""
        (row,) = self._tx.rows(_ADD, {name: value for name, value in made.values().items() if name != "id"})
        return int(row[0])
