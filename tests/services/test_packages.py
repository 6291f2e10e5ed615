"""The package of an access or portability request: all of the person's, nothing of anybody else's, sealed throughout.

Seen to fail: with a column left out, with the columns about employees let in, with rows found by the first of their
keys alone, with places left unless they were decided on, with a decision taken on another text, with the files put
into the outer zip, with digests of the names, with a package spooled as it is sent, with a spool file removed as it
was, with an account's id among the kinds of a consultation, with the page's texts not escaped or shown as they are
stored, with all rows counted as provided, with no safeguard named, with a parcel's recipient taken for the person,
and with a PDF that is missing unsaid.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
import pyzipper
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.data import register
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act, RecordKind, Role
from staffdesk.domain.errors import BadInput, Conflict, NotFound, StorageUnavailable
from staffdesk.domain.packages import Contents, Package, Redaction, rules
from staffdesk.domain.provenance import Source
from staffdesk.domain.requests import RequestType
from staffdesk.services.home import Home, write_secret
from staffdesk.services.letters import Language
from staffdesk.services.packages import Packages, collect
from staffdesk.services.packages.hiding import hide
from staffdesk.services.packages.words import words
from tests import factories
from tests.databases import KEY, Place
from tests.services.front import Front
from tests.services.offices import Office, entries

NUMBER = "DSR-2026-0001"
NO_SECOND_OWNER = ("field_status", "organisation_id")
DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def packages(home: Home) -> Packages:
    home.make_folders()
    write_secret(home.key_file, KEY)
    return Packages(home)


def collected(database: Database, person_id: int) -> Contents:
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.REQUEST_MOVED))
    with database.read(ticket, Deadline(30)) as tx2:
        return collect(tx2, person_id, NUMBER)


def left(contents: Contents) -> Mapping[str, Redaction]:
    return {each.id: Redaction.LEAVE for each in contents.findings}


def opened(packages: Packages, made: Package) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(packages.take(NUMBER))) as outer:
        outer.setpassword(made.passphrase.encode())
        assert outer.namelist() == ["package.zip"]
        with zipfile.ZipFile(io.BytesIO(outer.read("package.zip"))) as inner:
            assert inner.testzip() is None
            return {name: inner.read(name) for name in inner.namelist()}


def fill(place: Place, who: str, number: int, staff_id: str) -> None:
    """Write one row into every table of which a person is given a copy, each column filled, all of it ``who``'s."""
    with place.owner() as owner:
        for table in register.metadata.sorted_tables:
            if table.name in register.packaged_tables():
                owner.execute(sa.insert(table).values(_row(table, who, number, staff_id)))


def _row(table: sa.Table, who: str, number: int, staff_id: str) -> dict[str, object]:
    listed = {}
    for check in table.constraints:
        found = re.match(r"(\w+) IN \('([^']+)'", str(getattr(check, "sqltext", "")))
        if found:
            listed[found[1]] = found[2]
    row: dict[str, object] = {}
    for column in table.columns:
        keys = [key.column.table.name for key in column.foreign_keys]
        if "staff" in keys:
            row[column.name] = staff_id
        elif column.name in listed:
            row[column.name] = listed[column.name]
        elif (table.name, column.name) == NO_SECOND_OWNER:
            row[column.name] = None
        elif isinstance(column.type, sa.Boolean):
            row[column.name] = True
        elif isinstance(column.type, sa.Date):
            row[column.name] = factories.DAY
        elif isinstance(column.type, sa.String):
            row[column.name] = f"{table.name} {column.name} {who}"
        else:
            row[column.name] = 1_700_000_000_000 + number if column.name.endswith("_at") else number
    return row


def _a_persons(table: str) -> set[str]:
    """Return the columns with a word for people, but those that are computed and those that lead to an employee."""
    columns = register.metadata.tables[table].columns
    of_staff = {column.name for column in columns for key in column.foreign_keys if key.column.table.name == "staff"}
    declared = register.of_table(table).items()
    return {name for name, each in declared if each.label and not each.derived} - of_staff


