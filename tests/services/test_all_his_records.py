"""An answer reaches every record of who asks, says "nothing" only where nothing is, and names nobody by itself.

Seen to fail: with a decision open before everybody likely was answered, with people found by their name alone, with a
plan or a package of the requester's record alone, with whoever is known taken for somebody of whom something is held,
with his own words not compared, with a name given before a second person approved it, and with an officer answering
for whom he declared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from staffdesk.data.tables.licensing import Activation
from staffdesk.domain.access import Access, Purpose, RecordKind, Role
from staffdesk.domain.declared import Whom
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.likely_same import Likeness, SamePerson
from staffdesk.domain.policy import matrix
from staffdesk.domain.request_work import Answers, Searched, places
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.services.declaring import Declaring
from staffdesk.services.request_plans import RequestPlans
from staffdesk.services.searches import Searches
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.his_records import Ask, File, access_to, approved
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import search, workflow_of

WHY = "He was threatened by somebody who knew where he lives."


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def ask(front: Front, tmp_path: Path) -> Ask:
    officer = replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)

    def asks(customer: int, kind: RequestType) -> File:
        number = front.requests.receive(officer, kind=kind, channel=RequestChannel.EMAIL, customer=customer).number
        made = File(front.office, workflow_of(front.office, tmp_path), officer, number)
        for name, answers in (
            ("acknowledge", None),
            ("ask_identity", Answers(reason="Two people of this name write to us.")),
            ("proof_arrived", Answers(document="passport")),
            ("verify", Answers(copy_deleted=True)),
        ):
            made.make(name, answers)
        return made

    return asks


@pytest.fixture
def ron(front: Front) -> Access:
    return replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)


@dataclass(frozen=True)
class Twins:
    """A customer, and people who share something with him."""

    him: int
    by_mail: int
    by_phone: int
    by_name: int
    licence: int


@pytest.fixture
def twins(front: Front) -> Twins:
    """Beside them a namesake elsewhere and the user of the same computer, who are nobody's twins."""
    database = front.office.database
    made = factories.customer(database)
    (other,) = factories.put(database, factories.organisation("NORDLYS Post Aps"))
    people = factories.put(
        database,
        factories.person(given_name="A.", family_name="Bo", email="Anders@Nordlys.example"),
        factories.person(phone="+45 55 55 01 42"),
        factories.person(given_name="Bo", family_name="Anders", organisation_id=other, email="bo@home.example"),
        factories.person(given_name="Anders", family_name="Bo"),
        factories.person(user_name="anders-mbp"),
    )
    licence, other_licence = factories.put(
        database, factories.licence(person_id=people[0]), factories.licence(person_id=people[4])
    )
    factories.put(
        database,
        Activation.checked(
            {
                **factories.provenance(), "licence_id": other_licence, "user_name": "anders-mbp",
                "mac": "02:00:5E:10:20:30", "ip": "192.0.2.17", "activated_at": 1, "status": "active",
            }
        ),
    )  # fmt: skip
    return Twins(made.person, people[0], people[1], people[2], licence)


def test_everybody_likely_is_listed_in_the_log_and_answered_before_anything_is_decided(
    twins: Twins, ask: Ask, place: Place
) -> None:
    it = ask(twins.him, RequestType.ACCESS)
    search(it.office, it.officer, it.number)
    assert "say of each one whether it is he" in (it.closed("decide") or "")
    assert "say of each one whether it is he" in (it.closed("nothing_held") or "")
    page = it.duplicates.list(it.officer, it.number)
    assert {each.customer: each.found_by for each in page.listed} == {
        twins.by_mail: (Likeness.EMAIL, Likeness.NAME), twins.by_phone: (Likeness.PHONE,),
        twins.by_name: (Likeness.NAME, Likeness.COMPANY),
    }  # fmt: skip
    assert [each.email for each in page.listed if each.customer == twins.by_mail] == ["A•••@Nordlys.example".lower()]
    listed = entries(place)[-1]
    assert (listed.act, listed.out, len(listed.obj), listed.n) == ("customer.listed", "ok", 4, 3)
    with pytest.raises(NotFound):
        it.answer(twins.him, SamePerson.SAME)
    assert it.answer(twins.by_phone, SamePerson.OTHER) == 2
    assert it.answer(twins.by_mail, SamePerson.SAME) == 1
    with pytest.raises(Conflict, match="may be the same person"):
        it.make("decide")
    assert it.answer(twins.by_name, SamePerson.OTHER) == 0
    again = {each.customer: each for each in it.duplicates.list(it.officer, it.number).listed}
    assert (again[twins.by_mail].answer, again[twins.by_mail].answered_by) == (SamePerson.SAME, "Pia Holm")
    assert it.make("decide").progress.state is RequestState.REPLYING


