"""Keys that come at once, as a paste or a slow line brings them: each finds what the ones before it lead to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from staffdesk.domain.access import Access
from staffdesk.domain.errors import BadInput
from staffdesk.domain.matters import CaseRow, NewCase, RequestRow
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.sign_in import SignedIn
from staffdesk.tui.app import DeskApp
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.screens.sign_in import SignInScreen
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, record_of
from tests.tui.terminal import Terminal, terminal

PROGRAM = str(Path(__file__).with_name("desk_in_pty.py"))
_NEW_CASE = "\x0e"


@pytest.fixture
def accounts(home: Home, company: Demo, tmp_path: Path) -> Path:
    return _listed(home, company, tmp_path, demo=True)


@pytest.fixture
def no_accounts(home: Home, company: Demo, tmp_path: Path) -> Path:
    return _listed(home, company, tmp_path, demo=False)


def _listed(home: Home, company: Demo, folder: Path, *, demo: bool) -> Path:
    file = folder / "accounts.json"
    listed = [{"user": each.user, "role": each.role.value, "password": each.password} for each in company.accounts]
    file.write_text(json.dumps({"home": str(home.config.parent), "accounts": listed if demo else []}))
    return file


def test_a_password_typed_in_one_burst_behind_the_user_name_does_not_land_beside_it(
    no_accounts: Path, company: Demo
) -> None:
    account = next(each for each in company.accounts if each.role == "admin")
    with terminal(PROGRAM, str(no_accounts)) as tty:
        tty.wait_for("User name")
        for _ in range(5):
            tty.send(f"{account.user}\r{account.password[:8]}")
            tty.wait_for("•" * 8)
            assert account.password[:4] not in tty.text()
            tty.send("\x15\x1b[Z\x15")  # back to an empty form
            _gone(tty, account.user)
        tty.send(f"{account.user}\r{account.password}\r")
        tty.wait_for("Reading the log is itself an entry.")


def _gone(tty: Terminal, text: str) -> None:
    for _ in range(100):
        tty.read(0.05)
        if text not in tty.text():
            return
    raise AssertionError(tty.text())


def test_what_is_typed_behind_the_key_of_a_dialog_is_in_the_dialog(accounts: Path) -> None:
    with terminal(PROGRAM, str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases", "C-2026-")
        for n in range(10):
            tty.send(f"{_NEW_CASE}Movie{n}\tZephyrine")
            tty.wait_for(f"Movie{n}", "Zephyrine")
            tty.send("\x1b")
            _gone(tty, "Zephyrine")
        tty.send("pC-2026-0777")
        tty.wait_for("Why do you look?", "C-2026-0777")
        tty.send("\x1b")
        _gone(tty, "Why do you look?")
        tty.send("S")
        tty.wait_for("Type a name")
        for n in range(5):
            tty.send(f"{_NEW_CASE}other: Movie{n}\rnord{n}")
            tty.wait_for("Results", f"nord{n} ")
            tty.send("\x7f" * 5)
            _gone(tty, f"nord{n} ")


def test_what_is_typed_behind_the_key_of_another_screen_is_in_its_box(accounts: Path) -> None:
    with terminal(PROGRAM, str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases", "C-2026-")
        for _ in range(5):
            tty.send("Snord pine")
            tty.wait_for("nord pine", "Nothing is read until you press Enter.")
            tty.send("\x1b")
            tty.wait_for("My open cases")


async def test_a_key_behind_the_one_that_changes_the_screen_acts_on_the_next_one(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        for key in ("S", "n", "o", "r", "d"):
            seat.app.post_message(events.Key(key, key))
        await seat.settle()
        assert seat.desk_screen.query_one(Field).value == "nord"


def _burst(seat: Seat, *keys: str) -> None:
    """Send keys as a slow line does: all at once, none waiting for what the one before leads to."""
    for key in keys:
        seat.app.post_message(events.Key(key, key if len(key) == 1 else {"enter": "\r"}.get(key)))


async def test_what_is_typed_behind_the_enter_of_a_dialog_reaches_the_box_beneath(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        _burst(seat, "ctrl+n", *"caption", "enter", *"nord")
        await seat.settle()
        assert seat.app.session is not None
        assert seat.app.session.case is not None
        assert seat.desk_screen.query_one(Field).value == "nord"


async def test_a_text_and_two_enters_search_and_open_the_first_row(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        name = record_of(seat).title
        await seat.press("S")
        before = seat.newest
        _burst(seat, *name, "enter", "enter")
        await seat.settle()
        assert record_of(seat).title == name
        acts = [act for act, _ in seat.acts(before)]
        assert acts == ["customer.search", "customer.listed", "customer.opened"]


async def test_the_purpose_asked_for_and_what_is_typed_behind_it_all_take_their_turn(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        _burst(seat, *"gmbh", "enter", "enter", "end")
        await seat.settle()
        rows = seat.desk_screen.query_one(Rows)
        assert rows.count > 1
        assert rows.has_focus
        assert rows._at == rows.count - 1


async def test_while_an_answer_is_awaited_escape_acts_at_once_and_letters_wait(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        _, go = _slow(seat, monkeypatch)
        await seat.press("S", "ctrl+n")
        await seat.pilot.press(*"caption", "enter")
        _burst(seat, "escape", "x")
        await seat.pilot.pause(0.2)
        assert isinstance(seat.screen, SearchScreen)
        assert seat.screen.query_one(Field).value == "x"
        await seat.pilot.press("ctrl+n", *"caption", "enter")
        _burst(seat, "y")
        await seat.pilot.pause(0.2)
        go.set()
        await seat.settle()
        assert seat.desk_screen.query_one(Field).value == "xy"


async def test_what_is_typed_behind_an_enter_that_was_refused_goes_nowhere(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        monkeypatch.setattr(seat.app.desk.cases, "open", _refuse)
        await seat.press("S")
        _burst(seat, "ctrl+n", *"caption", "enter", *"nord")
        await seat.settle()
        assert seat.desk_screen.query_one("#product", Field).value == "caption"


def _refuse(_access: Access, _new: NewCase) -> CaseRow:
    raise BadInput("This is refused.", "Try another one.")


async def test_a_turn_whose_end_never_comes_holds_no_key_for_long(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        monkeypatch.setattr(DeskApp, "end_turn", _never)
        await seat.press("enter", "y")
        assert seat.desk_screen.query_one(Field).value == ""
        await seat.pilot.pause(1.1)
        await seat.press("z")
        assert seat.desk_screen.query_one(Field).value == "yz"


async def _never(_app: DeskApp, _number: int) -> None:
    """End nothing."""


async def test_keys_that_wait_when_the_desk_locks_are_not_typed_into_the_password(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        monkeypatch.setattr(DeskApp, "end_turn", _never)
        for key in ("enter", "a", "b"):
            seat.app.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        seat.app.call_later(seat.app.action_lock)
        await seat.settle()
        assert "Locked" in seat.text()
        assert "•" not in seat.text()


async def test_the_letter_of_a_demo_account_pressed_three_times_begins_one_session(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        go = threading.Event()
        sign_in: Callable[..., SignedIn] = seat.app.desk_coming.result().sign_in.sign_in

        def slow(*args: str) -> SignedIn:
            assert go.wait(30)
            return sign_in(*args)

        monkeypatch.setattr(seat.app.desk.sign_in, "sign_in", slow)
        for _ in range(3):
            await seat.pilot.press("s")
            await seat.pilot.pause(0.05)
        go.set()
        await seat.settle()
        assert "My open cases" in seat.text()
        assert [act for act, _ in seat.acts()].count("session.signed_in") == 1


async def test_help_on_the_sign_in_screen_is_left_with_escape(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.press("f1")
        assert "Type your user name" in seat.text()
        await seat.press("escape")
        assert isinstance(seat.screen, SignInScreen)
        await seat.press("escape")
        assert isinstance(seat.screen, SignInScreen)


def _slow(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> tuple[list[NewCase], threading.Event]:
    """Let a case take until the event is set; return what was asked for."""
    opened: list[NewCase] = []
    go = threading.Event()

    def open_case(_access: Access, new: NewCase) -> CaseRow:
        opened.append(new)
        assert go.wait(30)
        return stage.cases()[0]

    monkeypatch.setattr(seat.app.desk.cases, "open", open_case)
    return opened, go


async def test_enter_pressed_twice_opens_one_case(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        opened, go = _slow(seat, monkeypatch)
        await seat.press("ctrl+n")
        await seat.pilot.press(*"caption", "enter", "enter")
        go.set()
        await seat.settle()
        assert len(opened) == 1
        assert not isinstance(seat.screen, NewCaseDialog)


async def test_enter_pressed_twice_starts_one_request(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "d")
        received: list[object] = []
        go = threading.Event()
        receive: Callable[..., RequestRow] = seat.app.desk.requests.receive

        def slow(*args: object, **kwargs: object) -> RequestRow:
            received.append(args)
            assert go.wait(30)
            return receive(*args, **kwargs)

        monkeypatch.setattr(seat.app.desk.requests, "receive", slow)
        await seat.pilot.press("enter", "enter", "enter")
        go.set()
        await seat.settle()
        assert len(received) == 1
        assert "! Deletion asked · DSR-" in seat.text()