@pytest.fixture
def filled(office: Office, place: Place) -> None:
    with place.owner() as owner:
        for number in (1, 2):
            owner.exec_driver_sql(f"INSERT INTO product (id, code, name) VALUES ({number}, 'p{number}', 'P')")
            owner.exec_driver_sql(
                "INSERT INTO recipient (id, code, name, country, purpose) "
                f"VALUES ({number}, 'r{number}', 'R{number}', 'FR', 'x')"
            )
    staff_id = office.hire("pia", Role.PRIVACY)
    for number, who in enumerate(("anna", "zoltan"), start=1):
        fill(place, who, number, staff_id)


@pytest.mark.usefixtures("filled")
def test_all_the_register_knows_of_the_person_is_in_it_and_nothing_of_another_or_of_an_employee(
    database: Database, packages: Packages, place: Place
) -> None:
    """A column added to the register is compared here too, without a word in this test."""
    contents = collected(database, 1)
    files = opened(packages, packages.make(contents, RequestType.ACCESS, decided=left(contents)))
    data = json.loads(files["access.json"])["data"]
    assert set(data) == set(register.packaged_tables())
    page = files["access.html"].decode()
    for table, rows in data.items():
        (row,) = rows
        assert set(row) == _a_persons(table), table
        for column, value in row.items():
            assert value is not None or (table, column) == NO_SECOND_OWNER, (table, column)
            if isinstance(value, str) and value.endswith("anna"):
                assert value in page, (table, column)
    personal = {(each.table, each.column) for each in register.columns() if each.declaration.derived}
    assert not {(table, column) for table in data for column in data[table][0]} & personal
    with place.owner() as owner:
        (employee,) = owner.exec_driver_sql("SELECT id, full_name, email FROM staff").all()
    whole = b"".join(files.values()).decode("utf-8", "replace")
    assert [word for word in ("zoltan", *employee) if word in whole] == []


def test_no_column_about_employees_is_packaged_even_one_that_forgot_to_say_whose_it_is() -> None:
    by_name = re.compile(r"_by$|^(author|staff|employee|actor)")
    packaged = [(table, column) for table in register.packaged_tables() for column in register.packaged(table)]
    assert [each for each in packaged if by_name.search(each[1])] == []


def test_whoever_a_parcel_went_to_is_hidden_with_his_telephone(database: Database, place: Place) -> None:
    made = factories.customer(database)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE shipment SET recipient_name = 'Odile Petit', phone = '+32470112233'")
    contents = collected(database, made.person)
    assert [(each.column, each.found) for each in contents.findings] == [
        ("recipient_name", "Odile Petit"), ("phone", "+32470112233"),
    ]  # fmt: skip
    (shipment,) = hide(contents, {}, (), words(Language.FR).hide, rules()).contents.held["shipment"]
    assert (shipment.values["recipient_name"], shipment.values["phone"]) == (
        "[nom d'une autre personne]", "[concerne une autre personne]",
    )  # fmt: skip


@pytest.mark.parametrize("column", ["person_id", "organisation_id"])
def test_what_names_nobody_is_his_by_what_it_hangs_on(column: str, database: Database, place: Place) -> None:
    made = factories.customer(database)
    (other,) = factories.put(database, factories.person())
    loose, others = factories.licence(order_id=made.order), factories.licence(order_id=made.order, person_id=other)
    nobodys = {"person_id": None, "organisation_id": made.organisation}
    report = factories.report(made.person, "of nobody").model_copy(update=nobodys)
    factories.put(database, loose, others, report)
    if column == "organisation_id":
        with place.owner() as owner:
            owner.exec_driver_sql("UPDATE organisation SET sole_trader = true")
    held = collected(database, made.person).held
    assert {row.values["serial"] for row in held["licence"]} == {made.serial, loose.serial}
    assert bool(held["contact_report"]) == (column == "organisation_id")


