"""The history of a company: what its people said, asked and bought, each row as opening his own record would show it.

Seen to fail: with a restricted person's rows told, with the rows of somebody outside what may be received told, with
what an erasure left told, with a break-glass opening colleagues' rows, with a page that names nobody in its entry, and
with a company found by a contested name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from staffdesk.data.database import Database
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.licence_requests import LicenceRequest
from staffdesk.data.tables.sales import OrderLine
from staffdesk.domain.access import Access, RecordKind, Role, Standing
from staffdesk.domain.classes import Exposure
from staffdesk.domain.company_history import CompanyPage, LeftOut
from staffdesk.domain.errors import BadInput, Denied, NotFound
from staffdesk.domain.policy import matrix
from staffdesk.domain.records import Cell
from staffdesk.services.break_glass import BreakGlass
from staffdesk.services.organisations import Organisations
from tests import factories
from tests.databases import Place
from tests.services.front import Front, a_case, move_to_the_us
from tests.services.offices import entries
from tests.services.store_files import column

DAY = dt.date(2026, 3, 2)
MS = 1_772_445_600_000  # 2 March 2026, 10:00 UTC
HOUR = 3_600_000
_HELD = {"ground": "restriction", "law": "x", "until": dt.date(2030, 1, 1), "made_at": 1}


@dataclass(frozen=True, slots=True)
class Firm:
    """A company of three, by number: Ann bought and asked, Ben asked, and Cas's mail came back."""

    number: int
    ann: int
    ben: int
    cas: int
    licence: int


@pytest.fixture
def firm(front: Front, database: Database, place: Place) -> Firm:
    ines = front.office.hire("ines", Role.SUPPORT)
    (company,) = factories.put(database, factories.organisation("Nordlys Post ApS", country="DK"))
    people = (("Ann", "DK"), ("Ben", "DK"), ("Cas", "DK"))
    ann, ben, cas = factories.put(
        database,
        *(
            factories.person(given_name=name, family_name="Hay", country=country, organisation_id=company)
            for name, country in people
        ),
    )
    of_ann = {"person_id": ann, "organisation_id": company}
    (order,) = factories.put(database, factories.order(**of_ann, number="SO-1", ordered_at=MS))
    line = {"order_id": order, "position": 1, "description": "MovieRecorder", "quantity": 1}
    factories.put(database, OrderLine.checked(line))
    (licence,) = factories.put(database, factories.licence(**of_ann, issued_on=DAY, serial="MR4-000777-QX"))
    told = {"person_id": ben, "organisation_id": company}
    case, asks = factories.put(
        database,
        factories.case(ines, **told, number="C-2026-0901", opened_at=MS + HOUR, summary="no sound"),
        factories.case(ines, **of_ann, number="C-2026-0902", opened_at=MS + 4 * HOUR, summary="a new Mac"),
    )
    request = {"case_id": asks, "licence_id": licence, "kind": "seat_freed", "started_at": MS}
    mail = {"case_id": case, "organisation_id": company, "channel": "email", "direction": "in"}
    factories.put(
        database,
        LicenceRequest.checked(request),
        factories.report(ben, "still no sound", contact_at=MS + 2 * HOUR, **mail),
        # Bought before the company was known of: it is its history too, through who belongs there.
        factories.order(person_id=cas, number="SO-2", ordered_at=MS - HOUR),
    )
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE person SET bounced_at = {MS + 3 * HOUR} WHERE id = {cas}")
    return Firm(company, ann, ben, cas, licence)


def _told(page: CompanyPage) -> list[tuple[str, str, str, str]]:
    return [(each.what, each.number, _text(each.about), each.who) for each in page.happenings]


def _text(about: Cell | str) -> str:
    return about if isinstance(about, str) else about.text or ""


def _organisations(front: Front) -> Organisations:
    return Organisations(front.office.door, matrix())


ALL = [
    ("licence request", "C-2026-0902", "Seat freed, open", "Ann Hay"),
    ("mail came back", "", "", "Cas Hay"),
    ("email in", "", "•••••••", "Ben Hay"),
    ("case, open", "C-2026-0901", "no sound", "Ben Hay"),
    ("order, completed", "SO-1", "MovieRecorder", "Ann Hay"),
    ("order, completed", "SO-2", "", "Cas Hay"),
    ("licence, active", "MovieRecorder", "MR4-000777-QX", "Ann Hay"),
]


