"""What falls due by itself, without anybody signed in, and as often as it is run.

Seen to fail: with the archive's guard asked nothing, and with a purge that leaves the letters; and with an
approved erasure of which nothing is said while nobody carries it out.
"""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from staffdesk.data.assets import database_files
from staffdesk.data.tables.requests import RecipientTask
from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.errors import LogUnavailable
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_board import next_of
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.services.corrections import Corrections
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.databases import SECRET, Place
from tests.faults.layer import layered
from tests.services.contested_case import case_at, given
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office, entries
from tests.services.store_files import column
from tests.services.workflows import due_of, workflow_of

_KNOWN_BY: Final = "SELECT orders FROM recipient_task ORDER BY id"
_OWN_MOVE: Final = 4
"""The transaction that meets the fault: behind the look for the request, the intent and the note that he was told."""


@pytest.fixture
def officer(office: Office) -> Access:
    return replace(Front(office).staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)


def test_the_file_of_a_request_closes_and_is_emptied_when_its_time_has_come(
    office: Office, officer: Access, place: Place, tmp_path: Path
) -> None:
    workflow, front = workflow_of(office, tmp_path), Front(office)
    customer = factories.customer(office.database)
    number = front.requests.receive(
        officer, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=customer.person
    ).number
    workflow.make(officer, number, "withdraw", Answers(reason="He wrote that he takes it back."))
    due = due_of(office, tmp_path, place)
    assert due.run().moved == []
    office.clock.forward(days=31)
    assert due.run().moved == [(number, "archive")]
    assert due.run().moved == []
    office.clock.forward(days=5 * 366)
    assert due.run().moved == [(number, "purge")]
    with place.owner() as owner:
        kept = owner.exec_driver_sql("SELECT requester, person_id, state FROM request").one()
        letters = owner.exec_driver_sql("SELECT count(*) FROM request_letter WHERE body IS NOT NULL").scalar_one()
    assert (*kept, letters) == ("(erased)", None, "purged", 0)
    closed = [core for core in entries(place) if core.kinds[2:3] == ("archive",) and core.out == "ok"]
    assert [(core.actor, core.purpose) for core in closed] == [(None, "system")]


def test_what_was_to_be_corrected_and_never_was_goes_with_the_file(
    office: Office, officer: Access, place: Place, tmp_path: Path
) -> None:
    workflow, front = workflow_of(office, tmp_path), Front(office)
    customer = factories.customer(office.database)
    number = front.requests.receive(
        officer, kind=RequestType.RECTIFY, channel=RequestChannel.EMAIL, customer=customer.person
    ).number
    for name, answers in (
        ("acknowledge", None),
        ("ask_identity", Answers(reason="Two people of this name write to us.")),
        ("proof_arrived", Answers(document="passport")),
        ("verify", Answers(copy_deleted=True)),
    ):
        workflow.make(officer, number, name, answers)
    Corrections(office.door).want(officer, number, f"person:{customer.person}:city", "Gent", "his letter")
    workflow.make(officer, number, "withdraw", Answers(reason="He wrote that he takes it back."))
    office.clock.forward(days=31)
    due_of(office, tmp_path, place).run()
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT new_value, evidence FROM request_change").one() == (None, None)


def test_what_is_late_and_a_copy_nobody_deleted_are_named(
    office: Office, officer: Access, place: Place, tmp_path: Path
) -> None:
    workflow, front = workflow_of(office, tmp_path), Front(office)
    customer = factories.customer(office.database)
    number = front.requests.receive(
        officer, kind=RequestType.ERASE, channel=RequestChannel.EMAIL, customer=customer.person
    ).number
    for name, answers in (
        ("acknowledge", None),
        ("ask_identity", Answers(reason="Two people of this name write to us.")),
        ("proof_arrived", Answers(document="passport")),
        ("verify", Answers(copy_deleted=False)),
    ):
        workflow.make(officer, number, name, answers)
    due = due_of(office, tmp_path, place)
    assert (due.run().alarms, due.run().copies) == ([], [])
    office.clock.forward(days=45)
    late = due.run()
    assert [each for each, _ in late.alarms] == [number]
    assert late.following == {number: "search or decision (privacy)"}
    assert late.copies == [number]
    workflow.make(officer, number, "copy_deleted")
    assert due.run().copies == []