OTHERS = ("Maria Jansen", "Jansen, Maria", "Seán O'Brien", "山田太郎", "maria@other.example", "+32 2 555 12 34")
BEFORE = st.sampled_from(["", "met ", "d'", "(", "<b>", "*_#$", "-"])
AFTER = st.sampled_from(["", "'s", ".", ", then", ")", "\n", "\u2026", "</b>", "*", "\u2019s mail"])


def test_whoever_else_a_report_names_is_hidden(database: Database, place: Place) -> None:
    made = factories.customer(database)
    factories.put(
        database,
        factories.person(given_name="Maria", family_name="Jansen", email="maria@other.example", phone="+3225551234"),
        factories.person(given_name="Seán", family_name="O'Brien"),
        factories.person(given_name="太郎", family_name="山田"),
        factories.report(made.person, "Anders Bo on a call"),
    )
    texts = st.lists(st.tuples(BEFORE, st.sampled_from(OTHERS), AFTER), min_size=1, max_size=4)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(texts)
    def check(parts: list[tuple[str, str, str]]) -> None:
        body = "Anders Bo, anders@nordlys.example: " + " ".join(map("".join, parts)) + " Anders again."
        with place.owner() as owner:
            owner.execute(sa.text("UPDATE contact_report SET body = :body"), {"body": body})
        contents = collected(database, made.person)
        (report,) = hide(contents, {}, (), words(Language.EN).hide, rules()).contents.held["contact_report"]
        given_out = report.values["body"]
        assert [word for word in ("Jansen", "Brien", "太郎", "other.example", "555") if word in given_out] == [], body
        assert given_out.startswith("Anders Bo, anders@nordlys.example: ")
        assert given_out.endswith(" Anders again.")

    check()


def test_each_place_is_decided_by_itself_and_never_on_another_text(
    database: Database, place: Place, packages: Packages
) -> None:
    made = factories.customer(database)
    factories.put(
        database,
        factories.person(given_name="Maria", family_name="Jansen", organisation_id=made.organisation),
        factories.report(made.person, "Maria called", body="Maria, of ward 7, has the licence MR4-000009-QX"),
    )
    contents = collected(database, made.person)
    first, second = contents.findings
    assert (first.column, second.column, second.before, second.found, second.after[:3]) == (
        "topic", "body", "", "Maria", ", o",
    )  # fmt: skip
    files = opened(
        packages,
        packages.make(contents, RequestType.ACCESS, decided={second.id: Redaction.LEAVE}, also=("WARD 7",)),
    )
    (report,) = json.loads(files["access.json"])["data"]["contact_report"]
    assert report["topic"] == "[name of another person] called"
    assert report["body"] == "Maria, of [about another person], has the licence MR4-000009-QX"
    assert json.loads(files["manifest.json"])["hidden"] == {"name": 1, "words": 1}
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE contact_report SET body = 'Maria, of another ward'")
    with pytest.raises(Conflict, match="changed since"):
        packages.make(collected(database, made.person), RequestType.ACCESS, decided={second.id: Redaction.LEAVE})


def test_consultations_are_told_with_dates_and_purposes_and_nobodys_name(
    office: Office, database: Database, packages: Packages, place: Place
) -> None:
    front = Front(office)
    made = factories.customer(database, language="nl")
    access = front.staff("sofie", Role.SALES, made.order_number)
    for _ in range(2):
        front.gateway.open(access, RecordKind.PERSON, made.person)
    front.gateway.reveal(access, f"person:{made.person}:email")
    contents = collected(database, made.person)
    assert [(each.act, each.purpose, each.role, each.times) for each in contents.consulted] == [
        ("customer.revealed", "sale", "sales", 1),
        ("customer.opened", "sale", "sales", 2),
    ]
    files = opened(packages, packages.make(contents, RequestType.ACCESS))
    told = json.loads(files["access.json"])["consultations"]
    assert [(each["purpose"], each["department"], each["level"]) for each in told] == [
        ("sale", "sales", "revealed"), ("sale", "sales", "opened"),
    ]  # fmt: skip
    page = files["access.html"].decode()
    assert "Geopend: 1. Volledig getoond: 1." in page
    assert "een verkoop" in page
    actor = entries(place)[-2].actor
    assert actor
    whole = b"".join(files.values()).decode("utf-8", "replace")
    assert [word for word in (actor, "sofie", "Sofie") if word in whole] == []


