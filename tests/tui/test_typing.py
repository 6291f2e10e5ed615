"""What the search says while somebody types: a count after a pause, few rows by themselves, the word that was meant.

Seen to fail: with the count taken before a purpose was said, with the focus moved to rows that came by themselves, and
with the offered line answered by nothing; with a search going on whose text was typed over.
"""

from __future__ import annotations

import time

import pytest
from textual.worker import Worker

from staffdesk.data.deadline import Deadline
from staffdesk.data.sqlite import queued
from staffdesk.tui.screens import search
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, together


@pytest.fixture(autouse=True)
def short_pause(nobody_pauses: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del nobody_pauses
    monkeypatch.setattr(search, "typing_pause", lambda: 0.1)


async def pause(seat: Seat) -> None:
    await seat.pilot.pause(0.15)
    await seat.settle()


async def test_words_are_counted_after_a_pause_and_rows_come_by_themselves_where_few_are_left(
    sit_down: SitDown,
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        before = seat.newest
        await seat.type("ltd")
        await pause(seat)
        assert seat.acts(before)[-1] == ("customer.search", "ok")
        assert " people match" in seat.lines()[-3]
        assert "Enter lists the first of them" in together(seat.lines())
        before = seat.newest
        await seat.type("xylo")
        await pause(seat)
        assert "none match" in seat.lines()[-3]
        await seat.press(*["backspace"] * 7)
        await seat.type("dupont elodie")
        await pause(seat)
        assert seat.acts(before)[-1] == ("customer.listed", "ok")
        assert "Dupont" in seat.text()
        assert isinstance(seat.desk_screen.focused, Field)
        before = seat.newest
        await seat.press("enter")
        assert isinstance(seat.desk_screen.focused, Rows)
        assert seat.newest == before, "what is listed already is not asked for again"


async def test_one_letter_more_is_asked_for_where_the_count_would_stand(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        before = seat.newest
        await seat.type("li")
        await pause(seat)
        assert "One more letter." in seat.text()
        assert "✗" not in seat.text()
        assert seat.newest == before


async def test_the_word_that_was_meant_is_searched_for_by_one_key(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("duopnt", "enter")
        assert "Did you mean “dupont”?" in seat.text()
        await seat.press("enter")
        assert "Élodie Dupont" in seat.text()
        assert seat.desk_screen.query_one(Field).value == "dupont"


async def test_a_search_whose_text_is_no_longer_there_ends_before_its_time(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for somebody else's writing to end; a letter more, and it waits no longer."""
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        before = seat.newest
        with queued(seat.home.database_file, Deadline(1)):
            await seat.pilot.press(*"dupon")
            while not (asking := _asking(seat)):
                await seat.pilot.pause(0.01)
            began = time.monotonic()
            monkeypatch.setattr(search, "typing_pause", lambda: 1.0)  # what is asked next would take its place
            await seat.pilot.press("t")
            while not asking[0].is_finished:
                await seat.pilot.pause(0.01)
            assert time.monotonic() - began < 0.5
            assert seat.newest == before
            assert "✗" not in seat.text()
        await seat.press("enter")
        assert seat.acts(before)[0] == ("customer.search", "ok")
        assert "Dupont" in seat.text()


def _asking(seat: Seat) -> list[Worker[object]]:
    return [each for each in seat.app.workers if each.group == "service" and not each.is_finished]


async def test_without_a_purpose_nothing_is_counted(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        before = seat.newest
        await seat.type("dupont")
        await pause(seat)
        assert seat.newest == before


async def test_what_the_role_may_not_list_is_refused_while_typing_as_at_enter(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        await seat.type("dupont", "enter", "enter")
        assert "Dupont" in seat.text()
        await seat.press("slash")
        await seat.type(" in:licences")
        await pause(seat)
        assert "Sales does not list licences." in together(seat.lines())
        assert "Dupont" not in seat.text()
