"""Keys that come at once, as a paste or a slow line brings them: each finds what the ones before it lead to."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from textual import events

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.access import Access, Role
from staffdesk.domain.errors import BadInput
from staffdesk.domain.matters import CaseRow, NewCase
from staffdesk.domain.request_rows import RequestRow
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.review_months import MonthState
from staffdesk.services.sign_in import SignedIn
from staffdesk.tui import turns
from staffdesk.tui.app import DeskApp
from staffdesk.tui.screens.log_names import NamesDialog
from staffdesk.tui.screens.months import MonthsScreen
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.request import RequestScreen
from staffdesk.tui.screens.review import ReviewScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.screens.sign_in import SignInScreen
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.review_questions import a_month
from tests.tui.seat import SMALL, Seat, record_of
from tests.tui.stage import calm, put


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
        monkeypatch.setattr(turns, "_LONGEST", 0.5)
        await seat.press("enter", "y")
        assert seat.desk_screen.query_one(Field).value == ""
        await seat.pilot.pause(0.6)
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


async def test_what_is_typed_while_colleagues_are_looked_up_acts_among_them(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
            owner.exec_driver_sql("UPDATE person SET organisation_id = (SELECT min(id) FROM organisation)")
        opened, before = record_of(seat).customer, seat.newest
        _burst(seat, "c", "end", "enter")
        await seat.settle()
        assert record_of(seat).customer != opened
        acts = [act for act, _ in seat.acts(before)]
        assert acts == ["customer.search", "customer.listed", "customer.opened"]


async def test_what_is_typed_while_names_of_filters_are_read_acts_among_them(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("admin")
        _burst(seat, "n", "tab", *"mine", "x")
        await seat.settle()
        assert isinstance(seat.screen, NamesDialog)
        assert seat.screen.query_one(Field).value == "minex"


async def test_what_is_typed_while_a_list_is_read_acts_on_the_list_once_it_stands(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("admin")
        await a_month(seat)
        months, go = seat.app.desk.months.months, threading.Event()

        def slow(access: Access) -> tuple[MonthState, ...]:
            go.wait(5)
            return months(access)

        monkeypatch.setattr(seat.app.desk.months, "months", slow)
        _burst(seat, "W", "m", "x")
        await seat.pilot.pause(0.3)
        go.set()
        await seat.settle()
        assert isinstance(seat.screen, MonthsScreen)
        assert "for good?" in seat.text()
        go.clear()
        _burst(seat, "escape", "m", "escape")
        await seat.pilot.pause(0.2)
        go.set()
        await seat.settle()
        assert isinstance(seat.screen, ReviewScreen)


async def test_a_call_that_comes_while_a_request_is_read_becomes_the_case_in_hand(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        session = at.sign_in(Role.SUPPORT)
        await put(at, RequestScreen(stage.request_page(), stage.access()))
        await at.pilot.press("ctrl+n", *"caption", "enter")
        await calm(at.app, at.pilot)
        assert isinstance(at.app.screen, RequestScreen)
        assert session.case is not None
        assert f"{session.case.number} is in hand. S goes to the search." in stage.text(at)
