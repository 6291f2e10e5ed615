"""One register: every column says at its definition what it is, and what is held of customers is what the policy lists.

Seen to fail: with a column ``birth_date`` added to the person under a retention rule that no file knows, with the
contact reports left out of the record, and with an event or partner demanded of people and organisations alone.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers import reading
from staffdesk.data.customers.disclosed import disclosures
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.provenance import Provenance
from staffdesk.domain.access import Act
from staffdesk.domain.classes import PrivacyClass, Whose
from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.domain.provenance import Source
from staffdesk.parameters.shapes import retention
from tests import factories
from tests.databases import Place

CATALOGUE = {
    "person": "given_name family_name job_title function email phone street postal_code city region user_name",
    "organisation": "name vat_number street postal_code city region web",
    "sales_order": "total tax",
    "order_line": "description amount",
    "invoice": "billing_name billing_company billing_street billing_postal_code billing_city vat_number total",
    "shipment": "tracking recipient_name street postal_code city phone",
    "product_subscription": "product_name price",
    "licence": "serial",
    "activation": "user_name mac ip",
    "support_case": "caller summary resolution",
    "contact_report": "attachments topic body",
    "licence_step": "note",
    "log_bundle": "why",
    "log_bundle_file": "name",
    "subscription": "evidence",
    "campaign_address": "email",
    "request": "requester reply_address note",
    "recipient_task": "reason orders",
    "request_move": "reason",
    "request_check": "evidence",
    "request_decision": "facts",
    "request_change": "new_value evidence",
    "request_letter": "body",
    "request_reveal": "reason",
    "opening": "value",
}
"""Section C of the privacy policy and nothing else: one more column here is the owner's decision."""

_OF_A_CASE = {"log_bundle", "log_bundle_file", "licence_request", "licence_step"}
_OF_A_REQUEST = {table for table, way in register.paths_to_person().items() if "request" in way}

FORBIDDEN = re.compile(
    r"birth|gender|sex|national|nrn|niss|passport|identity_card|marital|family_status|child|health|medical|politic|"
    r"religio|union|ethnic|race|photo|avatar|iban|card_|cvv|account_number|password(?!_hash|_once|_expires)|token|"
    r"facebook|twitter|linkedin|instagram|user_agent|browser"
)


def test_every_column_is_declared() -> None:
    assert len(register.columns()) == sum(len(table.columns) for table in register.metadata.sorted_tables)


def test_what_is_held_of_customers_is_what_the_policy_lists() -> None:
    held: dict[str, set[str]] = {}
    for each in register.columns():
        if each.declaration.whose is Whose.CUSTOMER and not each.declaration.derived:
            held.setdefault(each.table, set()).add(each.column)
    assert held == {table: set(columns.split()) for table, columns in CATALOGUE.items()}


def test_no_column_has_a_name_that_must_not_be() -> None:
    found = [f"{each.table}.{each.column}" for each in register.columns() if FORBIDDEN.search(each.column)]
    assert found == []


def test_every_personal_column_has_a_class_and_a_word_for_people() -> None:
    for each in register.columns():
        declaration = each.declaration
        if declaration.personal and not declaration.derived:
            assert declaration.label, f"{each.table}.{each.column}"
            assert declaration.whose is not None
        assert (declaration.privacy_class is PrivacyClass.STAFF) == (declaration.whose is Whose.STAFF)


def test_every_table_and_column_names_a_rule_of_retention_that_exists() -> None:
    rules = set(retention().kinds)
    for table in register.metadata.sorted_tables:
        assert register.keep_of(table.name) in rules, table.name
    for each in register.columns():
        assert each.declaration.keep is None or each.declaration.keep in rules, f"{each.table}.{each.column}"


def test_each_table_says_by_itself_whether_it_is_a_customers() -> None:
    """What the door asks of one table alone is what all of them together say."""
    holding = {table for table, _ in register.customer_columns()} - {"opening"}
    assert register.customer_tables() == holding | set(register.paths_to_person())
    assert register.customer_columns() == {
        (each.table, each.column)
        for each in register.columns()
        if each.declaration.whose is Whose.CUSTOMER and not each.declaration.at_closed_door
    }


def test_a_record_opens_with_every_table_that_leads_to_the_person() -> None:
    """Disclosures are shown as the names of their recipients, since the person asks to whom, not in how many rows.

    What is recorded while a request is worked on stands on the page of the request; what an employee declared of
    himself is told to nobody who opens the record; a record that was put together with another shows itself,
    what hangs on a case is listed under it, and what an order said earlier is kept to undo an import alone.
    An address that the campaign service was given is a disclosure.
    """
    beside = {"disclosure", "campaign_address", "declared_relation", "person_pair", "merged_row", "order_before"}
    elsewhere = {*beside, *_OF_A_CASE, *_OF_A_REQUEST}
    assert set(register.paths_to_person()) - elsewhere == set(reading._OF_PERSON) - {"organisation"}


