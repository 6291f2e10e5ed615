"""Every text of every screen stands out from its ground, in both themes, in true colour and of 256 colours."""

from __future__ import annotations

import re

import pytest
from rich.color import Color

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.themes import DESK_DARK, DESK_LIGHT
from tests.tui import stage
from tests.tui.colours import OF_256, TRUE, contrast, painted, texts
from tests.tui.scenes import SCENES
from tests.tui.seat import LARGE, SMALL
from tests.tui.stage import Stage, calm

_LEAST = 4.5


@pytest.mark.parametrize("scene", SCENES)
async def test_every_text_stands_out_from_its_ground(home: Home, company: Demo, scene: str) -> None:
    async with stage.stage(home, company, LARGE) as at:
        await SCENES[scene](at)
        for theme in (DESK_DARK.name, DESK_LIGHT.name):
            at.app.theme = theme
            await calm(at.app, at.pilot)
            assert (theme, _faint(at)) == (theme, [])


def _faint(at: Stage) -> list[str]:
    faint = {
        f"{text.strip()}: {colour.name} on {ground.name}, {contrast(colour, ground, system):.2f} in {system.name}"
        for text, colour, ground in painted(at.app)
        for system in (TRUE, OF_256)
        if contrast(colour, ground, system) < _LEAST
    }
    return sorted(faint)


@pytest.mark.parametrize("scene", SCENES)
async def test_nothing_is_said_by_colour_alone_and_the_terminals_own_colours_show_the_cursor(
    home: Home, company: Demo, scene: str
) -> None:
    async with stage.stage(home, company, SMALL) as at:
        await SCENES[scene](at)
        told = {Color.parse(colour) for colour in (DESK_DARK.error, DESK_DARK.success) if colour}
        assert [text for text, colour, _ in painted(at.app) if colour in told and not _WORD.match(text)] == []
        for theme in ("ansi-dark", "ansi-light"):
            at.app.theme = theme
            await calm(at.app, at.pilot)
            if at.app.screen.focused is not None:
                shown = texts(at.app)
                assert any(style.reverse or style.underline or _CHOSEN.search(text) for text, style in shown)


_WORD = re.compile(r"\s*([✓✗●!] )?\w")
_CHOSEN = re.compile("[▸←]")
