"""A letter that asks several things is proven once: what was checked under one of its requests counts for the others.

Seen to fail: with the proof of another letter taken over, and with who checked it approving under the other request.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.errors import Conflict
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, Case, case_at
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import search


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
    kinds = [core.kinds for core in entries(place) if core.out == "ok" and "verified_with" in core.kinds]
    assert kinds == [("request", "erase", "verified_with", "assessment", access)]


def test_who_checked_the_proof_approves_nothing_that_rests_on_it(it: Case) -> None:
    it.office.hire("zoe", Role.PRIVACY, Role.APPROVER)
    zoe = replace(it.front.again("zoe", Role.PRIVACY), purpose=Purpose.RIGHTS)
    access, erase = letter(it, RequestType.ACCESS, RequestType.ERASE)
    it.make(erase, "ask_identity", Answers(reason="Two people of this name write to us."))
    for name, answers in TO_PROVEN[1:]:
        it.workflow.make(zoe, access, name, answers)
    it.make(erase, "verified_with")
    it.make(access, "withdraw", Answers(reason="He wants no copy any more."))
    search(it.office, it.officer, erase)
    it.make(erase, "decide")
    it.make(erase, "submit")
    with pytest.raises(Conflict, match="Who checked the identity does not approve"):
        it.workflow.make(zoe, erase, "approve", password=PASSWORD)
    assert it.workflow.make(it.approver, erase, "approve", password=PASSWORD).progress.approved_by is not None
