"""A licence request by keys: started on the record, ticked, a tick taken back, a seat freed, the case closed.

Seen to fail: with L on the record doing nothing where the case is no request yet, with a tick that nothing took back,
with the record left as it was opened, and with the key offered to whoever notes in a case.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.access import Act, Role
from staffdesk.domain.licence_requests import rules
from staffdesk.domain.policy import matrix
from staffdesk.tui.commands import by_id
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, Seat, record_of, together


async def _on(seat: Seat, key: str) -> None:
    seat.screen.query_one("#steps", Rows).go_to(key)
    await seat.settle()


@pytest.mark.parametrize("size", BOTH)
async def test_a_licence_request_goes_from_its_start_to_its_closing_by_keys(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("L")
        assert "Enter on it opens its customer's record, and L there starts one." in together(seat.lines())
        await seat.press("escape", "enter")
        record = record_of(seat)
        activation = next(each for each in record.rows("activation") if each.text("status") == "active")
        await seat.press("L")
        if len(record.rows("licence")) > 1:
            assert "Which licence is it about?" in seat.text()
            await _on(seat, f"licence:{activation.text('licence_id')}")
            await seat.press("enter")
        assert "what is asked for?" in seat.text()
        await seat.press("enter")
        assert "It stays one." in together(seat.lines())
        await seat.press("enter")
        assert "4 steps open." in together(seat.lines())
        await seat.press("enter")
        assert "Say in the line below how that was." in together(seat.lines())
        await seat.type("call-back to the number on file", "enter")
        assert "3 steps open." in together(seat.lines())
        await _on(seat, "step:manager")
        await seat.press("enter")
        assert "Before it is open: The seat is freed here." in together(seat.lines())
        await _on(seat, f"seat:{activation.id}")
        await seat.press("enter", "enter")
        assert "2 steps open." in together(seat.lines())
        await _on(seat, "step:manager")
        await seat.press("enter")
        assert "1 step open." in together(seat.lines())
        await seat.press("enter")
        assert "Was that a mistake?" in together(seat.lines())
        await seat.press("enter")
        assert "2 steps open." in together(seat.lines())
        await _on(seat, f"seat:{activation.id}")
        await seat.press("enter")
        assert f"Seat {activation.id} is free." in together(seat.lines())
        await seat.press("escape")
        freed = next(each for each in record_of(seat).rows("activation") if each.id == activation.id)
        assert freed.text("status") == "released"
        await seat.press("x", "enter")
        assert "Close it unfinished?" in together(seat.lines())
        await seat.press("enter")
        assert "is closed." in together(seat.lines())


async def test_whose_work_they_are_not_is_offered_none(sit_down: SitDown) -> None:
    async with sit_down(BOTH[0]) as seat:
        await seat.sign_in("sales")
        await seat.press("n")
        await seat.type("caption", "enter")
        await seat.press("escape", "C")
        assert "C-2026-" in seat.text()
        assert "case.licence" not in {each.id for each in seat.desk_screen.commands()}
        before, stood = seat.newest, seat.lines()[1:]
        await seat.press("L")
        assert seat.lines()[1:] == stood
        assert seat.newest == before


def test_they_are_offered_to_those_whose_work_they_are() -> None:
    purpose = by_id("case.licence").purpose
    offered = {role for role in Role if matrix().role_in_force((role,), purpose, Act.CUSTOMER_SEARCH) is not None}
    assert offered == rules().roles
