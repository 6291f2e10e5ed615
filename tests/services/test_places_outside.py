"""Where a person's data may be outside the desk is noted place by place, before a decision and after an erasure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.cli.request_text import put_page
from staffdesk.data.due_dates import DueDates
from staffdesk.domain.errors import BadInput
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_board import next_of
from staffdesk.domain.request_pages import to_be_cleared
from staffdesk.domain.request_work import Searched, places
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.services.searches import Searches
from staffdesk.tui.request_words import what_first
from staffdesk.tui.screens.request_lines import page_lines
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, Case, case_at
from tests.services.offices import PASSWORD, Office
from tests.services.workflows import due_of


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


def proven(it: Case) -> str:
    """Return an erasure that waits for the search: who asks has shown who he is."""
    number = it.asks(RequestType.ERASE, ())
    for name, answers in TO_PROVEN:
        it.make(number, name, answers)
    return number


def test_what_is_noted_of_all_other_places_changes_none_that_was_noted_before(it: Case, place: Place) -> None:
    number = it.asks(RequestType.ERASE, ())
    searches = Searches(it.office.door, clock=it.office.clock)
    assert searches.note(it.officer, number, {"paper": Searched.EVIDENCE}, "A business card of 2019.") == 1
    assert (
        searches.note(it.officer, number, {"mailboxes": Searched.DONE}, others=Searched.NOTHING)
        == len(places().places) - 1
    )
    assert it.workflow.open_moves(it.officer, number).work.all_searched
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT place, outcome FROM request_check").all()
    found = {str(where): str(outcome) for where, outcome in rows}
    assert found.pop("paper") == "evidence"
    assert found.pop("mailboxes") == "done"
    assert set(found.values()) == {"nothing"}


def _letter(place: Place) -> str:
    with place.owner() as owner:
        return " ".join(
            str(owner.exec_driver_sql("SELECT body FROM request_letter WHERE kind = 'L7'").scalar()).split()
        )


def test_what_was_found_outside_is_deleted_there_before_an_erasure_is_answered(
    it: Case, place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seen to fail without the guard: the answer waited to be sent while the mailbox held his mails.

    And with nothing said anew once it was cleared; and with recipients said to be waited for, of whom there are none.
    """
    number, clock = proven(it), it.office.clock
    searches = Searches(it.office.door, clock=clock, moving=lambda: it.workflow.moving)
    searches.note(it.officer, number, {"mailboxes": Searched.EVIDENCE}, "4 mails", others=Searched.NOTHING)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    clock.forward(seconds=1)
    it.make(number, "erase")
    for recipient in it.workflow.open_moves(it.officer, number).work.recipients:
        assert recipient is not TaskState.OPEN, "nobody outside was given his data"
    assert it.workflow.open_moves(it.officer, number).progress.state is RequestState.NOTIFYING
    waits = "what was found outside to be deleted there (privacy)"
    assert due_of(it.office, tmp_path, place).run().waiting == [(number, waits)]
    (listed,) = it.front.requests.open_requests(it.officer)
    assert next_of(listed, listed.hard_due) == waits
    with it.office.database.append() as tx:
        (due,) = DueDates(tx).until(listed.hard_due)
    assert not due.to_tell
    page = it.front.request_pages.open(it.officer, number)
    assert "mailboxes" in to_be_cleared(page).lower()
    assert what_first(page.standing).startswith("press k: what was found outside")
    assert "The letter · waits for the places outside · y copies it" in page_lines(page, 80).plain
    put_page(page, page.request.hard_due)
    assert "waits for the places outside: staffdesk requests letter" in capsys.readouterr().out
    work = replace(page.standing.work, recipients=(TaskState.OPEN,))
    untold = replace(page, standing=replace(page.standing, work=work))
    assert untold.waits == "waits until all are told"
    assert "what was found there is still to be deleted" in _letter(place)
    clock.forward(seconds=1)
    for outcome, shown in ((Searched.NOTHING, "I looked"), (Searched.DONE, "")):
        with pytest.raises(BadInput, match="Something was found there"):
            searches.note(it.officer, number, {"mailboxes": outcome}, shown)
    searches.note(it.officer, number, {"mailboxes": Searched.DONE}, "deleted, bin emptied")
    assert it.workflow.open_moves(it.officer, number).progress.state is RequestState.REPLYING
    assert "- our mailboxes: what was found there has been deleted - paper" in _letter(place)
    assert "bin emptied" not in _letter(place)
    page = it.front.request_pages.open(it.officer, number)
    assert to_be_cleared(page) == ""
    found = replace(
        page, standing=replace(page.standing, work=replace(page.standing.work, uncleared=frozenset({"mailboxes"})))
    )
    assert to_be_cleared(found) == "Mailboxes"
    over = replace(found, request=replace(page.request, state=RequestState.COMPLETED.value))
    assert to_be_cleared(over) == "", "as after a restored copy: nobody can note anything of it"
