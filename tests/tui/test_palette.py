"""The palette tells whole what a command does, also where its line has no room for it.

Seen to fail with the lines of the list alone, which cut it.
"""

from __future__ import annotations

import pytest

from staffdesk.tui.command import Command
from staffdesk.tui.commands import by_id
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, together


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_the_palette_tells_whole_what_the_command_under_the_cursor_does(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "ctrl+p")
        for each in _longest(seat):
            seat.screen.query_one(Rows).go_to(each.id)
            await seat.settle()
            assert each.tooltip in together(seat.lines()), seat.text()
        await seat.type("there is no such command")
        assert together(seat.lines()).count("No command of this name.") == 1


def _longest(seat: Seat) -> list[Command]:
    """Return the commands of the palette whose lines are the longest."""
    listed = [by_id(each.key) for each in seat.screen.query_one(Rows)._shown]
    return sorted(listed, key=lambda command: len(command.tooltip))[-3:]
