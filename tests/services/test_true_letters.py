"""A letter says what is so: who was told, until when, since when, and what who asks may still do.

Seen to fail: with an answer sent or read over before all were told, with every recipient of a request named as told,
with proof asked for that reopens nothing, with the last day promised whatever the day, with a period that stands still
in every letter, with any attachment called an identity document, with a restriction counted from the receipt, with
papers left where their texts were destroyed, and with nothing said of a firm that is not erased.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.errors import Conflict, StaffdeskError
from staffdesk.domain.grounds import ExemptionGround, RefusalGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_work import Answers, Way
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.domain.traces import Identity, Trace
from staffdesk.services.erasure.files import destroy_files
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.letters import Language
from staffdesk.services.letters.language import day
from staffdesk.services.letters.writing import proof_by
from staffdesk.services.new_files import destroy_older
from staffdesk.services.post import Post
from staffdesk.services.request_letters import Delivery
from staffdesk.services.sessions import day_in_brussels
from tests import factories
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, WHY, Case, case_at, given
from tests.services.offices import PASSWORD, Office
from tests.services.workflows import due_of, search, workflow_of


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return replace(case_at(office, tmp_path), workflow=workflow_of(office, tmp_path, days_pass=True))


def said(it: Case, number: str, move: str, answers: Answers | None = None) -> str:
    drafted = it.workflow.draft(it.officer, number, move, answers)
    assert drafted is not None
    return " ".join(drafted.written.text.split())


def answered(it: Case, number: str) -> str:
    return " ".join(it.workflow.answer(it.officer, number).written.text.split())


def test_who_need_not_be_told_is_not_among_those_who_were(it: Case) -> None:
    given(it, CARRIER="identity, delivery", RESELLER="identity")
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    it.make(number, "erase")
    for does in (it.workflow.answer, it.workflow.send):
        with pytest.raises(Conflict, match="Not every recipient has been told") as refused:
            does(it.officer, number)
        assert "i on its page" in refused.value.hint, "what is not to be sent yet is not shown as if it were"
    it.workflow.told(it.officer, number, "CARRIER", TaskState.SENT)
    gone = "The firm does not exist any more."
    no_way, too_much = ExemptionGround.IMPOSSIBLE, ExemptionGround.DISPROPORTIONATE
    moved = it.workflow.told(it.officer, number, "RESELLER", TaskState.EXEMPT, gone, ground=no_way)
    assert moved.progress.state is RequestState.REPLYING
    whole = answered(it, number)
    assert "Who was told - Carrier SA - Reseller SA: not told, because that is impossible (Article 19" in whole
    assert whole.count("Carrier SA") == whole.count("Reseller SA") == 1
    it.workflow.told(it.officer, number, "RESELLER", TaskState.SENT)
    assert "Who was told - Carrier SA - Reseller SA If you do not agree" in answered(it, number)
    it.workflow.told(it.officer, number, "CARRIER", TaskState.EXEMPT, gone, ground=no_way)
    assert "Carrier SA: not told, because that is impossible (Article 19" in answered(it, number)
    it.workflow.told(it.officer, number, "CARRIER", TaskState.EXEMPT, gone, ground=too_much)
    it.workflow.told(it.officer, number, "RESELLER", TaskState.EXEMPT, gone, ground=no_way)
    whole = answered(it, number)
    assert "Carrier SA: not told, because that would take a disproportionate effort (Article 19" in whole
    assert "Nobody outside our house" not in whole
    assert it.workflow.send(it.officer, number).progress.state is RequestState.COMPLETED


def test_proof_is_asked_for_later_only_where_it_takes_the_request_up_again(
    it: Case, place: Place, tmp_path: Path
) -> None:
    resumes, anew = "You need not repeat your request", "cannot be resumed, but you may make a new one at any time"
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:2])
    it.office.clock.forward(days=28)
    assert resumes in said(it, number, "lapse")
    it.make(number, "lapse")
    it.office.clock.forward(days=40)
    assert due_of(it.office, tmp_path, place).run().moved == [], "its file stays open as long as its letter says"
    it.make(number, "late_proof", Answers(document="passport", masked=True))
    unclear = Answers(reason="The copy cannot be read at all, sorry.", copy_deleted=True)
    asked = said(it, number, "proof_insufficient", unclear)
    assert "The period for our answer goes on meanwhile" in asked, "nobody asked for it in time"
    assert "You may make a new request at any time." in asked
    it.make(number, "proof_insufficient", unclear)
    it.office.clock.forward(days=28)
    lapses = said(it, number, "lapse")
    assert (resumes in lapses, anew in lapses) == (False, True)
    it.make(number, "lapse")
    with pytest.raises(StaffdeskError, match="lapsed too long ago, or before"):
        it.make(number, "late_proof", Answers(document="passport", masked=True))


def test_whoever_sent_the_proof_of_somebody_else_is_not_told_to_send_more(it: Case) -> None:
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:3])
    it.make(number, "proof_of_another", Answers(reason="It shows somebody else.", copy_deleted=True, breach=False))
    drafted = it.workflow.draft(it.approver, number, "refuse_unproven")
    assert drafted is not None
    assert "How to ask again This request cannot be resumed" in " ".join(drafted.written.text.split())


def test_no_letter_promises_a_day_that_is_over(it: Case) -> None:
    now = it.office.clock()
    number = it.front.requests.receive(
        it.officer, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=it.customer.person,
        received_at=now - 60 * 24 * 3600 * 1000,
    ).number  # fmt: skip
    due = day(it.workflow.open_moves(it.officer, number).progress.hard_due, Language.EN)
    soon = day(day_in_brussels(now) + dt.timedelta(days=7), Language.EN)
    for move, answers, words in (
        ("acknowledge", None, f"You should have had our answer on {due}, and that day has passed. We answer without"),
        ("ask_identity", WHY, f"The last day for our answer, {due}, has passed. We answer without further delay"),
        ("proof_arrived", Answers(document="passport"), ""),
        ("proof_insufficient", Answers(reason="The copy cannot be read at all, sorry."), f"{due}, has passed."),
    ):
        if words:
            letter = said(it, number, move, answers)
            assert words in letter
            assert "You may lodge a complaint" in letter
            assert (f"If no proof has reached us by {soon}" in letter) is (move != "acknowledge")
        it.make(number, move, answers)


def test_proof_is_asked_for_in_some_days_but_before_the_answer_is_due() -> None:
    first = dt.date(2026, 12, 1)
    for days, by in ((30, 25), (10, 7), (7, 7), (3, 3), (0, 7), (-40, 7)):
        assert proof_by(first, first + dt.timedelta(days=days)) == first + dt.timedelta(days=by), days


def test_the_period_stands_still_only_where_proof_was_asked_for_at_once(it: Case) -> None:
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:1])
    assert "The law lets it stand still until" in said(it, number, "ask_identity", WHY)
    it.office.clock.forward(days=9)
    assert "The period for our answer goes on meanwhile" in said(it, number, "ask_identity", WHY)


def test_an_attachment_is_called_a_proof_once_somebody_has_seen_that_it_is_one(it: Case) -> None:
    number = it.front.requests.receive(
        it.officer, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=it.customer.person,
        proof_came_along=True,
    ).number  # fmt: skip
    may_be = "had an attachment that may be a copy of an identity document. If it is one, we use it only"
    assert may_be in said(it, number, "acknowledge")
    known = said(it, number, "proof_came_along", Answers(document="passport", masked=True))
    assert "You sent a copy of an identity document along. We use it only" in known
    assert may_be not in known


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("refuse", "the weighing of your objection has come to its end."),
        ("withdraw", "you have withdrawn your objection."),
        ("lapse", "we could not weigh your objection, as no sufficient proof of who made it has reached us."),
    ],
)
def test_a_lifting_says_since_when_and_why_as_it_was(it: Case, end: str, why: str) -> None:
    number = it.front.requests.receive(
        it.officer, kind=RequestType.OBJECT, channel=RequestChannel.EMAIL, customer=it.customer.person,
        received_at=it.office.clock() - 10 * 24 * 3600 * 1000,
    ).number  # fmt: skip
    set_on = day(day_in_brussels(it.office.clock()), Language.EN)
    it.make(number, "acknowledge")
    if end == "withdraw":
        it.make(number, "withdraw", Answers(reason="He wrote that he withdraws it."))
    elif end == "lapse":
        it.make(number, "ask_identity", WHY)
        it.office.clock.forward(days=28)
        it.make(number, "lapse")
    else:
        it.make(number, "no_identity_needed", Answers(reason="He wrote from the address on file."))
        search(it.office, it.officer, number)
        it.refuse(number, Answers(ground=RefusalGround.COMPELLING, facts="Who uses our software unpaid must be found."))
    letter = said(it, number, "tell_lifting", Answers(reason="Nothing else restricts them."))
    assert f"Since {set_on} the use of your data has been restricted." in letter
    assert f"The reason: {why} Nothing else restricts them." in letter


def test_a_letter_saved_for_the_post_lies_there_on_paper_too_and_goes_with_its_text(it: Case, tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    number = it.asks(RequestType.ACCESS, ())
    drafted = it.workflow.draft(it.officer, number, "acknowledge")
    assert drafted is not None
    for _ in range(2):
        Delivery(Post(None), folder, paper=True).deliver(drafted, Way.HAND)
    assert sorted(each.name for each in folder.iterdir()) == [
        f"L0-{number}-2.pdf", f"L0-{number}-2.txt", f"L0-{number}.pdf", f"L0-{number}.txt",
    ]  # fmt: skip
    assert {each.stat().st_mode & 0o777 for each in folder.iterdir()} == {0o600}
    him = Identity({Trace.EMAIL: ("anders@nordlys.example",)})
    (folder / f"L0-{number}.txt").write_text("To anders@nordlys.example\n")
    storage = Storage(database=it.office.database, secret=b"", ledger_file=tmp_path / "ledger", owned=(folder,))
    assert destroy_files(storage, him, {"DSR-2020-0001"}) == 2
    assert sorted(each.name for each in folder.iterdir()) == [f"L0-{number}-2.pdf", f"L0-{number}-2.txt"]
    (folder / f"L0-{number}-2.txt").unlink()
    assert destroy_files(storage, him, {"DSR-2020-0001"}) == 0
    assert destroy_files(storage, him, {number}) == 1, "where its text is gone, it goes by the number of his request"
    Delivery(Post(None), folder, paper=True).deliver(drafted, Way.HAND)
    assert destroy_older(folder, time.time() + 60) == 2


@pytest.mark.parametrize("with_others", [True, False])
def test_a_sole_trader_is_told_where_his_firm_stays_as_others_belong_to_it(
    it: Case, place: Place, with_others: bool
) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE organisation SET sole_trader = true")
    if with_others:
        factories.put(it.office.database, factories.person(organisation_id=it.customer.organisation))
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    it.make(number, "erase")
    whole = answered(it, number)
    assert ("Your firm stays The record of your firm (its name, VAT number and address) stays" in whole) is with_others
