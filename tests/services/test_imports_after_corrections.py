"""Whose name or address was set right at the desk is found by the same list again, and once erased stays away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from staffdesk.data.customers.fields import Fields, Origin
from staffdesk.data.customers.objections import Objections
from staffdesk.data.database import Database
from staffdesk.domain.provenance import Source
from tests import factories
from tests.databases import Place
from tests.services.lists import LUND, SMITH, table, taken
from tests.services.offices import Office
from tests.services.store_files import column, contact, held, order, seller, taken_in, written

ACCOUNTS = ("Account", "First name", "Last name", "E-mail")
SLM = {"source": "SLM_ACCOUNT", "obtained": "2026-09-14", "evidence": "the licence manager's export"}


def set_right(database: Database, place: Place, field: str, new: str) -> None:
    """Change a field of the only person as a correction does."""
    ((number,),) = column(place, "SELECT min(id) FROM person")
    origin = Origin(source=Source.EMAIL_IN.value, obtained_on=factories.DAY)
    with factories.writing(database) as pen:
        fields = Fields(pen._tx)
        row = fields.row("person", int(str(number)))
        assert row is not None
        record = fields.checked("person", row, field, new)
        before = fields.key_before("person", row, field)
        assert fields.change(record, field, row[field]) == 1
        assert fields.put_status("person", row["id"], field, origin, {**origin.values(), **before}) == 1


def test_an_address_set_right_is_found_by_the_list_that_told_another(
    office: Office, place: Place, tmp_path: Path
) -> None:
    """He came by a store, so that the list has no key of its own to find him by."""
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1", contact(phone=None)))])
    file = table(tmp_path, LUND)
    assert taken(office, access, file).of("people")["new"] == 0
    set_right(office.database, place, "email", "mette@elsewhere.example")
    before = held(place)
    report = taken(office, access, file)
    assert report.of("people") == {"new": 0, "changed": 0, "unchanged": 1}
    assert held(place) == before
    assert taken(office, access, file, dry_run=True).of("people") == report.of("people")


@pytest.mark.parametrize("fields", [("given_name",), ("given_name", "family_name"), ("email", "family_name")])
def test_whoever_has_an_account_is_found_by_it_though_he_is_called_otherwise_now(
    fields: Sequence[str], office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    file = table(tmp_path, ("acc-1", "Mete", "Lunt", "mete@lund.example"), header=ACCOUNTS)
    taken(office, access, file, source="licences", said=SLM)
    for field in fields:
        set_right(office.database, place, field, "mette@lund.example" if field == "email" else f"Right{field[:5]}")
    before = held(place)
    report = taken(office, access, file, source="licences", said=SLM)
    assert (report.conflicts, report.of("people")) == ([], {"new": 0, "changed": 0, "unchanged": 1})
    assert held(place) == before


def test_of_two_corrections_what_the_import_told_stays_known(office: Office, place: Place, tmp_path: Path) -> None:
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1"))])
    file = table(tmp_path, LUND)
    taken(office, access, file)
    for new in ("second@lund.example", "third@lund.example"):
        set_right(office.database, place, "email", new)
    assert taken(office, access, file).of("people")["new"] == 0


def test_an_address_that_was_typed_here_finds_nobody(office: Office, place: Place, tmp_path: Path) -> None:
    """It may have been a slip, and be somebody else's in a list."""
    access = seller(office)
    factories.put(office.database, factories.person(given_name="Ada", family_name="Smith", email=SMITH[2]))
    set_right(office.database, place, "email", "right@smith.example")
    assert column(place, "SELECT before_key FROM field_status") == [(None,)]
    assert taken(office, access, table(tmp_path, SMITH)).of("people")["new"] == 1


def test_who_is_erased_does_not_come_back_under_his_old_address_and_nothing_of_it_is_kept(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1"))])
    set_right(office.database, place, "email", "mette@elsewhere.example")
    with factories.writing(office.database) as pen:
        Objections(pen._tx).suppress(1, 0, erased_in=1)
    with place.owner() as owner:
        for name in ("field_status", "disclosure", "order_line", "invoice", "shipment", "sales_order", "person"):
            owner.exec_driver_sql(f"DELETE FROM {name}")
    report = taken(office, access, table(tmp_path, LUND))
    assert (report.suppressed, column(place, "SELECT count(*) FROM person")) == (1, [(0,)])
