"""A customer whom privacy named by mistake is taken back: nothing of the request stays with him, and the way is free.

Seen to fail: before the move was in the table, and each promise with the line that keeps it left out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Purpose, RecordKind, Role
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.services.duplicates import Duplicates
from tests import factories
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, Case, case_at
from tests.services.erasures import rows
from tests.services.offices import Office, entries
from tests.services.workflows import search

SLIP = Answers(reason="His brother asks, who has no record here.")
CONTESTED = "SELECT field FROM field_status WHERE contested_under IS NOT NULL"


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


def unnamed(it: Case, kind: RequestType) -> str:
    """Receive and acknowledge what somebody asks whom nobody knows."""
    number = it.front.requests.receive(
        it.officer, kind=kind, channel=RequestChannel.EMAIL, customer=None, requester="Ada Byron",
        reply_address="ada@byron.example",
    ).number  # fmt: skip
    it.make(number, "acknowledge")
    return number


def named(it: Case, kind: RequestType, customer: int | None = None) -> str:
    number = unnamed(it, kind)
    it.make(number, "name_customer", Answers(customer=customer or it.customer.person))
    return number


def offered(it: Case, number: str) -> dict[str, str | None]:
    return {each.move.name: each.closed for each in it.workflow.open_moves(it.officer, number).offers}


def held_under(place: Place) -> set[object]:
    return {number for (number,) in rows(place, "SELECT DISTINCT reference FROM hold WHERE ended_at IS NULL")}


def test_who_was_named_by_mistake_is_named_no_more_and_what_restricted_him_ends(it: Case, place: Place) -> None:
    ((email,),) = rows(place, f"SELECT email FROM person WHERE id = {it.customer.person}")
    (twin,) = factories.put(it.office.database, factories.person(email=email))
    number, his_own = named(it, RequestType.OBJECT), it.asks(RequestType.OBJECT, ())
    Duplicates(it.office.door, clock=it.office.clock).answer(it.officer, number, {twin: SamePerson.SAME})
    assert held_under(place) == {number, his_own}
    with pytest.raises(BadInput, match="needs a reason"):
        it.make(number, "unname_customer")
    moved = it.make(number, "unname_customer", SLIP).progress
    assert (moved.person, moved.state) == (None, RequestState.ACKNOWLEDGED)
    assert held_under(place) == {his_own}, "what he asked himself stands"
    assert rows(place, "SELECT person_id FROM request_person") == []
    aids = {aid for (aid,) in rows(place, f"SELECT aid FROM person WHERE id IN ({it.customer.person}, {twin})")}
    entry = entries(place)[-1]
    assert (entry.kinds[2], entry.out, set(entry.obj)) == ("unname_customer", "ok", {moved.aid, *aids})
    record = it.front.gateway.open(replace(it.officer, reference=his_own), RecordKind.PERSON, it.customer.person)
    assert [row.text("number") for row in record.rows("request")] == [his_own]
    right = factories.customer(it.office.database).person
    assert it.make(number, "name_customer", Answers(customer=right)).progress.person == right
    assert held_under(place) == {number, his_own}


def test_once_nobody_is_named_nobody_found_is_open_again(it: Case) -> None:
    number = named(it, RequestType.ACCESS)
    search(it.office, it.officer, number)
    assert "Somebody was found" in (offered(it, number)["nobody_found"] or "")
    it.make(number, "unname_customer", SLIP)
    assert (offered(it, number)["name_customer"], "unname_customer" in offered(it, number)) == (None, False)
    assert it.make(number, "nobody_found").progress.state is RequestState.NO_DATA


def test_whom_the_receipt_named_or_the_proof_showed_is_not_taken_back(it: Case) -> None:
    received = it.asks(RequestType.ACCESS, TO_PROVEN[:1])
    assert "unname_customer" not in offered(it, received)
    with pytest.raises(Conflict, match="when it was received"):
        it.make(received, "unname_customer", SLIP)
    number = named(it, RequestType.ACCESS)
    for name, answers in TO_PROVEN[1:]:
        it.make(number, name, answers)
    with pytest.raises(Conflict, match="Not his data is not open to you"):
        it.make(number, "unname_customer", SLIP)


def test_what_was_noted_of_who_was_named_goes_once_the_proof_shows_another(it: Case, place: Place) -> None:
    number = named(it, RequestType.RECTIFY)
    for name, answers in TO_PROVEN[1:]:
        it.make(number, name, answers)
    search(it.office, it.officer, number)
    it.make(number, "contest", Answers(field="email"))
    it.wants(number, "city", "Gent")
    it.make(number, "found_another", Answers(reason="It is his brother.", breach=False))
    assert it.make(number, "ask_again", SLIP).progress.identity is Identity.ASKED
    it.make(number, "unname_customer", SLIP)
    assert rows(place, CONTESTED) == []
    assert rows(place, "SELECT id FROM request_change") == []


def test_an_employee_whom_it_named_works_on_it_neither_then_nor_later(it: Case, place: Place) -> None:
    max_ = replace(it.front.staff("max", Role.PRIVACY), purpose=Purpose.RIGHTS)
    his = factories.customer(it.office.database, email="max@softron.example").person
    number = named(it, RequestType.ACCESS, his)
    ((before,),) = rows(place, "SELECT relation_keys FROM request")
    with pytest.raises(Conflict, match="about himself"):
        it.workflow.make(max_, number, "unname_customer", SLIP)
    it.make(number, "unname_customer", SLIP)
    for name, answers in (("ask_identity", SLIP), ("name_customer", Answers(customer=it.customer.person))):
        with pytest.raises(Conflict, match="about himself"):
            it.workflow.make(max_, number, name, answers)
    ((kept,),) = rows(place, "SELECT relation_keys FROM request")
    assert str(kept).startswith(f"{before} e:"), "the address it came from stands first"
    it.make(number, "name_customer", Answers(customer=it.customer.person))
    it.make(number, "unname_customer", SLIP)
    assert rows(place, "SELECT relation_keys FROM request") == [(kept,)], "of who works nowhere here nothing is kept"


def test_whoever_names_a_customer_hears_who_else_may_ask(it: Case) -> None:
    factories.put(it.office.database, factories.person(email="ada@byron.example"))
    number = unnamed(it, RequestType.ACCESS)
    it.make(number, "ask_identity", SLIP)
    (note,) = [each.note for each in it.workflow.open_moves(it.officer, number).offers if each.note]
    assert note == "1 person on file may be who asks, and nothing is said of him yet: look first."
    assert it.make(number, "name_customer", Answers(customer=it.customer.person)).progress.person is not None


def test_a_decision_that_grants_nothing_yet_says_so_where_it_is_offered(it: Case) -> None:
    number = it.asks(RequestType.RECTIFY)
    (note,) = [each.note for each in it.workflow.open_moves(it.officer, number).offers if each.note]
    assert note.startswith("Granting it is closed, refusing it is open. Nothing is to be corrected yet.")
    it.wants(number, "city", "Gent")
    assert not any(each.note for each in it.workflow.open_moves(it.officer, number).offers)
