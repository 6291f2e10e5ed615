"""Who was erased is told once when what a law kept of him is gone, and nobody is told twice.

Seen to fail: with a hold that ends without a word, with a claim given back of a letter that may have gone out, and
with a letter that cannot go and ends the run.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.errors import BadInput, Misconfigured, NotSent, PerhapsSent, StaffdeskError
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import RequestType
from staffdesk.services.erasure.due import finish
from staffdesk.services.owed_letters import OwedLetters, Told
from staffdesk.services.post import Attachment, Post, Sent
from staffdesk.services.request_letters import Delivery, Drafted
from tests import factories
from tests.databases import Place
from tests.services.contested_case import Case, case_at
from tests.services.erasures import NOW, TODAY, storage_of
from tests.services.offices import PASSWORD, Office, at_once, entries


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


@pytest.mark.parametrize("address", ["on file", "gone", "in part"])
def test_when_what_a_law_kept_is_gone_its_person_is_told_once(
    it: Case, place: Place, tmp_path: Path, address: str
) -> None:
    if address == "in part":
        with place.owner() as owner:
            owner.exec_driver_sql("UPDATE shipment SET delivered_on = '2026-11-01'")
    number = _erased(it)
    it.workflow.send(it.officer, number)
    storage = storage_of(place, it.office.database, tmp_path / "data")
    owed = OwedLetters(it.office.door, Delivery(Post(None), it.letters))
    finish(storage, "2024-10", TODAY, NOW)
    assert owed.send() == Told()
    if address == "on file":
        _past(place)
    if address == "in part":
        with place.owner() as owner:
            owner.exec_driver_sql("UPDATE hold SET until = '2026-11-01' WHERE record_table = 'shipment'")
            owner.exec_driver_sql("UPDATE shipment SET delivered_on = '2011-01-01'")
    if address != "gone":
        finish(storage, "2024-10", TODAY, NOW)
    else:  # with the last of it who asked is forgotten too
        finish(storage, "2024-10", dt.date(2040, 1, 1), NOW)
    told = owed.send()
    with place.owner() as owner:
        (kept,) = owner.exec_driver_sql("SELECT body, way FROM request_letter WHERE kind = 'L6'").all()
    if address == "gone":
        assert (told.nobody, told.saved, tuple(kept)) == ([number], [], (None, "no address kept"))
        assert entries(place)[-1].kinds == ("request", "sent", "L6", "no address kept")
    else:
        assert (told.nobody, told.saved, kept.way) == ([], [number], "hand")
        letter = " ".join((it.letters / f"L6-{number}.txt").read_text().split())
        over = "A part of them the law made us keep longer; that time is over."
        kept_on = "- invoices, lines of orders, orders: accounting and tax; law: Article 60 of the VAT Code"
        assert [each in letter for each in (over, "invoices: 1", kept_on)] == (
            [False, False, True] if address == "in part" else [True, True, False]
        )
        assert told.still == ({number} if address == "in part" else set())
    assert owed.send() == Told()


def test_what_ends_before_the_answer_goes_answers_nothing_and_is_told_by_one_run_alone(
    it: Case, place: Place, tmp_path: Path
) -> None:
    number = _erased(it)
    _past(place)
    finish(storage_of(place, it.office.database, tmp_path / "data"), "2024-10", TODAY, NOW)
    assert it.workflow.answer(it.officer, number).kind is Letter.PARTLY_ERASED
    page = it.front.request_pages.open(it.officer, number)
    assert ("What is kept" in page.letter, page.letter_sent) == (True, False)
    it.workflow.send(it.officer, number)
    assert [each.name.split("-")[0] for each in it.letters.glob("L[67]*.txt")] == ["L7"]
    other = place.open()
    runs = [OwedLetters(Office(each).door, Delivery(Post(None), it.letters)) for each in (it.office.database, other)]
    told = at_once(*(run.send for run in runs))
    other.close()
    assert sorted(len(each.saved) for each in told if isinstance(each, Told)) == [0, 1]
    assert len(list(it.letters.glob("L6*.txt"))) == 1


def test_a_letter_whose_run_was_stopped_is_said_to_may_have_gone_and_goes_no_second_time(
    it: Case, place: Place, tmp_path: Path
) -> None:
    number = _erased(it)
    it.workflow.send(it.officer, number)
    _past(place)
    finish(storage_of(place, it.office.database, tmp_path / "data"), "2024-10", TODAY, NOW)
    owed = OwedLetters(it.office.door, _Stops(Post(None), it.letters), clock=it.office.clock)
    with pytest.raises(KeyboardInterrupt):
        owed.send()
    assert owed.send() == Told()
    it.office.clock.forward(days=1)
    assert owed.send() == Told(unsure=[number])
    assert owed.send() == Told()


def test_a_letter_that_may_be_out_goes_no_second_time_and_one_that_cannot_go_stops_no_other(
    it: Case, place: Place, tmp_path: Path
) -> None:
    first, second = _erased(it), _erased(replace(it, customer=factories.customer(it.office.database)))
    for number in (first, second):
        it.workflow.send(it.officer, number)
    _past(place)
    finish(storage_of(place, it.office.database, tmp_path / "data"), "2024-10", TODAY, NOW)
    saved = [second]
    for error in (Misconfigured("No password."), BadInput("No address."), NotSent("It cannot be reached.")):
        assert _failing(it, first, error).send() == Told(saved=saved, unsent={first: error.sentence})
        saved = []
        it.office.clock.forward(days=1)
    assert _failing(it, first, PerhapsSent("It broke off.")).send() == Told(unsure=[first])
    it.office.clock.forward(days=1)
    assert _failing(it, first, NotSent("It cannot be reached.")).send() == Told()


def _failing(it: Case, number: str, error: StaffdeskError) -> OwedLetters:
    return OwedLetters(it.office.door, _Fails(Post(None), it.letters, number, error), clock=it.office.clock)


class _Fails(Delivery):
    """A delivery of which the letters of one request fail."""

    def __init__(self, post: Post, folder: Path, number: str, error: StaffdeskError) -> None:
        super().__init__(post, folder)
        self._number, self._error = number, error

    def deliver(
        self,
        drafted: Drafted,
        way: Way | None = None,
        attachments: tuple[Attachment, ...] = (),
        *,
        confirmed: bool = False,
    ) -> Sent:
        if drafted.number == self._number:
            raise self._error
        return super().deliver(drafted, way, attachments, confirmed=confirmed)


class _Stops(Delivery):
    """A delivery that is stopped when the letter is out and nothing is noted of it."""

    def deliver(
        self,
        drafted: Drafted,
        way: Way | None = None,
        attachments: tuple[Attachment, ...] = (),
        *,
        confirmed: bool = False,
    ) -> Sent:
        super().deliver(drafted, way, attachments, confirmed=confirmed)
        raise KeyboardInterrupt


def _erased(it: Case) -> str:
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    it.make(number, "erase")
    return number


def _past(place: Place) -> None:
    """Let what a law kept of whom it erased be past."""
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE hold SET until = '2026-11-01' WHERE record_table NOT LIKE 'request%%'")
        owner.exec_driver_sql("UPDATE invoice SET invoiced_on = '2011-01-01'")
        owner.exec_driver_sql("UPDATE shipment SET delivered_on = '2011-01-01'")
