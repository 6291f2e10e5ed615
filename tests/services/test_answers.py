"""A request is answered: what goes out, by whom it was decided, and what of it stays at the desk.

Seen to fail: with the package left in the spool, with a noted value kept once it was written, with a restricted record
opened by support, with an erasure carried out though an invoice changed in between, and with the words of who asks
withheld from who approves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Access, Purpose, RecordKind, Role
from staffdesk.domain.erasure import Action, Plan
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.policy import matrix
from staffdesk.domain.request_pages import Refused
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.parameters.shapes import sessions
from staffdesk.services.corrections import Corrections
from staffdesk.services.erasure.plans import plan
from staffdesk.services.moved import Moved
from staffdesk.services.request_plans import RequestPlans
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office
from tests.services.workflows import search, workflow_of

WHY = Answers(reason="Two people of this name write to us.")
WORDS = "All that you know of me, and who of you looked."


@dataclass(frozen=True)
class Case:
    """A request whose requester has proven who he is, and everything was searched."""

    front: Front
    workflow: Workflow
    officer: Access
    customer: Customer
    number: str

    def make(self, name: str, answers: Answers | None = None) -> Moved:
        return self.workflow.make(self.officer, self.number, name, answers)


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def officer(front: Front) -> Access:
    return replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)


def case(front: Front, officer: Access, folder: Path, kind: RequestType) -> Case:
    customer = factories.customer(front.office.database)
    workflow = workflow_of(front.office, folder)
    number = front.requests.receive(
        officer, kind=kind, channel=RequestChannel.EMAIL, customer=customer.person, note=WORDS
    ).number  # fmt: skip
    made = Case(front, workflow, officer, customer, number)
    for name, answers in (
        ("acknowledge", None),
        ("ask_identity", WHY),
        ("proof_arrived", Answers(document="passport")),
        ("verify", Answers(copy_deleted=True)),
    ):
        made.make(name, answers)
    search(front.office, officer, number)
    return made


def test_a_decision_builds_the_package_and_sending_it_completes_the_request_and_empties_the_spool(
    front: Front, officer: Access, tmp_path: Path
) -> None:
    it = case(front, officer, tmp_path, RequestType.ACCESS)
    decided = it.make("decide")
    assert decided.made == ("carry_out", "hand_over")
    assert decided.progress.state is RequestState.REPLYING
    assert len(decided.passphrase) > 20
    assert len(list((tmp_path / "data" / "spool").iterdir())) == 1
    sent = it.workflow.send(officer, it.number)
    assert (sent.made, sent.progress.state) == (("complete",), RequestState.COMPLETED)
    assert list((tmp_path / "data" / "spool").iterdir()) == []
    saved = {each.name for each in (tmp_path / "data" / "letters").iterdir()}
    assert {f"L4-{it.number}.txt", f"{it.number}.zip"} <= saved
    with pytest.raises(NotFound, match="No letter waits"):
        it.workflow.send(officer, it.number)


def test_a_correction_writes_what_was_noted_tells_its_recipients_and_forgets_the_value_here(
    front: Front, officer: Access, tmp_path: Path, place: Place
) -> None:
    it = case(front, officer, tmp_path, RequestType.RECTIFY)
    with pytest.raises(BadInput, match="Nothing is to be corrected yet"):
        it.make("decide")
    noted = Corrections(front.office.door).want(
        officer, it.number, f"person:{it.customer.person}:city", "Gent", "his letter"
    )
    assert [(each.label, each.new) for each in noted] == [("City", "Gent")]
    it.make("decide")
    with place.owner() as owner:
        city = owner.exec_driver_sql(f"SELECT city FROM person WHERE id = {it.customer.person}").scalar_one()
        kept = owner.exec_driver_sql("SELECT new_value, evidence FROM request_change").one()
    assert (city, *kept) == ("Gent", None, None)


def test_what_could_never_be_corrected_is_refused_when_it_is_noted_and_what_is_noted_can_be_taken_back(
    front: Front, officer: Access, tmp_path: Path, place: Place
) -> None:
    it, corrections = case(front, officer, tmp_path, RequestType.RECTIFY), Corrections(front.office.door)
    with pytest.raises(BadInput, match="not an e-mail address"):
        corrections.want(officer, it.number, "email", "annesophie@")
    with pytest.raises(BadInput, match="no such field") as wrong:
        corrections.want(officer, it.number, "person:1:shoe_size", "44")
    assert "email, phone" in wrong.value.hint
    assert "organisation.name" in wrong.value.hint
    (noted,) = corrections.want(officer, it.number, "city", "Gent", "his letter")
    assert (noted.field, noted.new, noted.evidence) == (f"person:{it.customer.person}:city", "Gent", "his letter")
    sheet = corrections.sheet(officer, it.number)
    assert (sheet.keys["city"], sheet.noted) == (noted.field, (noted,))
    assert corrections.take_back(officer, it.number, noted.field) == ()
    with place.owner() as owner:
        contested = owner.exec_driver_sql("SELECT contested_under FROM field_status WHERE field = 'city'").scalar()
    assert contested is None
    with pytest.raises(NotFound, match="Nothing is noted"):
        corrections.take_back(officer, it.number, "city")


def test_who_approves_reads_what_is_decided_and_why_it_came_back_and_afterwards_its_certificate(
    front: Front, officer: Access, tmp_path: Path
) -> None:
    ron = replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    rita = replace(front.staff("rita", Role.APPROVER), purpose=Purpose.RIGHTS)
    it, plans = case(front, officer, tmp_path, RequestType.ERASE), RequestPlans(front.office.door, matrix())
    it.make("decide")
    it.make("submit")
    decided = plans.decided(ron, it.number)
    assert decided.erasure == plans.plan(officer, it.number)
    assert (decided.decided_by, decided.verified_by, decided.approved_by) == ("Pia Holm", "Pia Holm", "")
    it.workflow.make(ron, it.number, "reject", Answers(reason="The invoice of May is missing."))
    last = front.request_pages.open(officer, it.number).history[-1]
    assert (last.name, last.who, last.reason) == ("reject", "Ron Holm", "The invoice of May is missing.")
    it.make("submit")
    it.workflow.make(ron, it.number, "approve", password=PASSWORD)
    it.make("erase")
    assert plans.certificate(ron, it.number).people == 1
    read = plans.decided(ron, it.number)
    assert (read.erasure, read.certificate) == (None, plans.certificate(ron, it.number))
    for somebody in (rita, front.staff("sue", Role.SUPPORT, "T-1182")):
        with pytest.raises(Denied):
            plans.certificate(somebody, it.number)


def test_a_plan_of_much_may_take_longer_than_a_look(
    front: Front, officer: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    it, plans = case(front, officer, tmp_path, RequestType.ERASE), RequestPlans(front.office.door, matrix())
    it.make("decide")

    def slow(*given: object, **named: object) -> Plan:
        time.sleep(sessions().log.deadline_seconds + 0.1)
        return plan(*given, **named)  # type: ignore[arg-type] # what it was called with

    monkeypatch.setattr("staffdesk.services.request_plans.plan", slow)
    assert plans.plan(officer, it.number).rows(Action.ERASE) > 0
    assert plans.decided(officer, it.number).erasure is not None


def test_a_restricted_record_is_closed_to_support_and_open_to_privacy(
    front: Front, officer: Access, tmp_path: Path
) -> None:
    sue = front.staff("sue", Role.SUPPORT, "T-1182")
    it = case(front, officer, tmp_path, RequestType.RESTRICT)
    assert front.gateway.open(sue, RecordKind.PERSON, it.customer.person).customer == it.customer.person
    it.make("decide")
    with pytest.raises(NotFound):
        front.gateway.open(sue, RecordKind.PERSON, it.customer.person)
    mine = replace(officer, reference=it.number)
    assert front.gateway.open(mine, RecordKind.PERSON, it.customer.person).customer == it.customer.person


def test_a_refusal_of_everything_waits_for_an_approver_and_goes_out_with_its_facts(
    front: Front, officer: Access, tmp_path: Path
) -> None:
    ron = replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    it = case(front, officer, tmp_path, RequestType.ACCESS)
    ninth = "The ninth of the same kind in four weeks."
    it.make("decide", Answers(ground=RefusalGround.EXCESSIVE, facts=ninth, reason="He asks for nothing new."))
    it.make("submit")
    page = front.request_pages.open(ron, it.number)
    decided = RequestPlans(front.office.door, matrix()).decided(ron, it.number)
    assert (page.note.text, decided.asked) == (WORDS, WORDS)
    assert (page.requester.text, page.reply_address.text) == (None, None), "nobody's name is needed to decide"
    assert page.refused == Refused(RefusalGround.EXCESSIVE, ninth)
    assert ("decide", "Pia Holm", "He asks for nothing new.") in [
        (each.name, each.who, each.reason) for each in decided.reasons
    ]
    with pytest.raises(Conflict, match="Everything is refused here"):
        it.workflow.make(ron, it.number, "approve", password=PASSWORD)
    refused = it.workflow.make(ron, it.number, "approve_refusal", password=PASSWORD)
    assert refused.progress.state is RequestState.REFUSED
    assert refused.sent is not None
    letter = (tmp_path / "data" / "letters" / f"L8-{it.number}.txt").read_text()
    assert "ninth of the same kind" in " ".join(letter.split())


def test_an_erasure_is_done_once_by_its_plan_and_an_invoice_in_between_voids_the_approval(
    front: Front, officer: Access, tmp_path: Path, place: Place
) -> None:
    ron = replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    it = case(front, officer, tmp_path, RequestType.ERASE)
    plans = RequestPlans(front.office.door, matrix())
    it.make("decide")
    it.make("submit")
    assert plans.plan(ron, it.number) == plans.plan(officer, it.number)
    it.workflow.make(ron, it.number, "approve", password=PASSWORD)
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE invoice SET number = 'F-9' WHERE id = {it.customer.invoice}")
    assert plans.plan(officer, it.number).changed
    with pytest.raises(Conflict, match="changed since this was submitted"):
        it.make("erase")
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT count(*) FROM tombstone").scalar_one() == 0


def test_who_is_erased_is_certified_and_told_what_the_law_keeps(front: Front, officer: Access, tmp_path: Path) -> None:
    ron = replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    it = case(front, officer, tmp_path, RequestType.ERASE)
    it.make("decide")
    it.make("submit")
    it.workflow.make(ron, it.number, "approve", password=PASSWORD)
    with pytest.raises(Denied):
        it.workflow.make(ron, it.number, "erase")
    erased = it.make("erase")
    assert erased.progress.person is None
    certificate = RequestPlans(front.office.door, matrix()).certificate(officer, it.number)
    assert (certificate.people, certificate.request) == (1, it.number)
    letter = it.workflow.answer(officer, it.number)
    assert letter.kind == "L7"
    assert erased.progress.state is RequestState.REPLYING  # nobody outside the house had his data
    assert it.workflow.send(officer, it.number).progress.state is RequestState.COMPLETED
