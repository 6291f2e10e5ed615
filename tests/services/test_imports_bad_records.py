"""A bad record is reported with its place and a next step and stops nothing else; the same on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.imported import ImportedOrder
from staffdesk.domain.imported import Place as Where
from staffdesk.domain.read_items import ReadItem
from staffdesk.services import importing
from staffdesk.services.importing import SOURCES, things
from staffdesk.services.importing.batch import Batch
from staffdesk.services.imports import Imports
from tests.databases import Place
from tests.services.offices import Office
from tests.services.store_files import column, contact, order, seller, taken_in, written

FAR = "9999-12-31T23:59:59Z"


def test_a_bad_record_is_reported_with_its_place_and_stops_nothing_else(office: Office, tmp_path: Path) -> None:
    card = order("A-2", contact(company="4111 1111 1111 1111"))
    file = written(tmp_path, order("A-1"), card, {"surprise": 1}, order("A-3"))
    broken = tmp_path / "broken.json"
    broken.write_text("[{", encoding="utf-8")
    report = taken_in(office, seller(office), [broken, file, tmp_path / "missing.json"])
    assert [(refused.place.file, refused.place.position) for refused in report.refused] == [
        ("broken.json", "[0]"),
        ("orders.json", "[1]"),
        ("orders.json", "[2]"),
        ("missing.json", ""),
    ]
    assert "4111" not in repr(report)
    assert report.of("orders")["new"] == 2


def test_what_the_database_refuses_of_a_batch_is_one_record_alone(office: Office, place: Place, tmp_path: Path) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql("CREATE UNIQUE INDEX one_of_each ON sales_order (total)")
    totals = [10, 20, 30, 40, 20, 50, 60]
    file = written(tmp_path, *(order(f"A-{n}", total=total) for n, total in enumerate(totals)))
    report = taken_in(office, seller(office), [file])
    assert [refused.place for refused in report.refused] == [Where("orders.json", "[4]", "account-1")]
    assert report.of("orders")["new"] == 6
    assert column(place, "SELECT count(*) FROM sales_order") == [(6,)]


@pytest.mark.parametrize("changed", [253_402_300_799_000, 0, 10**39, FAR])
def test_a_date_that_cannot_be_is_one_record_alone(office: Office, tmp_path: Path, changed: object) -> None:
    report = taken_in(
        office, seller(office), [written(tmp_path, order("A-1"), order("A-2", changed=changed), order("A-3"))]
    )
    assert [refused.place.position for refused in report.refused] == ["[1]"]
    assert report.of("orders")["new"] == 2


def test_a_date_of_shopify_that_cannot_be_is_one_record_alone(office: Office, tmp_path: Path) -> None:
    def sold(number: int, day: str, **values: object) -> dict[str, object]:
        basics = {"currency": "EUR", "total_price": "10.00", "email": f"s{number}@x.example", "line_items": []}
        return {"id": number, "name": f"#{number}", "created_at": day, **basics, **values}

    good = "2026-01-01T10:00:00Z"
    sent = [{"status": "success", "created_at": FAR}]
    days = [
        sold(1, good),
        sold(2, FAR),
        sold(3, "0001-01-01T00:00:00Z"),
        sold(4, good, fulfillments=sent),
        sold(5, good),
    ]
    report = taken_in(office, seller(office), [written(tmp_path, *days)], "shopify")
    assert [refused.place.position for refused in report.refused] == ["[1]", "[2]", "[3]"]
    assert report.of("orders")["new"] == 2


def test_whatever_one_record_provokes_the_others_come_in_and_nothing_of_it_is_said(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shipments(sold: ImportedOrder, *_: object) -> list[object]:
        if sold.number == "A-2":
            raise OverflowError("a secret")
        return []

    monkeypatch.setattr(things, "_shipments", shipments)
    report = taken_in(office, seller(office), [written(tmp_path, *(order(f"A-{n}") for n in range(1, 5)))])
    assert [refused.place.position for refused in report.refused] == ["[1]"]
    assert "secret" not in repr(report.refused)
    assert report.refused[0].reason.endswith("Correct it where it was exported, and export it again.")
    assert report.of("orders")["new"] == 3


def test_a_reader_that_fails_spoils_its_file_alone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path) -> Iterator[ReadItem]:
        if path.name == "bad.json":
            raise RecursionError
        yield from SOURCES["fastspring"](path)

    files = [written(tmp_path, order("A-1"), name="bad.json"), written(tmp_path, order("A-2"))]
    monkeypatch.setattr(importing, "SOURCES", {"fastspring": read})
    report = taken_in(office, seller(office), files)
    assert [refused.place.file for refused in report.refused] == ["bad.json"]
    assert report.of("orders")["new"] == 1


def test_what_no_record_causes_ends_the_import(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise StorageUnavailable("The database is gone.", "Start it.")

    access = seller(office)
    monkeypatch.setattr(Batch, "write", gone)
    with pytest.raises(StorageUnavailable):
        taken_in(office, access, [written(tmp_path, order("A-1"), order("A-2"))])


def test_what_is_no_file_is_refused_and_not_waited_for(office: Office, tmp_path: Path) -> None:
    """A pipe nobody writes into, and a device that never ends."""
    os.mkfifo(pipe := tmp_path / "leads.csv")
    report = Imports(office.door).run(seller(office), "fastspring", [pipe, Path("/dev/zero")])
    assert [refused.reason[:17] for refused in report.refused] == ["It is not a file."] * 2
