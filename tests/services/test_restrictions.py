"""The life of a restriction: contested fields, objections that are weighed, who is told before it ends, and of what.

Seen to fail: with a contested field shown, revealed, listed and repaired as any other; with it left after the
correction; with a restriction lifted without its letter, before its day, and while an erasure is asked for; with every
recipient told of a field that one alone had; and with a hold that ends without a word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from staffdesk.data.tables.sharing import Disclosure, Recipient, Subscription
from staffdesk.domain.access import Access, Purpose, RecordKind, Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.correction import Seen
from staffdesk.domain.errors import Conflict, Denied, NotFound
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_board import restriction_waits_for
from staffdesk.domain.request_work import Answers, Ground
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.services.corrections import Corrections
from staffdesk.services.erasure.due import finish
from staffdesk.services.moved import Moved
from staffdesk.services.notices import Notices
from staffdesk.services.owed_letters import OwedLetters, Told
from staffdesk.services.post import Post
from staffdesk.services.request_letters import Delivery
from staffdesk.services.sessions import day_in_brussels
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.erasures import NOW, TODAY, storage_of
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import due_of, search, workflow_of

WHY = Answers(reason="Two people of this name write to us.")
TO_PROVEN = (
    ("acknowledge", None), ("ask_identity", WHY), ("proof_arrived", Answers(document="passport")),
    ("verify", Answers(copy_deleted=True)),
)  # fmt: skip
REFUSED = Answers(ground=Ground.LAW, facts="The register of companies says what we hold.")


@dataclass(frozen=True)
class Case:
    """A customer's requests, and those who deal with them."""

    front: Front
    workflow: Workflow
    officer: Access
    approver: Access
    customer: Customer
    letters: Path

    @property
    def office(self) -> Office:
        return self.front.office

    def asks(self, kind: RequestType, moves: Sequence[tuple[str, Answers | None]] = TO_PROVEN) -> str:
        number = self.front.requests.receive(
            self.officer, kind=kind, channel=RequestChannel.EMAIL, customer=self.customer.person
        ).number
        for name, answers in moves:
            self.workflow.make(self.officer, number, name, answers)
        if moves:
            search(self.office, self.officer, number)
        return number

    def make(self, number: str, name: str, answers: Answers | None = None) -> Moved:
        return self.workflow.make(self.officer, number, name, answers)

    def wants(self, number: str, column: str, value: str, table: str = "person") -> None:
        row = self.customer.person if table == "person" else self.customer.organisation
        Corrections(self.office.door).want(self.officer, number, f"{table}:{row}:{column}", value, "his letter")

    def refuse(self, number: str) -> None:
        self.make(number, "decide", REFUSED)
        self.make(number, "submit")
        self.workflow.make(self.approver, number, "approve_refusal", password=PASSWORD)

    @property
    def notices(self) -> Notices:
        return Notices(self.office.door, self.workflow, Delivery(Post(None), self.letters), clock=self.office.clock)


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    front = Front(office)
    pia = replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)
    ron = replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    made = factories.customer(office.database)
    return Case(front, workflow_of(office, tmp_path), pia, ron, made, tmp_path / "data" / "letters")


def given(it: Case, **recipients: str) -> None:
    """Note what recipients were given, by their codes."""
    rows = (
        Recipient.checked({"code": code, "name": f"{code.title()} SA", "country": "BE", "purpose": "orders"})
        for code in recipients
    )
    numbers = dict(zip(recipients, factories.put(it.office.database, *rows), strict=True))
    factories.put(
        it.office.database,
        *(
            Disclosure.checked(
                {
                    "recipient_id": numbers[code], "person_id": it.customer.person, "order_id": it.customer.order,
                    "classes": classes, "purpose": "an order", "disclosed_on": dt.date(2026, 1, 2),
                }
            )
            for code, classes in recipients.items()
        ),
    )  # fmt: skip


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


