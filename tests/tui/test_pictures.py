"""How the main screens look, at both sizes, in both themes and without colour; a change is seen before it is kept.

Every text of every screen stands out from its ground in both themes, in true colour and of 256 colours, nothing is said
by colour alone, and in every window from the smallest to a large one nothing is outside or cut without a word: a scene
is looked at so while it stands for its picture, in a window that somebody draws larger and smaller.

Seen to fail: with a dialog wider than the smallest window, with a faint colour in the light theme, with no mark of the
focus, and with a picture that is another one's.

``pytest --snapshot-update tests/tui/test_pictures.py`` draws them anew.
"""

from __future__ import annotations

import re

import pytest
from rich.color import Color
from rich.style import Style
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex
from textual.filter import Monochrome
from textual.theme import Theme

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.themes import DESK_DARK, DESK_LIGHT
from tests.tui import stage
from tests.tui.colours import OF_256, TRUE, Painting, contrast
from tests.tui.fitting import amiss
from tests.tui.scenes import SCENES
from tests.tui.seat import LARGE, SMALL
from tests.tui.stage import Stage, calm
from tests.tui.staged_requests import NOON


class _Picture(SVGImageSnapshotExtension):
    """A picture in a file that is called after its scene and its size."""

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """Return ``test[scene-size]``."""
        return super().get_snapshot_name(test_location=test_location, index=index).replace("][", "-")


@pytest.fixture
def drawn(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(_Picture)


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staffdesk.tui.record.sight.now", lambda: 1000.0)
    monkeypatch.setattr("staffdesk.tui.due.now", lambda: NOON)
    monkeypatch.setattr("staffdesk.tui.record.glass.now_ms", lambda: NOON)
    monkeypatch.setattr("tests.tui.scenes.now_ms", lambda: NOON)
    monkeypatch.setattr("staffdesk.tui.sentinel._now", lambda: "09:14")


@pytest.mark.parametrize("scene", SCENES)
async def test_the_screen_looks_as_it_was_kept(home: Home, company: Demo, drawn: SnapshotAssertion, scene: str) -> None:
    async with stage.stage(home, company, SMALL) as at:
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        small = Painting(at.app)
        assert small.picture() == drawn(name="80x24")
        assert amiss(at, small) == []
        _nothing_is_said_by_colour_alone(small)
        await _grown_to(at, LARGE)
        large = Painting(at.app)
        assert large.picture() == drawn(name="120x40")
        assert amiss(at, large) == []
        await _every_text_stands_out_from_its_ground(at, large)
        await _the_terminals_own_colours_show_the_cursor(at)
        await _it_fits_into_windows_of_every_size_and_shows_its_focus_without_colour(at)


async def _grown_to(at: Stage, size: tuple[int, int]) -> None:
    await at.pilot.resize_terminal(*size)
    await calm(at.app, at.pilot)


async def _put_on(at: Stage, theme: str) -> None:
    at.app.theme = theme
    await calm(at.app, at.pilot)


async def _every_text_stands_out_from_its_ground(at: Stage, dark: Painting) -> None:
    assert at.app.theme == DESK_DARK.name
    assert (DESK_DARK.name, _faint(dark)) == (DESK_DARK.name, [])
    await _put_on(at, DESK_LIGHT.name)
    assert (DESK_LIGHT.name, _faint(Painting(at.app))) == (DESK_LIGHT.name, [])


def _faint(now: Painting) -> list[str]:
    faint = {
        f"{text.strip()}: {colour.name} on {ground.name}, {contrast(colour, ground, system):.2f} in {system.name}"
        for text, colour, ground in now.painted()
        for system in (TRUE, OF_256)
        if contrast(colour, ground, system) < _LEAST
    }
    return sorted(faint)


def _nothing_is_said_by_colour_alone(now: Painting) -> None:
    told = {Color.parse(colour) for colour in (DESK_DARK.error, DESK_DARK.success) if colour}
    assert [text for text, colour, _ in now.painted() if colour in told and not _WORD.match(text)] == []


async def _the_terminals_own_colours_show_the_cursor(at: Stage) -> None:
    for theme in ("ansi-dark", "ansi-light"):
        await _put_on(at, theme)
        if at.app.screen.focused is not None:
            assert any(_is_marked(style) or _CHOSEN.search(text) for text, style in Painting(at.app).texts())


async def _it_fits_into_windows_of_every_size_and_shows_its_focus_without_colour(at: Stage) -> None:
    at.app.no_color = True  # as NO_COLOR does, with the filter
    at.app._filters.append(Monochrome())
    await _put_on(at, DESK_DARK.name)
    for size in _SIZES:
        await _grown_to(at, size)
        now = Painting(at.app)
        assert (size, amiss(at, now)) == (size, [])
        assert not any(_is_coloured(style) for _, style in now.texts())
        if at.app.screen.focused is not None:
            assert any(_is_marked(style) for _, style in now.texts()), f"nothing shows where the focus is in {size}"


def _is_marked(style: Style) -> bool:
    return bool(style.reverse or style.underline)


def _is_coloured(style: Style) -> bool:
    return any(len(set(each.get_truecolor())) > 1 for each in (style.color, style.bgcolor) if each is not None)


@pytest.mark.parametrize("scene", ["search", "record-revealed", "log"])
async def test_the_light_theme_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        at.app.theme = DESK_LIGHT.name
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert Painting(at.app).picture() == drawn


@pytest.mark.parametrize("scene", ["search", "record-revealed"])
async def test_without_colour_it_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage.stage(home, company, SMALL) as at:
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert Painting(at.app).picture() == drawn


@pytest.mark.parametrize("theme", [DESK_DARK, DESK_LIGHT], ids=lambda theme: theme.name)
def test_every_colour_of_a_text_stands_out_from_every_ground(theme: Theme) -> None:
    texts = [theme.foreground, *(theme.variables[f"text-{name}"] for name in _TEXTS)]
    grounds = [theme.background, theme.surface, theme.panel]
    pairs = [(Color.parse(str(text)), Color.parse(str(ground))) for text in texts for ground in grounds]
    assert min(contrast(*pair, system) for pair in pairs for system in (TRUE, OF_256)) >= _LEAST


_LEAST = 4.5
_SIZES = ((60, 20), (100, 30), (200, 60))
"""Beside those of the pictures."""
_WORD = re.compile(r"\s*([✓✗●!] )?\w")
_CHOSEN = re.compile("[▸←]")
_TEXTS = ("muted", "disabled", "accent", "primary", "warning", "success", "error")
