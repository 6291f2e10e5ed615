"""An erasure takes what is his and nothing of anybody else's, now and when the last hold on a row of his ends.

Seen to fail: with an address found within another, with the hold that was there first as the only one, with a row of
a living customer taken at the end of a hold, and with holds that go on naming a number that is free again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import Belongings
from staffdesk.data.customers.erasing_rows import Erasing
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.tables.requests import RecipientTask, Request
from staffdesk.data.tables.sales import Invoice
from staffdesk.data.tables.support import ContactReport
from staffdesk.data.tables.workflow import RequestLetter, RequestMove
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act, Role
from staffdesk.domain.errors import Conflict
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.plans import plan
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.packages import Packages, collect
from tests import factories
from tests.databases import Place
from tests.services.erasures import NOW, TODAY, Somebody, erased, planned, rows, somebody, storage_of
from tests.services.offices import Office


@pytest.fixture
def storage(place: Place, database: Database, tmp_path: Path) -> Storage:
    folder = tmp_path / "data"
    folder.mkdir()
    return storage_of(place, database, folder)


@pytest.fixture
def him(office: Office) -> Somebody:
    return somebody(office.database, office.hire("ana", Role.SUPPORT))


def held(place: Place, *holds: tuple[str, int, str, str]) -> None:
    with place.owner() as owner:
        for table, number, ground, until in holds:
            owner.exec_driver_sql(
                "INSERT INTO hold (record_table, record_id, ground, law, until, made_at)"
                f" VALUES ('{table}', {number}, '{ground}', 'x', '{until}', 1)"
            )
        owner.commit()


def test_another_whose_numbers_hold_his_loses_nothing(place: Place, database: Database, storage: Storage) -> None:
    an, jan = factories.put(
        database,
        factories.person(
            given_name="An", family_name="Lis", email="an@lis.example", phone="+32 2 555 12 34", account_id="100000"
        ),
        factories.person(given_name="Jan", family_name="Lis", email="jan@lis.example", phone="+32 475 55 12 34"),
    )
    body = "Write to jan@lis.example; order SO-1000001, serial MR4-100000-QX, fax 0032 25551234567."
    factories.put(database, factories.report(jan, "An asked", body=body))
    asked = ("jan@lis.example", "SO-1000001")
    with database.append() as tx:
        for term in asked:
            Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH, openings=(Opened("term", term),)))
    letter = storage.owned[0] / "L1-DSR-2026-0009.txt"
    letter.parent.mkdir()
    letter.write_text("Dear Jan Lis, you wrote from jan@lis.example. An Lis is known to us too.", "utf-8")
    erased(storage, planned(database, an))
    done = finish(storage, "2024-10", TODAY, NOW)
    assert (done.open, [found.left for found in done.swept]) == (0, [{}])
    assert rows(place, "SELECT body FROM contact_report") == [(body,)]
    assert {value for (value,) in rows(place, "SELECT value FROM opening")} == set(asked)
    assert letter.exists()


def test_the_packages_of_his_requests_go_and_nobody_elses(
    database: Database, storage: Storage, packages: Packages
) -> None:
    """In the spool and saved to be handed over: nothing in them can be read, so they go by their requests' numbers."""
    anders, other = factories.customer(database), factories.person(given_name="Jan", family_name="Peeters")
    (jan,) = factories.put(database, other)
    office = Office(database)
    staff = office.hire("pia", Role.PRIVACY)
    spool = packages._spool
    storage = replace(storage, key=spool._key(), owned=(*storage.owned, spool._folder))
    storage.owned[0].mkdir(exist_ok=True)
    saved: dict[str, Path] = {}
    for place_, (number, person) in enumerate((("DSR-2026-0101", anders.person), ("DSR-2026-0102", jan))):
        factories.put(database, _asked(number, f"r_{place_:020}", person, staff))
        spool.put(number, b"a package", 1)
        saved[number] = storage.owned[0] / f"{number}.zip"
        saved[number].write_bytes(b"a package")
    erased(storage, planned(database, anders.person))
    finish(storage, "2024-10", TODAY, NOW)
    assert [spool.holds(number) for number in saved] == [False, True]
    assert [path.exists() for path in saved.values()] == [False, True]


