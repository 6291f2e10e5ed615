"""The database lost and found again, and a session ended elsewhere: no key is needed to see it."""

from __future__ import annotations

import re
import time

import pytest

from staffdesk.domain.errors import StorageUnavailable
from staffdesk.tui.screens.sign_in import SignInScreen
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, record_of, together
from tests.tui.test_session_over import _ENDED, _write


async def _until(seat: Seat, text: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while text not in together(seat.lines()):
        assert time.monotonic() < end, seat.text()
        await seat.pilot.pause(0.1)


@pytest.mark.parametrize("dialog", [False, True], ids=["record", "dialog"])
async def test_what_is_seen_is_hidden_while_the_database_is_lost_and_comes_back_by_itself(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, dialog: bool
) -> None:
    monkeypatch.setattr("staffdesk.tui.sentinel._RETRY", 0.2)
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        name = record_of(seat).rows("person")[0].text("family_name")
        if dialog:
            await seat.press("ctrl+n")
        with monkeypatch.context() as away:
            away.setattr(seat.app.desk.sign_in, "still_valid", _lost)
            seat.app.sentinel.pulse()
            await _until(seat, "Retrying every 5 s; what you see is hidden.", 5)
            assert re.search(r"✗ Lost the database at \d\d:\d\d\.", together(seat.lines()))
            await seat.press("down")
            assert name not in seat.text()
        await _until(seat, "✓ Back since", 5)
        assert name in seat.text() or dialog
        if dialog:
            await seat.press("escape")
            assert name in seat.text()


def _lost(_sid: str) -> bool:
    raise StorageUnavailable("The database cannot be reached.", "Try again.")


@pytest.mark.parametrize("dialog", [False, True], ids=["record", "dialog"])
async def test_a_session_ended_elsewhere_is_gone_from_the_screen_within_ten_seconds_without_a_key(
    sit_down: SitDown, dialog: bool
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        name = record_of(seat).rows("person")[0].text("family_name")
        if dialog:
            await seat.press("d")
        _write(seat, _ENDED)
        await _until(seat, "Your session has ended. Sign in again.", 10)
        assert isinstance(seat.screen, SignInScreen)
        assert name not in seat.text()


async def test_rows_and_boxes_stay_where_they_are_when_an_answer_arrives(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = _places(seat)
        await seat.press("down", "down", "down", "v", "V")
        assert _places(seat) == before
        await seat.press("S")
        before = _places(seat)
        await seat.type("media", "enter")
        assert _places(seat) == before
        await seat.press("R")
        before = _places(seat)
        await seat.press("r")
        assert _places(seat) == before


def _places(seat: Seat) -> dict[str, int]:
    return {each.id: each.region.y for each in seat.screen.query("Rows, .box") if each.id and each.region.area}
