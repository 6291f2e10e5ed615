"""Whatever a file is, each source reads it or refuses it with the place and the reason, and takes in no half record.

Every source that has a profile is in this table by itself, each kind of its files with each kind of damage. Seen to
fail: with workbooks that are not looked through, with no look at bytes that are no text, with a field that stands twice
let through, with the header of a workbook read as a record, and with an import that says less than it took in.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import pytest
import sqlalchemy as sa

from staffdesk.domain.access import Access
from staffdesk.services.importing.profiles import profile
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.imports import Imports
from tests import databases, factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.lists import workbook
from tests.services.offices import Office
from tests.services.sample_exports import CANARY, MANY, Sample, said, samples
from tests.services.store_files import seller

SAMPLES: Final = samples()
LONG: Final = 3_000_000
TABLES: Final[Mapping[str, str]] = {
    "people": "person", "orders": "sales_order", "subscriptions": "product_subscription", "reports": "contact_report",
    "activations": "activation", "news": "subscription", "cases": "support_case",
}  # fmt: skip
"""Where each kind of record goes that an import counts; licences come with orders too."""

_COUNT: Final = sa.text("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES.values()))
_ALONE: Final = "Its licence is not known."
"""Why a good activation is refused whose licence stands in another file."""

_NEXT_STEP: Final = re.compile(r"\S.+\. [A-Z].+\.")


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to a good file; ``refuses`` a table and JSON: all of it, some of it, or nothing of it."""

    done: Callable[[str], bytes]
    table: str
    json: str
    name: str = "export.csv"


def _in_second(good: str, value: str) -> str:
    """Put something into the second record, behind the name that all have."""
    parts = good.split(CANARY)
    return CANARY.join(parts[:2]) + value + CANARY + CANARY.join(parts[2:]) if len(parts) > 2 else good + value


