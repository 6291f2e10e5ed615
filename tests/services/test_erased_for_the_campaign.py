"""Somebody the campaign service was given asks by mail to be erased: from his mail to the certificate, and to its list.

Seen to fail: with the removal of an address whose person is gone left out of the export, with what the service was
given not among the recipients, and with the export's note on the task of the request left out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path

import pytest

from staffdesk.data.entries import Entries
from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.campaign import Told
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.policy import matrix
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.parameters.shapes import policy
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.ledger import Ledger, Scope
from staffdesk.services.home import Home
from staffdesk.services.intake.reading import read_mail
from staffdesk.services.notices import Notices
from staffdesk.services.post import Post
from staffdesk.services.request_letters import Delivery
from staffdesk.services.request_plans import RequestPlans
from staffdesk.services.sessions import day_in_brussels
from tests import mails
from tests.databases import Place
from tests.services.campaigns import ADDED, REMOVED, Newsroom, newsroom
from tests.services.erasures import storage_of
from tests.services.offices import PASSWORD, Office
from tests.services.store_files import column
from tests.services.workflows import search

EMAIL = "zwiebelfisch@vergissmeinnicht.example"
ASKS = "Hello,\n\nPlease delete my account and all the data you hold about me.\n\nXylorimba Quetzalbrot"
TO_DECIDE = (
    ("acknowledge", None), ("ask_identity", Answers(reason="Two people of this name write to us.")),
    ("proof_arrived", Answers(document="passport")), ("verify", Answers(copy_deleted=True)),
)  # fmt: skip


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Newsroom:
    return newsroom(office, tmp_path)


def _asked_by_mail(room: Newsroom) -> str:
    """Receive his mail as it came yesterday, and return the number of the request."""
    came = format_datetime(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    sent = mails.mail(ASKS, sender=f"Xylorimba Quetzalbrot <{EMAIL}>").replace(mails.SENT_ON.encode(), came.encode())
    intake, mail = room.front.intake, read_mail(sent)
    proposal = intake.propose(room.officer, mail)
    assert proposal.types == (RequestType.ERASE,)
    received = intake.receive(
        room.officer, mail, proposal.types, customer=proposal.customer, language=proposal.understood.language,
        card=proposal.card,
    )  # fmt: skip
    (request,) = received.requests
    return request.number


def _erased(room: Newsroom, number: str, approver: Access) -> None:
    for name, answers in TO_DECIDE:
        room.workflow.make(room.officer, number, name, answers)
    search(room.office, room.officer, number)
    room.workflow.make(room.officer, number, "decide")
    room.workflow.make(room.officer, number, "submit")
    room.workflow.make(approver, number, "approve", password=PASSWORD)
    room.workflow.make(room.officer, number, "erase")


def test_whom_the_campaign_service_knows_is_erased_here_and_told_of_there(
    room: Newsroom, place: Place, tmp_path: Path
) -> None:
    approver = replace(room.front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    him = room.subscriber(EMAIL, given_name="Xylorimba", family_name="Quetzalbrot", phone="+32 470 55 51 42")
    room.subscriber("mette@lund.example")
    assert room.campaign.export(room.officer).told == {Told.GIVEN: 2}
    assert EMAIL in room.files()[ADDED]
    assert column(place, f"SELECT told FROM campaign_address WHERE person_id = {him}") == [("given",)]

    number = _asked_by_mail(room)
    _erased(room, number, approver)
    standing = room.workflow.open_moves(room.officer, number)
    assert (standing.progress.state, standing.progress.person) == (RequestState.NOTIFYING, None)
    assert column(place, "SELECT recipient, state FROM recipient_task") == [("CAMPAIGN_SERVICE", "open")]
    assert EMAIL not in room.eligible()
    with room.database.append() as tx:
        ledger = Ledger(Home.locate(tmp_path, {}).ledger_file, tx.secret, Entries(tx).origin())
    (line,) = ledger.lines()
    assert (line.request, line.scope, line.done) == (number, Scope.PERSON, True)

    done = room.campaign.export(room.officer)
    assert (done.noted, dict(done.unnoted)) == ((number,), {})
    assert room.files() == {REMOVED: {EMAIL: "DENYLISTED"}}
    assert column(place, "SELECT state FROM recipient_task") == [("sent",)]
    assert room.campaign.export(room.officer).files == (), "once"
    assert column(place, "SELECT orders FROM recipient_task") == [(EMAIL,)], "else nobody could write to it again"

    letter = room.workflow.answer(room.officer, number)
    assert letter.kind == "L6"
    words = " ".join(letter.written.text.split())
    assert "Transpond" in words
    assert room.workflow.send(room.officer, number).progress.state is RequestState.COMPLETED
    room.workflow.told(room.officer, number, "CAMPAIGN_SERVICE", TaskState.CONFIRMED)
    assert column(place, "SELECT state, orders FROM recipient_task") == [("confirmed", None)]

    storage = replace(storage_of(place, room.database, tmp_path), ledger_file=Home.locate(tmp_path, {}).ledger_file)
    finished = finish(storage, policy().version, day_in_brussels(room.office.clock()), room.office.clock())
    assert (finished.open, [swept.left for swept in finished.swept]) == (0, [{}])
    certificate = RequestPlans(room.office.door, matrix()).certificate(room.officer, number)
    assert (certificate.people, certificate.request, certificate.finished) == (1, number, True)
    for table in ("person", "campaign_address"):
        assert column(place, f"SELECT count(*) FROM {table} WHERE email = '{EMAIL}'") == [(0,)]


def test_of_whoever_is_on_file_no_address_is_kept_with_the_task_and_the_notice_has_it_all_the_same(
    room: Newsroom, place: Place
) -> None:
    """The task of one who is erased has them; his is found by what stands on file."""
    given, now = "xylo@before.example", EMAIL
    him = room.subscriber(given, given_name="Xylorimba", family_name="Quetzalbrot")
    room.campaign.export(room.officer)
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE person SET email = '{now}', email_normal = '{now}' WHERE id = {him}")
        owner.commit()
    number = room.front.requests.receive(
        room.officer, kind=RequestType.RESTRICT, channel=RequestChannel.EMAIL, customer=him
    ).number
    for name, answers in TO_DECIDE:
        room.workflow.make(room.officer, number, name, answers)
    search(room.office, room.officer, number)
    room.workflow.make(room.officer, number, "decide")
    assert column(place, "SELECT recipient, orders FROM recipient_task") == [("CAMPAIGN_SERVICE", None)]
    notices = Notices(room.office.door, room.workflow, Delivery(Post(None), room.folder), clock=room.office.clock)
    written = notices.draft(room.officer, number, "CAMPAIGN_SERVICE").written.text
    assert given in written
    assert now in written
