"""The life of a restriction: contested fields, objections that are weighed, who is told before it ends, and of what.

Seen to fail: with a contested field shown, revealed, listed and repaired as any other; with it left after the
correction; with a restriction lifted without its letter, before its day, and while an erasure is asked for; and with
an objection refused for the privacy of others, and on our interest without a word of why it prevails; and with his
other record left in use while his objection is weighed, or somebody else's out of use once it is known to be so; and
with an order that came meanwhile in use, from the store at once and by another way after the day's run; and with the
letter of the lifting proposed again once it was sent.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Access, RecordKind, Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.correction import Seen
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.request_board import choices, restriction_waits_for
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.duplicates import Duplicates
from staffdesk.services.sessions import day_in_brussels
from tests import factories
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, Case, case_at
from tests.services.offices import PASSWORD, Office, entries
from tests.services.store_files import contact, order, seller, taken_in, written
from tests.services.workflows import due_of, search

BALANCE = "Who uses our software unpaid must be found, and we see of him no more than that; this weighs more."


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SALES, Role.FINANCE])
def test_a_contested_field_says_so_and_no_more_to_who_sells_helps_or_invoices(it: Case, role: Role) -> None:
    ana = it.front.staff("ana", role, "T-1182")
    key = f"person:{it.customer.person}:family_name"
    name = it.front.gateway.open(ana, RecordKind.PERSON, it.customer.person).cell(key)
    assert name is not None
    assert name.text
    number = it.asks(RequestType.RECTIFY)
    it.make(number, "contest", Answers(field="family_name"))
    record = it.front.gateway.open(ana, RecordKind.PERSON, it.customer.person)
    cell = record.cell(key)
    assert cell is not None
    assert (cell.text, cell.exposure, cell.contested, cell.revealable) == (None, Exposure.MASKED, True, False)
    assert name.text not in record.title
    with pytest.raises(Denied, match=f"contested under {number}"):
        it.front.gateway.reveal(ana, key)
    if role is not Role.FINANCE:
        hits = it.front.gateway.search(ana, "Anders").hits
        assert [hit.title for hit in hits if hit.customer == it.customer.person] == [
            f"customer {it.customer.person} ! contested"
        ]
    mine = it.front.gateway.open(replace(it.officer, reference=number), RecordKind.PERSON, it.customer.person)
    shown = mine.cell(key)
    assert shown is not None
    assert (shown.text, shown.contested) == (name.text, True)


def test_nothing_is_contested_before_he_has_proven_who_he_is(it: Case) -> None:
    number = it.asks(RequestType.RECTIFY, TO_PROVEN[:3])
    with pytest.raises(Conflict):
        it.make(number, "contest", Answers(field="email"))
    with pytest.raises(Conflict):
        it.wants(number, "email", "new@example.test")


def test_a_contested_field_is_repaired_and_confirmed_by_nobody_and_no_answer_goes_there(it: Case) -> None:
    sue = it.front.staff("sue", Role.SUPPORT, "T-1182")
    number = it.asks(RequestType.RECTIFY)
    it.wants(number, "email", "new@example.test")
    with pytest.raises(Denied, match="contested"):
        it.front.repairs.confirm(
            replace(sue, reference=case_of(it, sue)),
            it.customer.person,
            [Seen(f"person:{it.customer.person}:email", None)],
        )
    later = it.front.requests.receive(
        it.officer, kind=RequestType.ACCESS, channel=RequestChannel.PHONE, customer=it.customer.person
    )
    assert it.front.request_pages.open(it.officer, later.number).reply_address.text == "+4555550142"
    page = it.front.request_pages.open(it.officer, number)
    assert [(each.label, each.new, each.evidence) for each in page.contested] == [
        ("E-mail", "new@example.test", "his letter")
    ]


def case_of(it: Case, by: Access) -> str:
    from staffdesk.domain.matters import NewCase  # noqa: PLC0415 - once

    return it.front.cases.open(by, NewCase("support", "call", product="x", customer=it.customer.person)).number


@pytest.mark.parametrize("end", ["correct", "refuse", "withdraw"])
def test_the_correction_or_the_refusal_settles_it_in_one_step(it: Case, end: str, place: Place) -> None:
    number = it.asks(RequestType.RECTIFY)
    it.wants(number, "city", "Gent")
    it.wants(number, "name", "Nordlys Film ApS", "organisation")
    with place.owner() as owner:
        held = "SELECT count(*) FROM field_status WHERE contested_under IS NOT NULL"
        assert owner.exec_driver_sql(held).scalar_one() == 2
    if end == "correct":
        it.make(number, "decide")
    elif end == "refuse":
        it.refuse(number)
    else:
        it.make(number, "withdraw", Answers(reason="He wrote that he takes it back."))
    with place.owner() as owner:
        assert owner.exec_driver_sql(held).scalar_one() == 0
        city = owner.exec_driver_sql(f"SELECT city FROM person WHERE id = {it.customer.person}").scalar_one()
    assert (city == "Gent") is (end == "correct")


def test_while_an_objection_is_weighed_nobody_sells_or_helps_by_it_and_who_loses_is_told_before_it_ends(
    it: Case, place: Place, tmp_path: Path
) -> None:
    sue = it.front.staff("sue", Role.SUPPORT, "T-1182")
    number = it.asks(RequestType.OBJECT, ())
    with pytest.raises(NotFound):
        it.front.gateway.open(sue, RecordKind.PERSON, it.customer.person)
    it.make(number, "acknowledge")
    it.make(number, "no_identity_needed", Answers(reason="He wrote from the address on file."))
    search(it.office, it.officer, number)
    for ground, facts, sentence, hint in (
        (RefusalGround.OTHERS, BALANCE, "not refused on this ground", "compelling, legal_claims, excessive"),
        (RefusalGround.COMPELLING, " ", "needs its facts", "which interest of ours .+ why it overrides his"),
        (RefusalGround.LEGAL_CLAIMS, "-", "different words and 10 letters", "in a sentence"),
    ):
        with pytest.raises(BadInput, match=sentence) as refused:
            it.make(number, "decide", Answers(ground=ground, facts=facts))
        assert re.search(hint, refused.value.hint)
    it.refuse(number, Answers(ground=RefusalGround.COMPELLING, facts=BALANCE))
    letter = " ".join((it.letters / f"L8-{number}.txt").read_text().split())
    for said in ("Article 21(1) of the GDPR", BALANCE, "before we lift it we write to you once more", "go to court"):
        assert said in letter
    with pytest.raises(NotFound):
        it.front.gateway.open(sue, RecordKind.PERSON, it.customer.person)
    (listed,) = it.front.requests.open_requests(it.officer)
    today = day_in_brussels(it.office.clock())
    assert restriction_waits_for(listed, today) == "restriction to be lifted"
    assert due_of(it.office, tmp_path, place).run().lifts == [(number, "restriction to be lifted")]
    with pytest.raises(Conflict, match="must be told before"):
        it.make(number, "lift")
    it.make(number, "tell_lifting", Answers(reason="Our grounds prevail."))
    letter = " ".join((it.letters / f"L11-{number}.txt").read_text().split())
    assert "will lift the restriction on" in letter
    assert "Nobody outside our house" not in letter, "he may have given the data to others all the same"
    page = it.front.request_pages.open(it.officer, number)
    proposed = choices(page.standing.offers)
    assert {each.name for each in (*proposed.leading, *proposed.aside)} == {"complaint"}, "he was told, and it waits"
    (listed,) = it.front.requests.open_requests(it.officer)
    under_way = f"lifting under way: he was told, and it ends on {listed.lift_on}"
    assert listed.lift_on == today + dt.timedelta(days=7)
    assert restriction_waits_for(listed, today) == restriction_waits_for(page.request, today) == under_way
    with pytest.raises(Conflict, match="was told of it, and his letter names the day"):
        it.make(number, "tell_lifting", Answers(reason="Our grounds prevail."))
    with pytest.raises(Conflict, match="The day that his letter names"):
        it.make(number, "lift")
    it.office.clock.forward(days=8)
    before = len(entries(place))
    it.make(number, "lift")
    lifted = [(core.act, core.kinds) for core in entries(place)[before:] if core.out == "ok" and "lift" in core.kinds]
    assert lifted == [("request.moved", ("request", "object", "lift", "refused"))]
    assert it.front.gateway.open(sue, RecordKind.PERSON, it.customer.person).customer == it.customer.person
    with pytest.raises(Conflict, match="No restriction"):
        it.make(number, "lift")


def test_an_objection_restricts_each_record_that_is_his_while_it_is_weighed_and_no_other(it: Case) -> None:
    sue = it.front.staff("sue", Role.SUPPORT, "T-1182")
    his = factories.person(given_name="A.", family_name="Bo", email="Anders@Nordlys.example")
    (other,) = factories.put(it.office.database, his)
    likely = Duplicates(it.office.door, clock=it.office.clock)
    number = it.asks(RequestType.OBJECT)
    likely.answer(it.officer, number, {other: SamePerson.SAME})
    for each in (it.customer.person, other):
        with pytest.raises(NotFound):
            it.front.gateway.open(sue, RecordKind.PERSON, each)
    likely.answer(it.officer, number, {other: SamePerson.OTHER})
    assert it.front.gateway.open(sue, RecordKind.PERSON, other).customer == other
    with pytest.raises(NotFound):
        it.front.gateway.open(sue, RecordKind.PERSON, it.customer.person)


def test_what_comes_while_a_restriction_stands_is_restricted_as_well_and_freed_with_the_rest(
    it: Case, place: Place, tmp_path: Path
) -> None:
    sally = it.front.staff("sally", Role.SALES, "T-1182")
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE person SET store = 'fastspring' WHERE id = {it.customer.person}")
    number = it.asks(RequestType.OBJECT)
    buyer = contact(first="Anders", last="Bo", email="anders@nordlys.example")
    report = taken_in(it.office, seller(it.office), [written(tmp_path, order("NEW-1", buyer))])
    assert [report.counts["orders", "new"], report.refused] == [1, []]
    assert it.front.gateway.search(sally, "NEW-1").hits == (), "as soon as it comes in"
    factories.put(it.office.database, factories.order(person_id=it.customer.person, number="NEW-2"))
    due_of(it.office, tmp_path, place).run()
    for new in ("NEW-1", "NEW-2"):
        assert it.front.gateway.search(sally, new).hits == (), new
    it.refuse(number, Answers(ground=RefusalGround.COMPELLING, facts=BALANCE))
    it.make(number, "tell_lifting", Answers(reason="Our grounds prevail."))
    it.office.clock.forward(days=8)
    it.make(number, "lift")
    for new in ("NEW-1", "NEW-2"):
        assert len(it.front.gateway.search(sally, new).hits) == 1, new


def test_who_asks_to_be_erased_meanwhile_is_erased_instead_and_a_law_holds_what_it_holds(
    it: Case, place: Place
) -> None:
    number = it.asks(RequestType.RESTRICT)
    it.make(number, "decide")
    it.workflow.send(it.officer, number)
    erase = it.asks(RequestType.ERASE)
    with pytest.raises(Conflict, match="is to be erased"):
        it.make(number, "tell_lifting", Answers(reason="It is settled."))
    it.make(erase, "decide")
    it.make(erase, "submit")
    it.workflow.make(it.approver, erase, "approve", password=PASSWORD)
    it.make(erase, "erase")
    with place.owner() as owner:
        held = owner.exec_driver_sql("SELECT DISTINCT ground FROM hold WHERE ended_at IS NULL ORDER BY 1").all()
        kept = owner.exec_driver_sql(
            f"SELECT ground FROM hold WHERE record_table = 'invoice' AND record_id = {it.customer.invoice}"
            " AND ended_at IS NULL"
        ).all()
    assert "restriction" not in {row[0] for row in held}
    assert [row[0] for row in kept] == ["accounting"]
