"""Writing the demo's rows in batches, each with its entries in the log, so that no write holds the lock for long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from staffdesk.data.customers.filling import Filling
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.sales import Invoice, Order, OrderLine, Product, ProductSubscription, Shipment
from staffdesk.data.tables.sharing import Disclosure, Subscription
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.domain.access import Act, Outcome, Purpose
from staffdesk.services.demo.people import Row

_ORDER: Final = (
    Product,
    Organisation,
    Person,
    Order,
    OrderLine,
    Invoice,
    Shipment,
    Disclosure,
    Licence,
    Activation,
    ProductSubscription,
    Case,
    ContactReport,
    Subscription,
)
"""What others refer to comes before them."""

_GROWTH: Final = 3
_PATIENCE: Final = 30.0
"""Seconds for a batch: nobody else is at this desk yet, and a busy machine must not end the demo."""


class Fill:
    """Fills a new desk; ``policy`` is the version every entry names."""

    def __init__(self, database: Database, policy: str) -> None:
        """Write to ``database``."""
        self._database = database
        self._policy = policy
        self._written = 0
        self._since_opened = 0

    def write(self, rows: Mapping[type[Record], Sequence[Row]]) -> None:
        """Write a batch in one transaction, its intent logged before and its result with it."""
        count = sum(map(len, rows.values()))
        with self._database.append() as tx:
            ticket = Log(tx, self._policy).append(_event(Outcome.INTENT, count))
        with self._database.change(ticket, Deadline(_PATIENCE)) as tx:
            filling = Filling(tx)
            for record in _ORDER:
                filling.add(record, rows.get(record, ()))
            Log(tx, self._policy).append(_event(Outcome.OK, count))
        self._written += count
        self._since_opened += count
        if self._since_opened * _GROWTH > self._written * 2:
            # The page cache is measured by the file when it is opened, and this file was empty then.
            self._database.close()
            self._since_opened = 0

    def count(self, name: str, last_by_year: Mapping[int, int]) -> None:
        """Let a series of numbers go on after the last one given out in each year."""
        with self._database.append() as tx:
            ticket = Log(tx, self._policy).append(_event(Outcome.INTENT, len(last_by_year)))
        with self._database.change(ticket, Deadline(_PATIENCE)) as tx:
            for year, last in last_by_year.items():
                Filling(tx).count(name, year, last)
            Log(tx, self._policy).append(_event(Outcome.OK, len(last_by_year)))


def _event(outcome: Outcome, n: int) -> Event:
    return Event(act=Act.IMPORT_RUN, out=outcome, purpose=Purpose.SYSTEM, kinds=("demo",), n=n)
