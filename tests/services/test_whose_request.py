"""A request is worked on by privacy alone, never by whom it is about, and what goes out is what was read over.

Seen to fail: on the code as it was, each of them: support noted searches and exempted recipients, a colleague's waiting
objection opened for support, a letter went out with a date that had moved, an employee's name stood in one, and who had
asked under his own address worked on it before he was named and after he was erased; and an officer's look stood in the
log for no purpose, for a sale and for the system.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Access, Purpose, RecordKind, Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import BadInput, Conflict, Denied
from staffdesk.domain.grounds import ExemptionGround, ExtensionGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.corrections import Corrections
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import search, workflow_of

WHY = Answers(reason="Two people of this name write to us.")
LONGER = Answers(reason="Eleven boxes of paper.", extension=ExtensionGround.COMPLEXITY)


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def workflow(office: Office, tmp_path: Path) -> Workflow:
    return workflow_of(office, tmp_path)


@pytest.fixture
def pia(front: Front) -> Access:
    return replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)


def received(front: Front, by: Access, kind: RequestType, person: int) -> str:
    return front.requests.receive(by, kind=kind, channel=RequestChannel.EMAIL, customer=person).number


def test_who_received_it_is_not_told_whom_privacy_found_behind_a_name(
    front: Front, workflow: Workflow, pia: Access
) -> None:
    sue, person = front.staff("sue", Role.SUPPORT), factories.customer(front.office.database).person
    number = front.requests.receive(
        sue, kind=RequestType.ACCESS, channel=RequestChannel.PHONE, customer=None, requester="A. Bo",
        reply_address="someone@elsewhere.example",
    ).number  # fmt: skip
    hers = received(front, sue, RequestType.RECTIFY, person)
    for name, answers in (
        ("acknowledge", None), ("ask_identity", WHY), ("proof_arrived", Answers(document="passport")),
        ("verify", Answers(copy_deleted=True)), ("name_customer", Answers(customer=person)),
    ):  # fmt: skip
        workflow.make(pia, number, name, answers)
    told = {each.number: each.customer for each in front.requests.open_requests(sue)}
    assert told == {number: None, hers: person}
    assert front.request_pages.open(sue, number).request.customer is None
    assert {each.number: each.customer for each in front.requests.open_requests(pia)} == {number: person, hers: person}
    assert front.request_pages.open(pia, number).request.customer == person
    record = front.gateway.open(replace(sue, reference="T-1182"), RecordKind.PERSON, person)
    assert [row.text("number") for row in record.rows("request")] == [hers]


def test_a_record_tells_sales_that_a_colleague_received_a_request_and_nothing_of_who_wrote_from_where(
    front: Front,
) -> None:
    person = factories.customer(front.office.database).person
    sal, sue = front.staff("sal", Role.SALES, "T-1182"), front.staff("sue", Role.SUPPORT, "T-1182")
    number = received(front, sue, RequestType.ACCESS, person)
    (row,) = front.gateway.open(sal, RecordKind.PERSON, person).rows("request")
    assert row.text("number") == number
    for column in ("requester", "reply_address"):
        cell = row.cells.get(column)
        assert cell is None or (cell.text, cell.exposure) == (None, Exposure.NONE)
    with pytest.raises(Denied):
        front.gateway.reveal(sal, f"request:{front.requests.open_requests(sue)[0].id}:reply_address")


def test_support_and_sales_work_on_no_request(front: Front, workflow: Workflow, pia: Access) -> None:
    made = factories.customer(front.office.database)
    stopped = front.marketing.stop(pia, made.person).request.number
    wrong = received(front, pia, RequestType.RECTIFY, made.person)
    for user, role in (("sue", Role.SUPPORT), ("sal", Role.SALES)):
        by = front.staff(user, role)
        with pytest.raises(Denied):
            workflow.told(by, stopped, "CAMPAIGN_SERVICE", TaskState.SENT)
        with pytest.raises(Denied):
            search(front.office, by, wrong)
        with pytest.raises(Denied):
            Corrections(front.office.door).want(by, wrong, f"person:{made.person}:city", "Gent")


@pytest.mark.parametrize("said", [None, Purpose.SYSTEM, Purpose.SALE])
def test_an_officer_who_looks_at_a_request_does_so_for_a_persons_rights_whatever_he_says(
    front: Front, pia: Access, place: Place, said: Purpose | None
) -> None:
    number = received(front, pia, RequestType.ACCESS, factories.customer(front.office.database).person)
    front.request_pages.open(replace(pia, purpose=said), number)
    opened = entries(place)[-1]
    assert (opened.act, opened.role, opened.purpose) == ("request.opened", "privacy", "rights")


def test_nobody_works_on_a_request_about_himself(front: Front, workflow: Workflow, pia: Access) -> None:
    made = factories.customer(front.office.database, email="pia@softron.example")
    wrong = received(front, pia, RequestType.RECTIFY, made.person)
    with pytest.raises(Conflict, match="about himself"):
        workflow.make(pia, wrong, "acknowledge")
    with pytest.raises(Denied, match="about himself"):
        search(front.office, pia, wrong)


def test_who_asks_under_his_own_address_works_on_it_neither_before_he_is_named_nor_after_his_erasure(
    front: Front, workflow: Workflow, pia: Access, place: Place
) -> None:
    person = factories.customer(front.office.database, email="max@softron.example").person
    max_ = replace(front.staff("max", Role.PRIVACY), purpose=Purpose.RIGHTS)
    ron = replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    number = front.requests.receive(
        pia, kind=RequestType.ERASE, channel=RequestChannel.EMAIL, customer=None, requester="Max",
        reply_address="Max@softron.example",
    ).number  # fmt: skip
    with pytest.raises(Conflict, match="about himself"):
        workflow.make(max_, number, "acknowledge")
    for name, answers in (
        ("acknowledge", None), ("ask_identity", WHY), ("proof_arrived", Answers(document="passport")),
        ("verify", Answers(copy_deleted=True)), ("name_customer", Answers(customer=person)),
    ):  # fmt: skip
        workflow.make(pia, number, name, answers)
    search(front.office, pia, number)
    for by, name in ((pia, "decide"), (pia, "submit"), (ron, "approve"), (pia, "erase")):
        workflow.make(by, number, name, password=PASSWORD)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET reply_address = 'elsewhere'")
    with pytest.raises(Denied, match="about himself"):
        workflow.told(
            max_, number, "CAMPAIGN_SERVICE", TaskState.EXEMPT, "He left that house.", ground=ExemptionGround.IMPOSSIBLE
        )
    with pytest.raises(Denied, match="about himself"):
        workflow.send(max_, number)
    assert workflow.send(pia, number).sent is not None


def test_an_objection_that_waits_opens_for_no_colleague_of_who_received_it(front: Front, pia: Access) -> None:
    made = factories.customer(front.office.database)
    number = received(front, front.staff("sal", Role.SALES), RequestType.OBJECT_MKT, made.person)
    with pytest.raises(Denied, match="A colleague received this request"):
        front.request_pages.open(front.staff("sue", Role.SUPPORT), number)
    assert front.request_pages.open(pia, number).request.number == number


def test_a_letter_that_is_not_what_was_read_over_does_not_go_out(
    front: Front, workflow: Workflow, pia: Access, tmp_path: Path
) -> None:
    max_ = replace(front.staff("max", Role.PRIVACY), purpose=Purpose.RIGHTS)
    number = received(front, pia, RequestType.ERASE, factories.customer(front.office.database).person)
    workflow.make(pia, number, "acknowledge")
    shown = workflow.draft(pia, number, "ask_identity", WHY)
    workflow.make(max_, number, "extend", LONGER)
    with pytest.raises(Conflict, match="is another one now"):
        workflow.make(pia, number, "ask_identity", WHY, shown=shown)
    assert not (tmp_path / "data" / "letters" / f"L1-{number}.txt").exists()


def test_no_letter_names_an_employee(front: Front, workflow: Workflow, pia: Access, tmp_path: Path) -> None:
    number = received(front, pia, RequestType.ERASE, factories.customer(front.office.database).person)
    workflow.make(pia, number, "acknowledge")
    with pytest.raises(BadInput, match="the name of an employee"):
        workflow.make(pia, number, "ask_identity", Answers(reason="Pia Holm knows two people of this name."))
    assert not (tmp_path / "data" / "letters" / f"L1-{number}.txt").exists()


def test_of_a_proof_its_kind_and_whether_it_was_masked_are_recorded(
    front: Front, workflow: Workflow, pia: Access, place: Place
) -> None:
    number = received(front, pia, RequestType.ERASE, factories.customer(front.office.database).person)
    workflow.make(pia, number, "acknowledge")
    workflow.make(pia, number, "ask_identity", WHY)
    workflow.make(pia, number, "proof_arrived", Answers(document="passport", masked=True))
    assert entries(place)[-1].kinds == ("request", "erase", "proof_arrived", "identity", "passport", "masked")