def _asked(number: str, aid: str, person: int | None, staff: str, **more: object) -> Request:
    return Request.checked(
        {
            "aid": aid, "number": number, "kind": "access", "state": "completed", "channel": "email",
            "received_at": NOW, "registered_at": NOW, "received_by": staff, "person_id": person, "hard_due": TODAY,
            "soft_due": TODAY, "policy": "2024-10", "requester": "who it is", "reply_address": "a@b.example",
            **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize("with_others", [True, False])
def test_the_plan_says_that_the_firm_of_a_sole_trader_stays_where_others_belong_to_it(
    with_others: bool, database: Database
) -> None:
    """Seen to fail without it: the plan named nothing of the firm as kept."""
    (firm,) = factories.put(database, factories.organisation("Bo Video", country="DK", sole_trader=True))
    owner = factories.customer(database, organisation_id=firm).person
    if with_others:
        factories.put(database, factories.person(organisation_id=firm))
    assert planned(database, owner).shared_firms == int(with_others)


def test_a_hold_that_was_there_stands_beside_the_laws(place: Place, him: Somebody, storage: Storage) -> None:
    invoice, licence = (int(str(rows(place, f"SELECT max(id) FROM {table}")[0][0])) for table in ("invoice", "licence"))
    held(place, ("invoice", invoice, "claim", "2026-11-28"), ("licence", licence, "restriction", "9999-12-31"))
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    assert rows(place, "SELECT count(*) FROM hold WHERE ground = 'restriction' AND ended_at IS NULL") == [(0,)]
    finish(storage, "2024-10", dt.date(2026, 11, 30), NOW)
    assert rows(place, "SELECT billing_name FROM invoice") == [("Xylorimba Quetzalbrot",)], "until 2034"
    finish(storage, "2024-10", dt.date(2035, 1, 1), NOW)
    assert rows(place, "SELECT count(*) FROM invoice") == [(0,)]


def test_what_a_law_holds_longer_by_then_stays_when_its_hold_ends(
    place: Place, him: Somebody, storage: Storage
) -> None:
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE invoice SET invoiced_on = '2025-01-01'")
        owner.commit()
    finish(storage, "2024-10", dt.date(2035, 1, 1), NOW)
    assert rows(place, "SELECT count(*) FROM sales_order") == [(1,)]
    assert rows(place, "SELECT DISTINCT until FROM hold WHERE ended_at IS NULL AND record_table = 'invoice'") == [
        ("2035-12-31" if place.path is not None else dt.date(2035, 12, 31),)
    ]
    assert rows(place, "SELECT DISTINCT seq FROM hold") == rows(place, "SELECT seq FROM tombstone"), (
        "of its erasure still"
    )


def test_the_end_of_a_hold_takes_nothing_of_somebody_who_was_not_erased(
    place: Place, database: Database, storage: Storage
) -> None:
    customer = factories.customer(database)
    held(place, ("invoice", customer.invoice, "claim", "2026-11-28"))
    finish(storage, "2024-10", dt.date(2026, 11, 30), NOW)
    assert rows(place, "SELECT count(*) FROM invoice") == [(1,)]
    assert rows(place, "SELECT count(*) FROM hold WHERE ended_at IS NULL") == [(0,)]


def test_who_comes_later_inherits_nothing_by_a_number_that_is_free_again(
    place: Place, him: Somebody, storage: Storage
) -> None:
    """On SQLite the next row of a table gets the number of the last one that went."""
    went = {"person": him.person, "sales_order": him.old_order, "contact_report": 1}
    held(place, *((table, number, "restriction", "9999-12-31") for table, number in went.items()))
    with place.owner() as owner:
        owner.exec_driver_sql(
            "INSERT INTO request_decision (request_id, record_table, record_id, action)"
            f" VALUES ({him.request}, 'person', {him.person}, 'erase')"
        )
        owner.commit()
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    for table in register.by_bare_number():
        for name, number in went.items():
            named = f"SELECT count(*) FROM {table.name} WHERE record_table = '{name}' AND record_id = {number}"
            assert rows(place, named) == [(0,)], (table.name, name)


def _reported(case: int, **values: object) -> ContactReport:
    given = {"channel": "call", "contact_at": NOW, "topic": "asked", "case_id": case}
    return ContactReport.checked({**factories.provenance(), **given, **values})


def test_whatever_is_in_his_copy_is_in_the_plan_of_his_erasure(database: Database, office: Office) -> None:
    """A sole trader, whose firm's rows name nobody; each kind of row with each owner it may have."""
    firm, employer = factories.put(
        database, factories.organisation("Quetzalbrot", sole_trader=True), factories.organisation("Nordlys Post ApS")
    )
    him, other = factories.put(
        database, factories.person(organisation_id=firm), factories.person(organisation_id=employer)
    )
    staff = office.hire("ana", Role.SUPPORT)
    owners = [
        {"person_id": person, "organisation_id": company}
        for person in (None, him, other)
        for company in (None, firm, employer)
    ]
    orders = factories.put(database, *(factories.order(**owner) for owner in owners))
    for order in orders:
        factories.put(database, *(factories.licence(**owner, order_id=order) for owner in owners))
    cases = factories.put(database, *(factories.case(staff, **owner) for owner in owners))
    for case in cases:
        factories.put(database, *(_reported(case, **owner) for owner in owners))
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.REQUEST_MOVED))
    with database.read(ticket) as tx:
        for person in (him, other):
            copied = collect(tx, person, "DSR-2026-0001").held
            his = Belongings(tx, [person]).rows
            # The employer's own row is in his copy, and stays; of a firm that is he the row goes too.
            copies = {table: {row.id for row in held_rows} for table, held_rows in copied.items() if held_rows}
            copies["organisation"] -= {employer}
            assert {table: ids for table, ids in copies.items() if ids} == {
                table: set(ids) for table, ids in his.items() if ids
            }
            assert len(his["licence"]) > len(owners)