def test_an_erasure_that_is_approved_and_not_carried_out_is_named_with_whose_move_it_is(
    office: Office, place: Place, tmp_path: Path
) -> None:
    due = due_of(office, tmp_path, place)
    it = case_at(office, tmp_path)
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    assert due.run().waiting == [], "it waits for the approver, and is not late"
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    assert due.run().waiting == [(number, "its carrying out: Erase (privacy)")]
    (listed,) = it.front.requests.open_requests(it.officer)
    assert next_of(listed, listed.hard_due) == "its carrying out: Erase (privacy)"
    it.make(number, "take_back", Answers(reason="He is to be asked once more."))
    assert due.run().waiting == []


def test_a_move_of_the_desks_own_that_met_a_busy_database_is_told_so_and_made_by_the_next_run(
    place: Place, tmp_path: Path
) -> None:
    """Seen to fail: with what is told the person silent on what he did, and with the run making no such move."""
    with place.owner() as owner:
        database, layer = layered(place, owner, SECRET)
        it = case_at(Office(database), tmp_path)
        given(it, CARRIER="identity, delivery")
        number = it.asks(RequestType.RESTRICT)
        it.make(number, "decide")
        with layer.watching("lock held", _OWN_MOVE), pytest.raises(LogUnavailable) as caught:
            it.workflow.told(it.officer, number, "CARRIER", TaskState.SENT)
        assert caught.value.sentence == (
            "What you did stands. The desk's own move after it, Recipients told, failed. "
            "Nothing was shown or changed: the database was busy."
        )
        assert "staffdesk run-due goes on with it" in caught.value.hint
        due = due_of(it.office, tmp_path, place)
        assert due.run().moved == [(number, "notified")]
        assert it.workflow.open_moves(it.officer, number).progress.state is RequestState.REPLYING
        assert it.workflow.send(it.officer, number).progress.state is RequestState.COMPLETED
        assert due.run().moved == []
        database.close()


def _tasks(office: Office, officer: Access, workflow: Workflow, *tasks: tuple[RequestType, str, str]) -> None:
    """Write a task of a recipient for each, under a request of this type that came to nothing."""
    customer = factories.customer(office.database)
    for kind, recipient, state in tasks:
        request = Front(office).requests.receive(
            officer, kind=kind, channel=RequestChannel.EMAIL, customer=customer.person
        )
        workflow.make(officer, request.number, "withdraw", Answers(reason="He wrote that he takes it back."))
        task = {"request_id": request.id, "recipient": recipient, "state": state, "made_at": 1, "orders": "SO-1"}
        factories.put(office.database, RecipientTask.checked(task))


def test_by_what_recipients_knew_who_is_erased_goes_when_the_file_closes(
    office: Office, officer: Access, place: Place, tmp_path: Path
) -> None:
    """Seen to fail with it kept as long as the file; of whoever is on file it stays, as a restriction may be lifted."""
    kinds = (RequestType.ERASE, RequestType.RESTRICT)
    _tasks(office, officer, workflow_of(office, tmp_path), *((kind, "CARRIER", "sent") for kind in kinds))
    due = due_of(office, tmp_path, place)
    due.run()
    assert column(place, _KNOWN_BY) == [("SO-1",), ("SO-1",)]
    office.clock.forward(days=31)
    due.run()
    assert column(place, _KNOWN_BY) == [(None,), ("SO-1",)]


def test_what_stood_before_that_was_so_goes_with_the_migration(
    office: Office, officer: Access, place: Place, tmp_path: Path
) -> None:
    """Seen to fail with each of its two statements left out."""
    _tasks(
        office, officer, workflow_of(office, tmp_path),
        (RequestType.ERASE, "CAMPAIGN_SERVICE", "sent"), (RequestType.ERASE, "CAMPAIGN_SERVICE", "confirmed"),
        (RequestType.RESTRICT, "CAMPAIGN_SERVICE", "sent"), (RequestType.RESTRICT, "CARRIER", "confirmed"),
    )  # fmt: skip
    migration = runpy.run_path(str(database_files() / "migrations" / "versions" / "0044_known_by.py"))
    with place.owner() as owner:
        for name in ("OF_ERASURES", "OF_OTHERS"):
            owner.exec_driver_sql(migration[name])
        owner.commit()
    assert column(place, _KNOWN_BY) == [("SO-1",), (None,), (None,), ("SO-1",)]
