"""Every key of lists in every list of a screen, and every letter of a command in every field of it."""

from __future__ import annotations

import asyncio
from itertools import islice

from textual import events

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import at as commands_at
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.stage import Stage, calm
from tests.tui.test_commands import _CHARACTERS

_MOVES = (("G", -1), ("g", 0), ("end", -1), ("home", 0), ("j", 1), ("k", 0), ("down", 1), ("up", 0), ("pagedown", None),
          ("pageup", 0))  # fmt: skip
"""Key after key, and on which of the lines with a key the cursor stands then."""
_GLOBAL = ("ctrl+t", "ctrl+r", "ctrl+g")


async def wrong_keys(at: Stage) -> list[str]:
    """Return what does not move as it should, and what is not typed as it is pressed."""
    screen, wrong = at.app.screen, list[str]()
    assert isinstance(screen, DeskScreen)
    for rows in screen.query(Rows):
        if rows.focusable and rows.region.area and rows.count > 1:
            wrong += await _moves(at, rows)
    for field in screen.query(Field):
        if field.focusable and field.region.area and at.app.screen is screen:
            wrong += await _types(at, screen, field)
    return wrong


async def _moves(at: Stage, rows: Rows) -> list[str]:
    rows.focus()
    await at.pilot.pause()
    places = [place for place, line in enumerate(rows._shown) if line.key]
    wrong = []
    for key, where in _MOVES if len(places) > 1 else ():
        at.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _ in range(200):
            if rows._at in (places[1:] if where is None else places[where : where + 1 or None]):
                break
            await asyncio.sleep(0.005)
        else:
            wrong.append(f"{key} in {rows.id} leads to {rows._at}, not {where} of {places}")
    return wrong


async def _types(at: Stage, screen: DeskScreen[object], field: Field) -> list[str]:
    """Type the characters of every command of this place, a few at a time; a key that types nothing may lead away."""
    keys = iter({key for each in commands_at(screen.PLACE) for key in each.keys if len(_written(key)) == 1})
    leads = {key for each in screen.commands() if each.action.startswith("app.go(") for key in each.keys}
    wrong = []
    while some := list(islice(keys, min(8, field.max_length or 8))):
        field.focus()
        field.value = ""
        for key in (*some, *(each for each in _GLOBAL if each not in leads)):
            at.app.post_message(events.Key(key, _written(key) if key in some else None))
        await calm(at.app, at.pilot)
        typed = "".join(map(_written, some))
        if at.app.screen is not screen or field.value != typed:
            wrong.append(f"{typed} in {field.id} became {field.value}, on {at.app.screen}")
            break
    return wrong


def _written(key: str) -> str:
    return _CHARACTERS.get(key, key)
