"""A screen on its way out is told things still: by then its widgets are gone, and nothing comes of it.

Seen to fail: a screen locked, left or closed over before it was told that it was mounted, or resized, ended the desk.
"""

from __future__ import annotations

from textual import events
from textual.widgets import Static

from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.help import HelpScreen
from staffdesk.tui.screens.locked import LockedScreen
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.staff import StaffScreen
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL


async def test_an_entry_left_before_it_was_laid_out_ends_nothing(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("admin")
        await seat.press("enter")
        going = seat.screen
        assert isinstance(going, EntryScreen)
        await going.query(Static).remove()
        going.on_resize()
        await seat.settle()
        await seat.press("escape")
        assert "entries" in seat.text().casefold()


async def test_what_reaches_a_screen_that_is_gone_ends_nothing(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("admin")
        await seat.press("U")
        going = seat.screen
        assert isinstance(going, StaffScreen)
        await seat.press("A")
        assert going not in seat.app.screen_stack
        await going._dispatch_message(events.Mount())
        await seat.settle()
        assert seat.app.session is not None


async def test_whoever_closes_the_case_in_hand_and_goes_on_down_the_list_goes_on(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n", *"caption", "enter", "f5")
        assert isinstance(seat.screen, CasesScreen)
        await seat.press("x", *"done", "enter")
        assert isinstance(seat.screen, CasesScreen)
        assert "case.closed" in [act for act, _ in seat.acts()]
        await seat.press("j", "k", "pagedown")
        assert seat.screen.query_one(Rows).current


async def test_a_key_that_moves_where_the_help_found_nothing_moves_nothing(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("f1", *"qqzz", "down", "pageup", "enter")
        assert "Nothing here says so." in seat.text()


async def test_a_dialog_that_is_gone_takes_no_other_screen_with_it(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("f1")
        going = seat.screen
        assert isinstance(going, HelpScreen)
        await seat.press("ctrl+l")
        going.dismiss("case.new")
        going.dismiss("case.new")
        await seat.settle()
        assert isinstance(seat.screen, LockedScreen)


async def test_a_dialog_answered_under_another_screen_goes_and_takes_that_one_along(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n")
        answered = seat.screen
        assert isinstance(answered, NewCaseDialog)
        await seat.press("f1")
        assert isinstance(seat.screen, HelpScreen)
        answered.dismiss(None)
        await seat.settle()
        assert isinstance(seat.screen, CasesScreen)
        assert answered not in seat.app.screen_stack
