"""What an officer said by mistake, or what comes out late, is mended: nobody is refused for a slip, or given another's.

Seen to fail: before the moves that take it back were in the table, and each further promise before what keeps it was
built.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.errors import BadInput, Conflict, StaffdeskError
from staffdesk.domain.grounds import ExtensionGround, ProofFault, RefusalGround
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType, due_words
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, Case, case_at
from tests.services.erasures import rows
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import due_of, workflow_of

OTHER = Answers(reason="The passport shows somebody else altogether.", breach=True)
SLIP = Answers(reason="It does show him: it was read in haste.")


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


@pytest.mark.parametrize("approver", [False, True])
def test_a_proof_that_was_taken_for_anothers_is_looked_at_again(it: Case, *, approver: bool) -> None:
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:3])
    it.make(number, "proof_of_another", OTHER)
    by, name = (it.approver, "send_back_to_check") if approver else (it.officer, "check_again")
    with pytest.raises(BadInput, match="needs a reason"):
        it.workflow.make(by, number, name)
    assert it.workflow.make(by, number, name, SLIP).progress.identity is Identity.RECEIVED
    assert it.make(number, "verify", Answers(copy_deleted=True)).progress.state is RequestState.ASSESSMENT


@pytest.mark.parametrize("approver", [False, True])
def test_where_the_copy_is_gone_he_is_asked_for_it_again_by_letter(it: Case, *, approver: bool) -> None:
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:3])
    it.make(number, "proof_of_another", replace(OTHER, copy_deleted=True))
    by, name = (it.approver, "send_back_to_ask") if approver else (it.officer, "ask_again")
    moved = it.workflow.make(by, number, name, SLIP)
    assert moved.progress.identity is Identity.ASKED
    assert moved.sent is not None
    assert it.make(number, "proof_arrived", Answers(document="passport")).progress.identity is Identity.RECEIVED


WITHDRAWS = Answers(reason="He wrote that he withdraws it, mail of today.")


@pytest.mark.parametrize("kind", [RequestType.ACCESS, RequestType.PORT])
@pytest.mark.parametrize("name", ["withdraw", "found_another"])
def test_a_package_that_was_built_is_stopped_and_destroyed(it: Case, kind: RequestType, name: str) -> None:
    number = it.asks(kind)
    assert it.make(number, "decide").progress.state is RequestState.REPLYING
    home = it.letters.parents[1]
    assert [*home.rglob("*.box")]
    moved = it.make(number, name, WITHDRAWS if name == "withdraw" else OTHER)
    assert not [*home.rglob("*.box")]
    with pytest.raises(StaffdeskError):
        it.workflow.send(it.officer, number)
    if name == "withdraw":
        assert moved.progress.state is RequestState.WITHDRAWN
        return
    assert moved.progress.identity is Identity.FAILED
    ended = it.workflow.make(it.approver, number, "refuse_unproven", password=PASSWORD)
    assert ended.progress.state is RequestState.REFUSED


@pytest.mark.parametrize("kind", [RequestType.RECTIFY, RequestType.RESTRICT, RequestType.ERASE])
def test_what_was_carried_out_is_not_withdrawn_and_it_is_said_why(it: Case, kind: RequestType) -> None:
    number = it.asks(kind)
    if kind is RequestType.RECTIFY:
        it.wants(number, "city", "Gent")
    it.make(number, "decide")
    if kind is RequestType.ERASE:
        it.make(number, "submit")
        it.workflow.make(it.approver, number, "approve", password=PASSWORD)
        it.make(number, "erase")
    with pytest.raises(Conflict, match="carried out, and that is not undone"):
        it.make(number, "withdraw", WITHDRAWS)


def test_a_contested_field_is_corrected_or_said_to_stay_and_never_dropped(it: Case, place: Place) -> None:
    number = it.asks(RequestType.RECTIFY)
    it.make(number, "contest", Answers(field="email"))
    it.wants(number, "city", "Gent")
    with pytest.raises(BadInput, match=r"nothing is decided on it yet: E-mail\.") as undecided:
        it.make(number, "decide")
    assert "Stays as it is" in undecided.value.hint
    with pytest.raises(BadInput, match="needs a reason"):
        it.make(number, "let_stand", Answers(field="email"))
    it.make(number, "let_stand", Answers(field="email", reason="He wrote from it himself, and it is right."))
    assert it.make(number, "decide").progress.state is RequestState.REPLYING
    letter = " ".join(it.workflow.answer(it.officer, number).written.text.split())
    stays = letter.partition("What stays as it is")[2].partition("We found no error in it")[0]
    assert "e-mail" in stays.lower()
    contested = "SELECT field FROM field_status WHERE contested_under IS NOT NULL"
    assert rows(place, contested) == [("email",)], "it is used again once he was told, and not before"
    assert it.workflow.send(it.officer, number).progress.state is RequestState.COMPLETED
    assert rows(place, contested) == []


def test_a_complaint_keeps_the_file_until_it_is_closed(it: Case) -> None:
    number = it.asks(RequestType.ACCESS, ())
    it.make(number, "complaint")
    with pytest.raises(Conflict, match="A complaint is open"):
        it.make(number, "complaint")
    closed = it.make(number, "complaint_closed", Answers(reason="The authority took no step, letter of today."))
    assert closed.progress.complaint_on is None
    assert it.make(number, "complaint").progress.complaint_on is not None


def test_what_is_wrong_with_a_proof_is_said_from_the_list_in_the_letter_and_the_log(it: Case, place: Place) -> None:
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:3])
    faults = (ProofFault.BACK_ONLY, ProofFault.SURPLUS)
    back = Answers(reason="Only one side of it came.", faults=faults, copy_deleted=True)
    letter = it.workflow.draft(it.officer, number, "proof_insufficient", back)
    assert letter is not None
    text = " ".join((letter.written.text or "").split())
    assert "We received the back of the card alone." in text
    assert "We delete the back of the card and all other documents." in text
    it.make(number, "proof_insufficient", back)
    assert "back_only surplus" in entries(place)[-1].kinds
    it.make(number, "proof_arrived", Answers(document="passport"))
    other = it.asks(RequestType.ACCESS, TO_PROVEN[:3])
    it.make(other, "verify", Answers(copy_deleted=True, faults=(ProofFault.SURPLUS,)))
    it.make(other, "decide")
    told = " ".join(it.workflow.answer(it.officer, other).written.text.split())
    assert "you sent more than we may look at, such as the back of a card" in told
    assert "All of it has been deleted." in told
    it.make(other, "found_another", OTHER)
    it.make(other, "ask_again", SLIP)
    it.make(other, "proof_arrived", Answers(document="passport"))
    it.make(other, "verify", Answers(copy_deleted=True))
    it.make(other, "decide")
    told = " ".join(it.workflow.answer(it.officer, other).written.text.split())
    assert "more than we may look at" not in told, "that was somebody else's"
    it.make(number, "proof_of_another", OTHER)
    assert "a breach" in entries(place)[-1].kinds


def test_a_period_is_extended_on_a_ground_of_the_law(it: Case) -> None:
    number = it.asks(RequestType.ACCESS)
    words = Answers(reason="There are eleven boxes of paper.")
    with pytest.raises(BadInput, match="on a ground of the law"):
        it.make(number, "extend", words)
    with pytest.raises(BadInput, match="Is it a breach"):
        it.make(number, "found_another", words)
    letter = it.workflow.draft(it.officer, number, "extend", replace(words, extension=ExtensionGround.COMPLEXITY))
    assert letter is not None
    assert "your request is complex." in (letter.written.text or "")


def test_what_is_answered_late_says_so_for_ever_and_why(it: Case, place: Place, tmp_path: Path) -> None:
    it = replace(it, workflow=workflow_of(it.office, tmp_path, days_pass=True))
    number = it.asks(RequestType.ACCESS)
    with pytest.raises(Conflict, match="It is not late"):
        it.make(number, "note_breach", SLIP)
    it.office.clock.forward(days=60)
    due = due_of(it.office, tmp_path, place)
    (alarm,) = [words for which, words in due.run().alarms if which == number]
    assert alarm.endswith("a breach of Art. 12(3): note why")
    noted = it.make(number, "note_breach", Answers(reason="The letter lay in the wrong tray for weeks."))
    assert noted.progress.hard_due == it.workflow.open_moves(it.officer, number).progress.first_due
    assert all("note why" not in words for _, words in due.run().alarms)
    with pytest.raises(Conflict, match="noted already"):
        it.make(number, "note_breach", SLIP)
    it.make(number, "decide")
    ended = it.workflow.send(it.officer, number).progress
    assert entries(place)[-1].kinds[-1] == "late"
    (row,) = [each for each in it.front.requests.open_requests(it.officer) if each.number == number]
    said = due_words(row.state, row.hard_due, row.hard_due, row.ended_on)
    assert ended.ended_on is not None
    assert said == f"answered {(ended.ended_on - row.hard_due).days} days late"
    page = it.front.request_pages.open(it.officer, number)
    assert "wrong tray" in next(each.reason for each in page.history if each.name == "note_breach")


def test_where_all_that_is_contested_is_right_the_answer_says_so(it: Case, place: Place) -> None:
    number = it.asks(RequestType.RECTIFY)
    it.make(number, "contest", Answers(field="email"))
    it.make(number, "let_stand", Answers(field="email", reason="He wrote from it himself, and it is right."))
    with pytest.raises(BadInput, match="Nothing is to be corrected") as refused:
        it.make(number, "decide")
    assert "accurate" in refused.value.hint
    right = Answers(ground=RefusalGround.ACCURATE, facts="His own mail came from this address today.")
    it.make(number, "decide", right)
    it.make(number, "submit")
    letter = it.workflow.draft(it.approver, number, "approve_refusal")
    assert letter is not None
    said = " ".join(letter.written.text.split())
    assert "found them accurate as they stand" in said
    assert "we use them again from this letter on" in said
    it.workflow.make(it.approver, number, "approve_refusal", password=PASSWORD)
    assert rows(place, "SELECT field FROM field_status WHERE contested_under IS NOT NULL") == []
