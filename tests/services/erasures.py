"""Somebody to be erased: an old and a new invoice, a licence in use, a subscription, reports, looks in the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.licensing import Activation
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Invoice, OrderLine, Shipment
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.workflow import RequestLetter
from staffdesk.domain.access import Act, Outcome, Purpose
from staffdesk.domain.erasure import Outcome as Erased
from staffdesk.domain.erasure import Plan
from staffdesk.parameters.shapes import policy
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.erasure.plans import execute, plan
from staffdesk.services.erasure.storage import Storage
from tests import factories
from tests.databases import ORIGIN, SECRET, Place

TODAY = dt.date(2026, 11, 27)
NOW = 1_795_780_800_000
EMAIL = "zwiebelfisch@vergissmeinnicht.example"
MARKERS = (
    "Xylorimba", "Quetzalbrot", EMAIL, "zwiebelfisch", "32470555142", "Silberdistelweg 17", "acc-87654321",
    "02:00:5E:AB:CD:EF", "quetzalbrot-imac",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Somebody:
    """Him, by number, and what is his."""

    person: int
    aid: str
    old_order: int
    new_order: int
    licence: int
    case: int
    request: int
    colleague: int


def somebody(database: Database, staff_id: str) -> Somebody:
    """Write him, and a colleague whose report tells of nobody else."""
    (company,) = factories.put(database, factories.organisation("Nordlys Post ApS", country="DK"))
    him = factories.person(
        given_name="Xylorimba", family_name="Quetzalbrot", email=EMAIL, phone="+32 470 55 51 42", country="BE",
        street="Silberdistelweg 17", postal_code="1050", city="Brussels", organisation_id=company, store="fastspring",
        account_id="acc-87654321", user_name="quetzalbrot-imac",
    )  # fmt: skip
    person, colleague = factories.put(database, him, factories.person(organisation_id=company))
    orders = {}
    for year in (2018, 2024):
        bought = factories.order(
            person_id=person, organisation_id=company, number=f"QZ-{year}", ordered_at=(year - 1970) * 31_556_952_000
        )
        (number,) = factories.put(database, bought)
        orders[year] = number
        factories.put(
            database,
            OrderLine.checked({"order_id": number, "position": 1, "description": "MovieRecorder 4"}),
            Invoice.checked(
                {
                    **factories.provenance(), "order_id": number, "number": bought.number, "currency": "EUR",
                    "invoiced_on": dt.date(year, 5, 2), "billing_name": "Xylorimba Quetzalbrot", "total": "149.00",
                    "billing_street": "Silberdistelweg 17",
                }
            ),
            Shipment.checked(
                {
                    **factories.provenance(), "order_id": number, "status": "delivered",
                    "delivered_on": dt.date(year, 5, 9), "recipient_name": "Xylorimba Quetzalbrot",
                    "phone": "+32 470 55 51 42", "street": "Silberdistelweg 17",
                }
            ),
        )  # fmt: skip
    (licence,) = factories.put(
        database,
        factories.licence(person_id=person, organisation_id=company, order_id=orders[2018], serial="QZ77-UNIQ-0001"),
    )
    (case,) = factories.put(
        database,
        factories.case(staff_id, person_id=person, caller="Xylorimba Quetzalbrot", summary=f"He wrote from {EMAIL}"),
    )
    activation = {
        **factories.provenance(), "licence_id": licence, "user_name": "quetzalbrot-imac", "mac": "02:00:5E:AB:CD:EF",
        "ip": "192.0.2.99", "activated_at": NOW, "status": "active",
    }  # fmt: skip
    mail = {
        **factories.provenance(), "person_id": person, "list_name": "product news", "status": "subscribed",
        "evidence": f"{EMAIL} ticked it",
    }  # fmt: skip
    asked = {
        "aid": "r_00000000000000000001", "number": "DSR-2026-0001", "kind": "erase", "state": "executing",
        "channel": "email", "received_at": NOW, "registered_at": NOW, "received_by": staff_id, "person_id": person,
        "hard_due": dt.date(2026, 12, 28), "soft_due": dt.date(2026, 12, 28), "policy": "2024-10",
        "requester": "Xylorimba Quetzalbrot", "reply_address": EMAIL,
    }  # fmt: skip
    *_, request = factories.put(
        database,
        Activation.checked(activation),
        Subscription.checked(mail),
        factories.report(person, "Xylorimba Quetzalbrot called", case_id=case, body="He is a friend of Ana Holm."),
        factories.report(colleague, "A colleague's own matter", body=f"Write to {EMAIL.title()} (0470/55.51.42), too."),
        FieldStatus.checked({**factories.provenance(), "person_id": person, "field": "email"}),
        Request.checked(asked),
    )
    factories.put(
        database,
        RequestLetter.checked(
            {
                "request_id": request, "kind": "L0", "language": "en", "written_at": NOW, "digest": "0" * 64,
                "subject": "Your request", "body": "Dear Xylorimba Quetzalbrot,",
            }
        ),
    )  # fmt: skip
    with database.append() as tx:
        log = Log(tx, policy().version)
        looked = {"act": Act.CUSTOMER_OPENED, "obj": (him.aid,), "purpose": Purpose.SUPPORT}
        log.append(Event(**looked, openings=(Opened("reason.why", "he called about an invoice"),)))  # type: ignore[arg-type] # the fields of an event
        log.append(Event(act=Act.CUSTOMER_SEARCH, openings=(Opened("term", EMAIL.upper()),)))
        log.append(Event(act=Act.CUSTOMER_SEARCH, openings=(Opened("term", "quetzalbrot  xylorimba"),)))
        log.append(Event(act=Act.CUSTOMER_SEARCH, openings=(Opened("term", "somebody else"),)))
    return Somebody(person, him.aid, orders[2018], orders[2024], licence, case, request, colleague)


def storage_of(place: Place, database: Database, folder: Path) -> Storage:
    """Return where a test's desk lies, its ledger and exports in ``folder``."""
    return Storage(
        database=database, secret=SECRET, ledger_file=folder / "erasures.ledger", path=place.path, key=place.key,
        url=place.url, owned=(folder / "exports",), searched=(folder,),
    )  # fmt: skip