def test_nobody_but_privacy_answers_and_nobody_for_himself(twins: Twins, ask: Ask, ron: Access, place: Place) -> None:
    it = ask(twins.him, RequestType.ACCESS)
    with pytest.raises(Denied):
        it.duplicates.list(ron, it.number)
    with place.owner() as owner:
        keys = owner.exec_driver_sql("SELECT relation_keys FROM staff WHERE user_name = 'pia'").scalar_one()
        owner.exec_driver_sql(f"UPDATE person SET relation_keys = '{keys}' WHERE id = {twins.by_mail}")
    with pytest.raises(Denied, match="Nobody answers for himself"):
        it.answer(twins.by_mail, SamePerson.SAME)
    Declaring(it.office.door, it.office.clock).declare(it.officer, Whom.PERSON, twins.by_phone, "family")
    with pytest.raises(Denied, match="who is close to him"):
        it.answer(twins.by_phone, SamePerson.SAME)


def test_the_package_holds_the_record_that_was_confirmed_and_no_other(
    twins: Twins, ask: Ask, tmp_path: Path, place: Place
) -> None:
    it = ask(twins.him, RequestType.ACCESS)
    search(it.office, it.officer, it.number)
    for customer, answer in (
        (twins.by_mail, SamePerson.SAME), (twins.by_phone, SamePerson.OTHER), (twins.by_name, SamePerson.OTHER),
    ):  # fmt: skip
        it.answer(customer, answer)
    before = len(entries(place))
    told = access_to(it, it.make("decide"), tmp_path)
    assert {row["id"] for row in told["data"]["person"]} == {twins.him, twins.by_mail}
    assert twins.licence in {row["id"] for row in told["data"]["licence"]}
    looked = next(core for core in entries(place)[before:] if "package" in core.kinds)
    assert len(looked.obj) == 3, "the request, who asks, and his other record"


def test_an_erasure_takes_all_his_records_and_stops_where_one_was_confirmed_after_its_plan(
    twins: Twins, ask: Ask, ron: Access, place: Place
) -> None:
    it = ask(twins.him, RequestType.ERASE)
    search(it.office, it.officer, it.number)
    for customer in (twins.by_mail, twins.by_phone, twins.by_name):
        it.answer(customer, SamePerson.OTHER)
    approved(it, ron)
    it.answer(twins.by_mail, SamePerson.SAME)
    assert RequestPlans(it.office.door, matrix()).plan(it.officer, it.number).changed
    with pytest.raises(Conflict, match="changed since this was submitted"):
        it.make("erase")
    again = ask(twins.him, RequestType.ERASE)
    search(again.office, again.officer, again.number)
    for customer in (twins.by_mail, twins.by_phone, twins.by_name):
        again.answer(customer, SamePerson.OTHER if customer == twins.by_name else SamePerson.SAME)
    approved(again, ron)
    assert again.make("erase").progress.person is None
    assert RequestPlans(it.office.door, matrix()).certificate(it.officer, again.number).people == 3
    with place.owner() as owner:
        left = {int(row[0]) for row in owner.exec_driver_sql("SELECT id FROM person")}
        suppressed = owner.exec_driver_sql("SELECT count(*) FROM suppression WHERE no_return").scalar_one()
        answered = owner.exec_driver_sql("SELECT person_id, answer FROM request_person WHERE answer = 'same'").all()
    assert not left & {twins.him, twins.by_mail, twins.by_phone}
    assert twins.by_name in left
    assert suppressed == 4, "one address, one telephone in both its forms, and the address of the other record"
    assert {row[0] for row in answered} == {None}