def test_a_row_that_came_while_the_erasure_read_voids_it(place: Place, him: Somebody, storage: Storage) -> None:
    with storage.database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.REQUEST_MOVED))
    late = factories.licence(person_id=None, order_id=him.old_order).values()
    came = {name: value for name, value in late.items() if name != "id"}

    def erase(tx: Change) -> None:
        fresh = plan(tx, [him.person], TODAY, him.request, alone=True)
        if place.path is None:  # and where others may write meanwhile, nobody adds to what is his
            with place.owner() as owner:
                owner.exec_driver_sql("SET lock_timeout = '100ms'")
                with pytest.raises(sa.exc.OperationalError):
                    owner.exec_driver_sql(f"UPDATE person SET city = 'Gent' WHERE id = {him.person}")
        tx.write(sa.insert(register.metadata.tables["licence"]), [came])
        Erasing(tx, NOW).carry_out(fresh.rows, whole=True)

    with pytest.raises(Conflict, match="Something changed"), storage.database.change(ticket) as tx:
        erase(tx)


def test_he_is_forgotten_in_what_was_written_under_others_requests_and_by_his_own_that_name_nobody(
    place: Place, database: Database, office: Office, storage: Storage
) -> None:
    staff, email = office.hire("pia", Role.PRIVACY), "an+forum@lis.example"
    (company,) = factories.put(database, factories.organisation("Lis & Co"))
    an = factories.person(given_name="An", family_name="Lis", email=email, phone=None, organisation_id=company)
    person, other = factories.put(database, an, factories.person())
    (bought,) = factories.put(database, factories.order(person_id=None, organisation_id=company))
    billed = {"billing_name": "An Lis", "billing_street": "Nyhavn 1", "invoiced_on": dt.date(2024, 5, 2)}
    of_order = {"order_id": bought, "number": "LIS-1", "currency": "EUR", "total": "9.00", **factories.provenance()}
    own, theirs, owed, *_ = factories.put(
        database,
        _asked("DSR-2026-0201", f"r_{1:020}", None, staff, reply_address="AN@lis.example"),
        _asked("DSR-2026-0202", f"r_{2:020}", other, staff, note="He writes from an@lis.example."),
        _asked("DSR-2026-0203", f"r_{3:020}", other, staff, reply_address="an@lis.example", state="executing"),
        Invoice.checked({**of_order, **billed}),
    )
    under = {"request_id": theirs}
    factories.put(
        database,
        RequestMove.checked(
            {**under, "turn": 1, "name": "x", "state": "x", "made_at": NOW, "reason": "From an@lis.example?"}
        ),
        RequestLetter.checked(
            {
                **under, "kind": "L1", "language": "en", "written_at": NOW, "digest": "0" * 64, "subject": "Yours",
                "body": "You wrote from an@lis.example.", "sent_at": NOW,
            }
        ),
        RecipientTask.checked(
            {**under, "recipient": "CARRIER", "state": "open", "made_at": NOW, "reason": "an@lis.example bounced"}
        ),
    )  # fmt: skip
    decided = planned(database, person)
    told = {(row.table, row.action.value, row.empties) for row in decided.rows}
    assert ("request", own) in {(row.table, row.id) for row in decided.rows}
    assert ("invoice", "restrict", ()) in told
    erased(storage, decided, owed)
    first = finish(storage, "2024-10", TODAY, NOW)
    assert [(each.left, each.rows) for each in first.swept] == [({"request.reply_address": 1}, (("request", owed),))]
    assert rows(place, "SELECT target FROM destruction WHERE what = 'sweep'") == [(f"request {owed}",)]
    assert rows(place, "SELECT reason FROM request_move") == [("From (erased)?",)]
    assert rows(place, "SELECT body FROM request_letter") == [("You wrote from (erased).",)]
    assert rows(place, "SELECT reason FROM recipient_task") == [("(erased) bounced",)]
    assert rows(place, f"SELECT note FROM request WHERE id = {theirs}") == [("He writes from (erased).",)]
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'completed'")
        owner.commit()
    assert finish(storage, "2024-10", TODAY, NOW).open == 0, "once it is answered"
    finish(storage, "2024-10", dt.date(2035, 1, 1), NOW)
    assert rows(place, "SELECT number, billing_name FROM invoice") == [("LIS-1", None)], "the company's goes on"
