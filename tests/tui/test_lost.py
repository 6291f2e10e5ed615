"""The database lost and found again, and a session ended elsewhere: no key is needed to see it.

The file is moved away, the server killed, for real. Seen to fail: with a key that takes back that it is lost.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from pathlib import Path

import pytest

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.access import Purpose, RecordKind
from staffdesk.domain.errors import SessionEnded
from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home
from staffdesk.tui.opening import open_record
from staffdesk.tui.screens.sign_in import SignInScreen
from tests.demos import cheap_passwords
from tests.own_server import server_of_its_own
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, record_of, seat_at, together
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
        file, away = seat.home.database_file, seat.home.database_file.with_name("away.db")
        file.rename(away)
        seat.app.sentinel.pulse()
        await _until(seat, "Retrying every 5 s; what you see is hidden.", 5)
        assert re.search(r"✗ Lost the database at \d\d:\d\d\.", together(seat.lines()))
        await seat.press("down")
        assert name not in seat.text()
        assert "✗ Lost the database at" in together(seat.lines())
        away.rename(file)
        await _until(seat, "✓ Back since", 5)
        assert name in seat.text() or dialog
        if dialog:
            await seat.press("escape")
            assert name in seat.text()


async def test_a_list_of_numbers_is_not_said_to_be_hidden_and_the_log_is_said_to_be_lost(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: with the words for hidden values, and with the sign of a log that lives."""
    monkeypatch.setattr("staffdesk.tui.sentinel._RETRY", 0.2)
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        (case,) = set(re.findall(r"C-2026-\d{4}", seat.text()))
        file, away = seat.home.database_file, seat.home.database_file.with_name("away.db")
        file.rename(away)
        seat.app.sentinel.pulse()
        await _until(seat, "Retrying every 5 s; what you see is from before.", 5)
        assert case in seat.text()
        assert "✗ log lost" in seat.lines()[0]
        assert "●" not in seat.lines()[0]
        await seat.press("ctrl+n")
        await seat.type("caption", "enter")
        said = together(seat.lines())
        assert "database file, desk.db, is missing. Put it back into the data folder" in said
        assert "staffdesk init" not in said
        await seat.press("escape")
        away.rename(file)
        await _until(seat, "✓ Back since", 5)
        assert re.search(r"● log \d", seat.lines()[0])


async def test_an_act_that_fails_late_does_not_leave_a_log_that_is_back_said_to_be_lost(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: with the sign of a lost log left until the next act."""
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        tried, back = threading.Event(), threading.Event()
        history = seat.app.desk.gateway.history

        def late(*args: object) -> object:
            try:
                return history(*args)  # type: ignore[arg-type] # handed on as they are
            finally:
                tried.set()
                assert back.wait(30)

        monkeypatch.setattr(seat.app.desk.gateway, "history", late)
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
            owner.exec_driver_sql("BEGIN IMMEDIATE")
            await seat.pilot.press("w")
            while not tried.is_set():
                await seat.pilot.pause(0.05)
            owner.exec_driver_sql("ROLLBACK")
        before = seat.newest
        back.set()
        await _until(seat, "Nothing was shown", 5)
        await _until(seat, "● log", 5)
        assert "● log" in seat.lines()[0]
        assert seat.newest == before


async def test_another_file_in_the_place_of_the_database_is_no_longer_the_one_that_was_signed_in_to(
    sit_down: SitDown, company: Demo
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        name = record_of(seat).rows("person")[0].text("family_name")
        file = seat.home.database_file
        file.rename(file.with_name("away.db"))
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        shutil.copy(company.home.database_file, file)
        before = seat.newest
        await seat.press("w")
        await _until(seat, "Your session has ended. Sign in again.", 10)
        assert name not in seat.text()
        assert seat.newest == before


@pytest.mark.long
async def test_a_server_that_is_killed_hides_what_is_seen_and_is_found_again_by_itself(tmp_path: Path) -> None:
    home = Home.locate(tmp_path / "team", {})
    with server_of_its_own() as server, cheap_passwords():
        demo = make_demo(home, people=3, seed=1, database_url=server.url)
        async with seat_at(home, demo, SMALL) as seat:
            await seat.sign_in("support")
            assert seat.app.session is not None
            seat.app.session.work_for(Purpose.SUPPORT, demo.case)
            open_record(seat.desk_screen, RecordKind.PERSON, demo.person)
            await seat.settle()
            name = record_of(seat).rows("person")[0].text("family_name")
            assert name in seat.text()
            server.kill()
            await _until(seat, "Lost the database at", 10)
            assert name not in seat.text()
            server.start()
            await _until(seat, "✓ Back since", 10)
            assert name in seat.text()
            before = seat.app.session.seq
            await seat.press("w")
            assert "looked" in seat.text()
            assert seat.app.session.seq > before


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
        seat.app.session_over(SessionEnded("Your session has ended.", "Sign in again."))
        await seat.settle()
        await seat.sign_in("admin")
        for place, keys in {"A": ("o", "b"), "U": ("enter", "j", "enter"), "O": ("o", "b"), "R": ("r",)}.items():
            await seat.press(place)
            before = _places(seat)
            for key in keys:
                await seat.press(key)
                assert (place, key, _places(seat)) == (place, key, before)


def _places(seat: Seat) -> dict[str, int]:
    return {each.id: each.region.y for each in seat.screen.query("Rows, .box") if each.id and each.region.area}
