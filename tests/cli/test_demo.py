"""The invented company: nobody and nothing in it exists, it is the same for the same seed, and it is whole."""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from staffdesk.cli.guard import guarded
from staffdesk.data.customers.writing import AUDIT_PREFIXES
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.licensing import Activation
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.sales import Order, Shipment
from staffdesk.domain.access import Access, Purpose, RecordKind, Role, Standing
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.correction import corrected_fields
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.matters import NewCase
from staffdesk.domain.requests import RequestType
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.services.demo import make_demo
from staffdesk.services.demo.in_hand import IN_HAND
from staffdesk.services.demo.making import Making
from staffdesk.services.demo.people import Row
from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_desk
from tests.cli.conftest import Commands

pytestmark = pytest.mark.usefixtures("migrated_once")

NOW = 1_795_334_400_000
"""2026-11-22, in UTC milliseconds."""

FICTION = re.compile(
    r"\+44 (20 7946 0\d{3}|7700 900\d{3}|1632 960\d{3}|1[16][13] 496 0\d{3})|\+1 \d{3}-555-01\d\d"
    r"|\+49 (30 23125|69 90009|40 66969|221 4710|89 99998) \d{3}|\+61 [2378] 5550 \d{4}"
    r"|\+33 (1 99 00|2 61 91|3 53 01|4 65 71|5 36 49|6 39 98) \d\d \d\d"
)
"""Ofcom, NANPA, Bundesnetzagentur, ACMA and Arcep keep these for drama."""

