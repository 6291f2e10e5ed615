"""No request is stuck, nothing goes out for a move that is not made, and the desk's own moves are the desk's alone.

Seen to fail: with letters sent before the request is claimed, with what is told cleaned only where it is kept, with
the desk's own moves open to whoever names them, with a package made before its move was known to be open, and with
guards of this page left out of the table.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.errors import BadInput, Conflict, MustNotBeHeld, StaffdeskError
from staffdesk.domain.grounds import ExtensionGround
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.services.duplicates import Duplicates
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office, at_once, entries
from tests.services.workflows import search, workflow_of

WHY = Answers(reason="Two people of this name write to us.")
PROVEN = (
    ("acknowledge", None),
    ("ask_identity", WHY),
    ("proof_arrived", Answers(document="passport")),
    ("verify", Answers(copy_deleted=True)),
)


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


@pytest.fixture
def person(front: Front) -> int:
    return factories.customer(front.office.database).person


def received(front: Front, by: Access, kind: RequestType, customer: int | None) -> str:
    name, address = ("Ada Byron", "ada@byron.example") if customer is None else (None, None)
    return front.requests.receive(
        by, kind=kind, channel=RequestChannel.EMAIL, customer=customer, requester=name, reply_address=address
    ).number


def proven(front: Front, workflow: Workflow, by: Access, kind: RequestType, customer: int | None) -> str:
    number = received(front, by, kind, customer)
    for name, answers in PROVEN:
        workflow.make(by, number, name, answers)
    search(front.office, by, number)
    return number


def letters(folder: Path) -> int:
    return sum(1 for each in (folder / "data" / "letters").glob("*"))


def test_of_two_officers_one_alone_sends_the_letter(
    front: Front, workflow: Workflow, pia: Access, person: int, place: Place
) -> None:
    number = received(front, pia, RequestType.ACCESS, person)
    max_ = replace(front.staff("max", Role.PRIVACY), purpose=Purpose.RIGHTS)
    ended = at_once(*(lambda by=by: workflow.make(by, number, "acknowledge") for by in (pia, max_)))
    assert sum(isinstance(each, StaffdeskError) for each in ended) == 1, ended
    sending = [core for core in entries(place) if "sending" in core.kinds and core.out == "ok"]
    assert len(sending) == 1


def test_while_a_session_sends_another_waits_and_after_minutes_takes_over(
    front: Front, workflow: Workflow, pia: Access, person: int, place: Place, office: Office
) -> None:
    number = received(front, pia, RequestType.ACCESS, person)
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE request_progress SET claimed_by = 's_9', claimed_at = {office.clock()}")
    for name in ("acknowledge", "complaint"):
        with pytest.raises(Conflict, match=r"just now"):
            workflow.make(pia, number, name)
    office.clock.forward(minutes=4)
    assert workflow.make(pia, number, "acknowledge").progress.state is RequestState.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("He wrote so.\x1b[2J", BadInput), ("card 4111 1111 1111 1111", MustNotBeHeld), ("long " * 1000, BadInput)],
)
def test_no_letter_goes_out_for_a_move_whose_reason_cannot_be_kept(
    front: Front, workflow: Workflow, pia: Access, person: int, tmp_path: Path, reason: str, kind: type[StaffdeskError]
) -> None:
    number = received(front, pia, RequestType.ACCESS, person)
    with pytest.raises(kind):
        workflow.make(pia, number, "withdraw", Answers(reason=reason))
    assert letters(tmp_path) == 0
    assert workflow.open_moves(pia, number).progress.state is RequestState.RECEIVED


def test_nobody_makes_a_move_that_is_the_desks_own(
    front: Front, workflow: Workflow, pia: Access, person: int, office: Office
) -> None:
    number = received(front, pia, RequestType.ACCESS, person)
    workflow.make(pia, number, "withdraw", Answers(reason="He wrote that he takes it back."))
    office.clock.forward(days=40)
    with pytest.raises(BadInput, match="by itself"):
        workflow.make(pia, number, "archive")


def test_a_package_outlives_a_second_try_and_is_built_again_with_other_words(
    front: Front, workflow: Workflow, pia: Access, person: int, tmp_path: Path
) -> None:
    number = proven(front, workflow, pia, RequestType.ACCESS, person)
    first = workflow.make(pia, number, "decide").passphrase
    (waiting,) = (tmp_path / "data" / "spool").iterdir()
    made = waiting.read_bytes()
    with pytest.raises(Conflict):
        workflow.make(pia, number, "hand_over")
    assert waiting.read_bytes() == made
    again = workflow.make(pia, number, "build_again")
    assert again.progress.state is RequestState.REPLYING
    assert again.passphrase not in {"", first}
    assert workflow.send(pia, number).progress.state is RequestState.COMPLETED
    with pytest.raises(Conflict):
        workflow.make(pia, number, "build_again")


def test_an_approved_erasure_that_something_changes_is_offered_as_closed_and_taken_back(
    front: Front, workflow: Workflow, pia: Access, ron: Access, person: int
) -> None:
    number = proven(front, workflow, pia, RequestType.ERASE, person)
    for by, name in ((pia, "decide"), (pia, "submit"), (ron, "approve")):
        workflow.make(by, number, name, password=PASSWORD)
    factories.put(front.office.database, factories.order(person_id=person))
    closed = {each.move.name: each.closed for each in workflow.open_moves(pia, number).offers}
    assert "changed" in (closed["erase"] or "")
    back = workflow.make(pia, number, "take_back", Answers(reason="An order came in."))
    assert back.progress.state is RequestState.ASSESSMENT
    assert back.progress.approved_by is None


def test_a_request_about_nobody_is_named_before_anything_is_decided(
    front: Front, workflow: Workflow, pia: Access, person: int, place: Place
) -> None:
    number = proven(front, workflow, pia, RequestType.ACCESS, None)
    with pytest.raises(Conflict, match="whose data"):
        workflow.make(pia, number, "decide")
    with pytest.raises(BadInput, match="no customer of this number"):
        workflow.make(pia, number, "name_customer", Answers(customer=999_999))
    workflow.make(pia, number, "name_customer", Answers(customer=person))
    with place.owner() as owner:
        aid = owner.exec_driver_sql(f"SELECT aid FROM person WHERE id = {person}").scalar_one()
    assert aid in entries(place)[-1].obj
    with pytest.raises(Conflict, match="already"):
        workflow.make(pia, number, "name_customer", Answers(customer=person))
    assert workflow.make(pia, number, "decide").progress.state is RequestState.REPLYING


@pytest.mark.parametrize("told", [("Ann Other", "Anders@nordlys.example"), ("A", "04 55 55 01 42"), ("Bo, Anders", "")])
def test_nobody_is_told_that_nothing_is_found_while_somebody_on_file_has_his_address_number_or_name(
    front: Front, workflow: Workflow, pia: Access, person: int, told: tuple[str, str], place: Place
) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE person SET phone_normal = '32455550142'")
    likely, (requester, address) = Duplicates(front.office.door, clock=front.office.clock), told
    for kind, move in ((RequestType.ACCESS, "nobody_found"), (RequestType.OBJECT_MKT, "nobody_to_stop")):
        number = front.requests.receive(
            pia, kind=kind, channel=RequestChannel.POST, customer=None, requester=requester,
            reply_address=address or "Rue Haute 7, 1000 Bruxelles",
        ).number  # fmt: skip
        if kind is RequestType.ACCESS:
            workflow.make(pia, number, "acknowledge")
            search(front.office, pia, number)
        with pytest.raises(Conflict, match="Somebody on file may be the same person"):
            workflow.make(pia, number, move)
        assert [each.customer for each in likely.list(pia, number).listed] == [person]
        with pytest.raises(Conflict, match="names no customer yet"):
            likely.answer(pia, number, {person: SamePerson.SAME})
        likely.answer(pia, number, {person: SamePerson.OTHER})
        assert workflow.make(pia, number, move).progress.state is RequestState.NO_DATA


def test_an_objection_to_mail_of_somebody_not_on_file_ends_with_a_letter(
    front: Front, workflow: Workflow, pia: Access, tmp_path: Path
) -> None:
    number = received(front, pia, RequestType.OBJECT_MKT, None)
    assert workflow.make(pia, number, "nobody_to_stop").progress.state is RequestState.NO_DATA
    assert letters(tmp_path) == 1


def test_nobody_is_erased_while_another_request_of_his_waits(
    front: Front, workflow: Workflow, pia: Access, person: int
) -> None:
    number = proven(front, workflow, pia, RequestType.ERASE, person)
    other = received(front, pia, RequestType.ACCESS, person)
    workflow.make(pia, number, "decide")
    with pytest.raises(Conflict, match="Another request of his"):
        workflow.make(pia, number, "submit")
    workflow.make(pia, other, "withdraw", Answers(reason="He wrote that the erasure is enough."))
    assert workflow.make(pia, number, "submit").progress.state is RequestState.APPROVAL


def test_a_request_is_extended_once_and_reopened_once_however_often_it_lapses(
    front: Front, workflow: Workflow, pia: Access, person: int, office: Office
) -> None:
    number = received(front, pia, RequestType.ACCESS, person)
    for name, answers in PROVEN[:2]:
        workflow.make(pia, number, name, answers)
    workflow.make(pia, number, "extend", replace(WHY, extension=ExtensionGround.COMPLEXITY))
    office.clock.forward(days=92)
    workflow.make(pia, number, "lapse")
    workflow.make(pia, number, "late_proof", Answers(document="passport"))
    with pytest.raises(Conflict, match="extended before"):
        workflow.make(pia, number, "extend", replace(WHY, extension=ExtensionGround.COMPLEXITY))
    workflow.make(pia, number, "proof_insufficient", Answers(reason="It shows the back."))
    office.clock.forward(days=29)
    workflow.make(pia, number, "lapse")
    with pytest.raises(Conflict, match="or before"):
        workflow.make(pia, number, "late_proof", Answers(document="passport"))
