"""Who was erased; it stands apart from what erasing needs, since every desk that is opened asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.tombstones import Tombstone
from staffdesk.data.transaction import Transaction

_TOMBSTONE: Final = register.table(Tombstone)
_COMPANY: Final = "g_"
"""What the audit id of a company begins with (``AUDIT_PREFIXES``)."""
_BURIED: Final = (
    sa.select(_TOMBSTONE.c.aid, _TOMBSTONE.c.seq, _TOMBSTONE.c.erased_at, _TOMBSTONE.c.request)
    .where(~_TOMBSTONE.c.aid.startswith(_COMPANY, autoescape=True))
    .order_by(_TOMBSTONE.c.seq, _TOMBSTONE.c.aid)
)


@dataclass(frozen=True, slots=True)
class Buried:
    """Somebody who was erased: his audit id, the entry that says so, when, for which request."""

    aid: str
    seq: int
    at: int
    request: str | None


class Tombstones:
    """The list of those who were erased."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def buried(self) -> Sequence[Buried]:
        """Return which people were erased.

        Companies that were let go are not among them: no ledger knows of those, since a copy lets them go anew.
        """
        rows = self._tx.rows(_BURIED)
        return tuple(Buried(str(row.aid), int(row.seq), int(row.erased_at), row.request) for row in rows)
