"""One request in full: a look at its person; privacy opens every one, others what they received; the letter is ready.

Seen to fail: with a colleague's receipt opened to anybody, with the page read before its entry, with the requester
shown to whoever received it, with the state of a colleague's request in the sentence that refuses a move, with what
became of the proof in the receiver's page, moves and list, and with words "copied" by whoever received a request.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import Conflict, Denied, NotFound
from staffdesk.domain.policy import matrix
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_progress import Work
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.request_plans import RequestPlans
from tests import factories
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import search, workflow_of

RIGHTS = Purpose.RIGHTS


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


def receive(front: Front, role: Role, customer: int | None = None) -> str:
    return front.requests.receive(
        front.staff(f"u{role.value}", role), kind=RequestType.ERASE, channel=RequestChannel.POST, customer=customer,
        requester="Anders Bo", reply_address="anders@nordlys.example", note="all of it",
    ).number  # fmt: skip


def test_privacy_reads_all_of_it_and_who_received_it(front: Front, database: Database, place: Place) -> None:
    anders = factories.customer(database).person
    number = receive(front, Role.SUPPORT, anders)
    page = front.request_pages.open(front.staff("pia", Role.PRIVACY), number.lower())
    assert (page.requester.text, page.reply_address.text, page.note.text) == (
        "Anders Bo", "anders@nordlys.example", "all of it",
    )  # fmt: skip
    assert (page.request.number, page.request.state, page.request.customer) == (number, "received", anders)
    assert page.received_by == "support · Usupport Holm"
    assert (page.told, page.letter) == ((), "")
    entry = entries(place)[-1]
    assert (entry.seq, entry.act, entry.out, entry.level) == (page.seq, "request.opened", "ok", "opened")
    assert [aid[0] for aid in entry.obj] == ["s", "r"]


def test_who_received_it_reads_number_type_dates_and_state_and_nobodys_name(
    front: Front, database: Database, tmp_path: Path
) -> None:
    number = receive(front, Role.SUPPORT, factories.customer(database).person)
    workflow, pia = workflow_of(front.office, tmp_path), replace(front.staff("pia", Role.PRIVACY), purpose=RIGHTS)
    for name, answers in TO_PROVEN[:-1]:
        workflow.make(pia, number, name, answers)
    workflow.make(
        pia, number, "proof_of_another", Answers(reason="The card is of somebody of another name.", breach=False)
    )
    sue = front.again("usupport", Role.SUPPORT)
    page = front.request_pages.open(sue, number)
    for cell in (page.requester, page.reply_address, page.note):
        assert (cell.text, cell.exposure) == (None, Exposure.NONE)
    assert (page.request.number, page.request.kind, page.request.state) == (number, "erase", "identity")
    assert (page.received_by, page.request.copy_there, page.letter) == ("support", False, "")
    assert page.history == ()
    for standing in (page.standing, workflow.open_moves(sue, number)):
        assert (standing.progress.proof_kind, standing.progress.verified_by) == (None, None)
        assert (standing.progress.identity, standing.work, standing.offers) == (Identity.NONE, Work(decided={}), ())
    (listed,) = front.requests.open_requests(sue)
    assert (listed.copy_there, listed.identity, page.request.identity) == (False, Identity.NONE, Identity.NONE)
    ron = replace(front.staff("ron", Role.APPROVER), purpose=RIGHTS)
    (waiting,) = front.requests.open_requests(ron)
    assert waiting.identity is Identity.FAILED, "it waits for the second person"
    plans = RequestPlans(front.office.door, matrix())
    for read in (plans.plan, plans.decided, plans.certificate):
        with pytest.raises(Denied, match="read by privacy and by the second person"):
            read(sue, number)


def test_words_are_copied_by_who_made_a_package_while_it_waits(
    front: Front, database: Database, place: Place, tmp_path: Path
) -> None:
    sue, customer = front.staff("sue", Role.SUPPORT), factories.customer(database).person
    number = front.requests.receive(
        sue, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=customer
    ).number  # fmt: skip
    workflow, pia = workflow_of(front.office, tmp_path), replace(front.staff("pia", Role.PRIVACY), purpose=RIGHTS)
    with pytest.raises(Conflict, match="No package waits"):
        front.request_pages.copy_words(pia, number)
    for name, answers in TO_PROVEN:
        workflow.make(pia, number, name, answers)
    search(front.office, pia, number)
    workflow.make(pia, number, "decide")
    with pytest.raises(Denied, match="Privacy works on requests"):
        front.request_pages.copy_words(front.again("sue", Role.SUPPORT), number)
    seq = front.request_pages.copy_words(pia, number)
    workflow.send(pia, number, confirmed=True)
    with pytest.raises(Conflict, match="No package waits"):
        front.request_pages.copy_words(pia, number)
    copied = [each for each in entries(place) if "copied" in each.kinds]
    assert [each.out for each in copied] == ["intent", "failed", "intent", "denied", "intent", "ok", "intent", "failed"]
    assert copied[4].seq == seq


def test_a_letter_is_copied_while_it_is_read_over_by_who_works_on_the_request(front: Front, place: Place) -> None:
    sue, customer = front.staff("sue", Role.SUPPORT), factories.customer(front.office.database).person
    number = front.requests.receive(
        sue, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=customer
    ).number  # fmt: skip
    pia = replace(front.staff("pia", Role.PRIVACY), purpose=RIGHTS)
    seq = front.request_pages.copy_drafted(pia, number)
    with pytest.raises(Denied):
        front.request_pages.copy_drafted(front.again("sue", Role.SUPPORT), number)
    copied = [each for each in entries(place) if "copied" in each.kinds]
    assert [(each.act, each.out, each.kinds) for each in copied[:2]] == [
        ("request.opened", out, ("request", "letter", "copied")) for out in ("intent", "ok")
    ]
    assert copied[0].seq == seq
    assert copied[-1].out == "denied"


def test_of_a_colleagues_request_no_closed_move_says_where_it_stands(front: Front, tmp_path: Path) -> None:
    number = receive(front, Role.SUPPORT)
    workflow = workflow_of(front.office, tmp_path)
    for access, move in (
        (front.staff("sal", Role.SALES), "acknowledge"),
        (replace(front.staff("ron", Role.APPROVER), purpose=RIGHTS), "approve_refusal"),
    ):
        with pytest.raises(Conflict, match="does not wait for you") as caught:
            workflow.make(access, number, move, password=PASSWORD)
        assert "received" not in f"{caught.value.sentence} {caught.value.hint}"
        with pytest.raises(Denied, match="A colleague received this request"):
            workflow.open_moves(access, number)


@pytest.mark.parametrize("role", [Role.SALES, Role.FINANCE, Role.APPROVER])
def test_a_colleagues_receipt_is_refused_and_that_is_logged(role: Role, front: Front, place: Place) -> None:
    number = receive(front, Role.SUPPORT)
    with pytest.raises(Denied, match="A colleague received this request"):
        front.request_pages.open(front.staff("other", role), number)
    assert [(each.act, each.out) for each in entries(place)[-1:]] == [("denied", "denied")]
    with pytest.raises(Denied):
        front.request_pages.letter(front.again("other", role), number)


def test_a_role_that_sees_no_request_reads_of_its_own_receipt_what_the_list_says(front: Front) -> None:
    number = receive(front, Role.FINANCE)
    page = front.request_pages.open(front.again("ufinance", Role.FINANCE), number)
    assert {page.requester.exposure, page.note.exposure} == {Exposure.NONE}
    assert page.request.number == number


@pytest.mark.parametrize("beside", [(Role.SUPPORT, Role.SALES), (Role.FINANCE,)])
def test_who_approves_beside_other_roles_reads_decides_and_has_the_certificate_of_what_waits_for_him(
    beside: tuple[Role, ...], front: Front, database: Database, tmp_path: Path
) -> None:
    """In the presets for 3 and 4 people the approver sells, helps or keeps the books as well."""
    number = receive(front, Role.SALES, factories.customer(database).person)
    workflow, pia = workflow_of(front.office, tmp_path), replace(front.staff("pia", Role.PRIVACY), purpose=RIGHTS)
    front.office.hire("abe", *beside, Role.APPROVER)
    abe, plans = front.again("abe", Role.APPROVER), RequestPlans(front.office.door, matrix())
    for name, answers in TO_PROVEN:
        workflow.make(pia, number, name, answers)
    search(front.office, pia, number)
    for name in ("decide", "submit"):
        with pytest.raises(Denied, match="A colleague received this request"):
            front.request_pages.open(abe, number)
        workflow.make(pia, number, name)
    assert front.request_pages.open(abe, number).request.number == number
    assert "approve" in {each.move.name for each in workflow.open_moves(abe, number).offers if each.closed is None}
    assert plans.plan(abe, number).kinds
    assert plans.decided(abe, number)
    workflow.make(abe, number, "approve", password=PASSWORD)
    workflow.make(pia, number, "erase")
    assert plans.certificate(abe, number).people == 1
    with pytest.raises(Denied, match="A colleague received this request"):
        front.request_pages.open(abe, number)


@pytest.mark.parametrize("number", ["DSR-2026-9999", "C-2026-0001", "anders"])
def test_what_is_no_request_is_not_found(number: str, front: Front) -> None:
    with pytest.raises(NotFound, match="no request with this number"):
        front.request_pages.open(front.staff("pia", Role.PRIVACY), number)


def test_the_letter_is_ready_once_mail_is_stopped(front: Front, database: Database, place: Place) -> None:
    anders = factories.customer(database, language="nl-BE").person
    ana = front.staff("ana", Role.SUPPORT)
    number = front.marketing.stop(ana, anders).request.number
    page = front.request_pages.open(ana, number)
    assert f"Ons kenmerk: {number}" in page.letter
    assert [(each.recipient, each.state, each.sent_at) for each in page.told] == [("CAMPAIGN_SERVICE", "open", None)]
    assert front.request_pages.letter(ana, number) == page.letter
    assert (entries(place)[-1].act, entries(place)[-1].kinds) == ("request.opened", ("request", "letter"))
    with pytest.raises(NotFound, match="no letter to send yet"):
        front.request_pages.letter(front.again("ana", Role.SUPPORT), receive_by(front, anders))


def receive_by(front: Front, customer: int) -> str:
    ana = front.again("ana", Role.SUPPORT)
    return front.requests.receive(
        ana, kind=RequestType.ACCESS, channel=RequestChannel.EVENT, customer=customer
    ).number  # fmt: skip