def test_disclosures_are_shown_by_recipient(database: Database, place: Place) -> None:
    (number,) = factories.put(database, factories.person())
    with place.owner() as owner:
        owner.exec_driver_sql(
            "INSERT INTO recipient (id, code, name, country, purpose) VALUES (1, 'c', 'Carrier', '', '')"
        )
        owner.exec_driver_sql(
            "INSERT INTO disclosure (recipient_id, person_id, classes, purpose, disclosed_on) "
            f"VALUES (1, {number}, 'delivery', 'x', '2026-01-01')"
        )
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_OPENED))
    with database.read(ticket) as tx2:
        (given,) = disclosures(tx2, number)
    assert (given.name, given.classes, given.last_on, given.with_order) == (
        "Carrier", "delivery", dt.date(2026, 1, 1), False,
    )  # fmt: skip


def test_a_record_without_what_it_needs_is_an_error_for_the_type_checker(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    page.write_text(
        "from staffdesk.data.tables.people import Organisation, Person\n"
        "Person()\n"
        "Organisation(name='x')\n"
        "Person(aid='s_1', source=None, obtained_on=None, surname='x')\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", str(root / "pyproject.toml"), str(page)],
        cwd=root, capture_output=True, text=True, check=False, timeout=150,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if "page.py" in line]
    assert any(":2:" in line and "Missing named argument" in line for line in lines), done.stdout
    assert any(":3:" in line and "Missing named argument" in line for line in lines)
    assert any(":4:" in line and "surname" in line for line in lines)


def test_no_record_shows_a_value() -> None:
    person = factories.person(given_name="Anders", email="anders@nordlys.example")
    assert repr(person) == str(person) == f"{person}" == "<Person>"
    assert "anders" not in repr([person]).lower()


def test_a_refusal_names_the_field_and_never_the_value() -> None:
    with pytest.raises(BadInput) as caught:
        Person.checked({**factories.provenance(), "aid": "s_1", "email": "secret\x00@x.example"})
    assert "secret" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__!r}"
    with pytest.raises(BadInput) as caught:
        Person.checked({**factories.provenance(), "aid": "s_1", "is_customer": "secret"})
    assert "is_customer" in str(caught.value)
    assert "secret" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"given_name": None, "family_name": ""},
        {"given_name": "A", "source": None},
        {"given_name": "A", "source": "BOUGHT_LIST"},
        {"given_name": "A", "obtained_on": None},
        {"given_name": "A", "birth_date": "1980-01-01"},
        {"given_name": 7},
    ],
)
def test_a_person_needs_a_name_and_a_source(values: dict[str, object]) -> None:
    with pytest.raises(StaffdeskError):
        Person.checked({**factories.provenance(), "aid": "s_1", **values})


@pytest.mark.parametrize(
    "change",
    [
        "source = 'BOUGHT_LIST'",
        "source = NULL",
        "obtained_on = NULL",
        "source = 'EVENT_OWN', event = NULL",
        "source = 'PARTNER', partner_id = NULL",
        "source = 'EVENT_PARTNER', event = 'a fair', partner_id = NULL",
        "given_name = NULL, family_name = NULL, email = NULL, user_name = NULL",
        "aid = NULL",
    ],
)
def test_the_database_itself_demands_provenance(change: str, place: Place, database: Database) -> None:
    factories.put(database, factories.person(), factories.organisation("Nordlys"))
    with place.owner() as owner, pytest.raises(sa.exc.IntegrityError):
        owner.exec_driver_sql(f"UPDATE person SET {change}")


@pytest.mark.parametrize("source", [Source.PARTNER, Source.EVENT_PARTNER, Source.EVENT_OWN])
def test_every_customer_record_names_the_partner_or_the_event_it_came_from(
    source: Source, database: Database, place: Place
) -> None:
    """A16 and A17; whole where the record says what its source must name."""
    made = factories.customer(database)
    whole = {"source": source, "event": "IBC 2026", "partner_id": made.organisation}
    lacking = {"source": source, "event": None, "partner_id": None}
    for record in (factories.person, factories.order, factories.licence):
        record(**whole)
        with pytest.raises(BadInput, match=f"the source {source} needs"):
            record(**lacking)
    tables = {str(each.__tablename__) for each in Provenance.__subclasses__()}
    assert tables >= {"sales_order", "invoice", "shipment", "licence", "activation", "support_case", "contact_report"}
    with place.owner() as owner:
        inspector = sa.inspect(owner)
        for table in tables:
            checks = {each["name"] for each in inspector.get_check_constraints(table)}
            assert {"source_names_its_event", "source_names_its_partner_id"} <= checks, table
    with place.owner() as owner, pytest.raises(sa.exc.IntegrityError):
        owner.exec_driver_sql(f"UPDATE invoice SET source = '{source.value}'")


def test_every_customer_record_demands_provenance(place: Place) -> None:
    told = {"disclosure", "campaign_address"}
    made_here = {"request", *told, "declared_relation", "person_pair", "merged_row", *_OF_A_REQUEST}
    without = {"order_line", "order_before", *_OF_A_CASE, *made_here}  # of an order, of a case
    for table in set(register.paths_to_person()) - without | {"organisation"}:
        columns = register.metadata.tables[table].columns
        assert not columns["source"].nullable, table
        assert not columns["obtained_on"].nullable, table
        with place.owner() as owner:
            checks = [str(each["sqltext"]) for each in sa.inspect(owner).get_check_constraints(table)]
        assert any(all(source.value in check for source in Source) for check in checks), table
