"""Every screen in every window from the smallest to a large one: nothing outside, nothing cut without a word."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.widgets.rows import Rows
from tests.tui import stage
from tests.tui.colours import texts
from tests.tui.scenes import SCENES
from tests.tui.stage import Stage, calm

_SIZES = ((60, 20), (80, 24), (100, 30), (120, 40), (200, 60))


@pytest.mark.parametrize("scene", SCENES)
async def test_a_screen_fits_into_windows_of_every_size_and_shows_its_focus_without_colour(
    home: Home, company: Demo, scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage.stage(home, company, _SIZES[1]) as at:
        await SCENES[scene](at)
        for size in _SIZES:
            await at.pilot.resize_terminal(*size)
            await calm(at.app, at.pilot)
            assert (size, _amiss(at)) == (size, [])


def _amiss(at: Stage) -> list[str]:
    lines = stage.text(at).splitlines()
    screen = at.app.screen
    assert isinstance(screen, DeskScreen)
    found = [f"cut off: {each}" for each in screen.query("*") if _is_cut(at, each)]
    covered = lines[-1].startswith("╰")
    keys = [] if covered else [part.strip() for part in lines[-1].split("   ") if part.strip()]
    whole = {f"{each.key} {each.title}" for each in screen.shown_commands()}
    found += [f"cut: {key}" for key in keys if key not in whole]
    if whole and not covered and not any(key.startswith("f1 ") for key in keys) and "f1 Help" in whole:
        found.append("no help")
    focused = screen.focused
    if focused is not None:
        found += _out_of_sight(at, focused)
    if focused is not None and not any(_is_marked(style) for _, style in texts(at.app)):
        found.append("nothing shows where the focus is")
    return found


def _is_marked(style: Style) -> bool:
    return bool(style.reverse or style.underline)


def _is_cut(at: Stage, widget: Widget) -> bool:
    """Say whether something of a widget lies outside of what is around it, or has no room for all its lines."""
    if not widget.region.area or any(_scrolls(each) for each in widget.ancestors):
        return False
    around = widget.parent
    if isinstance(around, Widget) and not around.region.contains_region(widget.region):
        return True
    width, height = widget.content_size
    return isinstance(widget, Static) and widget.get_content_height(at.app.size, at.app.size, width) > height


def _scrolls(widget: object) -> bool:
    return isinstance(widget, VerticalScroll) or (isinstance(widget, Widget) and widget.id == "account-box")


def _out_of_sight(at: Stage, focused: object) -> list[str]:
    """Return what of the widget with the focus, and of the cursor in it, is not to be seen."""
    if not isinstance(focused, Rows):
        return []
    region = focused.region
    if not at.app.screen.region.contains_region(region):
        return [f"outside: {focused}"]
    if focused._at is None:
        return []
    top = focused._tops[focused._at] - round(focused.scroll_y)
    return [] if 0 <= top < focused.scrollable_content_region.height else ["the cursor"]
