"""Taking a store's exports in: who bought, what is refused, what stands in the log; the same on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from staffdesk.data.tables.fields import FieldStatus
from staffdesk.domain.access import Act, Outcome, Role
from staffdesk.domain.errors import BadInput, Denied
from staffdesk.domain.imported import Place as Where
from staffdesk.domain.read_items import KeptOff
from staffdesk.services import imports
from staffdesk.services.importing import batch_sizes
from staffdesk.services.imports import Imports
from tests import factories
from tests.databases import Place
from tests.services.offices import Office, entries
from tests.services.store_files import (
    column,
    contact,
    counted,
    held,
    order,
    real,
    seller,
    subscription,
    taken_in,
    written,
)

OTHER_NAME = "same account, other name"
BUYERS = "SELECT o.number, p.given_name, p.family_name, p.mark FROM sales_order o JOIN person p ON p.id = o.person_id"


def test_a_real_order_belongs_to_who_bought_it_and_to_the_company(office: Office, place: Place) -> None:
    taken_in(office, seller(office), real("fastspring"))
    assert column(
        place,
        "SELECT p.given_name, p.family_name, g.name FROM sales_order o JOIN person p ON p.id = o.person_id "
        "JOIN organisation g ON g.id = o.organisation_id WHERE o.number = 'FUR171013-2389-33111B'",
    ) == [("Leeroy", "Jenkins II", "Chicken Danger, Inc.")]


def test_test_orders_are_left_out_and_counted_unless_they_are_asked_for(office: Office, place: Place) -> None:
    access = seller(office)
    report = Imports(office.door).run(access, "fastspring", real("fastspring"))
    assert (report.read, report.test_orders) == (7, 7)
    assert not {"person", "sales_order", "product_subscription", "import_run"} & counted(place).keys()
    report = taken_in(office, access, real("fastspring"))
    assert (report.read, report.test_orders) == (7, 0)
    assert report.of("orders") == {"new": 2, "changed": 0, "unchanged": 0}
    assert report.of("subscriptions") == {"new": 2, "changed": 0, "unchanged": 3}
    assert column(place, "SELECT DISTINCT is_test FROM sales_order") in ([(1,)], [(True,)])


def test_one_account_with_another_name_is_a_second_person_and_the_line_names_no_value(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    file = written(tmp_path, order("A-1"), order("A-2", contact(first="Jens")), order("A-3", contact(first="Jens")))
    report = taken_in(office, access, [file])
    assert report.conflicts == [Where("orders.json", "[1]", "account-1")]
    assert column(place, f"{BUYERS} ORDER BY 1") == [
        ("A-1", "Mette", "Lund", None),
        ("A-2", "Jens", "Lund", OTHER_NAME),
        ("A-3", "Jens", "Lund", OTHER_NAME),
    ]
    more = written(
        tmp_path, order("A-4", contact(first="Jens")), order("A-5", contact(first="METTE")), name="more.json"
    )
    report = taken_in(office, access, [more])
    assert report.conflicts == []
    assert report.of("people") == {"new": 0, "changed": 0, "unchanged": 2}
    assert column(place, "SELECT count(*) FROM person") == [(2,)]


def test_who_told_no_name_before_is_not_somebody_else(office: Office, place: Place, tmp_path: Path) -> None:
    nameless = {"email": "mette@lund.example"}
    file = written(tmp_path, order("A-1", nameless), order("A-2"), order("A-3", nameless))
    report = taken_in(office, seller(office), [file])
    assert report.conflicts == []
    assert column(place, "SELECT given_name, family_name, mark FROM person") == [("Mette", "Lund", None)]


def test_without_an_account_the_address_and_the_name_tell_who_it_is(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    guest = {"account": None}
    first = written(tmp_path, order("A-1", **guest), order("A-2", contact(first="Jens"), **guest))
    assert taken_in(office, access, [first]).conflicts == []
    second = written(tmp_path, order("A-3", contact(email="METTE@lund.example"), **guest), order("A-4"), name="2.json")
    taken_in(office, access, [second])
    assert column(place, "SELECT given_name, account_id FROM person ORDER BY id") == [
        ("Mette", "account-1"),
        ("Jens", None),
    ]


def test_a_field_that_is_contested_is_left_alone_counted_and_named(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1"))])
    ((person,),) = column(place, "SELECT id FROM person")
    factories.put(
        office.database,
        FieldStatus.checked(
            {**factories.provenance(), "person_id": person, "field": "phone", "contested_under": "DSR-2026-0001"}
        ),
    )
    more = [written(tmp_path, order("A-2", contact(phone="+45 33 12 12 12")), name="more.json")]
    dry = Imports(office.door).run(access, "fastspring", more, dry_run=True)
    report = taken_in(office, access, more)
    assert report.kept_off == dry.kept_off == [KeptOff(int(str(person)), "phone", "DSR-2026-0001")]
    assert report.of("people") == {"new": 0, "changed": 0, "unchanged": 1}
    assert column(place, "SELECT phone FROM person") == [(None,)]
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE field_status SET contested_under = NULL")
    settled = [written(tmp_path, order("A-3", contact(phone="+45 33 12 12 12")), name="settled.json")]
    assert taken_in(office, access, settled).kept_off == []
    assert column(place, "SELECT count(phone) FROM person") == [(1,)]


def test_a_persons_fields_are_filled_and_never_overwritten(office: Office, place: Place, tmp_path: Path) -> None:
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1", contact(phone=None)))])
    later = contact(email="new@lund.example", phone="+4555550142", company="Lund ApS")
    report = taken_in(office, access, [written(tmp_path, order("A-2", later), name="later.json")])
    assert report.of("people") == {"new": 0, "changed": 1, "unchanged": 0}
    assert column(
        place, "SELECT email, phone, phone_normal, g.name FROM person p JOIN organisation g ON g.id = p.organisation_id"
    ) == [("mette@lund.example", "+4555550142", "4555550142", "Lund ApS")]


@pytest.mark.parametrize("store", ["fastspring", "shopify"])
def test_every_row_says_where_it_came_from(store: str, office: Office, place: Place) -> None:
    taken_in(office, seller(office), real(store), store)
    ((run,),) = column(place, "SELECT id FROM import_run")
    for table in ("person", "organisation", "sales_order", "invoice", "shipment", "licence", "product_subscription"):
        said = column(place, f"SELECT DISTINCT source, import_id, obtained_on IS NOT NULL FROM {table}")
        assert said in ([], [("STORE_ACCOUNT", run, 1)], [("STORE_ACCOUNT", run, True)]), table


def test_every_batch_is_an_intent_and_a_result_in_the_log(
    office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "FIRST_BATCH", 2)
    monkeypatch.setattr(batch_sizes, "_LARGEST_BATCH", 2)
    monkeypatch.setattr(batch_sizes, "_HOLD_SECONDS", 60.0)
    access = seller(office)
    before = len(entries(place))
    taken_in(office, access, [written(tmp_path, *(order(f"A-{n}") for n in range(5)))])
    said = [(core.act, core.out, core.kinds[0], core.n) for core in entries(place)[before:]]
    steps = [("begin", 1), ("batch", 2), ("batch", 2), ("batch", 1), ("end", 1)]
    assert said == [
        (Act.IMPORT_RUN, out, kind, n) for kind, n in steps for out in (Outcome.INTENT.value, Outcome.OK.value)
    ]
    (person,) = column(place, "SELECT aid FROM person")
    assert [core.obj for core in entries(place)[before:]] == [(), (), (), person, (), (), (), (), (), ()]


def test_a_role_that_may_not_import_is_denied_and_the_log_says_so(office: Office, place: Place, tmp_path: Path) -> None:
    office.hire("sue", Role.SUPPORT)
    access = office.access("sue")
    before = held(place)
    with pytest.raises(Denied):
        taken_in(office, access, [written(tmp_path, order("A-1"))])
    assert [(core.act, core.out, core.kinds[0]) for core in entries(place)[-1:]] == [
        (Act.DENIED, Outcome.DENIED.value, Act.IMPORT_RUN.value)
    ]
    assert held(place) == before


def test_a_store_nobody_knows_and_an_import_of_nothing_are_refused(office: Office) -> None:
    access = seller(office)
    with pytest.raises(BadInput, match="not known"):
        Imports(office.door).run(access, "ebay", [Path("x")])
    with pytest.raises(BadInput, match="No file"):
        Imports(office.door).run(access, "fastspring", [])


def test_an_older_state_of_a_subscription_never_overwrites_a_newer_one(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    old, new = subscription("active", 1_600_000_000_000), subscription("canceled", 1_650_000_000_000)
    taken_in(office, access, [written(tmp_path, new)])
    report = taken_in(office, access, [written(tmp_path, old, name="old.json")])
    assert report.of("subscriptions") == {"new": 0, "changed": 0, "unchanged": 1}
    assert column(place, "SELECT state FROM product_subscription") == [("canceled",)]
    newest = written(tmp_path, old, subscription("active", 1_700_000_000_000), new, name="newest.json")
    assert taken_in(office, access, [newest]).of("subscriptions")["changed"] == 1
    assert column(place, "SELECT state FROM product_subscription") == [("active",)]


def test_a_changed_order_is_written_anew_and_its_licence_keeps_what_hangs_on_it(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)

    def sold(total: int, *serials: str, changed: int = 1_700_000_000_000) -> dict[str, object]:
        keys = [{"type": "license", "license": serial} for serial in serials]
        item = {"product": "mr4", "display": "MovieRecorder 4", "quantity": 1, "fulfillments": {"key": keys}}
        return order("A-1", total=total, items=[item], changed=changed)

    taken_in(office, access, [written(tmp_path, sold(100, "MR4-1"))])
    licences = column(place, "SELECT id, aid, serial FROM licence")
    with place.owner() as owner:
        owner.exec_driver_sql(
            "INSERT INTO activation (licence_id, activated_at, status, source, obtained_on)"
            f" VALUES ({licences[0][0]}, 0, 'active', 'STORE_ACCOUNT', '2026-01-01')"
        )
    changed = sold(90, "MR4-1", "MR4-2", changed=1_700_000_000_001)
    report = taken_in(office, access, [written(tmp_path, changed, name="changed.json")])
    assert (report.refused, report.of("orders")["changed"]) == ([], 1)
    assert column(place, "SELECT total FROM sales_order") == [("90.00",)]
    assert column(place, "SELECT count(*) FROM order_line") == [(1,)]
    assert column(place, "SELECT id, aid, serial FROM licence ORDER BY id")[:1] == licences
    assert column(place, "SELECT serial FROM licence ORDER BY id") == [("MR4-1",), ("MR4-2",)]
    report = taken_in(office, access, [tmp_path / "orders.json"])
    assert report.of("orders")["unchanged"] == 1, "FastSpring tells when an order changed"


def test_an_order_stays_with_who_bought_it_though_the_store_says_another_name_now(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1"))])
    taken_in(office, access, [written(tmp_path, order("A-1", contact(first="Jens")), name="other.json")])
    assert column(place, BUYERS) == [("A-1", "Mette", "Lund", None)]
    assert column(place, "SELECT given_name, mark FROM person ORDER BY id") == [("Mette", None), ("Jens", OTHER_NAME)]


def test_an_account_that_tells_nothing_else_is_nobody(office: Office, place: Place, tmp_path: Path) -> None:
    bare = {key: value for key, value in order("A-1").items() if key not in {"customer", "address"}}
    path = tmp_path / "bare.json"
    path.write_text(json.dumps([{**bare, "account": "account-9"}]), encoding="utf-8")
    report = taken_in(office, seller(office), [path])
    assert (report.refused, report.of("orders")["new"]) == ([], 1)
    assert column(place, "SELECT person_id FROM sales_order") == [(None,)]
