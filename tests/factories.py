"""Invented customers, written through the desk's own repositories under a ticket of the log."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.sales import Invoice, Order, OrderLine, Shipment
from staffdesk.data.tables.sharing import ImportRun
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.domain.access import Act
from staffdesk.domain.provenance import Source

DAY: Final = dt.date(2026, 1, 15)
DAY_MS: Final = 24 * 60 * 60 * 1000

_numbers = itertools.count(1)


def begin_again() -> None:
    """Invent the same values as from the start, for a test that fills two databases alike."""
    global _numbers  # noqa: PLW0603 - the one count of this module
    _numbers = itertools.count(1)


def provenance() -> dict[str, object]:
    """Return where an invented record came from."""
    return {"source": Source.STORE_ACCOUNT, "obtained_on": DAY}


def person(**values: object) -> Person:
    """Return a person; what is not named is invented."""
    n = next(_numbers)
    given = {"given_name": f"Given{n}", "family_name": f"Family{n}", "email": f"p{n}@example.test"}
    return Person.checked({**provenance(), **given, "aid": new_aid(Person), **values})


def organisation(name: str, **values: object) -> Organisation:
    """Return an organisation."""
    return Organisation.checked({**provenance(), "aid": new_aid(Organisation), "name": name, **values})


def import_run(staff_id: str) -> ImportRun:
    """Return a run of an importer by an employee."""
    return ImportRun.checked({"store": "shopify", "digest": "00", "started_at": 1, "staff_id": staff_id})


def order(**values: object) -> Order:
    """Return an order of today."""
    n = next(_numbers)
    given = {
        "number": f"SO-{n:05d}",
        "store": "fastspring",
        "store_order_id": f"order{n}",
        "ordered_at": time.time_ns() // 1_000_000,
        "currency": "EUR",
        "total": "149.00",
        "state": "completed",
    }
    return Order.checked({**provenance(), **given, "aid": new_aid(Order), **values})


def licence(**values: object) -> Licence:
    """Return a licence."""
    n = next(_numbers)
    given = {"serial": f"MR4-{n:06d}-QX", "product_name": "MovieRecorder", "seats": 3, "status": "active"}
    return Licence.checked({**provenance(), **given, "aid": new_aid(Licence), **values})


def case(opened_by: str, **values: object) -> Case:
    """Return an open case."""
    n = next(_numbers)
    given = {
        "number": f"C-2026-{n:04d}",
        "kind": "support",
        "channel": "call",
        "opened_by": opened_by,
        "opened_at": time.time_ns() // 1_000_000,
    }
    return Case.checked({**provenance(), **given, "aid": new_aid(Case), **values})


@contextmanager
def writing(database: Database) -> Iterator[Writing]:
    """Give a :class:`Writing` under a fresh ticket."""
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.IMPORT_RUN))
    with database.change(ticket, Deadline(60)) as tx:
        yield Writing(tx)


def put(database: Database, *records: Record) -> tuple[int, ...]:
    """Write records one after another and return their numbers."""
    with writing(database) as pen:
        return tuple(number for record in records for number in pen.add([record]))


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with something of everything, by number."""

    person: int
    organisation: int
    order: int
    order_number: str
    invoice: int
    shipment: int
    licence: int
    serial: str
    activation: int


def customer(database: Database, **values: object) -> Customer:
    """Write one customer with a company, an order, an invoice, a shipment, a licence and an activation."""
    (company,) = put(database, organisation("Nordlys Post ApS", country="DK"))
    known = {
        "given_name": "Anders",
        "family_name": "Bo",
        "email": "anders@nordlys.example",
        "phone": "+4555550142",
        "street": "Havnegade 12",
        "postal_code": "1058",
        "city": "København",
        "country": "DK",
        "organisation_id": company,
    }
    (number,) = put(database, person(**{**known, **values}))
    bought = order(person_id=number, organisation_id=company)
    (order_id,) = put(database, bought)
    held = licence(person_id=number, organisation_id=company, order_id=order_id)
    invoice, shipment, licence_id, _ = put(
        database,
        Invoice.checked(
            {
                **provenance(),
                "order_id": order_id,
                "number": bought.number,
                "invoiced_on": DAY,
                "billing_name": "Anders Bo",
                "billing_street": "Havnegade 12",
                "currency": "EUR",
                "total": "149.00",
            }
        ),
        Shipment.checked(
            {
                **provenance(),
                "order_id": order_id,
                "status": "shipped",
                "recipient_name": "Anders Bo",
                "phone": "+4555550142",
            }
        ),
        held,
        OrderLine.checked({"order_id": order_id, "position": 1, "description": "MovieRecorder 4", "quantity": 3}),
    )
    (activation,) = put(
        database,
        Activation.checked(
            {
                **provenance(),
                "licence_id": licence_id,
                "user_name": "anders-mbp",
                "mac": "02:00:5E:10:20:30",
                "ip": "192.0.2.17",
                "activated_at": time.time_ns() // 1_000_000,
                "status": "active",
            }
        ),
    )
    return Customer(number, company, order_id, bought.number, invoice, shipment, licence_id, held.serial, activation)


def report(person_id: int, topic: str, **values: object) -> ContactReport:
    """Return a contact report."""
    given = {"channel": "call", "contact_at": time.time_ns() // 1_000_000, "person_id": person_id, "topic": topic}
    return ContactReport.checked({**provenance(), **given, **values})
