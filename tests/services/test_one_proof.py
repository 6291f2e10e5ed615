"""A letter that asks several things is proven once: what was checked under one of its requests counts for the others.

Seen to fail: with the proof of another letter taken over, with who checked it approving under the other request, with
the checker sought where another request of the letter was proven later, with the proof taken over by a request that
names nobody, with the other request's number in the entry, with nothing asked of a proof that fell, with no breach
entered in the register, and with one entered by nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.errors import Conflict, SessionEnded
from staffdesk.domain.policy import matrix
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from staffdesk.domain.reviews import BreachOutcome
from staffdesk.services.breaches import Breaches
from staffdesk.services.request_breaches import enter_breach
from tests import factories
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, Case, case_at
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import search

BYE = Answers(reason="He wrote that he wants it no more.")


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


def letter(it: Case, *kinds: RequestType, digest: str = "d1") -> list[str]:
    """Receive what one letter asks, each acknowledged."""
    numbers, first = list[str](), None
    for kind in kinds:
        made = it.front.requests.receive(
            it.officer, kind=kind, channel=RequestChannel.EMAIL, customer=it.customer.person,
            message_digest=digest, linked_to=first,
        )  # fmt: skip
        first = first or made.id
        numbers.append(made.number)
        it.make(made.number, "acknowledge")
    return numbers


def moves(it: Case, number: str) -> list[str]:
    return [each.move.name for each in it.workflow.open_moves(it.officer, number).offers if each.closed is None]


def test_one_proof_serves_every_request_out_of_one_letter(it: Case, place: Place) -> None:
    access, erase = letter(it, RequestType.ACCESS, RequestType.ERASE)
    (other,) = letter(it, RequestType.ACCESS, digest="d2")
    assert "verified_with" not in moves(it, erase)
    for name, answers in TO_PROVEN[1:]:
        it.make(access, name, answers)
    assert moves(it, erase)[0] == "verified_with"
    assert "verified_with" not in moves(it, other), "another letter is proven by itself"
    with pytest.raises(Conflict, match="No request out of the same letter"):
        it.make(other, "verified_with")
    known = it.make(erase, "verified_with").progress
    assert (known.state, known.identity, known.proof_kind) == (RequestState.ASSESSMENT, Identity.VERIFIED, access)
    assert not known.copy_there
    (entry,) = [core for core in entries(place) if core.out == "ok" and "verified_with" in core.kinds]
    assert entry.kinds == ("request", "erase", "verified_with", "assessment"), "a number would outlive an erasure"
    with place.owner() as owner:
        aids = {aid for (aid,) in owner.exec_driver_sql("SELECT aid FROM request WHERE message_digest = 'd1'")}
    assert len(aids) == 2
    assert aids <= set(entry.obj)


def zoe_of(it: Case) -> Access:
    """Return another officer, who approves too."""
    it.office.hire("zoe", Role.PRIVACY, Role.APPROVER)
    return replace(it.front.again("zoe", Role.PRIVACY), purpose=Purpose.RIGHTS)


def prove(it: Case, by: Access, number: str, document: str = "passport") -> None:
    for name, answers in TO_PROVEN[1:]:
        it.workflow.make(by, number, name, Answers(document=document) if name == "proof_arrived" else answers)


def submit(it: Case, number: str) -> None:
    search(it.office, it.officer, number)
    it.make(number, "decide")
    it.make(number, "submit")


@pytest.mark.parametrize("later", ["withdrawn", "another is proven", "proven by another", "purged", "unknown"])
def test_who_checked_the_proof_approves_nothing_that_rests_on_it(later: str, it: Case, place: Place) -> None:
    zoe = zoe_of(it)
    first, access, erase = letter(it, RequestType.PORT, RequestType.ACCESS, RequestType.ERASE)
    prove(it, zoe, access)
    it.make(erase, "verified_with")
    if later == "another is proven":
        prove(it, it.officer, first)
    for each in (first, access):
        it.make(each, "withdraw", BYE)
    with place.owner() as owner:
        # What happens to the other request afterwards, years later too, in the shape in which it is left behind.
        if later == "proven by another":
            owner.exec_driver_sql(
                "UPDATE request_progress SET verified_by = (SELECT id FROM staff WHERE full_name = 'Pia Holm')"
                f" WHERE request_id = (SELECT id FROM request WHERE number = '{access}')"
            )
        if later == "purged":
            owner.exec_driver_sql(
                "UPDATE request SET state = 'purged', person_id = NULL, message_digest = NULL"
                f" WHERE number = '{access}'"
            )
        if later == "unknown":
            owner.exec_driver_sql(f"UPDATE request SET number = 'DSR-2020-0001' WHERE number = '{access}'")
    submit(it, erase)
    with pytest.raises(Conflict, match="Who checked the identity does not approve"):
        it.workflow.make(zoe, erase, "approve", password=PASSWORD)
    assert it.workflow.make(it.approver, erase, "approve", password=PASSWORD).progress.approved_by is not None


@pytest.mark.parametrize("named", [False, True])
def test_a_proof_counts_only_where_both_requests_name_the_same_customer(named: bool, it: Case, place: Place) -> None:
    first, second = (
        it.front.requests.receive(
            it.officer, kind=kind, channel=RequestChannel.EMAIL, customer=customer, requester="Anders Bo",
            reply_address="a@a.example", message_digest="d1",
        )
        for kind, customer in ((RequestType.ACCESS, it.customer.person if named else None), (RequestType.ERASE, None))
    )  # fmt: skip
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE request SET linked_to = {first.id} WHERE id = {second.id}")
    for each in (first, second):
        it.make(each.number, "acknowledge")
    prove(it, it.officer, first.number)
    assert "verified_with" not in moves(it, second.number)
    with pytest.raises(Conflict, match="No request out of the same letter"):
        it.make(second.number, "verified_with")
    if not named:
        it.make(first.number, "name_customer", Answers(customer=it.customer.person))
    it.make(second.number, "name_customer", Answers(customer=it.customer.person))
    it.make(second.number, "verified_with")
    # Whose name is gone since, as after an erasure, is not followed by somebody else's.
    other = factories.customer(it.office.database).person
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE request SET person_id = NULL WHERE id = {second.id}")
    with pytest.raises(Conflict, match="Another request's proof shows who asks here"):
        it.make(second.number, "name_customer", Answers(customer=other))


@pytest.mark.parametrize("said_under", ["where it was checked", "where it was taken over"])
def test_a_proof_that_turns_out_to_be_somebody_elses_carries_no_other_request_on(
    said_under: str, it: Case, place: Place
) -> None:
    access, port, restrict = letter(it, RequestType.ACCESS, RequestType.PORT, RequestType.RESTRICT)
    prove(it, it.officer, port if said_under == "where it was checked" else access)
    for each in (access, port, restrict):
        if "verified_with" in moves(it, each):
            it.make(each, "verified_with")
        search(it.office, it.officer, each)
    assert it.make(access, "decide").progress.state is RequestState.REPLYING
    his_father = Answers(reason="It is his father, of the same name.", breach=True)
    it.make(port, "found_another", his_father)
    with pytest.raises(Conflict, match="turned out to be somebody else's"):
        it.make(restrict, "decide")
    with pytest.raises(Conflict, match="turned out to be somebody else's"):
        it.workflow.send(it.officer, access)
    nobody = Moment(now=0, today=dt.date(2026, 11, 27), actor=None)
    with it.office.database.append() as tx, pytest.raises(SessionEnded):
        enter_breach(tx, port, nobody)
    register, adam = Breaches(it.office.door, matrix(), it.office.clock), it.front.staff("adam", Role.ADMIN)
    (breach,) = register.list(adam)
    assert (breach.came_of, breach.who, breach.hours_left) == (port, "", 72)
    moved = [core for core in entries(place) if core.act == "request.moved" and breach.number in core.kinds]
    assert [core.kinds[2] for core in moved] == ["found_another"]
    register.close(adam, breach.number, BreachOutcome.NO_RISK, "Nothing had been sent to his father yet.")
    closed = entries(place)[-1]
    assert (closed.act, moved[0].obj[0] in closed.obj, len(closed.obj)) == ("audit.breach", True, 2)
    for each in (access, restrict):
        assert it.make(each, "found_another", his_father).progress.identity is Identity.FAILED
    assert [each.came_of for each in register.list(adam) if each.outcome is None] == [restrict, access]
    it.make(access, "ask_again", Answers(reason="We need the proof of the son."))
    for name, answers in TO_PROVEN[2:]:
        it.make(access, name, answers)
    assert it.make(access, "decide").progress.state is RequestState.REPLYING
    assert it.workflow.send(it.officer, access).progress.state is RequestState.COMPLETED
