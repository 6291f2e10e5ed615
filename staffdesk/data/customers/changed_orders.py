"""What an order said before an import changed it, kept with its parts until the import is undone or overtaken."""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.sales import Invoice, Order, OrderLine, Shipment
from staffdesk.data.tables.sharing import ImportChange, OrderBefore
from staffdesk.data.transaction import Change, Transaction

PARTS: Final[Sequence[type[Record]]] = (OrderLine, Invoice, Shipment)
"""What is written anew with an order that changes; a licence is not, since computers are activated on it."""

_ORDER: Final = register.table(Order)
_BEFORE: Final = register.table(OrderBefore)
_CHANGE: Final = register.table(ImportChange)
_KEPT: Final = frozenset({"id", "aid", "person_id"})
"""What of an order no import changes: whose it is stays, unless it was nobody's."""

_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_OWN: Final[sa.BindParameter[int]] = sa.bindparam("import_id")
_FOUND: Final = (
    sa.select(_BEFORE.c.order_id, _BEFORE.c.content, _ORDER.c.person_id)
    .join(_ORDER, _ORDER.c.id == _BEFORE.c.order_id)
    .where(_BEFORE.c.order_id.in_(_IDS), _BEFORE.c.import_id == _OWN, _ORDER.c.import_id == _OWN)
    .order_by(_BEFORE.c.order_id)
)
_SAID_BEFORE: Final = sa.select(_BEFORE.c.order_id, _BEFORE.c.content).where(_BEFORE.c.order_id.in_(_IDS))
_KEPT_ALREADY: Final = sa.select(_ORDER.c.id).where(_ORDER.c.id.in_(_IDS), _ORDER.c.import_id == _OWN)
"""An order that this import changed before says so itself; of one it brought nothing is to be kept."""


class ChangedOrders:
    """The orders that one import changed, as they were."""

    def __init__(self, tx: Change, import_id: int) -> None:
        """Work in ``tx`` on what an import changes."""
        self._tx = tx
        self._import_id = import_id

    def keep(self, orders: Collection[int]) -> None:
        """Keep what orders say, before they are changed; what an earlier import had kept of them goes.

        Of an order that this import changes again, what it said first stays kept, and of one it brought nothing is.
        """
        ids = self._tx.rows(_KEPT_ALREADY, {"ids": list(orders), "import_id": self._import_id})
        fresh = sorted(set(orders) - {int(row[0]) for row in ids})
        if not fresh:
            return
        self._tx.write(sa.delete(_BEFORE).where(_BEFORE.c.order_id.in_(_IDS)), {"ids": fresh})
        held: dict[int, dict[str, list[dict[str, object]]]] = {number: {} for number in fresh}
        for table in (_ORDER, *map(register.table, PARTS)):
            key = "id" if table is _ORDER else "order_id"
            chosen = sa.select(table).where(table.c[key].in_(_IDS)).order_by(table.c.id)
            for row in self._tx.rows(chosen, {"ids": fresh}):
                values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
                held[values[key]].setdefault(table.name, []).append(values)
        Writing(self._tx).add(
            [
                OrderBefore.checked(
                    {"import_id": self._import_id, "order_id": number, "content": json.dumps(content, default=_iso)}
                )
                for number, content in held.items()
            ]
        )

    def among(self, orders: Collection[int]) -> frozenset[int]:
        """Return which of these orders this import changed last, and what they said before is kept."""
        rows = self._tx.rows(_FOUND, {"ids": list(orders), "import_id": self._import_id})
        return frozenset(int(row.order_id) for row in rows)

    def restore(self, orders: Collection[int]) -> int:
        """Put orders back with their parts, as they were before this import; return how many."""
        found = self._tx.rows(_FOUND, {"ids": list(orders), "import_id": self._import_id})
        done = 0
        for row in found:
            content, number = json.loads(row.content), int(row.order_id)
            (order,) = _read(_ORDER, content[_ORDER.name])
            values = {name: value for name, value in order.items() if name not in _KEPT}
            if order["person_id"] is None:
                values["person_id"] = None
            guarded = sa.update(_ORDER).where(_ORDER.c.id == number, _ORDER.c.import_id == self._import_id)
            done += self._tx.write(guarded.values(values))
            for part in PARTS:
                table = register.table(part)
                self._tx.write(sa.delete(table).where(table.c.order_id == number))
                rows = [
                    {name: value for name, value in values.items() if name != "id"}
                    for values in _read(table, content.get(table.name, ()))
                ]
                if rows:
                    self._tx.write(sa.insert(table), rows)
        gone = {"ids": [int(row.order_id) for row in found], "import_id": self._import_id}
        if found:
            self._tx.write(sa.delete(_BEFORE).where(_BEFORE.c.order_id.in_(_IDS)), {"ids": gone["ids"]})
            noted = sa.and_(_CHANGE.c.record_table == _ORDER.name, _CHANGE.c.record_id.in_(_IDS))
            self._tx.write(sa.delete(_CHANGE).where(noted, _CHANGE.c.import_id == _OWN), gone)
        return done


class EarlierOrders:
    """What orders said before the last import that changed them; needs the open door."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def digests(self, orders: Collection[int]) -> dict[int, str]:
        """Return the digest of what each of these orders said before, where that is kept."""
        rows = self._tx.rows(_SAID_BEFORE, {"ids": list(orders)}) if orders else ()
        return {int(row.order_id): str(json.loads(row.content)[_ORDER.name][0]["digest"]) for row in rows}


def _iso(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _read(table: sa.Table, rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Give rows their days back; a column that came since has its default."""
    days = {column.name for column in table.c if isinstance(column.type, sa.Date)}
    return [
        {
            name: dt.date.fromisoformat(value) if name in days and isinstance(value, str) else value
            for name, value in row.items()
            if name in table.c
        }
        for row in rows
    ]
