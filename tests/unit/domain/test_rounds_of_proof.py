"""The soft date is moved by the days that were waited for the customer, and by none of the house's own.

Seen to fail: the days between a proof that showed somebody else and the next asking were credited as a pause.
"""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.deadlines import due_dates, receive_day
from staffdesk.domain.request_effects import Moment, after
from staffdesk.domain.request_moves import move
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType
from tests.tui.staged_requests import standing

DAYS = st.integers(0, 30)
AGAIN = st.sampled_from([("proof_insufficient",), ("verify", "found_another", "ask_again"),
                         ("proof_of_another", "ask_again")])  # fmt: skip


@given(st.integers(0, 1), st.lists(st.tuples(DAYS, DAYS, AGAIN, DAYS), max_size=3), DAYS)
def test_a_pause_is_what_was_waited_for_the_customer(
    asked: int, rounds: list[tuple[int, int, tuple[str, ...], int]], last: int
) -> None:
    it = standing(RequestType.ACCESS, RequestState.ACKNOWLEDGED).progress
    day = receive_day(it.received) + dt.timedelta(days=asked)

    def make(it: Progress, name: str) -> Progress:
        told = Answers(reason="Two people of this name write to us.", document="passport", copy_deleted=True)
        return after(it, move(name), told, Moment(now=0, today=day, actor="u_1"))

    it, waited = make(it, "ask_identity"), 0
    for waits, looks, names, thinks in rounds:
        day += dt.timedelta(days=waits)
        it, waited = make(it, "proof_arrived"), waited + waits
        day += dt.timedelta(days=looks)
        for name in names:
            day += dt.timedelta(days=thinks)
            it = make(it, name)
    day += dt.timedelta(days=last)
    it = make(it, "proof_arrived")
    assert it.hard_due == due_dates(it.received).hard
    assert it.soft_due == due_dates(it.received, None, waited + last).soft