def ledger_of(storage: Storage, origin: str = ORIGIN) -> Ledger:
    return Ledger(storage.ledger_file, storage.secret, origin)


def planned(database: Database, *people: int, request: int | None = None, today: dt.date = TODAY) -> Plan:
    """Plan an erasure as the officer who decides does."""
    with database.append() as tx:
        ticket = Log(tx, policy().version).append(Event(act=Act.REQUEST_MOVED, out=Outcome.INTENT))
    with database.read(ticket, Deadline(30)) as read:
        return plan(read, people, today, request)


def erased(
    storage: Storage,
    decided: Plan,
    request: int | None = None,
    origin: str = ORIGIN,
    and_then: Callable[[], object] = lambda: None,
) -> Erased:
    """Carry a plan out, as the move does, and what comes after it in its transaction."""
    database = storage.database
    with database.append() as tx:
        ticket = Log(tx, policy().version).append(Event(act=Act.REQUEST_MOVED, out=Outcome.INTENT))
    with database.change(ticket, Deadline(60)) as change:
        made = execute(
            change, decided.digest, decided.people, TODAY, said=Event(act=Act.REQUEST_MOVED), policy=policy().version,
            ledger=ledger_of(storage, origin), now=NOW, request_id=request, request="DSR-2026-0001",
        )  # fmt: skip
        and_then()
        return made


def rows(place: Place, words: str) -> list[tuple[object, ...]]:
    with place.owner() as owner:
        return [tuple(row) for row in owner.exec_driver_sql(words)]
