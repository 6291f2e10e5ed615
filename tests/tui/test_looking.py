"""A call from the case to the revealed value: what is shown, what is logged first, and what if it cannot be."""

from __future__ import annotations

import pytest
from textual import events

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.records import Page
from staffdesk.tui.idle import now
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, LARGE, SMALL, record_of, stand_on_a_masked_value, together


@pytest.mark.parametrize("size", BOTH)
async def test_nothing_is_read_before_enter_and_the_first_search_asks_why(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        before = seat.newest
        await seat.type("anna@")
        assert seat.newest == before
        await seat.press("enter")
        assert "Why do you look?" in seat.text()
        assert seat.newest == before
        await seat.press("enter")
        assert [act for act, _ in seat.acts(before)][:2] == ["customer.search", "customer.listed"]


@pytest.mark.parametrize("size", BOTH)
async def test_a_case_in_hand_leads_to_its_customer_with_two_keys(sit_down: SitDown, size: tuple[int, int]) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        record = record_of(seat)
        assert record.purpose == "support"
        assert record.reference in seat.lines()[0]
        assert "✓ verified" in seat.lines()[0] or "claimed" in seat.lines()[0]
        assert seat.acts()[-1] == ("customer.opened", "ok")


async def test_one_more_letter_is_asked_for_and_nothing_else_happens(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("an", "enter")
        assert "One more letter." in together(seat.lines())
        assert "Nothing is shown." in seat.text()


async def test_who_does_not_search_by_names_is_not_told_to_type_one(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("finance")
        assert "Finance searches by company, order number, invoice number." in together(seat.lines())
        assert "Type a name" not in seat.text()


async def test_what_matches_nothing_says_so(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("xyzzyplugh", "enter")
        assert "No match for “xyzzyplugh”." in seat.text()


async def test_an_answer_that_comes_after_the_next_key_is_dropped(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("xyzzyplugh")
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            await seat.pilot.press("enter")
            await seat.pilot.press("z")
            connection.exec_driver_sql("ROLLBACK")
        await seat.settle()
        assert seat.desk_screen.query_one(Field).value == "xyzzyplughz"
        assert "No match" not in seat.text()
        assert ("customer.listed", "ok") not in seat.acts()


@pytest.mark.parametrize("size", BOTH)
async def test_a_value_is_revealed_for_a_while_under_an_entry_of_its_own(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await stand_on_a_masked_value(seat)
        before = seat.newest
        await seat.press("v")
        assert seat.acts(before) == [("customer.revealed", "ok")]
        assert "● shown" in seat.text()
        await seat.press("V")
        assert "● shown" not in seat.text()


async def test_a_shown_value_hides_again_when_its_time_is_over(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await stand_on_a_masked_value(seat)
        await seat.press("v")
        assert "● shown" in seat.text()
        later = now() + 121
        monkeypatch.setattr("staffdesk.tui.record.sight.now", lambda: later)
        await seat.pilot.pause(1.2)
        assert "● shown" not in seat.text()


async def test_a_copy_goes_to_the_terminal_only_after_its_entry(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = seat.newest
        await seat.press("down", "y")
        assert seat.acts(before) == [("customer.copied", "ok")]
        assert "clipboard" in seat.text()


async def test_what_the_role_may_not_see_is_not_revealed_and_nothing_is_asked(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        pane = seat.desk_screen.focused
        assert isinstance(pane, Rows)
        street = next(
            cell.key for row in record_of(seat).rows("person") for name, cell in row.cells.items() if name == "street"
        )
        pane.go_to(street)
        before = seat.newest
        await seat.press("v")
        assert seat.newest == before
        assert "support does not see this." in seat.text()


async def test_who_looked_is_read_on_demand_and_is_an_entry(sit_down: SitDown) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = seat.newest
        assert "reads who looked" in seat.text()
        await seat.press("w")
        assert seat.acts(before) == [("customer.history", "ok")]
        assert "opened" in seat.text()


async def test_why_he_gets_news_is_said_on_demand_and_is_an_entry(sit_down: SitDown) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = seat.newest
        await seat.press("h")
        assert seat.acts(before) == [("customer.opened", "ok")]
        assert "Gets it" in seat.text()
        assert "Contact" in seat.text()


async def test_on_a_small_screen_why_he_gets_news_is_in_sight_whole(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "h")
        told = ("Why news", "Gets it", "Contact", "Ground", "Given on")
        assert [word for word in told if word not in seat.text()] == []


async def test_when_the_log_cannot_be_written_nothing_is_shown(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            connection.exec_driver_sql("ALTER TABLE entry RENAME TO entry_gone")
        await seat.type("vision", "enter")
        assert "✗" in seat.text()
        assert "Nothing is shown." in seat.text()
        assert "✗ log" in seat.lines()[0]
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            connection.exec_driver_sql("ALTER TABLE entry_gone RENAME TO entry")
        await seat.press("escape", "S")
        assert "✗ log" not in seat.lines()[0]


async def test_what_is_searched_for_is_what_stood_in_the_box_at_enter(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        searched: list[str] = []

        def search(_access: object, text: str, _deadline: object) -> Page:
            searched.append(text)
            return Page(())

        monkeypatch.setattr(seat.app.desk.gateway, "search", search)
        box = seat.desk_screen.query_one(Field)
        box.post_message(Field.Submitted(box, "vision"))
        box.value = "visionmore"
        await seat.settle()
        assert searched == ["vision"]


async def test_the_purpose_asked_for_first_leads_to_the_search_that_was_entered(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        for key in ("x", "y", "z", "z", "y", "enter"):
            seat.app.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        await seat.settle()
        assert "Why do you look?" in seat.text()
        await seat.press("enter")
        assert "No match for “xyzzy”." in seat.text()
