"""Undoing one import: what nobody touched since goes, what was edited stays and is listed; on both databases.

Seen to fail: with the rows that were set right since taken away too, and with a filled field left filled.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.data.customers import undoing
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.domain.access import Act
from staffdesk.domain.errors import BadInput, NotFound
from staffdesk.services.import_runs import RunsOfImports
from tests import factories
from tests.databases import Place
from tests.services.lists import HEADER, LUND, SMITH, table, taken
from tests.services.offices import Office, entries
from tests.services.store_files import column, contact, counted, held, order, real, seller, taken_in, written


def test_what_an_import_brought_goes_and_what_was_set_right_since_stays(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access, runs = seller(office), RunsOfImports(office.door)
    report = taken(office, access, table(tmp_path, LUND, SMITH))
    ((ada,),) = column(place, "SELECT id FROM person WHERE given_name = 'Ada'")
    right = {**factories.provenance(), "person_id": ada, "field": "phone", "evidence": "order 1", "confirmed_on": None}
    factories.put(office.database, FieldStatus.checked(right))
    undone = runs.undo(access, report.number or 0)
    assert (undone.removed["person"], undone.removed["contact_report"]) == (1, 2)
    assert undone.stays == [undoing.Stays("person", int(str(ada)), undoing.EDITED)]
    assert column(place, "SELECT given_name FROM person") == [("Ada",)]
    assert [run.undone_at is not None for run in runs.all(access)] == [True]
    assert Act.IMPORT_UNDONE in {entry.act for entry in entries(place)}
    again = runs.undo(access, report.number or 0)
    assert again.removed.total() == 0


def test_a_field_that_an_import_filled_is_empty_again(office: Office, place: Place, tmp_path: Path) -> None:
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1", contact(phone=None)))])
    before = held(place)["person"]
    report = taken(office, access, table(tmp_path, LUND[:4], header=HEADER[:4]))
    assert column(place, "SELECT phone FROM person") == [("+4555550142",)]
    RunsOfImports(office.door).undo(access, report.number or 0)
    assert held(place)["person"] == before
    assert {"field_status", "contact_report"}.isdisjoint(counted(place))


def test_an_order_that_a_later_import_changed_stays_whichever_of_the_two_is_undone(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access, runs = seller(office), RunsOfImports(office.door)
    first = taken_in(office, access, [written(tmp_path, order("A-1"), order("A-2"))])
    later = taken_in(office, access, [written(tmp_path, order("A-1", total=20), name="later.json")])
    undone = runs.undo(access, later.number or 0)
    assert [(each.table, each.reason) for each in undone.stays if each.reason == undoing.CHANGES] == [
        ("sales_order", undoing.CHANGES)
    ]
    runs.undo(access, first.number or 0)
    assert column(place, "SELECT number FROM sales_order") == [("A-1",)]
    assert column(place, "SELECT count(*) FROM person") == [(1,)]


@pytest.mark.parametrize("store", ["fastspring", "shopify"])
def test_a_whole_store_goes_as_it_came(store: str, office: Office, place: Place) -> None:
    access = seller(office)
    report = taken_in(office, access, real(store), store)
    before = {"import_run", "import_change", "product"}
    undone = RunsOfImports(office.door).undo(access, report.number or 0)
    if not undone.stays:
        gone = {"person", "organisation", "sales_order", "order_line", "invoice", "shipment", "licence", "disclosure"}
        assert gone.isdisjoint(counted(place).keys() - before)
    assert {each.reason for each in undone.stays} <= {undoing.CHANGED, undoing.CHANGES, undoing.BELONGED_TO}


def test_an_import_that_is_not_there_is_not_undone(office: Office) -> None:
    access, runs = seller(office), RunsOfImports(office.door)
    with pytest.raises(NotFound):
        runs.undo(access, 99)
    with pytest.raises(BadInput, match="No notice"):
        runs.told(access, 99)