def test_what_the_law_asks_is_said_letter_by_letter(database: Database, packages: Packages, place: Place) -> None:
    made = factories.customer(database)
    with place.owner() as owner:
        owner.exec_driver_sql(
            "INSERT INTO recipient (id, code, name, country, purpose, mechanism, mechanism_until) "
            "VALUES (1, 'CAMPAIGN_SERVICE', 'Transpond', 'GB', '', 'ADEQUACY', '2031-12-27')"
        )
        owner.exec_driver_sql(
            "INSERT INTO disclosure (recipient_id, person_id, classes, purpose, disclosed_on) "
            f"VALUES (1, {made.person}, 'contact, identity', 'Sending news', '2026-01-01')"
        )
    files = opened(packages, packages.make(collected(database, made.person), RequestType.ACCESS))
    sections = json.loads(files["access.json"])["sections"]
    assert "".join(sections) == "abcdefgh"
    assert sections["c"]["tables"][0]["rows"] == [[
        "Transpond", "United Kingdom", "Sending news", "how you are reached, who you are", "2026-01-01",
        "adequacy decision renewed December 2025, until 2031-12-27",
    ]]  # fmt: skip
    assert ["Activations: IP address", "12 months", "none"] in sections["d"]["tables"][0]["rows"]
    assert f"Orders: {made.order_number}" in [row[0] for row in sections["g"]["tables"][0]["rows"]]


def test_portability_is_what_the_person_provided(database: Database, packages: Packages) -> None:
    made = factories.customer(database)
    sold = {"source": Source.PARTNER, "partner_id": made.organisation}
    bought = factories.licence(person_id=made.person, **sold)
    factories.put(database, bought, factories.report(made.person, "our own words"))
    files = opened(packages, packages.make(collected(database, made.person), RequestType.PORT))
    assert set(files) == {"portability.json", "portability.html", "portability.pdf", "manifest.json"}
    data = json.loads(files["portability.json"])["data"]
    assert set(data) == {"person", "organisation", "sales_order", "order_line", "shipment", "licence", "activation"}
    assert [row["serial"] for row in data["licence"]] == [made.serial]
    with pytest.raises(BadInput, match="access and for portability"):
        packages.make(collected(database, made.person), RequestType.ERASE)


HOSTILE = "<script>alert(1)</script> #let x = 1; *bold* $x$ {{ x }} {% y %} </td></bdi> \x1b[31m \u202eevil\x00 =1+1"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_text_is_text_in_every_form(database: Database, packages: Packages, place: Place) -> None:
    made = factories.customer(database)
    factories.put(database, factories.report(made.person, "x"))
    hostile = HOSTILE if place.kind == "sqlite" else HOSTILE.replace("\x00", "")
    with place.owner() as owner:
        owner.execute(sa.text("UPDATE contact_report SET body = :body"), {"body": hostile})
        owner.execute(sa.text("UPDATE organisation SET name = :name"), {"name": hostile})
    files = opened(packages, packages.make(collected(database, made.person), RequestType.ACCESS))
    assert json.loads(files["access.json"])["data"]["organisation"][0]["name"] == hostile
    page = _Page()
    page.feed(files["access.html"].decode())
    assert not page.tags & {"script", "iframe", "img", "link", "form", "object", "base"}
    shown = HOSTILE[: HOSTILE.index("\x1b")] + "\u2039U+001B\u203a[31m \u2039U+202E\u203aevil"
    assert shown in page.text
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page.text) is None
    assert files["access.pdf"].startswith(b"%PDF-")


