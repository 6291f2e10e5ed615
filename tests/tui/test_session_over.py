"""A session that is over leads to the sign-in with its sentence, wherever it is found out; leaving is no incident."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.worker import WorkerCancelled

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.errors import SessionEnded
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.sign_in import SignInScreen
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import LARGE, SMALL, Seat, record_of, together
from tests.tui.terminal import desk_in_terminal

_HOUR = 3_600_000


def _write(seat: Seat, change: str) -> None:
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
        connection.exec_driver_sql(change)


_ENDED = "UPDATE session SET ended_at = 1, end_reason = 'by hand' WHERE ended_at IS NULL"
_TOO_OLD = f"UPDATE session SET started_at = started_at - {11 * _HOUR} WHERE ended_at IS NULL"


@pytest.mark.parametrize("change", [_ENDED, _TOO_OLD], ids=["ended", "too-old"])
async def test_with_a_record_open_it_leads_to_the_sign_in(sit_down: SitDown, change: str) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        name = record_of(seat).rows("person")[0].text("family_name")
        _write(seat, change)
        seat.app.sentinel.pulse()
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        assert isinstance(seat.screen, SignInScreen)
        assert "Your session has ended. Sign in again." in together(seat.lines())
        assert name not in seat.text()


@pytest.mark.parametrize(
    ("change", "sentence"), [(_ENDED, "This session has ended."), (_TOO_OLD, "This session is too old.")]
)
async def test_the_next_look_of_an_open_record_finds_it_out_too(sit_down: SitDown, change: str, sentence: str) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        _write(seat, change)
        await seat.press("w")
        assert isinstance(seat.screen, SignInScreen)
        assert sentence in together(seat.lines())


class _Trap(DeskScreen[None], inherit_bindings=False):
    """A screen in which some handler finds that nobody is signed in."""

    PLACE = Place.CASES

    def __init__(self, where: str) -> None:
        super().__init__()
        self._where = where

    def compose(self) -> ComposeResult:
        yield Rows()
        self._fall("compose")

    def on_mount(self) -> None:
        self._fall("mount")
        if self._where == "timer":
            self.set_timer(0.01, self._fall)
        if self._where == "later":
            self.call_later(self._fall)
        if self._where == "refresh":
            self.call_after_refresh(self._fall)

    def on_screen_resume(self) -> None:
        self._fall("resume")

    def action_fall(self) -> None:
        self._fall()

    def _fall(self, where: str | None = None) -> None:
        if where in {None, self._where}:
            raise SessionEnded("This session is too old.", "Sign in again.")


@pytest.mark.parametrize("where", ["compose", "mount", "timer", "later", "refresh", "resume", "action", "answer"])
async def test_raised_in_any_handler_of_a_screen_it_is_no_incident(sit_down: SitDown, where: str) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        trap = _Trap(where)
        seat.app.push_screen(trap)
        await seat.settle()
        if where == "action":
            seat.app.call_later(trap.run_action, "fall")
        if where == "answer":
            trap.ask(lambda: None, lambda _done: trap.action_fall())
        await seat.pilot.pause(0.1)
        await seat.settle()
        assert seat.app._incident is None
        assert isinstance(seat.screen, SignInScreen)
        assert "This session is too old. Sign in again." in together(seat.lines())
        await seat.sign_in("support")
        assert "My open cases" in seat.text()


@pytest.fixture
def accounts(home: Home, company: Demo, tmp_path: Path) -> Path:
    file = tmp_path / "accounts.json"
    listed = [{"user": each.user, "role": each.role.value, "password": each.password} for each in company.accounts]
    file.write_text(json.dumps({"home": str(home.config.parent), "accounts": listed}), encoding="utf-8")
    return file


@pytest.mark.parametrize("keys", ["\x11\r", "\x11S", "\x11\x11"])
def test_keys_behind_the_one_that_leaves_leave_no_incident(accounts: Path, home: Home, keys: str) -> None:
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases", "C-2026-")
        tty.send(keys)
        assert tty.end() == 0
    assert not (home.data / "incidents.log").exists()


async def test_a_crash_on_the_way_out_keeps_its_return_code(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        asked, go = threading.Event(), threading.Event()
        sign_out: Callable[[str, str], None] = seat.app.desk.sign_in.sign_out

        def slow(sid: str, reason: str) -> None:
            asked.set()
            assert go.wait(30)
            sign_out(sid, reason)

        monkeypatch.setattr(seat.app.desk.sign_in, "sign_out", slow)
        seat.app.action_leave()
        await seat.pilot.pause(0.1)
        assert asked.is_set()
        seat.app._stop_for(ValueError())
        go.set()
        with suppress(WorkerCancelled):
            await seat.app.workers.wait_for_complete()
    assert seat.app.return_code == 1


async def test_a_screen_that_is_going_asks_for_nothing_in_the_name_of_nobody(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        assert isinstance(seat.screen, RecordScreen)
        before = seat.newest
        seat.app.session_over(SessionEnded("Your session has ended.", "Sign in again."))
        await seat.settle()
        assert seat.newest == before
