"""Single fields of a person and of the organisation: changed against what was shown, each with a status of its own."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.former import Former
from staffdesk.data.customers.writing import UNMARKED, Writing
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.licensing import Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Order
from staffdesk.data.tables.support import Case
from staffdesk.data.transaction import Change

RECORDS: Final[Mapping[str, type[Record]]] = {"person": Person, "organisation": Organisation}
"""What has fields that are kept one by one, by the name of its table."""

_PROVENANCE: Final = ("source", "obtained_on", "event", "partner_id", "import_id")
_STATUS: Final = register.table(FieldStatus)
_EVIDENCE: Final = {
    "case": register.table(Case),
    "order": register.table(Order),
    "licence": register.table(Licence),
}
_REQUEST: Final = register.table(Request)
_CHANNEL: Final = sa.select(_REQUEST.c.channel, _REQUEST.c.received_at).where(_REQUEST.c.id == sa.bindparam("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value came from, as :class:`Provenance` keeps it."""

    source: str
    obtained_on: dt.date
    event: str | None = None
    partner_id: int | None = None
    import_id: int | None = None

    def values(self) -> dict[str, object]:
        """Return the columns."""
        return {name: getattr(self, name) for name in _PROVENANCE}


class Fields:
    """Reads and writes single fields; the row they belong to stays locked until the transaction ends."""

    def __init__(self, tx: Change) -> None:
        """Work in ``tx``."""
        self._tx = tx

    def row(self, table: str, number: int) -> Mapping[str, Any] | None:
        """Return a person's or an organisation's whole row, or nothing."""
        found = register.table(RECORDS[table])
        row = self._tx.row(sa.select(found).where(found.c.id == number).with_for_update())
        return None if row is None else row._asdict()

    def checked(self, table: str, row: Mapping[str, Any], column: str, new: object) -> Record:
        """Return a row as it would be with another value; raises what its class refuses, or what it is found by."""
        record = RECORDS[table].checked({**row, column: new})
        Writing(self._tx).check(record)
        return record

    def change(self, record: Record, column: str, shown: object) -> int:
        """Write one column of a row that still holds ``shown``, with all that is derived from it.

        Returns how many rows were touched: 1, or 0 where somebody else changed it first.
        """
        return Writing(self._tx).amend(record, column, shown)

    def key_before(self, table: str, row: Mapping[str, Any], column: str) -> dict[str, object]:
        """Return what the status of a field keeps, for imports, of a value that is about to be changed."""
        key = Former(self._tx).key_before(row, column) if table == "person" else None
        return {} if key is None else {"before_key": key}

    def confirmed(self, person_id: int, today: dt.date, *, email: bool) -> int:
        """Note on a person's row that something of it was confirmed today; return how many rows were touched.

        Where the ``email`` is among it, mail that came back from it is forgotten.
        """
        table = register.table(Person)
        values = {"confirmed_on": today, **(UNMARKED if email else {})}
        return self._tx.write(sa.update(table).where(table.c.id == person_id).values(values))

    def origin_of(self, row: Mapping[str, Any]) -> Origin:
        """Return where a whole row came from."""
        return Origin(**{name: row[name] for name in _PROVENANCE})

    def evidence(self, kind: str, number: int) -> Origin | None:
        """Return where a case, an order or a licence came from; nothing for what is no such record."""
        table = _EVIDENCE.get(kind)
        if table is None:
            return None
        row = self._tx.row(sa.select(*(table.c[name] for name in _PROVENANCE)).where(table.c.id == number))
        return None if row is None else Origin(**row._asdict())

    def request(self, number: int) -> tuple[str, int] | None:
        """Return by which way a request came, and when (UTC milliseconds)."""
        row = self._tx.row(_CHANNEL, {"id": number})
        return None if row is None else (str(row[0]), int(row[1]))

    def put_status(self, table: str, number: int, column: str, origin: Origin, values: Mapping[str, object]) -> int:
        """Write ``values`` into the status of a field; one that has none yet begins with ``origin``.

        Of several keys of what stood there before (:meth:`key_before`) the first stays. Returns how many rows were
        touched.
        """
        owner = _STATUS.c[f"{table}_id"]
        here = (owner == number, _STATUS.c.field == column)
        written: dict[str, object] = dict(values)
        if "before_key" in values:
            written["before_key"] = sa.func.coalesce(_STATUS.c.before_key, values["before_key"])
        touched = self._tx.write(sa.update(_STATUS).where(*here).values(written))
        if touched:
            return touched
        begun = FieldStatus.checked({**origin.values(), owner.key: number, "field": column, **values})
        return len(Writing(self._tx).add([begun]))
