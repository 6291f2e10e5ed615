"""Why one looks: a number is looked up before it is taken, and what is none goes no further than its field.

Seen to fail: with the reference taken as it was typed.
"""

from __future__ import annotations

from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.widgets.field import Field
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, record_of, together


async def test_what_is_no_number_is_refused_where_it_is_typed_and_stays_nowhere(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S", "tab", "p")
        before = seat.newest
        await seat.type("4111 1111 1111 1111", "enter")
        assert isinstance(seat.screen, PurposeDialog)
        assert "✗" in seat.text()
        assert seat.desk_screen.query_one(Field).value == ""
        await seat.type("Anders Bo of Nordlys", "enter")
        assert "This is no number to refer to." in together(seat.lines())
        assert seat.app.session is not None
        assert seat.app.session.reference == ""
        await seat.press(*["backspace"] * 20)
        await seat.type("c-2026-1", "enter")
        assert "1 C-2026-0001 · support" in seat.lines()[0]
        assert "Every search is logged with the purpose above." in seat.text()
        assert seat.acts(before) == [("session.referred", "ok")]


async def test_a_number_like_our_own_that_is_none_is_taken_only_knowingly(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("p")
        await seat.type("C-2026-99999", "enter")
        assert "C-2026-99999 is no open case or request here." in together(seat.lines())
        await seat.press("escape")
        assert isinstance(seat.screen, PurposeDialog)
        assert seat.app.session is not None
        assert seat.app.session.reference == ""
        await seat.press("enter", "enter")
        assert seat.app.session.reference == "C-2026-99999"


async def test_the_top_line_says_which_call_one_is_in_and_that_another_waits(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        session = seat.app.session
        assert session is not None
        first = session.reference
        assert f"1 {first} · support" in seat.lines()[0]
        assert "waits" not in seat.lines()[0]
        await seat.press("p")
        await seat.type("T-1182", "enter")
        assert "2 T-1182 · support" in seat.lines()[0]
        assert "1 waits" in seat.lines()[0]
        await seat.press("ctrl+t")
        assert f"1 {first} · support" in seat.lines()[0]
        assert "2 waits" in seat.lines()[0]
        assert "● log" in seat.lines()[0]


async def test_the_search_beneath_a_record_whose_case_was_closed_asks_why_one_looks(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n")
        await seat.type("caption", "enter")
        await seat.type("Dupont", "enter")
        await seat.press("enter")
        record_of(seat)
        await seat.press("x", "enter", "escape")
        assert isinstance(seat.screen, SearchScreen)
        assert "with the number above" not in seat.text()
        assert "the purpose above" not in seat.text()
        assert "The first search asks why you look." in seat.text()


async def test_the_help_of_a_record_says_what_claimed_in_its_top_line_means(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await seat.press("f1")
        await seat.type("claimed")
        assert "Nothing here says so." not in seat.text()
        assert "by what you wrote down yourself" in together(seat.lines())
