"""Who was erased and asks anew hears what a law still keeps of him, and not that nothing is held.

Seen to fail: with the erasure kept with no digest, and with "Nobody found" and "Nothing held" open whatever is kept;
with one erasure kept for a digest, and with what is held found by the request alone; told to whoever has not shown who
he is, or was found to be another; with the letter about everything sent to who objects to mail; and with a copy and an
erasure of a new record that say nothing of what is kept since the first.
"""

from __future__ import annotations

import re
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.errors import Conflict
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.services.letters import Language
from tests import factories
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, WHY, Case, case_at
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import search


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


def erased(it: Case, place: Place) -> tuple[str, str]:
    """Erase the customer, of whom an invoice stays; return the request's number and what his address was."""
    with place.owner() as owner:
        query = f"SELECT email FROM person WHERE id = {it.customer.person}"
        email = str(owner.exec_driver_sql(query).scalar_one())
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    it.make(number, "erase")
    return number, email


def asked_anew(it: Case, address: str, kind: RequestType = RequestType.ACCESS) -> str:
    """Receive a request of somebody on whom there is no record."""
    number = it.front.requests.receive(
        it.officer, kind=kind, channel=RequestChannel.EMAIL, customer=None, requester="Who asks",
        reply_address=address,
    ).number  # fmt: skip
    if kind is RequestType.OBJECT_MKT:
        return number
    it.make(number, "acknowledge")
    search(it.office, it.officer, number)
    return number


def test_who_was_erased_and_asks_anew_hears_what_a_law_keeps_and_until_when(it: Case, place: Place) -> None:
    erasure, email = erased(it, place)
    number = asked_anew(it, email.upper().replace("@", "+news@"))
    with pytest.raises(Conflict, match="A law still keeps something of him"):
        it.make(number, "nobody_found")
    page = it.front.request_pages.open(it.officer, number)
    left = {each.table: each for each in page.standing.work.left}
    assert {each.request for each in left.values()} == {erasure}
    assert "invoice" in left
    assert not [table for table in left if table.startswith("request")]
    for name, answers in TO_PROVEN[1:]:
        it.make(number, name, answers)
    with pytest.raises(Conflict, match="A law still keeps something of him"):
        it.make(number, "nothing_held")
    drafted = it.workflow.draft(it.officer, number, "still_kept")
    assert drafted is not None
    told = " ".join(drafted.written.text.split())
    until = left["invoice"].until
    assert re.search(rf"- [^-:]*invoices[^-:]*: [^-]+; law: [^-]+; until {until.day} {until:%B %Y}", told)
    assert "Apart from this request and these records we hold nothing about you." in told
    moved = it.make(number, "still_kept")
    assert moved.progress.state is RequestState.NO_DATA
    assert moved.sent is not None
    *_, said = (core for core in entries(place) if core.act == "request.moved" and "still_kept" in core.kinds)
    assert erasure not in said.kinds, "the log names requests by ids alone"
    assert len(said.obj) == 2


def test_who_was_never_erased_or_of_whom_nothing_is_kept_any_more_hears_that_nothing_is_held(
    it: Case, place: Place
) -> None:
    _, email = erased(it, place)
    stranger = asked_anew(it, "somebody@else.example")
    assert it.make(stranger, "nobody_found").progress.state is RequestState.NO_DATA
    number = asked_anew(it, email)
    assert it.front.request_pages.open(it.officer, number).standing.work.left
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE hold SET ended_at = 1")
    assert it.front.request_pages.open(it.officer, number).standing.work.left == ()
    assert it.make(number, "nobody_found").progress.state is RequestState.NO_DATA


def test_who_was_erased_twice_under_one_address_hears_what_is_kept_of_both(it: Case, place: Place) -> None:
    first, email = erased(it, place)
    (again,) = factories.put(it.office.database, factories.person(email=email))
    second, _ = erased(replace(it, customer=replace(it.customer, person=again)), place)
    number = asked_anew(it, email)
    assert second != first
    assert {each.request for each in it.front.request_pages.open(it.officer, number).standing.work.left} == {first}
    with pytest.raises(Conflict, match="A law still keeps something of him"):
        it.make(number, "nobody_found")


def test_who_was_erased_and_asks_by_post_is_known_by_the_name_on_the_invoice_that_is_kept(
    it: Case, place: Place
) -> None:
    erased(it, place)
    number = it.front.requests.receive(
        it.officer, kind=RequestType.ACCESS, channel=RequestChannel.POST, customer=None, requester="BO Anders",
        reply_address="Havnegade 12, 1058 København",
    ).number  # fmt: skip
    it.make(number, "acknowledge")
    search(it.office, it.officer, number)
    with pytest.raises(Conflict, match="A law still keeps something of him"):
        it.make(number, "nobody_found")
    (lone,) = factories.put(it.office.database, factories.person(given_name="Anders", family_name="Bo"))
    namesake = replace(it, customer=replace(it.customer, person=lone)).asks(RequestType.ACCESS)
    assert it.front.request_pages.open(it.officer, namesake).standing.work.left == ()


