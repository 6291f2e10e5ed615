"""Whose data have had their time is let go by itself; whoever was in touch, or is owed something, stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.sales import Invoice
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.twins import PersonPair
from staffdesk.domain.access import Act, Role
from staffdesk.domain.matters import NewCase
from staffdesk.domain.new_people import NewPerson
from staffdesk.parameters.shapes import policy
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.ledger import Line, Scope
from staffdesk.services.erasure.replay import replay
from staffdesk.services.erasure.replayed import check_replayed
from staffdesk.services.erasure.retention import LetGo, let_go, past_retention
from staffdesk.services.erasure.storage import Storage
from tests import factories
from tests.databases import Place
from tests.services.erasures import NOW, TODAY, ledger_of, storage_of
from tests.services.front import Front
from tests.services.lists import HEADER, LUND, MET, table, taken
from tests.services.offices import Office, entries
from tests.services.store_files import column, seller

VERSION = policy().version
LONG_AGO = dt.date(2024, 11, 1)
MS = 24 * 3600 * 1000


def _ms(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp() * 1000)


def _lead(database: Database, **values: object) -> int:
    met = {"source": "EVENT_OWN", "event": "IBC", "obtained_on": LONG_AGO, "is_customer": False, **values}
    (number,) = factories.put(database, factories.person(**met))
    return number


@pytest.fixture
def storage(place: Place, database: Database, tmp_path: Path) -> Storage:
    return storage_of(place, database, tmp_path)


def _left(place: Place) -> list[int]:
    return [int(str(row[0])) for row in column(place, "SELECT id FROM person ORDER BY id")]


def test_a_lead_is_let_go_24_months_after_the_last_contact_and_is_welcome_again(
    office: Office, database: Database, storage: Storage, place: Place, tmp_path: Path
) -> None:
    old, new = _lead(database, email=LUND[2], family_name="Lund"), _lead(database, obtained_on=dt.date(2024, 11, 27))
    assert let_go(storage, VERSION, TODAY, NOW) == LetGo({"lead": 1}, 0)
    assert let_go(storage, VERSION, TODAY, NOW) == LetGo({}, 0)
    assert finish(storage, VERSION, TODAY, NOW).open == 0
    assert _left(place) == [new]
    (line,) = ledger_of(storage).lines()
    assert (line.scope, line.done, line.request) == (Scope.RETENTION, True, None)
    gone = [each for each in entries(place) if each.act == Act.AUDIT_ERASED]
    assert [(each.purpose, len(each.obj)) for each in gone] == [("system", 1)]
    assert column(place, "SELECT count(*) FROM suppression") == [(0,)]
    report = taken(office, seller(office), table(tmp_path, LUND, header=HEADER), said=MET)
    assert report.of("people")["new"] == 1
    assert old not in _left(place)
    front = Front(office)
    ana = front.staff("ana", Role.SUPPORT)
    ana = replace(ana, reference=front.cases.open(ana, NewCase("support", "email", product="Movie")).number)
    back = NewPerson(given_name=LUND[0], family_name=LUND[1], email=LUND[2], phone=LUND[3])
    front.new_customers.add(ana, back)  # he asked for nothing, so the form asks for no reason


def test_whoever_was_in_touch_or_is_owed_something_stays(
    office: Office, database: Database, storage: Storage, place: Place
) -> None:
    ines, soon = office.hire("ines", Role.SUPPORT), TODAY - dt.timedelta(days=30)
    stays: list[int] = []

    def kept(make: Callable[[int], object], **values: object) -> None:
        number = _lead(database, **values)
        stays.append(number)
        found = make(number)
        if found is not None:
            factories.put(database, found)  # type: ignore[arg-type] # a record, as each makes it

    def put(record: Callable[..., object], **values: object) -> Callable[[int], object]:
        return lambda number: record(person_id=number, **values)

    kept(lambda _: None, confirmed_on=soon)
    kept(lambda _: None, is_partner=True)
    kept(lambda number: factories.report(number, "he called", contact_at=_ms(soon)))
    kept(lambda number: factories.case(ines, person_id=number, opened_at=_ms(LONG_AGO)))
    kept(put(factories.licence, status="active"), is_customer=True)
    kept(put(factories.order, ordered_at=_ms(soon)), is_customer=True)
    news: Mapping[str, object] = {**factories.provenance(), "list_name": "news", "status": "subscribed"}
    kept(lambda number: Subscription.checked({**news, "person_id": number}))
    hold = {"record_table": "person", "ground": "claim", "law": "x", "until": dt.date(2030, 1, 1), "made_at": NOW}
    kept(lambda number: Hold.checked({**hold, "record_id": number}))
    gone = _lead(database)
    assert let_go(storage, VERSION, TODAY, NOW).gone == {"lead": 1}
    assert _left(place) == stays
    assert gone not in stays


def test_nobody_is_let_go_while_a_record_that_was_put_together_with_his_is_kept(
    office: Office, database: Database, storage: Storage, place: Place
) -> None:
    ines = office.hire("ines", Role.SUPPORT)
    news = {**factories.provenance(), "list_name": "news", "status": "subscribed"}
    hold = {"record_table": "person", "ground": "claim", "law": "x", "until": dt.date(2030, 1, 1), "made_at": NOW}
    others = [_lead(database, is_partner=True), _lead(database), _lead(database), _lead(database, is_customer=True)]
    factories.put(database, Subscription.checked({**news, "person_id": others[1]}))
    factories.put(database, Hold.checked({**hold, "record_id": others[2]}))
    firsts = [_lead(database) for _ in others]
    same = {"answer": "same", "likeness": "name", "decided_at": 1, "staff_id": ines}
    for first, other in zip(firsts, others, strict=True):
        factories.put(database, PersonPair.checked({**same, "person_id": first, "other_id": other}))
    assert let_go(storage, VERSION, TODAY, NOW).gone == {}
    assert _left(place) == sorted([*firsts, *others])


def test_a_customer_is_let_go_3_years_after_the_relation_and_his_invoice_stays_as_long_as_the_law_keeps_it(
    database: Database, storage: Storage, place: Place
) -> None:
    bought = dt.date(2023, 5, 2)
    his = {"obtained_on": bought, "family_name": "Quetzalbrot", "is_customer": True}
    (person,) = factories.put(database, factories.person(**his))
    (order,) = factories.put(database, factories.order(person_id=person, ordered_at=_ms(bought), number="Q-1"))
    invoice = {**factories.provenance(), "order_id": order, "number": "Q-1", "currency": "EUR", "invoiced_on": bought}
    factories.put(database, Invoice.checked({**invoice, "billing_name": "Bo Quetzalbrot", "total": "149.00"}))
    assert let_go(storage, VERSION, dt.date(2026, 5, 2), NOW).gone == {}
    assert let_go(storage, VERSION, dt.date(2026, 5, 3), NOW).gone == {"person": 1}
    assert column(place, "SELECT family_name FROM person WHERE family_name IS NOT NULL") in ([], [("(erased)",)])
    assert column(place, "SELECT billing_name FROM invoice") == [("Bo Quetzalbrot",)]
    assert column(place, "SELECT ground, until FROM hold WHERE record_table = 'invoice'")


def test_a_copy_put_back_lets_him_go_again_and_keeps_him_from_nothing(
    database: Database, storage: Storage, place: Place
) -> None:
    number = _lead(database)
    (aid,) = column(place, f"SELECT aid FROM person WHERE id = {number}")
    ledger = ledger_of(storage)
    ledger.begin(Line(subject=str(aid[0]), who=ledger.who(number), request=None, at=NOW, scope=Scope.RETENTION))
    assert replay(storage, VERSION, TODAY, NOW) == 1
    assert _left(place) == []
    assert column(place, "SELECT count(*) FROM suppression") == [(0,)]


def test_a_company_that_a_copy_brings_back_goes_again_with_whoever_was_there(
    database: Database, storage: Storage, place: Place
) -> None:
    old = dt.date(2023, 5, 2)
    (firm,) = factories.put(database, factories.organisation("Quetzalbrot", obtained_on=old, sole_trader=True))
    him = factories.person(organisation_id=firm, obtained_on=old, is_customer=True)
    numbers = factories.put(database, him)
    (aid,) = column(place, f"SELECT aid FROM person WHERE id = {numbers[0]}")
    # The copy was made before he and his firm were let go: the ledger has a line of him, and none of the firm.
    ledger = ledger_of(storage)
    ledger.begin(Line(subject=str(aid[0]), who=ledger.who(numbers[0]), request=None, at=NOW, scope=Scope.RETENTION))
    assert replay(storage, VERSION, TODAY, NOW) == 1
    assert _left(place) == []
    let_go(storage, VERSION, TODAY, NOW)
    assert column(place, "SELECT count(*) FROM organisation") == [(0,)]


def test_of_many_some_are_let_go_and_it_is_said_how_many_wait(
    database: Database, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        _lead(database)
    monkeypatch.setattr("staffdesk.services.erasure.retention._AT_ONCE", 2)
    assert let_go(storage, VERSION, TODAY, NOW) == LetGo({"lead": 2}, 1)
    assert let_go(storage, VERSION, TODAY, NOW) == LetGo({"lead": 1}, 0)


def test_a_company_that_nothing_belongs_to_goes_after_as_long_as_its_contacts_and_one_that_is_needed_stays(
    office: Office, database: Database, storage: Storage, place: Place
) -> None:
    ines, old, soon = office.hire("ines", Role.SUPPORT), dt.date(2023, 5, 2), TODAY - dt.timedelta(days=30)
    stays: list[int] = []

    def company(**values: object) -> int:
        name = str(values.pop("name", "Berg AB"))
        (number,) = factories.put(database, factories.organisation(name, **{"obtained_on": old, **values}))
        return number

    def kept(make: Callable[[int], object] = lambda _: None, **values: object) -> None:
        number = company(**values)
        stays.append(number)
        found = make(number)
        if found is not None:
            factories.put(database, found)  # type: ignore[arg-type] # a record, as each makes it

    status = {**factories.provenance(), "field": "name", "confirmed_on": soon}
    kept(obtained_on=soon)
    kept(is_partner=True)
    kept(is_supplier=True)
    kept(lambda number: factories.person(organisation_id=number, obtained_on=soon))
    kept(lambda number: factories.order(organisation_id=number, ordered_at=_ms(old)))
    kept(lambda number: factories.licence(organisation_id=number, status="revoked"))
    kept(lambda number: factories.case(ines, organisation_id=number, opened_at=_ms(old)))
    kept(lambda number: FieldStatus.checked({**status, "organisation_id": number}))
    left = company(name="Quetzalbrot Rental", sole_trader=True)
    factories.put(database, FieldStatus.checked({**status, "confirmed_on": old, "organisation_id": left}))
    emptied = company()
    factories.put(database, factories.person(organisation_id=emptied, obtained_on=old, is_customer=True))
    with database.append() as tx:
        assert past_retention(tx, TODAY) == 2, "one of whom is still there"
    assert let_go(storage, VERSION, TODAY, NOW) == LetGo({"person": 1, "company": 2}, 0), "after who was there last"
    assert [number for (number,) in column(place, "SELECT id FROM organisation ORDER BY id")] == stays
    assert column(place, f"SELECT id FROM field_status WHERE organisation_id = {left}") == []
    check_replayed(database, storage.ledger_file, storage.secret)  # as each command does that opens the desk
    (somebody,) = factories.put(database, factories.person())
    factories.put(database, factories.report(somebody, "He works for Quetzalbrot Rental now"))
    done = finish(storage, VERSION, TODAY, NOW)
    assert done.open == 0
    where = [swept.named for swept in done.swept if swept.named]
    assert where == [{"contact_report.topic": 1}], "a sole trader's name is looked for as a person's is"
    gone = [each for each in entries(place) if each.act == Act.AUDIT_ERASED]
    assert [(each.purpose, len(each.obj)) for each in gone] == [("system", 1)] * 3
    assert [each.n for each in entries(place) if "retention.company" in each.kinds and each.out == "ok"] == [1, 1]


def test_who_is_named_by_a_licence_in_force_or_alone_at_the_company_that_has_one_stays(
    database: Database, storage: Storage, place: Place
) -> None:
    his = {"obtained_on": dt.date(2023, 5, 2), "is_customer": True}

    def at(status: str, contacts: int) -> list[int]:
        (company,) = factories.put(database, factories.organisation("Berg AB"))
        people = [factories.person(organisation_id=company, **his) for _ in range(contacts)]
        there = list(factories.put(database, *people))
        licence = {"organisation_id": company, "status": status, "obtained_on": dt.date(2023, 5, 2), "issued_on": None}
        factories.put(database, factories.licence(**licence))
        return there

    alone, (first, second), (over,) = at("active", 1), at("active", 2), at("revoked", 1)
    (merged, other, joined) = at("active", 3)
    factories.put(database, factories.licence(person_id=merged, status="active"))
    assert let_go(storage, VERSION, TODAY, NOW).gone == {"person": 4}
    assert _left(place) == [*alone, second, merged], "of two the last one stays, so that somebody can be told of it"
    assert {first, over, other, joined}.isdisjoint(_left(place))
