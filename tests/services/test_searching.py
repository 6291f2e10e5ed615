"""Who may search by what, and what a list shows of whom it found.

Seen to fail: with the search keys of the role not asked, without the transfer gate for the company beside a person,
with people found by the name of a company that is not shown, with a customer number taken for words alone, and with
the words of an address looked for in the name of whom it found.
"""

from __future__ import annotations

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import RecordKind, Role
from staffdesk.domain.errors import BadInput, Denied
from staffdesk.domain.policy import matrix
from staffdesk.domain.requests import RequestChannel, RequestType
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.front import Front, a_case, move_to_the_us
from tests.services.offices import Office, entries

SEEING = (Role.SUPPORT, Role.SALES, Role.FINANCE, Role.PRIVACY)


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def anders(database: Database) -> Customer:
    return factories.customer(database)


class TestSearch:
    def test_an_address_made_of_the_name_alone_is_what_he_is_found_by(self, front: Front, database: Database) -> None:
        with factories.writing(database) as pen:
            (nina,) = pen.add(
                [factories.person(given_name="Nina", family_name="Example", email="nina@example.example")]
            )
        access = front.staff("ana", Role.PRIVACY)
        for text, found_by in (("nina@example.example", "e-mail"), ("nina example", "name")):
            assert [(hit.id, hit.found_by) for hit in front.gateway.search(access, text).hits] == [(nina, found_by)]

    def test_finance_finds_people_by_their_company_alone(self, front: Front, anders: Customer) -> None:
        access = front.staff("fia", Role.FINANCE)
        assert front.gateway.search(access, "anders").hits == ()
        assert [hit.id for hit in front.gateway.search(access, "nordlys").hits] == [anders.person]

    @pytest.mark.parametrize("role", SEEING)
    @pytest.mark.parametrize(
        ("key", "text"),
        [("email", "anders@nordlys.example"), ("phone", "+45 55 55 01 42"), ("name", "anders"), ("company", "nordlys"),
         ("mac", "02-00-5e-10-20-30"), ("ip", "192.0.2.17")],
    )  # fmt: skip
    def test_who_may_search_by_what(
        self, role: Role, key: str, text: str, front: Front, database: Database, anders: Customer
    ) -> None:
        number = a_case(database, front.office.hire("bo", Role.SUPPORT), person_id=anders.person)
        access = front.staff("ana", role, number)
        allowed = key in {each.value for each in matrix().search[role]}
        if allowed or (role is Role.FINANCE and key == "name"):
            found = [hit.customer for hit in front.gateway.search(access, text).hits]
            assert found == ([anders.person] if allowed else [])
        else:
            with pytest.raises(Denied, match="does not cover a search by"):
                front.gateway.search(access, text)

    def test_a_request_number_finds_its_person_for_privacy_alone(self, front: Front, anders: Customer) -> None:
        pia = front.staff("pia", Role.PRIVACY)
        made = front.requests.receive(pia, kind=RequestType.ERASE, channel=RequestChannel.EMAIL, customer=anders.person)
        assert [hit.customer for hit in front.gateway.search(pia, made.number).hits] == [anders.person]
        with pytest.raises(Denied, match="does not cover a search by request number"):
            front.gateway.search(front.staff("ana", Role.SUPPORT), made.number)

    def test_a_customer_number_as_the_desk_writes_it_finds_its_person_for_privacy_alone(
        self, front: Front, anders: Customer, place: Place
    ) -> None:
        pia = front.staff("pia", Role.PRIVACY)
        (hit,) = front.gateway.search(pia, f"customer {anders.person}").hits
        assert (hit.customer, hit.found_by) == (anders.person, "customer number")
        assert [each.act for each in entries(place)[-2:]] == ["customer.search", "customer.listed"]
        assert front.gateway.search(pia, f"customer {anders.person + 1}").hits == ()
        ana = front.staff("ana", Role.SUPPORT)
        assert front.gateway.search(ana, f"customer {anders.person}").hits == (), "numbers follow one another"

    def test_a_list_is_a_transfer_too(self, front: Front, database: Database, anders: Customer, place: Place) -> None:
        del anders
        (abroad,) = factories.put(database, factories.person(given_name="Anders", family_name="Lee", country="US"))
        ana = front.staff("ana", Role.SUPPORT)
        assert len(front.gateway.search(ana, "anders").hits) == 2
        move_to_the_us(place, "ana")
        assert [hit.id for hit in front.gateway.search(ana, "anders").hits] == [abroad]

    def test_a_company_of_the_eea_is_not_shown_beside_a_person_who_may_be_received(
        self, front: Front, database: Database, place: Place
    ) -> None:
        (home, away) = factories.put(
            database,
            factories.organisation("Nordlys Post ApS", country="DK"),
            factories.organisation("Reno", country="US"),
        )
        people = factories.put(
            database,
            factories.person(given_name="Sam", country="US", organisation_id=home, partner_id=home),
            factories.person(given_name="Sam", country="US", organisation_id=away),
        )
        (of_company,) = factories.put(database, factories.order(organisation_id=away))
        ana = front.staff("ana", Role.SUPPORT, "T-1182")
        with place.owner() as owner:
            aids = [str(row[0]) for row in owner.exec_driver_sql("SELECT aid FROM organisation ORDER BY id")]

        def seen() -> list[tuple[int, int, bool]]:
            found = []
            for person, aid in zip(people, aids, strict=True):
                record = front.gateway.open(ana, RecordKind.PERSON, person)
                named = aid in entries(place)[-1].obj
                found.append((len(record.rows("organisation")), len(record.partners), named))
            return found

        def found(text: str) -> tuple[int, ...]:
            return tuple(hit.id for hit in front.gateway.search(ana, text).hits)

        assert (found("nordlys"), found("sam nordlys"), found("reno")) == (people[:1], people[:1], people[1:])
        assert seen() == [(1, 1, True), (1, 0, True)]
        move_to_the_us(place, "ana")
        # To be found by its name would tell that he works there.
        assert (found("nordlys"), found("sam nordlys"), found("reno")) == ((), (), people[1:])
        assert seen() == [(0, 0, False), (1, 0, True)]
        assert sorted(hit.company for hit in front.gateway.search(ana, "sam").hits) == ["", "Reno"]
        with pytest.raises(Denied, match="may not leave the EEA"):
            front.gateway.reveal(ana, f"organisation:{home}:name")
        assert front.gateway.reveal(ana, f"organisation:{away}:name").text == "Reno"
        assert front.gateway.open(ana, RecordKind.ORDER, of_company).rows("organisation")

    def test_who_may_not_be_listed_takes_nobodys_place(self, front: Front, database: Database, place: Place) -> None:
        near = [factories.person(given_name="Anders", family_name="Aa", country="BE") for _ in range(40)]
        factories.put(database, *near)
        (abroad,) = factories.put(database, factories.person(given_name="Anders", family_name="Lee", country="US"))
        ana = front.staff("ana", Role.SUPPORT)
        assert abroad not in [hit.id for hit in front.gateway.search(ana, "anders").hits]
        move_to_the_us(place, "ana")
        page = front.gateway.search(ana, "anders")
        assert ([hit.id for hit in page.hits], page.more) == ([abroad], False)

    def test_the_order_of_a_list_tells_no_masked_value(self, front: Front, database: Database) -> None:
        nameless = [
            factories.person(given_name=None, family_name=None, email=None, user_name=name, phone="+4555550199")
            for name in ("zzz", "aaa")
        ]
        numbers = factories.put(database, *nameless)
        hits = front.gateway.search(front.staff("pia", Role.PRIVACY), "+45 55 55 01 99").hits
        assert [hit.id for hit in hits] == sorted(numbers)

    def test_a_list_shows_the_field_that_matched_and_never_its_value(self, front: Front, anders: Customer) -> None:
        del anders
        (hit,) = front.gateway.search(front.staff("ana", Role.SUPPORT), "anders@nordlys.example").hits
        assert (hit.title, hit.company, hit.found_by) == ("Anders Bo", "Nordlys Post ApS", "e-mail")
        assert "anders@" not in f"{hit.title}{hit.company}{hit.found_by}{hit.detail}{hit.state}"

    def test_the_term_stands_in_an_opening_and_nowhere_else(self, front: Front, anders: Customer, place: Place) -> None:
        del anders
        front.gateway.search(front.staff("ana", Role.SUPPORT), "Anders Bo")
        search, listed = entries(place)[-2:]
        assert (search.act, listed.act, listed.n, len(listed.obj)) == ("customer.search", "customer.listed", 1, 1)
        assert set(search.sec) == {"term"}
        assert listed.sec == {}
        with place.owner() as owner:
            rows = owner.exec_driver_sql("SELECT kind, value FROM opening").all()
            cores = owner.exec_driver_sql("SELECT core FROM entry").all()
        assert [tuple(row) for row in rows] == [("value", "Anders Bo")]
        assert not [row for row in cores if b"nders" in bytes(row[0])]

    @pytest.mark.parametrize("text", ["", "a", "ab", "\u200b", "a\x00bc", "x" * 201])
    def test_too_little_or_too_odd_is_said_before_anything_is_logged(
        self, text: str, front: Front, place: Place
    ) -> None:
        access = front.staff("ana", Role.SUPPORT)
        before = len(entries(place))
        with pytest.raises(BadInput):
            front.gateway.search(access, text)
        assert len(entries(place)) == before

    def test_rows_that_would_read_the_same_carry_country_and_masked_address(
        self, front: Front, database: Database
    ) -> None:
        twins = [factories.person(given_name="Jan", family_name="Peeters", country=each) for each in ("BE", "NL")]
        factories.put(database, *twins)
        hits = front.gateway.search(front.staff("ana", Role.SUPPORT), "peeters").hits
        assert [hit.detail.split(" ")[0] for hit in hits] == ["BE", "NL"]
        assert not [
            hit for hit in hits if "p1" in hit.detail and "@example.test" in hit.detail and "*" not in hit.detail
        ]

    def test_twenty_rows_and_no_more(self, front: Front, database: Database) -> None:
        factories.put(database, *[factories.person(given_name="Jan", family_name=f"Maes{n}") for n in range(21)])
        access = front.staff("ana", Role.SUPPORT)
        page = front.gateway.search(access, "jan maes")
        assert (len(page.hits), page.more) == (20, True)
