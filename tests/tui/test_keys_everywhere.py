"""Every list moves by every key of lists, and every field takes what is typed into it, whatever else the key does.

Seen to fail: with a list without its keys, and with a field that leaves letters to commands.
"""

from __future__ import annotations

from itertools import islice

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import at as commands_at
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui import stage
from tests.tui.scenes import SCENES
from tests.tui.seat import SMALL
from tests.tui.stage import Stage, calm
from tests.tui.test_commands import _CHARACTERS

_MOVES = (("G", -1), ("g", 0), ("end", -1), ("home", 0), ("j", 1), ("k", 0), ("down", 1), ("up", 0), ("pagedown", None),
          ("pageup", 0))  # fmt: skip
"""Key after key, and on which of the lines with a key the cursor stands then."""
_GLOBAL = ("ctrl+t", "ctrl+r", "ctrl+g")


async def test_every_list_moves_by_every_key_and_every_field_takes_every_letter(home: Home, company: Demo) -> None:
    wrong: list[str] = []
    seen: set[type[object]] = set()
    lists, fields = 0, 0
    async with stage.stage(home, company, SMALL) as at:
        for name, scene in SCENES.items():
            await scene(at)
            await calm(at.app, at.pilot)
            screen = at.app.screen
            assert isinstance(screen, DeskScreen)
            if type(screen) in seen:
                await _leave(at)
                continue
            seen.add(type(screen))
            for rows in screen.query(Rows):
                if rows.focusable and rows.region.area and rows.count > 1:
                    lists += 1
                    wrong += [f"{name}: {each}" for each in await _moves(at, rows)]
            for field in screen.query(Field):
                if field.focusable and field.region.area and at.app.screen is screen:
                    fields += 1
                    wrong += [f"{name}: {each}" for each in await _types(at, screen, field)]
            await _leave(at)
    assert not wrong, "\n".join(wrong)
    assert lists > 10
    assert fields > 20


async def _moves(at: Stage, rows: Rows) -> list[str]:
    rows.focus()
    await at.pilot.pause()
    places = [place for place, line in enumerate(rows._shown) if line.key]
    wrong = []
    for key, where in _MOVES:
        await at.pilot.press(key)
        if len(places) < 2 or not rows.has_focus:
            break
        at_place = rows._at
        moved = at_place is not None and at_place > places[0]
        if not (moved if where is None else at_place == places[where]):
            wrong.append(f"{key} in {rows.id} leads to {at_place}, not {where} of {places}")
    return wrong


async def _types(at: Stage, screen: DeskScreen[object], field: Field) -> list[str]:
    """Type the characters of every command of this place, a few at a time."""
    keys = iter({key for each in commands_at(screen.PLACE) for key in each.keys if len(_written(key)) == 1})
    wrong = []
    while some := list(islice(keys, min(8, field.max_length or 8))):
        field.focus()
        field.value = ""
        await at.pilot.press(*some, *_GLOBAL)
        await calm(at.app, at.pilot)
        typed = "".join(map(_written, some))
        if at.app.screen is not screen or field.value != typed:
            wrong.append(f"{typed} in {field.id} became {field.value}, on {at.app.screen}")
            break
    return wrong


def _written(key: str) -> str:
    return _CHARACTERS.get(key, key)


async def _leave(at: Stage) -> None:
    while len(at.app.screen_stack) > 1:
        await at.app.pop_screen()
    at.app.session, at.app.locked = None, False
    await calm(at.app, at.pilot)
