"""The filters of the log that accounts keep under names of their own."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.staff import SavedFilter
from staffdesk.data.transaction import Append

_SAVED: Final = register.table(SavedFilter)

_OF: Final = sa.select(_SAVED.c.name, _SAVED.c.text).where(_SAVED.c.staff_id == sa.bindparam("who"))
_ADD: Final = sa.insert(_SAVED)
_DROP: Final = sa.delete(_SAVED).where(
    _SAVED.c.staff_id == sa.bindparam("who"), _SAVED.c.name == sa.bindparam("called")
)


class SavedFilters:
    """The table of kept filters, inside a transaction."""

    def __init__(self, tx: Append) -> None:
        """Read and write in ``tx``."""
        self._tx = tx

    def of(self, staff_id: str) -> tuple[tuple[str, str], ...]:
        """Return name and text of an account's filters by name; sorted here, since the databases' orders differ."""
        return tuple(sorted((str(row.name), str(row.text)) for row in self._tx.rows(_OF, {"who": staff_id})))

    def put(self, staff_id: str, name: str, text: str) -> int:
        """Keep a filter; one of the same name gives way."""
        self.drop(staff_id, name)
        kept = SavedFilter.checked({"staff_id": staff_id, "name": name, "text": text})
        return self._tx.write(_ADD, kept.values())

    def drop(self, staff_id: str, name: str) -> int:
        """Forget a filter."""
        return self._tx.write(_DROP, {"who": staff_id, "called": name})
