"""A field is set right against evidence on file, and confirmed with the customer; each leaves where it came from.

Seen to fail: with evidence of somebody else's or of one's own taken, with e-mail repaired as any other field, with the
guard on what was seen left out, with the name written without its index, and with masked fields confirmed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Purpose, RecordKind, Role
from staffdesk.domain.correction import Repair, Seen
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import BadInput, Conflict, Denied, MustNotBeHeld, NotFound, StaffdeskError
from staffdesk.domain.matters import NewCase
from staffdesk.domain.requests import RequestChannel, RequestType
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.front import Front
from tests.services.offices import Office, entries


@dataclass(frozen=True)
class Call:
    """Ana, on the telephone with Anders under a case of her own."""

    front: Front
    ana: Access
    anders: Customer
    case: str

    def name(self, new: str, evidence: str, seen: str = "Bo") -> Repair:
        return Repair(Seen(f"person:{self.anders.person}:family_name", seen), new, evidence)

    def repair(self, repair: Repair) -> None:
        self.front.repairs.repair(self.ana, self.anders.person, repair)


@pytest.fixture
def call(office: Office, database: Database) -> Call:
    front, anders = Front(office), factories.customer(database)
    ana = front.staff("ana", Role.SUPPORT)
    case = front.cases.open(ana, NewCase("support", "call", customer=anders.person)).number
    return Call(front, replace(ana, reference=case), anders, case)


def _status(place: Place) -> list[tuple[str, ...]]:
    words = (
        "SELECT field, source, obtained_on, evidence, confirmed_on, confirmed_under FROM field_status ORDER BY field"
    )
    with place.owner() as owner:
        return [tuple("" if value is None else str(value) for value in row) for row in owner.exec_driver_sql(words)]


def _staff_id(place: Place, user_name: str) -> str:
    with place.owner() as owner:
        return str(owner.exec_driver_sql(f"SELECT id FROM staff WHERE user_name = '{user_name}'").scalar_one())


def _openings(place: Place) -> list[tuple[str, str, str]]:
    with place.owner() as owner:
        rows = owner.exec_driver_sql(
            "SELECT field, kind, value FROM opening WHERE field IN ('old', 'new') ORDER BY field"
        )
        return [tuple(row) for row in rows]


def test_a_misspelt_name_is_set_right_and_found_at_once(call: Call, place: Place) -> None:
    call.repair(call.name("Bohr", call.anders.order_number))
    found = call.front.gateway.search(call.ana, "bohr anders")
    assert [hit.title for hit in found.hits] == ["Anders Bohr"]
    with place.owner() as owner:
        kept = owner.exec_driver_sql("SELECT sort_name, words, relation_keys FROM person").one()
    assert (kept[0], kept[1]) == ("bohr anders", "anders bohr")
    assert _status(place) == [("family_name", "STORE_ACCOUNT", "2026-01-15", call.anders.order_number, "", "")]
    (entry,) = [each for each in entries(place) if (each.act, each.out) == ("customer.changed", "ok")]
    assert entry.kinds == ("identity", "person.family_name")
    assert [aid[:2] for aid in entry.obj] == ["s_", "o_"]
    assert _openings(place) == [("new", "value", "Bohr"), ("old", "value", "Bo")]
    looks = call.front.gateway.history(call.ana, call.anders.person)
    assert [look.act for look in looks].count("customer.changed") == 1


def test_the_company_is_set_right_in_the_record_of_whom_it_concerns(call: Call, database: Database) -> None:
    key, licence = f"organisation:{call.anders.organisation}:name", call.anders.serial
    call.repair(Repair(Seen(key, "Nordlys Post ApS"), "Nordlys Film ApS", licence))
    assert [hit.company for hit in call.front.gateway.search(call.ana, "nordlys film").hits] == ["Nordlys Film ApS"]
    (strange,) = factories.put(database, factories.organisation("Elsewhere"))
    with pytest.raises(NotFound):
        call.repair(Repair(Seen(f"organisation:{strange}:name", "Elsewhere"), "Here", licence))


NO_EVIDENCE: tuple[tuple[str, type[StaffdeskError], str], ...] = (
    ("", BadInput, "needs evidence"),
    ("SO-99999", NotFound, "Nothing on file"),
    ("own", Denied, "own evidence"),
    ("own request", Denied, "own evidence"),
    ("own import", Denied, "own evidence"),
    ("another's", BadInput, "does not concern"),
    ("nobody's", BadInput, "does not concern"),
)


def test_what_is_no_evidence_changes_nothing_and_says_why(call: Call, database: Database, place: Place) -> None:
    (other,) = factories.put(database, factories.person())
    theirs, nobodys = factories.order(person_id=other), factories.order()
    factories.put(database, theirs, nobodys)
    request = call.front.requests.receive(
        call.ana, kind=RequestType.RECTIFY, channel=RequestChannel.PHONE, customer=call.anders.person
    )
    (run,) = factories.put(database, factories.import_run(_staff_id(place, "ana")))
    taken_in = factories.order(person_id=call.anders.person, import_id=run)
    factories.put(database, taken_in)
    mine = {"own": call.case, "own request": request.number, "own import": taken_in.number}
    numbers = {**mine, "another's": theirs.number, "nobody's": nobodys.number}
    for evidence, error, reason in NO_EVIDENCE:
        with pytest.raises(error, match=reason):
            call.repair(call.name("Bohr", numbers.get(evidence, evidence)))
    assert _status(place) == []
    assert _openings(place) == []
    assert call.front.gateway.open(call.ana, RecordKind.PERSON, call.anders.person).title == "Anders Bo"


def test_a_colleagues_case_and_a_request_he_received_are_evidence(call: Call, database: Database, place: Place) -> None:
    bo = replace(call.front.staff("bo", Role.SUPPORT), reference=call.case)
    colleagues = factories.case(entries(place)[-1].actor or "", person_id=call.anders.person)
    factories.put(database, colleagues)
    call.repair(call.name("Bohr", colleagues.number))
    request = call.front.requests.receive(
        bo, kind=RequestType.RECTIFY, channel=RequestChannel.PHONE, customer=call.anders.person
    )
    call.repair(call.name("Boe", request.number, seen="Bohr"))
    assert [row[1] for row in _status(place)] == ["CALL_IN"]


def test_by_what_a_customer_is_recognised_no_call_changes(call: Call) -> None:
    for column, seen in (("email", "anders@nordlys.example"), ("phone", "+4555550142")):
        repair = Repair(Seen(f"person:{call.anders.person}:{column}", seen), "x@y.example", call.anders.order_number)
        with pytest.raises(BadInput, match="not repaired on a call"):
            call.repair(repair)


def test_what_is_no_field_of_his_is_not_repaired(call: Call) -> None:
    for key in ("person:{}:account_id", "person:{}:words", "licence:1:serial", "person:x:city", "x"):
        with pytest.raises(NotFound):
            call.repair(Repair(Seen(key.format(call.anders.person), "x"), "y", call.anders.order_number))


def test_what_changed_since_it_was_seen_is_left(call: Call, place: Place) -> None:
    call.repair(call.name("Bohr", call.anders.order_number))
    with pytest.raises(Conflict):
        call.repair(call.name("Boe", call.anders.order_number))
    assert len(_openings(place)) == 2


def test_a_repair_holds_nothing_that_must_not_be_held(call: Call, place: Place) -> None:
    with pytest.raises(MustNotBeHeld):
        call.repair(call.name("4111 1111 1111 1111", call.anders.order_number))
    with pytest.raises(MustNotBeHeld):
        call.repair(call.name("Bohr", "'&&& &&&& &&&& &&&&"))  # as a Belgian keyboard gives it without Shift
    assert _openings(place) == []


def test_a_role_repairs_only_what_it_sees(call: Call) -> None:
    repair = Repair(Seen(f"person:{call.anders.person}:city", "København"), "Aarhus", call.anders.order_number)
    with pytest.raises(Denied):
        call.repair(repair)


def test_fields_are_confirmed_with_the_customer_under_the_case_in_hand(call: Call, place: Place) -> None:
    person = call.anders.person
    seen = [Seen(f"person:{person}:given_name", "Anders"), Seen(f"person:{person}:email", "anders@nordlys.example")]
    assert call.front.repairs.confirm(call.ana, person, seen) == 2
    assert call.front.repairs.confirm(call.ana, person, seen[:1]) == 1
    today = receive_day(dt.datetime.now(dt.UTC)).isoformat()
    assert [row[0] for row in _status(place)] == ["email", "given_name"]
    assert {row[3:] for row in _status(place)} == {("", _status(place)[0][4], call.case)}
    assert _status(place)[0][4] >= today
    record = call.front.gateway.open(call.ana, RecordKind.PERSON, person)
    assert record.rows("person")[0].text("confirmed_on") >= today
    assert len(record.rows("field_status")) == 2


def test_what_was_repaired_is_to_be_confirmed_anew(call: Call, place: Place) -> None:
    seen = Seen(f"person:{call.anders.person}:family_name", "Bo")
    call.front.repairs.confirm(call.ana, call.anders.person, [seen])
    call.repair(call.name("Bohr", call.anders.order_number))
    assert [row[4] for row in _status(place)] == [""]


def test_nothing_is_confirmed_unseen_or_without_a_case(call: Call, place: Place) -> None:
    person = call.anders.person
    for seen, error in (
        ([], BadInput),
        ([Seen(f"person:{person}:email", "a•••@nordlys.example")], Conflict),
        ([Seen(f"person:{person}:city", "København")], Denied),
        ([Seen(f"person:{person}:job_title", None)], NotFound),
        ([Seen(f"person:{person}:user_name", "x")], NotFound),
    ):
        with pytest.raises(error):
            call.front.repairs.confirm(call.ana, person, seen)
    under_an_order = replace(call.front.staff("eve", Role.SALES), reference=call.anders.order_number)
    assert under_an_order.purpose is Purpose.SALE
    with pytest.raises(BadInput, match="under an open case"):
        call.front.repairs.confirm(under_an_order, person, [Seen(f"person:{person}:given_name", "Anders")])
    assert _status(place) == []


def test_nothing_is_confirmed_under_a_case_that_names_nobody(call: Call, place: Place) -> None:
    nobodys = call.front.cases.open(call.ana, NewCase("support", "call", product="Movie")).number
    with pytest.raises(BadInput, match="names nobody yet"):
        call.front.repairs.confirm(
            replace(call.ana, reference=nobodys), call.anders.person,
            [Seen(f"person:{call.anders.person}:given_name", "Anders")],
        )  # fmt: skip
    assert _status(place) == []


def test_the_country_which_decides_who_may_receive_the_record_is_no_repair(call: Call) -> None:
    country = Seen(f"person:{call.anders.person}:country", "DK")
    with pytest.raises(NotFound):
        call.repair(Repair(country, "US", call.anders.order_number))
