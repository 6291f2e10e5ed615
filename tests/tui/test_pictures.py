"""How the main screens look, at both sizes, in both themes and without colour; a change is seen before it is kept.

Every text of every screen stands out from its ground in both themes, in true colour and of 256 colours, and nothing is
said by colour alone: a scene is looked at so while it stands for its picture.

``pytest --snapshot-update tests/tui/test_pictures.py`` draws them anew.
"""

from __future__ import annotations

import re

import pytest
from rich.color import Color
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.theme import Theme

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.themes import DESK_DARK, DESK_LIGHT
from tests.tui import stage
from tests.tui.colours import OF_256, TRUE, contrast, painted, texts
from tests.tui.fitting import amiss
from tests.tui.scenes import SCENES
from tests.tui.seat import BOTH, LARGE, SMALL
from tests.tui.stage import Stage, calm, picture
from tests.tui.staged_requests import NOON


@pytest.fixture
def drawn(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SVGImageSnapshotExtension)


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staffdesk.tui.record.sight.now", lambda: 1000.0)
    monkeypatch.setattr("staffdesk.tui.due.now", lambda: NOON)
    monkeypatch.setattr("staffdesk.tui.record.glass.now_ms", lambda: NOON)
    monkeypatch.setattr("tests.tui.scenes.now_ms", lambda: NOON)
    monkeypatch.setattr("staffdesk.tui.sentinel._now", lambda: "09:14")


@pytest.mark.parametrize("size", BOTH, ids=["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES)
async def test_the_screen_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str, size: tuple[int, int]
) -> None:
    async with stage.stage(home, company, size) as at:
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert picture(at.app) == drawn
        assert amiss(at) == []
        if size == LARGE:
            await _every_text_stands_out_from_its_ground(at)
        else:
            await _nothing_is_said_by_colour_alone_and_the_terminals_own_colours_show_the_cursor(at)


async def _every_text_stands_out_from_its_ground(at: Stage) -> None:
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


async def _nothing_is_said_by_colour_alone_and_the_terminals_own_colours_show_the_cursor(at: Stage) -> None:
    told = {Color.parse(colour) for colour in (DESK_DARK.error, DESK_DARK.success) if colour}
    assert [text for text, colour, _ in painted(at.app) if colour in told and not _WORD.match(text)] == []
    for theme in ("ansi-dark", "ansi-light"):
        at.app.theme = theme
        await calm(at.app, at.pilot)
        if at.app.screen.focused is not None:
            shown = texts(at.app)
            assert any(style.reverse or style.underline or _CHOSEN.search(text) for text, style in shown)


@pytest.mark.parametrize("scene", ["search", "record-revealed", "log"])
async def test_the_light_theme_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        at.app.theme = DESK_LIGHT.name
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert picture(at.app) == drawn


@pytest.mark.parametrize("scene", ["search", "record-revealed"])
async def test_without_colour_it_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage.stage(home, company, SMALL) as at:
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert picture(at.app) == drawn


@pytest.mark.parametrize("theme", [DESK_DARK, DESK_LIGHT], ids=lambda theme: theme.name)
def test_every_colour_of_a_text_stands_out_from_every_ground(theme: Theme) -> None:
    texts = [theme.foreground, *(theme.variables[f"text-{name}"] for name in _TEXTS)]
    grounds = [theme.background, theme.surface, theme.panel]
    pairs = [(Color.parse(str(text)), Color.parse(str(ground))) for text in texts for ground in grounds]
    assert min(contrast(*pair, system) for pair in pairs for system in (TRUE, OF_256)) >= _LEAST


_LEAST = 4.5
_WORD = re.compile(r"\s*([✓✗●!] )?\w")
_CHOSEN = re.compile("[▸←]")
_TEXTS = ("muted", "disabled", "accent", "primary", "warning", "success", "error")
