"""Imports from the command line, on the stores' own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import TOLD, Commands

REAL = Path(__file__).resolve().parents[3] / "shared" / "realdata"


@pytest.fixture
def orders() -> list[str]:
    folder = REAL / "store-fastspring"
    if not folder.is_dir():
        pytest.skip("the stores' examples lie beside the project's root: ../shared/realdata is not there")
    return [str(path) for path in sorted(folder.rglob("*.json"))]


def test_a_dry_run_counts_and_changes_nothing(desk: Commands, orders: list[str]) -> None:
    ran = desk.run("import", "fastspring", *orders, "--dry-run", "--test-orders", "--json", *TOLD, as_="david")
    assert ran.code == 0, ran.err
    again = desk.run("import", "fastspring", *orders, "--dry-run", "--test-orders", "--json", *TOLD, as_="david")
    assert again.record == ran.record
    assert ran.record["orders"] != {"new": 0, "changed": 0, "unchanged": 0}


def test_a_second_run_changes_nothing(desk: Commands, orders: list[str]) -> None:
    first = desk.run("import", "fastspring", *orders, "--test-orders", "--json", *TOLD, as_="david")
    assert first.code == 0, first.err
    second = desk.run("import", "fastspring", *orders, "--test-orders", "--json", *TOLD, as_="david").record
    counts = [second[kind] for kind in ("people", "orders", "subscriptions")]
    assert all(isinstance(count, dict) and count["new"] == count["changed"] == 0 for count in counts)


def test_what_was_imported_is_found_by_its_order_number(desk: Commands, orders: list[str]) -> None:
    desk.run("import", "fastspring", *orders, "--test-orders", *TOLD, as_="david")
    hits = desk.look("search", "FUR171013-2389-33111B", "--json").record["hits"]
    assert isinstance(hits, list)
    assert [hit["kind"] for hit in hits] == ["order"]


def test_support_imports_nothing(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    file.write_text("[]", encoding="utf-8")
    assert desk.run("import", "fastspring", str(file), *TOLD, as_="anna").code == 3


def test_an_unknown_store_exits_6(desk: Commands) -> None:
    assert desk.run("import", "bazaar", "x.json", *TOLD, as_="david").code == 6