@cache
def _zipped(*parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for part in parts:
            into.writestr(part, "x")
    return packed.getvalue()


def _workbook(good: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return workbook(Path(folder) / "made", list(csv.reader(good.splitlines()))).read_bytes()


def _twice(good: str) -> str:
    """Name the first column, or a field of the first record, twice."""
    if good.startswith("["):
        return good.replace('{"id"', '{"id": "0", "id"', 1)
    header, _, rows = good.partition("\n")
    first = header.split(",")[0]
    return f"{header},{first}\n" + "".join(f"{row},x\n" for row in rows.splitlines())


ALL, SOME, NONE, EITHER, ANY = "all", "some", "none", "either", "any"
_HTML: Final = b"<!DOCTYPE html>\n<html><body><table><tr><td>E-mail</td></tr></table></body></html>\n"
DAMAGES: Final[Mapping[str, Damage]] = {
    "nothing": Damage(str.encode, NONE, NONE),
    "empty": Damage(lambda _: b"", ALL, ALL),
    "blank": Damage(lambda _: b" \r\n\t\r\n", ALL, ALL),
    "truncated": Damage(lambda good: good.rstrip().rpartition(",")[0].encode(), SOME, SOME),
    "UTF-16": Damage(lambda good: good.encode("utf-16"), EITHER, ALL),
    "Latin-1": Damage(lambda good: good.encode("latin-1"), SOME, SOME),
    "mark": Damage(lambda good: b"\xef\xbb\xbf" + good.encode(), NONE, NONE),
    "CR": Damage(lambda good: good.replace("\n", "\r").encode(), NONE, NONE),
    "NUL": Damage(lambda good: _in_second(good, "\0").encode(), SOME, SOME),
    "NUL escaped": Damage(lambda good: _in_second(good, "\\u0000").encode(), ANY, SOME),
    "line too long, first": Damage(lambda good: b"x" * LONG + good.encode(), ALL, ALL),
    "line too long, last": Damage(lambda good: good.encode() + b"x" * LONG, SOME, SOME),
    "value too long": Damage(lambda good: _in_second(good, "y" * LONG).encode(), SOME, SOME),
    "other columns": Damage(lambda _: b"a,b\n1,2\n", ALL, ALL),
    "the other form": Damage(lambda good: b"E-mail\na@b.example\n" if good.startswith("[") else b"[1, 2]", ALL, ALL),
    "formulas": Damage(lambda good: good.replace("Mette", "=HYPERLINK(1)").encode(), NONE, NONE),
    "a name twice": Damage(lambda good: _twice(good).encode(), ALL, SOME),
    "macros": Damage(lambda _: _macros(), ALL, ALL, "export.xlsm"),
    "workbook": Damage(_workbook, NONE, ALL, "export.xlsx"),
    "named .xlsx": Damage(str.encode, NONE, NONE, "export.xlsx"),
    "HTML": Damage(lambda _: _HTML, ALL, ALL),
    "zip": Damage(lambda _: _zipped("a.csv"), ALL, ALL, "export.zip"),
    "zip of many": Damage(lambda _: _zipped(*(f"{n}.csv" for n in range(3_000))), ALL, ALL),
    "gzip": Damage(lambda good: gzip.compress(good.encode()), ALL, ALL),
    "old workbook": Damage(lambda _: b"\xd0\xcf\x11\xe0" + bytes(600), ALL, ALL, "export.xls"),
    "picture": Damage(lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, ALL, ALL),
    "wrong shape": Damage(lambda _: b'[1, "x", null, [[]], {"a": {}}, true]', ALL, ALL),
    "a word": Damage(lambda _: b'"orders"', ALL, ALL),
    "an object": Damage(lambda _: b'{"orders": {"id": 1}}', ALL, ALL),
    "deep": Damage(lambda _: b"[" * 200_000, ALL, ALL),
    "deep objects": Damage(lambda _: b'[{"a":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001 + b"]", ALL, ALL),
    "a card": Damage(lambda _: b"BEGIN:VCARD\nVERSION:3.0\nFN:Mette\n", ALL, ALL, "export.vcf"),
}  # fmt: skip


def _macros() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return workbook(Path(folder) / "made", (("E-mail",), ("a@b.example",)), macros=True).read_bytes()


Desk: TypeAlias = tuple[Place, sa.Connection, Office, Access, int]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give one desk for all: what is read is under other numbers each time."""
    with ExitStack() as stack:
        place = (
            databases.fresh_sqlite(tmp_path_factory.mktemp("bad"))
            if request.param == "sqlite"
            else stack.enter_context(databases.fresh_postgres())
        )
        office = Office(place.open())
        access = seller(office)
        (partner,) = factories.put(office.database, factories.organisation("Partner NV", is_partner=True))
        yield place, stack.enter_context(place.owner()), office, access, partner
        office.database.close()


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_whatever_the_file_is_it_is_read_or_refused_with_the_reason(sample: Sample, desk: Desk, tmp_path: Path) -> None:
    place, owner, office, access, partner = desk
    known = profile(sample.source)
    wrong = []
    for number, (what, damage) in enumerate(DAMAGES.items()):
        path = tmp_path / damage.name
        if place.kind == "postgres" and damage.json == damage.table == ALL:
            continue  # it never comes as far as the database
        good = sample.made(f"{SAMPLES.index(sample)}x{number}")
        path.write_bytes(damage.done(good))
        if good.isascii() and what == "Latin-1":
            continue
        before = _counted(owner)
        imports = Imports(office.door, Front(office).ledger)
        report = imports.run(access, sample.source, [path], said=said(known, partner), test_orders=True)
        came = {kind: there - before[kind] for kind, there in _counted(owner).items()}
        wrong += [f"{what}: {each}" for each in _faults(sample, damage, path, report, came)]
    assert wrong == []


def _counted(owner: sa.Connection) -> dict[str, int]:
    return dict(zip(TABLES, owner.execute(_COUNT).one(), strict=True))


def _faults(sample: Sample, damage: Damage, path: Path, report: ImportReport, came: Mapping[str, int]) -> Iterator[str]:
    for refused in report.refused:
        if refused.place.file != path.name or not _NEXT_STEP.fullmatch(refused.reason):
            yield f"no place or no next step: {refused}"
        if CANARY in refused.reason or "not foreseen" in refused.reason:
            yield f"says what it must not: {refused.reason}"
    new = {kind: report.of(kind)["new"] for kind in TABLES}
    if new != came:
        yield f"took in {came} and says {new}"
    refuses = damage.json if sample.is_json else damage.table
    if refuses == EITHER:
        refuses = NONE if report.read else ALL
    if refuses in {ALL, SOME} and not report.refused:
        yield "nothing is refused"
    if refuses == ALL and (report.read or any(came.values())):
        yield f"{report.read} records are read"
    bad = [each for each in report.refused if not each.reason.startswith(_ALONE)]
    if refuses == NONE and (report.read != MANY or bad):
        yield f"{report.read} records are read, of {MANY}: {report.refused[:1]}"
