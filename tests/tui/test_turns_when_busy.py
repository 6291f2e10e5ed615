"""Keys that come at once on a busy machine, where each part of the desk takes its messages later than it might."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest
from textual import events
from textual.message import Message
from textual.message_pump import MessagePump

from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat

_LATE = (0.0, 0.002, 0.01)
_PATIENCE = 2_000
"""So many times a hundredth of a second is looked for what the keys lead to."""


@pytest.fixture(params=[1, 2])
def busy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes the machine a busy one from then on."""
    chance = random.Random(request.param)  # noqa: S311 - not a secret: the same delays in every run
    take = MessagePump._dispatch_message

    async def later(pump: MessagePump, message: Message) -> None:
        if chance.random() < 0.5:
            await asyncio.sleep(chance.choice(_LATE))
        await take(pump, message)

    return lambda: monkeypatch.setattr(MessagePump, "_dispatch_message", later)


async def _all_at_once(seat: Seat, keys: list[str], leads_there: Callable[[], bool]) -> bool:
    for key in keys:
        seat.app.post_message(events.Key(key, key if len(key) == 1 else {"enter": "\r"}.get(key)))
    for _ in range(_PATIENCE):
        if leads_there():
            return True
        await seat.pilot.pause(0.01)
    return False


async def test_a_key_behind_the_answer_to_a_question_acts_on_what_the_answer_leads_to(
    sit_down: SitDown, busy: Callable[[], None]
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        search = seat.desk_screen
        assert isinstance(search, SearchScreen)
        rows = search.query_one(Rows)
        busy()
        assert await _all_at_once(
            seat, [*"gmbh", "enter", "enter", "end"], lambda: rows.count > 1 and rows._at == rows.count - 1
        )
        assert rows.has_focus


async def test_a_text_an_enter_and_another_open_the_row_that_was_found(
    sit_down: SitDown, busy: Callable[[], None]
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        before = seat.newest
        busy()
        assert await _all_at_once(
            seat, [*"gmbh", "enter", "end", "enter"], lambda: isinstance(seat.screen, RecordScreen)
        )
        assert [act for act, _ in seat.acts(before)] == ["customer.search", "customer.listed", "customer.opened"]


async def test_what_is_typed_behind_a_dialogs_enter_stands_in_the_box_beneath(
    sit_down: SitDown, busy: Callable[[], None]
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        box = seat.desk_screen.query_one(Field)
        busy()
        assert await _all_at_once(seat, ["ctrl+n", *"caption", "enter", *"nord"], lambda: box.value == "nord")
        assert not isinstance(seat.screen, NewCaseDialog)
        assert seat.app.session is not None
        assert seat.app.session.case is not None
