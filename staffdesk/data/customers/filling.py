"""Filling a new, empty desk with many rows whose numbers the caller chose: for the demo alone.

Rows are plain values that nobody typed, so they are not validated one by one; a test holds a whole small company
against the record classes. Derived columns are computed as for any other record.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.writing import _DERIVED, AUDIT_PREFIXES, insertion, new_aid
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.staff import Counter
from staffdesk.data.transaction import Change

_ADVANCE: Final = sa.text(
    "SELECT max(nextval(pg_get_serial_sequence(:name, 'id'))) FROM generate_series(1, CAST(:n AS integer))"
)


class Filling:
    """Adds rows in bulk; only a desk that holds nothing yet may be filled."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def add(self, record: type[Record], rows: Sequence[Mapping[str, object]]) -> int:
        """Insert rows of one kind, numbered from 1 without a gap over all calls; return how many.

        Columns left out get their defaults, an audit id where the kind has one, and what is derived from the others.
        """
        if not rows:
            return 0
        defaults = _defaults(record)
        full = [self._full(record, {**defaults, **row}) for row in rows]
        touched = self._tx.write(insertion(record), full)
        if self._tx.is_postgres:
            self._tx.row(_ADVANCE, {"name": register.table(record).name, "n": len(full)})
        return touched

    def count(self, name: str, year: int, last: int) -> None:
        """Say that a series of numbers has got so far in a year, so that the next one given out follows."""
        self._tx.write(sa.insert(register.table(Counter)), {"name": name, "year": year, "last": last})

    def _full(self, record: type[Record], row: dict[str, object]) -> dict[str, object]:
        if record in AUDIT_PREFIXES:
            row["aid"] = new_aid(record)
        if (derive := _DERIVED.get(record)) is not None:
            row.update(derive(row, self._tx.secret))
        return row


@cache
def _defaults(record: type[Record]) -> Mapping[str, object]:
    fields = record.model_fields.items()
    return {name: field.default for name, field in fields if name != "id" and not field.is_required()}
