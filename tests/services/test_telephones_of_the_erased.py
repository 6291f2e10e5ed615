"""Who was erased is known by his telephone however it is written: as a whole number, or as it is dialled at home.

Seen to fail: with the number kept as it was stored alone, with a number that is not given out kept in one form, with
the desk's own country left out, with that of his company or his orders left out, with a number that is let back as it
is stored alone, with a number that somebody on file has compared in each of its forms, and with several numbers of one
cell taken for one, of who was erased and of who comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.customers.digests import Addressee, known_by
from staffdesk.data.customers.objections import Suppressions
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.sales import Shipment
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.errors import WasErased
from staffdesk.domain.matters import NewCase
from staffdesk.domain.new_people import NewPerson
from staffdesk.domain.phone_numbers import normal_phone, numbers_kept, numbers_told
from tests import factories
from tests.databases import Place
from tests.services.erasures import erased, planned, storage_of
from tests.services.front import Front
from tests.services.lists import HEADER, MET, table, taken
from tests.services.offices import Office
from tests.services.store_files import seller

AT_HOME = "02 123 45 67"
WHOLE = "+32 3 765 43 21"
OF_A_COMPANY = "06 12 34 56 78"
OF_AN_ORDER = "0 611 22 33 44"
A_MOBILE = "+32 470 12 34 56"
TWO = "02/555.12.34 / 0471/22.33.44"


@pytest.fixture
def access(office: Office, place: Place, database: Database, tmp_path: Path) -> Access:
    """Six who were erased: two of no country, one of a company in France, one with an order to Germany, two here."""
    (folder := tmp_path / "desk").mkdir()
    (company,) = factories.put(database, factories.organisation("Studio Lune", country="FR"))
    given: Sequence[dict[str, object]] = (
        {"phone": AT_HOME},
        {"phone": WHOLE},
        {"phone": OF_A_COMPANY, "organisation_id": company},
        {"phone": OF_AN_ORDER},
        {"phone": A_MOBILE, "country": "BE"},
        {"phone": TWO, "country": "BE"},
    )
    people = factories.put(database, *(factories.person(**values) for values in given))
    (sold,) = factories.put(database, factories.order(person_id=people[3], number="T-1"))
    shipped = {**factories.provenance(), "order_id": sold, "status": "delivered", "country": "DE"}
    factories.put(database, Shipment.checked(shipped))
    erased(storage_of(place, database, folder), planned(database, *people))
    return seller(office)


def _met(*numbers: tuple[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        ("X", f"Q{at}", f"x{at}@else.example", phone, "", country, "") for at, (phone, country) in enumerate(numbers)
    )


def test_he_is_known_by_an_import_in_either_form(office: Office, access: Access, tmp_path: Path) -> None:
    back = _met(
        ("+32 2 123 45 67", ""), ("0032 2 123 45 67", "BE"), ("02/123.45.67", ""), ("02 123 45 67", "BE"),
        ("03 765 43 21", ""), ("03 765 43 21", "BE"), ("+33 6 12 34 56 78", ""), ("06 12 34 56 78", "FR"),
        ("+49 611 223344", "DE"), ("0470 12 34 56", ""),
    )  # fmt: skip
    report = taken(office, access, table(tmp_path, *back, header=HEADER), source="leads", said=MET)
    assert (report.suppressed, len(report.refused)) == (10, 10)


def test_each_of_several_telephones_in_one_cell_is_known(office: Office, access: Access, tmp_path: Path) -> None:
    back = _met(
        ("0471 22 33 44", "BE"), ("+32 2 555 12 34", ""), ("02 555 12 34", ""), ("02 555 12 34 of 0488 00 00 01", "BE"),
        ("+31 20 555 0199; +32 470 12 34 56", "NL"), ("0499/11.22.33 - 02/123.45.67", "BE"),
        ("06 00 00 00 01, 06 12 34 56 78", "FR"), (TWO, "BE"),
    )  # fmt: skip
    report = taken(office, access, table(tmp_path, *back, header=HEADER), source="leads", said=MET)
    assert (report.suppressed, len(report.refused)) == (8, 8)


def test_nobody_is_taken_for_him_whose_number_is_another_ones(office: Office, access: Access, tmp_path: Path) -> None:
    others = _met(
        ("+33 4 70 12 34 56", "FR"), ("04 70 12 34 56", "FR"), ("+49 2123 4567", "DE"), ("+31 6 12345678", "NL"),
        ("+32 2 123 45 68", "BE"), ("03 765 43 22", ""),
        ("02 123 45 68 / 0470 12 34 57", "BE"), ("+32 2 123 45 68 ext 555123456", "BE"),
    )  # fmt: skip
    report = taken(office, access, table(tmp_path, *others, header=HEADER), source="leads", said=MET)
    assert (report.suppressed, report.refused) == (0, [])


@pytest.mark.usefixtures("access")
@pytest.mark.parametrize("phone", ["+32 2 123 45 67", "03 765 43 21"])
def test_the_form_knows_him_and_lets_him_back_in_every_form(office: Office, tmp_path: Path, phone: str) -> None:
    front = Front(office)
    ana = front.staff("ana", Role.SUPPORT)
    ana = replace(ana, reference=front.cases.open(ana, NewCase("support", "call", product="Movie")).number)
    him = NewPerson(given_name="X", family_name="Q", phone=phone)
    with pytest.raises(WasErased):
        front.new_customers.add(ana, him)
    front.new_customers.add(ana, him, returning="He called and ordered a new licence today")
    both = _met((phone, ""), ("+32 2 123 45 67" if phone.startswith("+") else WHOLE, ""))
    file = table(tmp_path, *both, header=HEADER)
    assert taken(office, office.access("sam"), file, source="leads", said=MET).suppressed == 0


@pytest.mark.usefixtures("access")
def test_a_request_that_he_makes_by_telephone_finds_what_was_erased(database: Database) -> None:
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.REQUEST_MOVED))
    with database.read(ticket) as read:
        known = Suppressions(read)
        for phone in ("+32 2 123 45 67", "02 123 45 67", "03/765.43.21", "+32 3 765 43 21"):
            assert known.erased_in(known.digests(Addressee(phone=phone))), phone
        assert not known.erased_in(known.digests(Addressee(phone="02 765 43 21")))


@pytest.mark.usefixtures("access")
def test_nobody_on_file_is_taken_for_him_by_the_form_dialled_at_home(database: Database) -> None:
    numbers = (("+33 4 70 12 34 56", "FR"), (A_MOBILE, "BE"), ("0470 12 34 56", None))
    people = factories.put(database, *(factories.person(phone=phone, country=country) for phone, country in numbers))
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.REQUEST_MOVED))
    with database.read(ticket) as read:
        found = [Suppressions(read).erased_in(digest for _, digest in known_by(read, each)) for each in people]
    assert [bool(each) for each in found] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "country", "told"),
    [
        ("02/345.67.89", "BE", set()),
        ("+32 (0)2 345 67 89 ext 123", "BE", set()),
        ("02/345.67.89 / 0475/12.34.56", "BE", {"3223456789", "32475123456"}),
        ("tel 02 345 67 89 gsm 0475 12 34 56", "BE", {"3223456789", "32475123456"}),
        ("+3223456789+32475123456", None, {"3223456789", "32475123456"}),
        ("023456789/0475123456", "BE", {"3223456789", "32475123456"}),
        ("212-555-0123 or 646-555-0199", None, {"2125550123", "6465550199"}),
    ],
)
def test_a_cell_tells_the_whole_of_it_and_each_of_several_numbers(
    text: str, country: str | None, told: set[str]
) -> None:
    whole, *several = numbers_told(text, country)
    assert (whole, {normal_phone(each, country) for each in several}) == (text, told)


@pytest.mark.parametrize(
    ("phone", "country", "others", "kept"),
    [
        ("+32 2 123 45 67", None, ["BE"], {"3221234567", "021234567"}),
        ("02 123 45 67", None, ["BE"], {"021234567", "3221234567"}),
        ("02 123 45 67", "BE", ["FR"], {"3221234567", "021234567"}),
        ("06 12 34 56 78", None, ["BE", "FR"], {"0612345678", "32612345678", "33612345678"}),
        ("+1 212 555 0100", None, ["BE"], {"12125550100", "2125550100"}),
        ("+36 1 234 5678", None, ["BE"], {"3612345678", "0612345678"}),
        ("1234", "BE", ["BE"], {"1234"}),
        ("12", None, ["BE"], set()),
    ],
)
def test_a_number_is_kept_in_as_few_forms_as_it_may_be_read_in(
    phone: str, country: str | None, others: list[str], kept: set[str]
) -> None:
    assert set(numbers_kept(phone, country, others)) == kept
