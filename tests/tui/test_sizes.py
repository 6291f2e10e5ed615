"""Every screen in every window from the smallest to a large one: nothing outside, nothing cut without a word."""

from __future__ import annotations

import pytest
from rich.style import Style

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from tests.tui import stage
from tests.tui.colours import texts
from tests.tui.fitting import amiss
from tests.tui.scenes import SCENES
from tests.tui.stage import Stage, calm

_SIZES = ((60, 20), (100, 30), (200, 60))
"""Beside those of the pictures, which look at the same in 80x24 and 120x40."""


@pytest.mark.parametrize("scene", SCENES)
async def test_a_screen_fits_into_windows_of_every_size_and_shows_its_focus_without_colour(
    home: Home, company: Demo, scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage.stage(home, company, _SIZES[0]) as at:
        await SCENES[scene](at)
        for size in _SIZES:
            await at.pilot.resize_terminal(*size)
            await calm(at.app, at.pilot)
            assert (size, _amiss(at)) == (size, [])


def _amiss(at: Stage) -> list[str]:
    found = amiss(at)
    if at.app.screen.focused is not None and not any(_is_marked(style) for _, style in texts(at.app)):
        found.append("nothing shows where the focus is")
    return found


def _is_marked(style: Style) -> bool:
    return bool(style.reverse or style.underline)
