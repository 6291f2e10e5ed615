"""An import that takes nothing in ends with 6 and says so on standard error; the counts are on standard output.

Seen to fail: with the exit code left at 0 and the refusals on standard output.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import TOLD, Commands

ORDER = {
    "order": "aB3_dE5-gH7jK9mN1pQ3sT",
    "id": "aB3_dE5-gH7jK9mN1pQ3sT",
    "reference": "FUR260110-4821-55301B",
    "live": True,
    "currency": "EUR",
    "account": "cD4_fG6-hI8kL0nO2qR4uW",
    "total": 79.0,
    "tax": 0.0,
    "subtotal": 79.0,
    "completed": True,
    "changed": 1768003200000,
    "customer": {
        "first": "Test",
        "last": "Person",
        "email": "test.person@mail.example",
        "company": None,
        "phone": None,
    },
    "items": [{"product": "norvand", "quantity": 1, "display": "Norvand", "sku": None, "subtotal": 79.0}],
}
FOREIGN = {"customers": [{"id": 1}]}


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.json", "[]")


@pytest.mark.parametrize(
    "make",
    [
        lambda _path: None,
        lambda path: path.mkdir(),
        lambda path: path.write_text("", encoding="utf-8"),
        _zip,
        lambda path: path.write_text(json.dumps(FOREIGN), encoding="utf-8"),
        lambda path: path.write_text('{"orders": [{"x": 1}, {"y": 2}]}', encoding="utf-8"),
    ],
    ids=["missing", "folder", "empty", "zip", "another kind", "every record refused"],
)
@pytest.mark.parametrize("store", ["fastspring", "shopify"])
def test_nothing_taken_in_exits_6(desk: Commands, tmp_path: Path, make: Callable[[Path], object], store: str) -> None:
    file = tmp_path / "given.json"
    make(file)
    ran = desk.run("import", store, str(file), *TOLD, as_="david")
    assert ran.code == 6, ran.err
    assert "given.json" in ran.err
    assert "refused: " in ran.err
    assert "nothing was taken in" in ran.err
    assert "refused" not in ran.out
    assert ran.out.startswith("read")


def test_one_whole_file_refused_exits_6_though_another_was_taken_in(desk: Commands, tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(ORDER), encoding="utf-8")
    ran = desk.run("import", "fastspring", str(good), str(tmp_path / "none.json"), "--json", *TOLD, as_="david")
    assert ran.record["orders"] == {"new": 1, "changed": 0, "unchanged": 0}, ran.err
    assert ran.code == 6
    assert "none.json: refused: " in ran.err


def test_some_records_refused_and_others_taken_in_exits_0(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "mixed.json"
    file.write_text(json.dumps({"orders": [ORDER, {"x": 1}]}), encoding="utf-8")
    ran = desk.run("import", "fastspring", str(file), *TOLD, as_="david")
    assert ran.code == 0, ran.err
    assert "mixed.json orders[1]: refused: " in ran.err
    assert "the rest was taken in" in ran.err
    again = desk.run("import", "fastspring", str(file), *TOLD, as_="david")
    assert "1 refused; the rest is here already." in again.err


def test_a_file_of_no_records_is_no_failure_and_is_said(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "quiet-day.json"
    file.write_text('{"orders": []}', encoding="utf-8")
    ran = desk.run("import", "fastspring", str(file), *TOLD, as_="david")
    assert ran.code == 0
    assert "There was no record in what was given." in ran.err


def test_what_is_left_out_whole_is_not_told_as_nothing_given(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "tickets.json"
    ticket = {"id": 7, "requester_id": 1, "status": "deleted", "created_at": "2026-10-01T10:00:00Z", "comments": []}
    file.write_text(json.dumps({"tickets": [ticket]}), encoding="utf-8")
    told = ("--source", "SUPPORT", "--obtained", "2026-10-02", "--evidence", "export")
    ran = desk.run("import", "zendesk", str(file), *told, as_="david")
    assert ran.code == 0, ran.err
    assert "1 deleted" in ran.out
    assert "All of it is left out." in ran.err
    assert "no record" not in ran.err


def test_the_list_of_imports_says_when_and_by_whom(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    file.write_text(json.dumps(ORDER), encoding="utf-8")
    assert desk.run("import", "fastspring", str(file), *TOLD, as_="david").code == 0
    runs = json.loads(desk.run("import", "list", "--json", as_="david").out)
    lines = desk.run("import", "list", as_="david").out.splitlines()
    assert [run["user_name"] for run in runs] == ["david"] * len(lines)
    assert all("Z by david, obtained" in line for line in lines)
