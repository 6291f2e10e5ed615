"""A record is laid over the list in one frame; over a lock or a dialog, or after the session ended, it does not come.

Seen to fail: with the record pushed whatever had come before it.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.access import Role
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.screens.locked import LockedScreen
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.search import SearchScreen
from tests.tui import stage
from tests.tui.stage import calm, put


@pytest.mark.parametrize("first", ["nothing", "lock", "end", "dialog"])
async def test_a_record_comes_over_the_list_and_over_nothing_else(first: str, home: Home, company: Demo) -> None:
    async with stage.stage(home, company, (80, 24)) as at:
        at.sign_in(Role.SUPPORT)
        under = SearchScreen()
        await put(at, under)
        match first:
            case "lock":
                at.app.action_lock()
            case "end":
                at.app.session = None
            case "dialog":
                at.app.action_new_case()
                await calm(at.app, at.pilot)
        at.app.lay_over(RecordScreen(stage.record(), stage.access()), under)
        await calm(at.app, at.pilot)
        kinds = [type(screen) for screen in at.app.screen_stack]
        assert (RecordScreen in kinds) == (first == "nothing")
        assert (LockedScreen in kinds) == (first == "lock")
