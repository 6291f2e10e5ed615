"""What is proposed of a request's moves: what leads on first, and never what ends or delays it.

Seen to fail: with the moves proposed in the order of their table, and with "No doubt" closed for its missing reason.
"""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from staffdesk.domain.access import Role
from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_board import choices
from staffdesk.domain.request_guards import offers
from staffdesk.domain.request_moves import Facts, Identity, moves
from staffdesk.domain.request_walk import ways
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.domain.written_reasons import check_quoted

_DAY = dt.date(2026, 11, 26)
_ENDS_OR_DELAYS = {"extend", "withdraw", "complaint"}


def _choices(kind: RequestType, state: RequestState, identity: Identity, role: Role = Role.PRIVACY) -> list[str]:
    facts = Facts(
        kind=kind, state=state, identity=identity, today=_DAY, first_due=_DAY, hard_due=_DAY, actor="p",
        submitted_on=_DAY, ended_on=_DAY,
    )  # fmt: skip
    found = choices(offers(facts, frozenset({role})))
    return [each.name for each in found.leading]


@pytest.mark.parametrize(("kind", "role"), [*product(RequestType, (Role.PRIVACY, Role.APPROVER))])
def test_wherever_a_request_can_be_the_first_proposal_never_ends_or_delays_it(kind: RequestType, role: Role) -> None:
    for place in ways(kind):
        assert not _ENDS_OR_DELAYS & set(_choices(kind, *place, role=role)), place


@pytest.mark.parametrize("state", [RequestState.NOTIFYING, RequestState.REPLYING])
def test_where_recipients_are_to_be_told_or_the_answer_waits_no_move_is_proposed(state: RequestState) -> None:
    for kind in RequestType:
        assert _choices(kind, state, Identity.VERIFIED) == []


def test_the_move_whose_reason_alone_is_missing_can_be_chosen() -> None:
    assert "no_identity_needed" in _choices(RequestType.OBJECT, RequestState.ACKNOWLEDGED, Identity.NONE)


def test_what_is_told_once_somebody_has_answered_is_proposed_while_he_is_waited_for() -> None:
    assert _choices(RequestType.ACCESS, RequestState.IDENTITY, Identity.ASKED)[0] == "proof_arrived"


def test_a_reason_that_the_customer_reads_is_more_than_a_word() -> None:
    quoting = {each.name for each in moves() if each.quotes}
    assert quoting == {
        "ask_identity", "ask_who_was_erased", "proof_insufficient", "ask_again", "send_back_to_ask", "extend",
        "tell_lifting",
    }  # fmt: skip
    for nothing in ("complex", "aaaa aaaa aaaa", "asdf qwer zxcv", "no no no no no"):
        with pytest.raises(BadInput, match="The customer reads this reason"):
            check_quoted(nothing)
    check_quoted("Eleven boxes of paper.")