def test_the_manifest_is_true_and_the_seal_shows_nothing(
    database: Database, packages: Packages, home: Home, tmp_path: Path
) -> None:
    made = packages.make(collected(database, factories.customer(database).person), RequestType.ACCESS)
    files = opened(packages, made)
    told = json.loads(files.pop("manifest.json"))
    assert (told["request"], told["policy"], told["kind"], told["left_out"]) == (NUMBER, "2024-10", "access", {})
    assert {each["name"]: (each["size"], each["sha256"]) for each in told["files"]} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()
    }
    assert made.sha256 == hashlib.sha256(packages.take(NUMBER)).hexdigest()
    assert re.fullmatch(r"[a-z]{5}(-[a-z]{5}){5}", made.passphrase)
    with pyzipper.AESZipFile(io.BytesIO(packages.take(NUMBER))) as outer, pytest.raises(RuntimeError):
        outer.read("package.zip", pwd=b"wrong")
    (spooled,) = home.spool.iterdir()
    assert re.fullmatch(r"[0-9a-f]{32}\.box", spooled.name)
    assert (spooled.stat().st_mode & 0o777, home.spool.stat().st_mode & 0o777) == (0o600, 0o700)
    secrets = (b"anders@nordlys.example", NUMBER.encode(), made.passphrase.encode(), b"package.zip", b"PK\x03\x04")
    whole = b"".join(path.read_bytes() for path in _files(tmp_path) if path.suffix != ".db")
    assert [secret for secret in secrets if secret in whole] == []
    assert made.passphrase not in repr(made)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_a_package_without_what_makes_pdfs_goes_without_and_says_so(
    database: Database, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    made = packages.make(collected(database, factories.customer(database).person), RequestType.ACCESS)
    assert made.manifest.left_out == {"access.pdf": "The PDF could not be made here."}
    assert set(opened(packages, made)) == {"access.json", "access.html", "manifest.json"}


def test_nobody_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound, match="no such person"):
        collected(database, 4711)


def test_the_spool_empties_itself(home: Home, tmp_path: Path) -> None:
    """One desk alone: no database is asked."""
    home.make_folders()
    write_secret(home.key_file, KEY)
    packages = Packages(home)
    spool = packages._spool
    kept = tmp_path / "kept"
    spool.put(NUMBER, b"first", 0)
    (path,) = home.spool.iterdir()
    os.link(path, kept)
    before = kept.read_bytes()
    spool.put(NUMBER, b"second", 0)
    assert packages.take(NUMBER) == b"second"
    assert len(kept.read_bytes()) == len(before)
    assert not set(re.findall(rb"(?s).{8}", before)) & set(re.findall(rb"(?s).{8}", kept.read_bytes()))
    assert (packages.sent(NUMBER), packages.sent(NUMBER), packages.holds(NUMBER)) == (True, False, False)
    with pytest.raises(NotFound, match="no package of this request"):
        packages.take(NUMBER)
    spool.put(NUMBER, b"third", 0)
    assert (packages.run_due(7 * DAY_MS - 1), packages.holds(NUMBER)) == (0, True)
    assert (packages.run_due(7 * DAY_MS), packages.holds(NUMBER)) == (1, False)
    spool.put(NUMBER, b"fourth", 0)
    (path,) = home.spool.iterdir()
    box = bytearray(path.read_bytes())
    for at in (0, 20, len(box) - 1):
        broken = bytes(box[:at]) + bytes([box[at] ^ 1]) + bytes(box[at + 1 :])
        path.write_bytes(broken)
        with pytest.raises(StorageUnavailable, match="damaged"):
            packages.take(NUMBER)
    path.write_bytes(b"")
    with pytest.raises(StorageUnavailable, match="damaged"):
        packages.take(NUMBER)
