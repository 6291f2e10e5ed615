"""To whom a person's data was given, and from where it came, as each role is told it.

Seen to fail: with every role told names, and with finance told of what was given without an order.
"""

from __future__ import annotations

import pytest

from staffdesk.data import register
from staffdesk.data.database import Database
from staffdesk.data.references import SUBJECT_TABLES
from staffdesk.domain.access import RecordKind, Role
from staffdesk.domain.uses import uses
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.front import Front
from tests.services.offices import Office

RECIPIENTS = (
    (1, "CARRIER", "Swift Parcels", "NL"),
    (2, "CAMPAIGN_SERVICE", "Mail House", "GB"),
    (3, "SOMEBODY", "An Expert", "ZZ"),
)
GIVEN = (
    (1, True, "identity, delivery", "delivering the order", "2026-01-02"),
    (1, True, "identity, delivery", "delivering the order", "2026-03-04"),
    (2, False, "contact", "sending product news", "2026-02-03"),
    (3, False, "case", "looking into a defect", "2026-02-04"),
)


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def anders(office: Office, database: Database, place: Place) -> Customer:
    """A customer from a partner's stand and an import, whose data went to three recipients."""
    made = factories.customer(database)
    importer = office.hire("ivy", Role.PRIVACY)
    with place.owner() as owner:
        for number, code, name, country in RECIPIENTS:
            words = "INSERT INTO recipient (id, code, name, country, purpose) VALUES "
            owner.exec_driver_sql(f"{words} ({number}, '{code}', '{name}', '{country}', '')")
        for number, with_order, classes, purpose, day in GIVEN:
            order = made.order if with_order else "NULL"
            words = "INSERT INTO disclosure (recipient_id, person_id, order_id, classes, purpose, disclosed_on) VALUES "
            owner.exec_driver_sql(f"{words} ({number}, {made.person}, {order}, '{classes}', '{purpose}', '{day}')")
        words = "INSERT INTO import_run (id, store, digest, started_at, staff_id) VALUES "
        owner.exec_driver_sql(f"{words} (7, 'fastspring', '', 1000, '{importer}')")
        owner.exec_driver_sql(
            f"UPDATE person SET source = 'EVENT_PARTNER', event = 'IBC 2026', partner_id = {made.organisation}, "
            f"import_id = 7 WHERE id = {made.person}"
        )
    return made


NAMED = {"An Expert", "Mail House", "Swift Parcels"}
KINDS = {"campaign service", "carrier", "other recipient"}


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.SUPPORT, KINDS),
        (Role.SALES, KINDS),
        (Role.FINANCE, {"campaign service", "other recipient", "Swift Parcels"}),
        (Role.PRIVACY, NAMED),
    ],
)
def test_recipients_are_told_by_name_to_privacy_and_by_kind_to_who_does_not_deal_with_them(
    role: Role, labels: set[str], front: Front, anders: Customer
) -> None:
    record = front.gateway.open(front.staff("ana", role, "T-1182"), RecordKind.PERSON, anders.person)
    assert set(record.recipients) == labels
    assert len(record.given) == 3
    carrier = next(given for given in record.given if given.kind == "carrier")
    assert (carrier.country, carrier.purposes, carrier.classes, carrier.last_on.isoformat()) == (
        "NL", ("delivering the order",), ("identity", "delivery"), "2026-03-04",
    )  # fmt: skip
    assert next(given for given in record.given if given.kind == "other recipient").country == ""


def test_a_source_that_names_a_partner_and_an_import_is_told_with_both(front: Front, anders: Customer) -> None:
    record = front.gateway.open(front.staff("ana", Role.SUPPORT, "T-1182"), RecordKind.PERSON, anders.person)
    assert record.partners == {anders.organisation: "Nordlys Post ApS"}
    assert record.imports == {7: ("fastspring", 1000)}


def test_every_kind_of_record_of_a_person_has_its_use() -> None:
    assert set(uses()) == set(SUBJECT_TABLES)
    of_logs = {"log_bundle", "log_bundle_file"}
    of_requests = {table for table, way in register.paths_to_person().items() if "request" in way}
    # What an employee says of himself is used by the review alone, and is not the customer's to be told; which records
    # were put together is what their own rows say. An address given to the campaign service is a disclosure, and what
    # was asked of a licence hangs on its case.
    assert set(register.paths_to_person()) - {
        "disclosure",
        "campaign_address",
        "licence_request",
        "licence_step",
        "declared_relation",
        "person_pair",
        "merged_row",
        "order_before",
        *of_logs,
        *of_requests,
    } <= set(uses())