DOCUMENTATION = [
    ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def _company(seed: int, people: int = 150) -> dict[type[Record], list[Row]]:
    rows: dict[type[Record], list[Row]] = defaultdict(list)
    for _, batch in Making(people, seed, NOW).batches(("u_1", "u_2")):
        for record, made in batch.items():
            rows[record] += made
    return rows


@pytest.fixture(scope="module")
def rows() -> dict[type[Record], list[Row]]:
    return _company(7)


def test_every_row_is_one_that_the_record_classes_take_as_it_is(rows: dict[type[Record], list[Row]]) -> None:
    for record, made in rows.items():
        for row in made:
            aid = {"aid": "x_1"} if record in AUDIT_PREFIXES else {}
            derived = {"number_normal": "", "serial_normal": "", "serial_key": ""}
            extra = {name: text for name, text in derived.items() if name in record.model_fields}
            taken = record.checked({**aid, **extra, **row}).values()
            assert {name: taken[name] for name in row} == {
                name: getattr(value, "value", value) for name, value in row.items()
            }


def test_the_same_seed_gives_the_same_company_and_another_seed_another() -> None:
    assert _company(3, 40) == _company(3, 40)
    assert _company(3, 40) != _company(4, 40)


def test_mail_goes_nowhere(rows: dict[type[Record], list[Row]]) -> None:
    for row in rows[Person]:
        assert str(row["email"]).rpartition(".")[2] in {"example", "test", "invalid"}
    for row in rows[Organisation]:
        assert str(row["web"]).endswith(".example")
        assert str(row["vat_number"]).startswith("XX")


def test_telephones_ring_nowhere(rows: dict[type[Record], list[Row]]) -> None:
    phones = [row["phone"] for record in (Person, Shipment) for row in rows[record] if row["phone"] is not None]
    assert [phone for phone in phones if not FICTION.fullmatch(str(phone))] == []
    assert len({str(phone)[:3] for phone in phones}) >= 5


def test_computers_are_nobodys(rows: dict[type[Record], list[Row]]) -> None:
    for row in rows[Activation]:
        address = ipaddress.ip_address(str(row["ip"]))
        assert any(address in net for net in DOCUMENTATION if net.version == address.version)
        assert int(str(row["mac"])[:2], 16) & 0b11 == 0b10, "locally administered, and one computer's"


def test_names_come_in_several_scripts() -> None:
    people: Counter[str] = Counter()
    rows = _company(1, 1000)
    for row in rows[Person]:
        letters = f"{row['given_name']}{row['family_name']}"
        people.update({unicodedata.name(letter, "").split()[0] for letter in letters if letter.isalpha()})
    assert all(people[script] >= 3 for script in ("LATIN", "GREEK", "CYRILLIC", "CJK", "ARABIC")), people
    assert set("éüłøÖ") & set("".join(str(row["family_name"]) for row in rows[Person]))


def test_there_are_about_three_orders_and_five_activations_a_person() -> None:
    made = _company(1, 1000)
    assert 2.5 <= len(made[Order]) / 1000 <= 3.5
    assert 4.5 <= len(made[Activation]) / 1000 <= 6.0


def test_every_kind_of_party_is_there(rows: dict[type[Record], list[Row]]) -> None:
    for party in ("is_customer", "is_supplier", "is_partner"):
        assert [row for row in rows[Organisation] if row[party]]


def test_nothing_that_must_not_be_held_stands_in_a_free_text(rows: dict[type[Record], list[Row]]) -> None:
    for made in rows.values():
        for row in made:
            for name in ("summary", "resolution", "topic", "body", "evidence", "caller"):
                if row.get(name) is not None:
                    refuse_forbidden(str(row[name]))


def test_the_fixed_case_is_verified_for_support_and_of_the_known_person(desk: Commands) -> None:
    opened = desk.look("show", str(desk.demo.person), "--json").record
    assert (opened["standing"], opened["reference"], opened["title"]) == ("verified", desk.demo.case, "Élodie Dupont")


def test_the_correction_the_demo_has_in_hand_is_of_a_field_that_the_desk_corrects_of_a_person() -> None:
    """Seen to fail: with the name of a company, which is no field of who asks where others work there."""
    fields = {name.replace("_", " ") for name in corrected_fields() if "." not in name}
    (asked,) = (note for kind, _, _, note in IN_HAND if kind is RequestType.RECTIFY)
    assert [field for field in fields if field in asked] == ["family name"]


def test_the_demo_says_as_json_what_a_script_needs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "new"
    assert guarded(["demo", "--no-open", "--json", "--people", "12", "--seed", "3", "--home", str(root)]) == 0
    made = json.loads(capfd.readouterr().out)
    assert set(made) == {"home", "accounts", "people", "orders", "activations", "case"}
    assert (made["home"], made["people"]) == (str(root), 12)
    assert {account["role"] for account in made["accounts"]} == set(Role)
    assert all(set(account) == {"user", "password", "role"} for account in made["accounts"])
    assert set(made["case"]) == {"reference", "person"}
    assert isinstance(made["orders"], int)
    assert guarded(["audit", "verify", "--home", str(root)]) == 0

    capfd.readouterr()
    assert guarded(["demo", "--no-open", "--home", str(root)]) == Conflict.exit_code, "a desk is never overwritten"
    assert f"staffdesk run --home {root}" in " ".join(capfd.readouterr().err.split())


@pytest.mark.parametrize("people", ["0", "1000001"])
def test_no_demo_without_people(people: str, tmp_path: Path) -> None:
    assert guarded(["demo", "--no-open", "--people", people, "--home", str(tmp_path / "x")]) == BadInput.exit_code
    assert not (tmp_path / "x").exists()


def test_on_both_databases_the_numbers_go_on_where_the_demo_stopped(
    home_kind: str, home: Home, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if home_kind == "postgres" else None
    demo = make_demo(home, people=25, seed=5, database_url=url)
    password = next(each.password for each in demo.accounts if each.role is Role.SUPPORT)
    desk = open_desk(home)
    try:
        sid = desk.sign_in.sign_in("anna", password, "test").sid
        access = Access(session=sid, purpose=Purpose.SUPPORT, reference=demo.case, host="test")
        opened = desk.gateway.open(access, RecordKind.PERSON, demo.person)
        assert opened.standing is Standing.VERIFIED
        assert {cell.privacy_class for row in opened.rows("person") for cell in row.cells.values()} >= {
            PrivacyClass.IDENTITY
        }
        case = desk.cases.open(access, NewCase(kind="support", channel="call", customer=demo.person))
        numbers = [
            row.text("number") for row in desk.gateway.open(access, RecordKind.PERSON, demo.person).rows("support_case")
        ]
        assert numbers.count(case.number) == 1
        assert case.number > demo.case
    finally:
        desk.close()
