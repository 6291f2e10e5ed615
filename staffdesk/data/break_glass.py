"""The grants of break-glass, read and written while the door is closed: audit ids, sessions and times alone."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.references import LARGEST
from staffdesk.data.tables.break_glass import BreakGlass
from staffdesk.data.transaction import Transaction

_GRANT: Final = register.table(BreakGlass)

_ONE: Final = Prepared(
    sa.select(_GRANT.c.staff_id, _GRANT.c.sid, _GRANT.c.aid, _GRANT.c.organisation_id, _GRANT.c.until_at).where(
        _GRANT.c.id == sa.bindparam("id")
    )
)
_ADD: Final = sa.insert(_GRANT).returning(_GRANT.c.id)
_SINCE: Final = sa.select(sa.func.count()).select_from(_GRANT).where(_GRANT.c.opened_at >= sa.bindparam("since"))


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Whose grant it is, for which subject (and its company), and until when in UTC milliseconds."""

    staff_id: str
    sid: str
    aid: str
    organisation_id: int | None
    until_at: int


class Grants:
    """The grants, inside a transaction."""

    def __init__(self, tx: Transaction) -> None:
        """Look up in ``tx``."""
        self._tx = tx

    def of_number(self, number: int) -> GrantRow | None:
        """Return a grant, or None where there is none of this number."""
        row = self._tx.row(_ONE, {"id": number}) if 0 < number <= LARGEST else None
        return None if row is None else GrantRow(row.staff_id, row.sid, row.aid, row.organisation_id, row.until_at)

    def made_since(self, moment: int) -> int:
        """Return how many grants were made from a UTC millisecond on."""
        row = self._tx.row(_SINCE, {"since": moment})
        return 0 if row is None else int(row[0])

    def add(self, made: BreakGlass) -> int:
        """Write a grant and return its number; ``tx`` must be one that writes."""
        (row,) = self._tx.rows(_ADD, {name: value for name, value in made.values().items() if name != "id"})
        return int(row[0])