def test_all_that_its_people_said_asked_and_bought_is_told_newest_first_and_the_entry_names_whose_it_is(
    front: Front, firm: Firm, place: Place
) -> None:
    ana = front.staff("ana", Role.SUPPORT, "T-1182")
    page = _organisations(front).history(ana, firm.number)
    assert _told(page) == ALL
    assert [each.number for each in page.licences] == ["MovieRecorder"]
    assert (page.left_out, page.more, page.older) == ({}, False, False)
    opened, listed = entries(place)[-2:]
    assert (opened.act, opened.level, opened.kinds, page.seq) == (
        "customer.opened", "opened", ("organisation", "history"), opened.seq,
    )  # fmt: skip
    assert (listed.act, listed.level, listed.n) == ("customer.listed", "listed", len(ALL) + 1)
    assert listed.kinds == ("history", "case", "report", "purchase", "licence", "contact")
    aids = {str(row[0]) for row in column(place, f"SELECT aid FROM person WHERE organisation_id = {firm.number}")}
    assert set(listed.obj) - set(opened.obj) == aids, "the company itself, and each whose row came"


def test_a_licence_tells_the_day_it_was_issued_on_in_every_zone(front: Front, firm: Firm) -> None:
    page = _organisations(front).history(front.staff("ana", Role.SUPPORT, "T-1182"), firm.number)
    assert [each.at for each in (*page.happenings, *page.licences) if each.row.table == "licence"] == ["2026-03-02"] * 2


def test_no_role_sees_more_of_a_colleague_than_his_own_record_would_show_under_the_same_number(
    front: Front, firm: Firm, database: Database
) -> None:
    """Also where the case in hand verifies what is looked at of its own customer."""
    ines = front.office.hire("ivo", Role.SUPPORT)
    number = a_case(database, ines, person_id=firm.ann, organisation_id=firm.number, origin="ticket")
    for name, role in (("ana", Role.SUPPORT), ("sal", Role.SALES), ("fia", Role.FINANCE)):
        access = front.staff(name, role, number)
        page = _organisations(front).history(access, firm.number)
        for customer in {each.customer for each in page.happenings} - {None, firm.ann}:
            record = front.gateway.open(access, RecordKind.PERSON, customer or 0)
            for each in page.happenings:
                if each.customer != customer or each.row.table == "person":
                    continue
                (there,) = [row for row in record.rows(each.row.table) if row.id == each.row.id]
                shown = {key: cell.text for key, cell in each.row.cells.items() if cell.exposure is Exposure.SHOWN}
                seen = {key: cell.text for key, cell in there.cells.items() if cell.exposure is Exposure.SHOWN}
                assert shown.items() <= seen.items(), (name, each.what)
    page = _organisations(front).history(front.again("fia", Role.FINANCE, number), firm.number)
    told = {each.row.table for each in page.happenings}
    assert told == {"sales_order", "licence", "person"}, "finance is not told of cases and reports at all"


def test_restricted_erased_and_people_who_may_not_be_received_are_left_out_and_counted(
    front: Front, firm: Firm, database: Database, place: Place
) -> None:
    factories.put(database, Hold.checked({**_HELD, "record_table": "person", "record_id": firm.ann}))
    ana = front.staff("ana", Role.SUPPORT, "T-1182")
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE support_case SET person_id = NULL, summary = NULL WHERE number = 'C-2026-0901'")
    page = _organisations(front).history(ana, firm.number)
    assert {each.who for each in page.happenings} == {"Ben Hay", "Cas Hay"}
    assert page.licences == ()
    assert page.left_out == {LeftOut.RESTRICTED: 3, LeftOut.NOBODY: 1}
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE organisation SET country = 'US' WHERE id = {firm.number}")
        owner.exec_driver_sql(f"UPDATE person SET country = 'US' WHERE id = {firm.cas}")
    move_to_the_us(place, "ana")
    page = _organisations(front).history(ana, firm.number)
    assert {each.who for each in page.happenings} == {"Cas Hay"}
    assert page.left_out[LeftOut.CLOSED] == 4
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE organisation SET country = 'DK' WHERE id = {firm.number}")
    with pytest.raises(Denied, match="EEA"):
        _organisations(front).history(ana, firm.number)


def test_a_break_glass_for_one_of_them_opens_nothing_of_his_colleagues(front: Front, firm: Firm) -> None:
    fia = front.staff("fia", Role.FINANCE, "T-1182")
    grant = BreakGlass(front.office.door, matrix()).open(fia, RecordKind.PERSON, firm.ann, "the studio is on air now")
    under = replace(fia, break_glass=grant.number)
    assert front.gateway.open(under, RecordKind.PERSON, firm.ann).rows("support_case")
    page = _organisations(front).history(under, firm.number)
    assert {each.row.table for each in page.happenings} == {"sales_order", "licence", "person"}


def test_pages_hold_as_many_rows_as_a_list_and_end(front: Front, firm: Firm, database: Database) -> None:
    ines = front.office.hire("ivo", Role.SUPPORT)
    many = [factories.case(ines, person_id=firm.ben, organisation_id=firm.number, opened_at=MS + n) for n in range(205)]
    factories.put(database, *many)
    ana = front.staff("ana", Role.SUPPORT, "T-1182")
    pages = [_organisations(front).history(ana, firm.number, page) for page in (1, 2, 10)]
    assert [len(page.happenings) for page in pages] == [20, 20, 20]
    assert [(page.more, page.older) for page in pages] == [(True, True), (True, True), (False, True)]
    assert len({each.row.id for page in pages for each in page.happenings if each.row.table == "support_case"}) >= 56
    for page in (0, 11):
        with pytest.raises(BadInput, match="no such page"):
            _organisations(front).history(ana, firm.number, page)
    with pytest.raises(NotFound):
        _organisations(front).history(ana, 10**6)