def test_who_had_the_wrong_value_is_told_what_is_right_and_nobody_else(it: Case, place: Place) -> None:
    given(it, CARRIER="identity, delivery", PAYMENT_PROCESSOR="identity, contact")
    factories.put(
        it.office.database,
        Subscription.checked(
            {
                **factories.provenance(), "person_id": it.customer.person, "list_name": "product news",
                "status": "subscribed",
            }
        ),
    )  # fmt: skip
    with place.owner() as owner:
        old = owner.exec_driver_sql(f"SELECT email FROM person WHERE id = {it.customer.person}").scalar_one()
    number = it.asks(RequestType.RECTIFY)
    it.wants(number, "city", "Gent")
    page = it.front.request_pages.open(it.officer, number)
    assert [each.given_to for each in page.contested] == [("Carrier SA",)]
    it.wants(number, "email", "new@example.test")
    it.make(number, "decide")
    told = it.front.request_pages.open(it.officer, number).told
    assert {each.code for each in told} == {"CAMPAIGN_SERVICE", "CARRIER", "PAYMENT_PROCESSOR"}
    to_who_mails = it.notices.draft(it.officer, number, "CAMPAIGN_SERVICE").written.text
    assert old in to_who_mails
    assert "new@example.test" in to_who_mails
    assert "Gent" not in to_who_mails
    parcel = it.notices.draft(it.officer, number, "CARRIER").written.text
    assert "Gent" in parcel
    assert it.customer.order_number in parcel


def test_a_notice_is_read_over_sent_kept_and_confirmed_and_then_the_desk_goes_on(it: Case, place: Place) -> None:
    given(it, CARRIER="identity, delivery")
    number = it.asks(RequestType.RESTRICT)
    it.make(number, "decide")
    with pytest.raises(NotFound):
        it.notices.draft(it.officer, number, "NOBODY")
    drafted = it.notices.draft(it.officer, number, "CARRIER")
    assert drafted.replies_to == ""
    other = replace(drafted, written=replace(drafted.written, text="Another one."))
    with pytest.raises(Conflict, match="another one now"):
        it.notices.send(it.officer, number, "CARRIER", shown=other)
    moved = it.notices.send(it.officer, number, "CARRIER", "privacy@carrier.example", shown=None)
    assert (moved.progress.state, moved.made) == (RequestState.REPLYING, ("notified",))
    assert (it.letters / f"L10-{number}.txt").exists()
    again = it.notices.send(it.officer, number, "CARRIER")
    assert again.sent is not None
    assert again.sent.recipient == "privacy@carrier.example"
    with place.owner() as owner:
        kept = owner.exec_driver_sql("SELECT recipient, kind, way FROM request_letter WHERE recipient IS NOT NULL")
        assert [tuple(row) for row in kept] == [("CARRIER", "L10", "hand")] * 2
    it.workflow.told(it.officer, number, "CARRIER", TaskState.CONFIRMED)
    with pytest.raises(Conflict, match="confirmed it already"):
        it.notices.draft(it.officer, number, "CARRIER")


def test_of_who_is_erased_a_recipient_is_told_by_his_orders_and_no_text_of_it_stays(it: Case, place: Place) -> None:
    given(it, CARRIER="identity, delivery")
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    it.make(number, "erase")
    assert it.customer.order_number in it.notices.draft(it.officer, number, "CARRIER").written.text
    it.notices.send(it.officer, number, "CARRIER")
    with place.owner() as owner:
        kept = owner.exec_driver_sql("SELECT body, digest FROM request_letter WHERE recipient IS NOT NULL").one()
    assert kept[0] is None
    assert len(kept[1]) == 64


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
    it.refuse(number)
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


@pytest.mark.parametrize("address", ["on file", "gone"])
def test_when_what_a_law_kept_is_gone_its_person_is_told_once(
    it: Case, place: Place, tmp_path: Path, address: str
) -> None:
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    it.make(number, "erase")
    it.workflow.send(it.officer, number)
    storage = storage_of(place, it.office.database, tmp_path / "data")
    owed = OwedLetters(it.office.door, Delivery(Post(None), it.letters))
    finish(storage, "2024-10", TODAY, NOW)
    assert owed.send() == Told()
    if address == "on file":
        with place.owner() as owner:
            owner.exec_driver_sql("UPDATE hold SET until = '2026-11-01' WHERE record_table NOT LIKE 'request%%'")
            owner.exec_driver_sql("UPDATE invoice SET invoiced_on = '2011-01-01'")
            owner.exec_driver_sql("UPDATE shipment SET delivered_on = '2011-01-01'")
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
        assert "A part of them the law made us keep longer; that time is over." in letter
        assert "invoices: 1" in letter
    assert owed.send() == Told()
