"""What an officer said by mistake, or what comes out late, is mended: nobody is refused for a slip, or given another's.

Seen to fail: before the moves that take it back were in the table.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType
from tests.services.contested_case import TO_PROVEN, Case, case_at
from tests.services.offices import Office

OTHER = Answers(reason="The passport shows somebody else altogether.")
SLIP = Answers(reason="It does show him: it was read in haste.")


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return case_at(office, tmp_path)


@pytest.mark.parametrize("approver", [False, True])
def test_a_proof_that_was_taken_for_anothers_is_looked_at_again(it: Case, *, approver: bool) -> None:
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:3])
    it.make(number, "proof_of_another", OTHER)
    by, name = (it.approver, "send_back_to_check") if approver else (it.officer, "check_again")
    with pytest.raises(BadInput, match="needs a reason"):
        it.workflow.make(by, number, name)
    assert it.workflow.make(by, number, name, SLIP).progress.identity is Identity.RECEIVED
    assert it.make(number, "verify", Answers(copy_deleted=True)).progress.state is RequestState.ASSESSMENT


@pytest.mark.parametrize("approver", [False, True])
def test_where_the_copy_is_gone_he_is_asked_for_it_again_by_letter(it: Case, *, approver: bool) -> None:
    number = it.asks(RequestType.ACCESS, TO_PROVEN[:3])
    it.make(number, "proof_of_another", replace(OTHER, copy_deleted=True))
    by, name = (it.approver, "send_back_to_ask") if approver else (it.officer, "ask_again")
    moved = it.workflow.make(by, number, name, SLIP)
    assert moved.progress.identity is Identity.ASKED
    assert moved.sent is not None
    assert it.make(number, "proof_arrived", Answers(document="passport")).progress.identity is Identity.RECEIVED