def test_a_company_is_found_as_such_and_opens_with_where_its_fields_came_from(
    front: Front, firm: Firm, database: Database
) -> None:
    (nobodys,) = factories.put(database, factories.organisation("Nordlicht Rental", country="DE"))
    ana = front.staff("ana", Role.SUPPORT, "T-1182")
    page = front.gateway.search(ana, "in:companies nord")
    assert [(hit.kind, hit.id, hit.title, hit.company, hit.found_by) for hit in page.hits] == [
        (RecordKind.ORGANISATION, nobodys, "Nordlicht Rental", "DE", "company"),
        (RecordKind.ORGANISATION, firm.number, "Nordlys Post ApS", "DK", "company"),
    ]
    assert front.gateway.search(ana, "in:companies nord", typing=True).count == 2
    assert [hit.id for hit in front.gateway.search(ana, "in:companies country:de nord").hits] == [nobodys]
    assert front.gateway.search(ana, "in:companies since:2030 nord").hits == ()
    record = front.gateway.open(ana, RecordKind.ORGANISATION, firm.number)
    assert (record.title, record.customer) == ("Nordlys Post ApS", None)
    assert record.rows("organisation")[0].text("source")
    assert [hit.title for hit in front.listings.people_of(ana, firm.number).hits] == ["Ann Hay", "Ben Hay", "Cas Hay"]
    contested = {**factories.provenance(), "field": "name", "contested_under": "R-1", "organisation_id": nobodys}
    factories.put(database, FieldStatus.checked(contested))
    assert [hit.id for hit in front.gateway.search(ana, "in:companies nord").hits] == [firm.number]
    pia = front.staff("pia", Role.PRIVACY, "T-1182")
    assert [hit.id for hit in front.gateway.search(pia, "in:companies nord").hits] == [nobodys, firm.number]


def test_a_company_is_found_by_any_word_of_its_name_then_by_a_part_of_one_then_by_what_was_meant(
    front: Front, firm: Firm, database: Database, place: Place
) -> None:
    made = [("Nordlicht Rental", "DE"), ("Studio Nord", "BE"), ("Fjordnordan AB", "SE"), ("Weltstudio Berlin", "DE")]
    licht, studio, fjord, welt = (
        number for each in made for number in factories.put(database, factories.organisation(each[0], country=each[1]))
    )
    ana = front.staff("ana", Role.SUPPORT, "T-1182")

    def found(text: str, who: Access = ana) -> list[int]:
        return [hit.id for hit in front.gateway.search(who, f"in:companies {text}").hits]

    assert found("nord") == [licht, firm.number, studio]
    assert front.gateway.search(ana, "in:companies nord", typing=True).count == 3
    assert found("post nordl") == found("aps post") == [firm.number]
    assert found("rdnord") == [fjord]
    assert found("studio") == [studio]
    assert found("studio berl") == found("ltstud berl") == [welt]
    assert found("country:be nord") == [studio]
    assert found("hay") == []
    page = front.gateway.search(ana, "in:companies nrodlicht")
    assert (page.hits, page.suggestion) == ((), "in:companies nordlicht")
    uma = front.staff("uma", Role.SUPPORT, "T-1182")
    move_to_the_us(place, "uma")
    assert found("studio", uma) == found("ltstud", uma) == []
    assert front.gateway.search(uma, "in:companies nrodlicht").suggestion == ""


def test_the_case_of_a_caller_is_about_his_company_too(front: Front, firm: Firm, database: Database) -> None:
    ines = front.office.hire("ivo", Role.SUPPORT)
    number = a_case(database, ines, person_id=firm.ann, organisation_id=firm.number, origin="ticket")
    ana = front.staff("ana", Role.SUPPORT, number)
    assert front.gateway.open(ana, RecordKind.ORGANISATION, firm.number).standing is Standing.VERIFIED
    (other,) = factories.put(database, factories.organisation("Elsewhere"))
    assert front.gateway.open(ana, RecordKind.ORGANISATION, other).standing is Standing.CLAIMED


def test_it_needs_a_purpose_and_a_number_as_a_record_does(front: Front, firm: Firm) -> None:
    ana = front.staff("ana", Role.SUPPORT)
    with pytest.raises(Denied):
        _organisations(front).history(ana, firm.number)
    with pytest.raises(Denied):
        _organisations(front).history(Access(front.staff("adi", Role.ADMIN).session, None, "T-1"), firm.number)
