"""Back and forward among the records of a session: opened anew each time, and forgotten with the lock and the mask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.access import RecordKind
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.trail import MOST, Trail, Where
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, record_of


def _person(number: int) -> Where:
    return RecordKind.PERSON, number


def _step(trail: Trail, step: int, *, on_record: bool = True) -> int | None:
    where = trail.go(step, on_record=on_record)
    if where is None:
        return None
    trail.opened(where)
    return where[1]


def test_back_and_forward_go_through_what_was_opened_and_a_new_record_ends_what_came_after() -> None:
    trail = Trail()
    for number in (1, 2, 2, 3):
        trail.opened(_person(number))
    assert [_step(trail, step) for step in (-1, -1, -1, 1, 1, 1)] == [2, 1, None, 2, 3, None]
    assert _step(trail, -1, on_record=False) == 3
    _step(trail, -1)
    trail.opened(_person(4))
    assert [_step(trail, step) for step in (1, -1, -1)] == [None, 2, 1]
    trail.forget()
    assert (_step(trail, -1, on_record=False), _step(trail, 1)) == (None, None)


def test_a_step_that_was_refused_leaves_one_where_one_was() -> None:
    trail = Trail()
    for number in (1, 2):
        trail.opened(_person(number))
    assert trail.go(-1, on_record=True) == _person(1)
    trail.opened(_person(3))
    assert _step(trail, -1) == 2


@given(st.lists(st.one_of(st.integers(1, 5), st.sampled_from(["back", "forward"])), max_size=80))
def test_at_most_twenty_records_are_kept_and_forward_undoes_back(steps: list[int | str]) -> None:
    trail = Trail()
    for step in steps:
        if isinstance(step, int):
            trail.opened(_person(step))
        else:
            _step(trail, -1 if step == "back" else 1)
    assert len(trail._been) <= MOST
    here = None if trail._at < 0 else trail._been[trail._at][1]
    if _step(trail, -1) is not None:
        assert _step(trail, 1) == here


async def _two_records(seat: Seat) -> tuple[int, int]:
    await seat.sign_in("support")
    await seat.press("enter")
    first = record_of(seat).id
    await seat.press("S")
    await seat.type("dupont", "enter", "enter")
    assert record_of(seat).id != first
    return first, record_of(seat).id


async def test_comma_opens_the_record_before_with_an_entry_and_semicolon_the_one_after(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        first, second = await _two_records(seat)
        reference = record_of(seat).reference
        before = seat.newest
        await seat.press("comma")
        assert (record_of(seat).id, record_of(seat).reference) == (first, reference)
        assert seat.acts(before) == [("customer.opened", "ok")]
        await seat.press("comma")
        assert "No earlier record" in seat.text()
        await seat.press("semicolon")
        assert record_of(seat).id == second
        await seat.press("C", "comma")
        assert record_of(seat).id == second
        await seat.press("escape")
        assert isinstance(seat.screen, CasesScreen)


@pytest.mark.parametrize("by", ["lock", "mask"])
async def test_a_lock_and_a_mask_forget_where_one_was(sit_down: SitDown, by: str) -> None:
    async with sit_down(SMALL) as seat:
        await _two_records(seat)
        session = seat.app.session
        assert session is not None
        assert session.trail._been
        if by == "lock":
            await seat.press("ctrl+l")
        else:
            seat.app.sentinel._mask_screens(hidden=True)
        assert not session.trail._been