@pytest.mark.parametrize("kind", [RequestType.ACCESS, RequestType.ERASE])
def test_who_came_back_after_his_erasure_hears_with_any_answer_what_is_kept_since(
    it: Case, place: Place, kind: RequestType
) -> None:
    _, email = erased(it, place)
    (again,) = factories.put(it.office.database, factories.person(email=email))
    back = replace(it, customer=replace(it.customer, person=again))
    number = back.asks(kind)
    left = {each.table: each for each in it.front.request_pages.open(it.officer, number).standing.work.left}
    it.make(number, "decide")
    if kind is RequestType.ERASE:
        it.make(number, "submit")
        it.workflow.make(it.approver, number, "approve", password=PASSWORD)
        it.make(number, "erase")
    told = " ".join(it.workflow.answer(it.officer, number).written.text.split())
    until = left["invoice"].until
    since = told.split("What we keep since an earlier deletion", 1)[1]
    assert re.search(rf"- [^-]*invoices[^-]*; law: [^-]+; until {until.day} {until:%B %Y}", since)


def test_what_is_kept_is_found_where_the_erasure_was_made_again_without_its_request(it: Case, place: Place) -> None:
    """As in a restored copy: there the holds name no request."""
    erasure, email = erased(it, place)
    number = asked_anew(it, email)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE hold SET request_id = NULL, reference = 'erased'")
    assert {each.request for each in it.front.request_pages.open(it.officer, number).standing.work.left} == {erasure}


@pytest.mark.parametrize("objected", [False, True])
def test_of_an_erasure_before_the_newest_revision_it_is_known_as_far_as_the_desk_can_know(
    objected: bool, it: Case, place: Place
) -> None:
    """Whoever had stopped mail before is not: nothing tells of which erasure his digests are."""
    if objected:
        it.front.marketing.stop(it.officer, it.customer.person)
        with place.owner() as owner:
            owner.exec_driver_sql("UPDATE request SET state = 'completed' WHERE kind = 'object_mkt'")
    _, email = erased(it, place)
    revision = runpy.run_path(str(next(Path("db/migrations/versions").glob("0017_*.py"))))
    with place.owner() as owner:
        if objected:  # an erasure left the day of the objection then
            owner.exec_driver_sql("UPDATE suppression SET since = since - 1")
        owner.exec_driver_sql("DELETE FROM erased_as")
        owner.exec_driver_sql("UPDATE hold SET seq = NULL")
        for statement in (revision["HOLDS"], revision["DIGESTS"]):
            owner.exec_driver_sql(statement)
    number = asked_anew(it, email)
    found = it.front.request_pages.open(it.officer, number).standing.work.left
    assert bool(found) is not objected


def test_what_is_kept_is_told_to_nobody_who_has_not_shown_who_he_is(it: Case, place: Place) -> None:
    _, email = erased(it, place)
    number = asked_anew(it, email, RequestType.OBJECT)
    it.make(number, "no_identity_needed", Answers(reason="He writes from his own address."))
    for closed in ("still_kept", "nothing_held"):
        with pytest.raises(Conflict):
            it.make(number, closed)
    it.make(number, "ask_who_was_erased", WHY)
    for name, answers in TO_PROVEN[2:]:
        it.make(number, name, answers)
    assert it.make(number, "still_kept").progress.state is RequestState.NO_DATA


def test_who_shares_the_address_of_somebody_erased_is_told_nothing_of_him(it: Case, place: Place) -> None:
    _, email = erased(it, place)
    number = asked_anew(it, email)
    for name, answers in TO_PROVEN[1:]:
        it.make(number, name, answers)
    it.make(number, "another_was_erased", Answers(reason="His card bears another name than the invoice."))
    assert it.front.request_pages.open(it.officer, number).standing.work.left == ()
    with pytest.raises(Conflict):
        it.make(number, "still_kept")
    assert it.make(number, "nothing_held").progress.state is RequestState.NO_DATA
    again = asked_anew(it, email)
    assert it.front.request_pages.open(it.officer, again).standing.work.left, "it is said of one request alone"


@pytest.mark.parametrize("language", Language)
def test_who_was_erased_and_objects_to_mail_hears_of_mail_alone(language: Language, it: Case, place: Place) -> None:
    _, email = erased(it, place)
    number = asked_anew(it, email, RequestType.OBJECT_MKT)
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE request SET language = '{language.value}' WHERE number = '{number}'")
    drafted = it.workflow.draft(it.officer, number, "nobody_to_stop")
    assert drafted is not None
    told = " ".join(drafted.written.text.split())
    everything = ("hold nothing about you", "ne détenons rien à votre sujet", "bewaren wij niets over u")
    assert not [words for words in everything if words in told]
    assert it.make(number, "nobody_to_stop").progress.state is RequestState.NO_DATA