@pytest.mark.parametrize("more", ["", "place", "licence", "street", "look", "request"])
def test_nothing_is_held_where_the_register_has_no_more_than_the_request_says(
    more: str, front: Front, ask: Ask, tmp_path: Path
) -> None:
    database = front.office.database
    street = {"street": "Havnegade 12"} if more == "street" else {}
    (bare,) = factories.put(database, factories.person(given_name="Nora", family_name="Holm", **street))
    if more == "licence":
        factories.put(database, factories.licence(person_id=bare))
    if more == "look":
        front.gateway.open(front.staff("sue", Role.SUPPORT, "T-1182"), RecordKind.PERSON, bare)
    it = ask(bare, RequestType.ACCESS)
    if more == "request":
        ask(bare, RequestType.RECTIFY)
    assert "Every kind of record must be searched" in (it.closed("nothing_held") or "")
    found = {each.code: Searched.NOTHING for each in places().places}
    if more == "place":
        found["paper"] = Searched.EVIDENCE
    Searches(it.office.door, clock=it.office.clock).note(it.officer, it.number, found)
    if more:
        assert "Something is held about him" in (it.closed("nothing_held") or "")
        with pytest.raises(Conflict, match="Something is held about him"):
            it.make("nothing_held")
        return
    ended = it.make("nothing_held")
    assert ended.progress.state is RequestState.NO_DATA
    letter = " ".join((tmp_path / "data" / "letters" / f"L13-{it.number}.txt").read_text().split())
    assert "hold of you what you told us with this request" in letter


def test_an_employee_is_named_where_two_people_decided_so_and_nowhere_else(
    front: Front, ask: Ask, ron: Access, tmp_path: Path, place: Place
) -> None:
    made = factories.customer(front.office.database)
    for name in ("sofie", "bas"):
        front.gateway.open(front.staff(name, Role.SALES, made.order_number), RecordKind.PERSON, made.person)
    it = ask(made.person, RequestType.ACCESS)
    search(it.office, it.officer, it.number)
    consulted = it.reveals.consultations(it.officer, it.number)
    his, hers = (each for each in consulted if each.act == "customer.opened")
    assert (his.department, his.named) == ("sales", False)
    with pytest.raises(BadInput):
        it.reveals.ask(it.officer, it.number, hers.seq, "why not")
    with pytest.raises(NotFound):
        it.reveals.ask(it.officer, it.number, 1, WHY)
    it.reveals.ask(it.officer, it.number, hers.seq, WHY)
    assert "reason.reveal_actor" in entries(place)[-1].sec
    decided = it.make("decide")
    assert decided.progress.state is RequestState.DECISION
    it.make("submit")
    with pytest.raises(Conflict, match="while a request is collected"):
        it.reveals.ask(it.officer, it.number, his.seq, WHY)
    (asked,) = front.request_pages.open(ron, it.number).reveals
    assert (asked.seq, asked.department, asked.reason) == (hers.seq, "sales", WHY)
    it.workflow.make(ron, it.number, "approve", password=PASSWORD)
    told = access_to(it, it.make("hand_over"), tmp_path)
    assert [each.get("employee") for each in told["consultations"] if each["act"] == "customer.opened"] == [
        None, "Sofie Holm",
    ]  # fmt: skip
    assert "Sofie" not in (tmp_path / "data" / "letters" / f"L4-{it.number}.txt").read_text()
