"""A request goes on by the moves of the table and no others, one person at a time, with two where two are asked.

Seen to fail with a move's guards not asked, and with the tasks of a request named in its own letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SignInFailed, StaffdeskError
from staffdesk.domain.grounds import ExemptionGround, ExtensionGround, RefusalGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import PASSWORD, WRONG, Office, acts, at_once, entries
from tests.services.workflows import search, workflow_of

PROOF = Answers(document="identity_card", masked=True)
CHECKED = Answers(copy_deleted=True)
WHY = Answers(reason="Two people of this name write to us.")
LONGER = replace(WHY, extension=ExtensionGround.COMPLEXITY)
TO_DECISION = (
    ("acknowledge", None), ("ask_identity", WHY), ("proof_arrived", PROOF), ("verify", CHECKED), ("collect", None),
)  # fmt: skip


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def workflow(office: Office, tmp_path: Path) -> Workflow:
    return workflow_of(office, tmp_path)


@pytest.fixture
def pia(front: Front) -> Access:
    return replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)


@pytest.fixture
def ron(front: Front) -> Access:
    return replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)


def received(front: Front, by: Access, kind: RequestType = RequestType.ERASE) -> str:
    made = factories.customer(front.office.database)
    return front.requests.receive(by, kind=kind, channel=RequestChannel.EMAIL, customer=made.person).number


def go(workflow: Workflow, by: Access, number: str, moves: Sequence[tuple[str, Answers | None]]) -> None:
    for name, answers in moves:
        workflow.make(by, number, name, answers)


def submitted(front: Front, workflow: Workflow, by: Access) -> str:
    number = received(front, by)
    go(workflow, by, number, TO_DECISION)
    search(front.office, by, number)
    go(workflow, by, number, (("decide", None), ("submit", None)))
    return number


def test_an_erasure_goes_from_the_letter_to_its_approval_by_two_people(
    front: Front, workflow: Workflow, pia: Access, ron: Access
) -> None:
    number = submitted(front, workflow, pia)
    assert workflow.open_moves(pia, number).progress.state is RequestState.APPROVAL
    with pytest.raises(Denied):
        workflow.make(pia, number, "approve", password=PASSWORD)
    assert workflow.make(ron, number, "approve", password=PASSWORD).progress.state is RequestState.EXECUTING


def test_an_erasure_is_carried_out_however_long_it_waited(
    front: Front, pia: Access, ron: Access, tmp_path: Path
) -> None:
    workflow = workflow_of(front.office, tmp_path, days_pass=True)
    number = received(front, pia)
    front.office.clock.forward(days=240)
    go(workflow, pia, number, TO_DECISION)
    search(front.office, pia, number)
    go(workflow, pia, number, (("decide", None), ("submit", None)))
    workflow.make(ron, number, "approve", password=PASSWORD)
    assert workflow.make(pia, number, "erase").progress.carried_out_at is not None


def test_each_move_leaves_exactly_one_entry_that_says_what_it_was(
    front: Front, workflow: Workflow, pia: Access, place: Place
) -> None:
    number = received(front, pia)
    before = len(entries(place))
    workflow.make(pia, number, "acknowledge")
    made = [(core.act, core.out, core.kinds) for core in entries(place)[before:]]
    assert made == [
        ("request.moved", "intent", ("request", "sending", "acknowledge")),
        ("request.moved", "ok", ("request", "sending", "acknowledge")),
        ("request.moved", "intent", ("request", "acknowledge")),
        ("request.moved", "ok", ("request", "erase", "acknowledge", "acknowledged")),
    ]


def test_a_closed_move_says_why_and_moves_nothing(front: Front, workflow: Workflow, pia: Access) -> None:
    number = received(front, pia)
    go(workflow, pia, number, TO_DECISION)
    with pytest.raises(Conflict, match="Every kind of record must be searched"):
        workflow.make(pia, number, "decide")
    with pytest.raises(Conflict, match="Submit is not open to you where the request stands: collecting"):
        workflow.make(pia, number, "submit")
    with pytest.raises(BadInput, match="no such move"):
        workflow.make(pia, number, "vanish")
    assert workflow.open_moves(pia, number).progress.state is RequestState.ASSESSMENT


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("ask_identity", None, "needs a reason"),
        ("ask_identity", replace(WHY, day=dt.date(2020, 1, 1)), "before the receipt"),
        ("ask_identity", replace(WHY, day=dt.date(2999, 1, 1)), "has not come"),
    ],
)
def test_what_a_move_asks_must_be_told(
    name: str, answers: Answers | None, said: str, front: Front, workflow: Workflow, pia: Access
) -> None:
    number = received(front, pia)
    workflow.make(pia, number, "acknowledge")
    with pytest.raises(BadInput, match=said):
        workflow.make(pia, number, name, answers)


def test_the_kind_of_document_is_one_of_the_list(front: Front, workflow: Workflow, pia: Access) -> None:
    number = received(front, pia)
    go(workflow, pia, number, TO_DECISION[:2])
    with pytest.raises(BadInput, match="no such document"):
        workflow.make(pia, number, "proof_arrived", Answers(document="selfie"))


def test_two_officers_at_once_give_one_move_and_one_sentence(front: Front, workflow: Workflow, pia: Access) -> None:
    max_ = replace(front.staff("max", Role.PRIVACY), purpose=Purpose.RIGHTS)
    number = received(front, pia)
    ended = at_once(*(lambda by=by: workflow.make(by, number, "acknowledge") for by in (pia, max_)))
    refused = [each for each in ended if isinstance(each, StaffdeskError)]
    assert len(refused) == 1, ended
    assert isinstance(refused[0], Conflict)
    assert workflow.open_moves(pia, number).progress.turn == 1


def test_an_approval_is_confirmed_by_the_password_and_a_wrong_one_moves_nothing_and_waits_like_a_sign_in(
    front: Front, workflow: Workflow, pia: Access, ron: Access, place: Place, office: Office
) -> None:
    number = submitted(front, workflow, pia)
    with pytest.raises(BadInput, match="Approve needs your password again"):
        workflow.make(ron, number, "approve")
    before = len(acts(place))
    for _ in range(5):
        with pytest.raises(SignInFailed, match="password is not right"):
            workflow.make(ron, number, "approve", password=WRONG)
    assert acts(place)[before:] == [("session.refused", "denied")] * 5
    with pytest.raises(SignInFailed, match="too many failures") as caught:
        workflow.make(ron, number, "approve", password=PASSWORD)
    assert caught.value.hint == "Wait 5 seconds, then try again."
    assert workflow.open_moves(pia, number).progress.state is RequestState.APPROVAL
    office.clock.forward(seconds=6)
    workflow.make(ron, number, "approve", password=PASSWORD)
    approved = [core.kinds for core in entries(place) if (core.act, core.out) == ("request.approved", "ok")]
    assert approved == [("request", "erase", "approve", "executing", "confirmed by password")]
    with pytest.raises(Conflict):  # the failures are forgotten: what closes it now is the request
        workflow.make(ron, number, "approve", password=PASSWORD)


def test_two_approvers_at_once_approve_once(front: Front, workflow: Workflow, pia: Access, ron: Access) -> None:
    eva = replace(front.staff("eva", Role.APPROVER), purpose=Purpose.RIGHTS)
    number = submitted(front, workflow, pia)
    ended = at_once(*(lambda by=by: workflow.make(by, number, "approve", password=PASSWORD) for by in (ron, eva)))
    assert sum(isinstance(each, StaffdeskError) for each in ended) == 1, ended


def test_an_approver_whose_role_is_taken_meanwhile_approves_nothing(
    front: Front, workflow: Workflow, pia: Access, ron: Access, place: Place
) -> None:
    number = submitted(front, workflow, pia)
    with place.owner() as owner:
        owner.exec_driver_sql("DELETE FROM staff_role WHERE role = 'approver'")
    with pytest.raises(Denied):
        workflow.make(ron, number, "approve", password=PASSWORD)
    assert workflow.open_moves(pia, number).progress.state is RequestState.APPROVAL


def test_an_extension_counts_from_the_receipt_once_and_only_in_time(
    front: Front, workflow: Workflow, pia: Access, office: Office
) -> None:
    number = received(front, pia)
    workflow.make(pia, number, "acknowledge")
    first = workflow.open_moves(pia, number).progress
    extended = workflow.make(pia, number, "extend", replace(LONGER, reason="Complex: eleven boxes of paper.")).progress
    assert extended.hard_due > first.hard_due
    assert extended.first_due == first.hard_due
    with pytest.raises(Conflict, match="extended before"):
        workflow.make(pia, number, "extend", LONGER)
    late = received(front, pia)
    workflow.make(pia, late, "acknowledge")
    office.clock.forward(days=40)
    with pytest.raises(Conflict, match="breach note"):
        workflow.make(pia, late, "extend", LONGER)


def test_the_pause_moves_the_soft_date_alone_and_only_when_it_was_asked_in_time(
    front: Front, workflow: Workflow, pia: Access, office: Office
) -> None:
    number, late = received(front, pia), received(front, pia)
    go(workflow, pia, number, TO_DECISION[:2])
    workflow.make(pia, late, "acknowledge")
    office.clock.forward(days=9)
    workflow.make(pia, late, "ask_identity", WHY)
    office.clock.forward(days=6)
    for each, moves_soft in ((number, True), (late, False)):
        before = workflow.open_moves(pia, each).progress
        proven = workflow.make(pia, each, "proof_arrived", PROOF).progress
        assert proven.hard_due == before.hard_due
        assert (proven.soft_due > before.soft_due) is moves_soft


def test_a_request_without_proof_lapses_near_its_date_and_late_proof_begins_a_new_period(
    front: Front, workflow: Workflow, pia: Access, office: Office
) -> None:
    number = received(front, pia)
    go(workflow, pia, number, TO_DECISION[:2])
    with pytest.raises(Conflict, match="still time for the proof"):
        workflow.make(pia, number, "lapse")
    office.clock.forward(days=29)
    lapsed = workflow.make(pia, number, "lapse").progress
    assert lapsed.ended_on is not None
    office.clock.forward(days=30)
    again = workflow.make(pia, number, "late_proof", PROOF).progress
    assert again.ended_on is None
    assert again.hard_due > lapsed.hard_due


def test_recipients_are_told_or_exempt_with_a_reason_and_then_the_desk_goes_on_by_itself(
    front: Front, workflow: Workflow, pia: Access
) -> None:
    made = factories.customer(front.office.database)
    number = front.marketing.stop(pia, made.person).request.number
    with pytest.raises(BadInput, match="Why need he not be told"):
        workflow.told(pia, number, "CAMPAIGN_SERVICE", TaskState.EXEMPT, "It is no more.")
    with pytest.raises(BadInput, match="Why need he not be told"):
        workflow.told(pia, number, "CAMPAIGN_SERVICE", TaskState.EXEMPT, ground=ExemptionGround.IMPOSSIBLE)
    with pytest.raises(NotFound):
        workflow.told(pia, number, "NOBODY", TaskState.SENT)
    moved = workflow.told(pia, number, "CAMPAIGN_SERVICE", TaskState.SENT)
    assert moved.made == ("notified",)
    assert moved.progress.state is RequestState.REPLYING


def test_a_refusal_needs_its_facts(front: Front, workflow: Workflow, pia: Access) -> None:
    number = received(front, pia)
    go(workflow, pia, number, TO_DECISION)
    search(front.office, pia, number)
    with pytest.raises(BadInput, match="needs its facts"):
        workflow.make(pia, number, "decide", Answers(ground=RefusalGround.LAW))


def test_support_sees_no_move_of_an_erasure_and_makes_none(front: Front, workflow: Workflow) -> None:
    sue = front.staff("sue", Role.SUPPORT)
    number = received(front, sue)
    assert workflow.open_moves(sue, number).offers == ()
    with pytest.raises(Conflict, match="Acknowledge is not open to you"):
        workflow.make(sue, number, "acknowledge")
