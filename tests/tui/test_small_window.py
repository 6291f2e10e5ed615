"""A window in which nothing could be read shows one sentence and nothing of what lies beneath."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

from staffdesk.domain.errors import StorageUnavailable
from staffdesk.tui.screens.locked import LockedScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, record_of, together

_SENTENCE = "Make the window at least 60×20 (now 48×18)."  # noqa: RUF001 - as it is shown
_TOO_SMALL = (48, 18)
_LEAST = (60, 20)

_P = ParamSpec("_P")
_R = TypeVar("_R")


async def _resize(seat: Seat, size: tuple[int, int]) -> None:
    await seat.pilot.resize_terminal(*size)
    await seat.pilot.pause(0.1)


def _held(job: Callable[_P, _R], go: threading.Event) -> Callable[_P, _R]:
    """Return ``job``, whose answer is on its way until ``go`` is set."""

    def held(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        answer = job(*args, **kwargs)
        assert go.wait(30)
        return answer

    return held


async def test_a_window_too_small_says_which_size_is_needed(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await _resize(seat, _TOO_SMALL)
        assert _SENTENCE in together(seat.lines())
        await _resize(seat, SMALL)
        assert "Sign in" in seat.text()


async def test_an_answer_that_comes_while_the_window_is_too_small_ends_its_own_dialog(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        go = threading.Event()
        monkeypatch.setattr(seat.app.desk.cases, "open", _held(seat.app.desk.cases.open, go))
        await seat.press("ctrl+n")
        await seat.pilot.press(*"caption", "enter")
        await _resize(seat, _TOO_SMALL)
        go.set()
        await seat.settle()
        assert together(seat.lines()) == _SENTENCE
        await seat.press("escape")
        await _resize(seat, SMALL)
        assert isinstance(seat.screen, SearchScreen), "the case is in hand: who called is looked for next"
        assert seat.app.session is not None
        assert seat.app.session.case is not None
        assert seat.app.session.case.number in seat.text()
        assert len(seat.app.screen_stack) == 2
        await seat.press("escape")
        assert "My open cases" in seat.text()


async def test_a_record_that_opens_while_the_window_is_too_small_shows_nothing_before_it_is_large_enough(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        go = threading.Event()
        monkeypatch.setattr(seat.app.desk.gateway, "open", _held(seat.app.desk.gateway.open, go))
        await seat.pilot.press("enter")
        await _resize(seat, _TOO_SMALL)
        go.set()
        await seat.settle()
        assert together(seat.lines()) == _SENTENCE
        await _resize(seat, SMALL)
        assert record_of(seat).rows("person")[0].text("family_name") in seat.text()
        await seat.press("escape")
        assert "My open cases" in seat.text()
        assert len(seat.app.screen_stack) == 2


@pytest.mark.parametrize("size", [(59, 24), (80, 19), (20, 5)])
async def test_in_a_window_too_small_nothing_of_a_record_or_a_dialog_over_it_stands(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "ctrl+n")
        await seat.type("Movie")
        focused = seat.desk_screen.focused
        await _resize(seat, size)
        shown = together(seat.lines())
        assert shown.startswith("Make the window at least 60")
        assert "Movie" not in shown
        await _resize(seat, SMALL)
        assert "Movie" in seat.text()
        assert seat.desk_screen.focused is focused


def _outside(seat: Seat) -> list[str]:
    """Return the frames that do not end within the window."""
    return [line for line in seat.lines() if line.count("╭") != line.count("╮") or line.count("╰") != line.count("╯")]


async def test_in_the_smallest_window_everything_has_its_place(sit_down: SitDown) -> None:
    async with sit_down(_LEAST) as seat:
        for account in seat.demo.accounts:
            assert account.user in seat.text()
        assert "Privacy policy: October 2024" in together(seat.lines()[:-2])
        assert _outside(seat) == []
        await seat.sign_in("support")
        assert "C-2026-" in seat.text()
        assert "Opened" in seat.text()
        assert _outside(seat) == []
        await seat.press("ctrl+p")
        assert _outside(seat) == []
        await seat.press("escape", "p")
        assert _outside(seat) == []
        await seat.press("escape", "S")
        assert "an e-mail address or an order number. Nothing is read" in together(seat.lines())
        await seat.press("ctrl+n", "tab", "tab", "tab")
        summary = seat.desk_screen.query_one("#summary", Field)
        assert summary.has_focus
        await seat.type("no seat left")
        assert "no seat left" in seat.text()
        assert _outside(seat) == []


async def test_in_the_smallest_window_the_log_names_act_and_customer(sit_down: SitDown) -> None:
    async with sit_down(_LEAST) as seat:
        await seat.sign_in("admin")
        assert "session.signed_in" in seat.text()
        assert any("when " in line and line.rstrip("│ ").endswith("whom") for line in seat.lines())
        rows = seat.desk_screen.query_one("#entries", Rows)
        head, *entries = rows._shown
        rows.put([head, *entries, *entries])
        await seat.press("G")
        assert rows.scroll_y > 0
        assert any("when " in line and line.rstrip("│ ").endswith("whom") for line in seat.lines())
        assert _outside(seat) == []
        sentence = "The desk's database cannot be opened: the key file does not fit it, or the file is damaged."
        hint = "Put the right key file in place, or restore a backup into a new home: staffdesk restore FILE --home DIR"
        seat.desk_screen.failed(StorageUnavailable(sentence, hint))
        await seat.settle()
        assert f"✗ {sentence} {hint}" in together(seat.lines())


async def test_in_a_window_too_small_keys_do_nothing_unseen_but_lock(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = seat.newest
        await _resize(seat, _TOO_SMALL)
        await seat.press("w", "y", "v", "escape", "S")
        assert seat.newest == before
        await seat.press("ctrl+l")
        assert seat.acts(before) == [("session.locked", "ok")]
        assert isinstance(seat.screen, LockedScreen)
