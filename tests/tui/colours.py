"""What a terminal paints: each text of a screen with its colour and its ground, in true colour and of 256 colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final
from unittest import mock

from rich.color import Color, ColorSystem
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.strip import Strip

_DRAWN: Final = re.compile("[\u2500-\u259f\\s]+")
"""Frames, bars and scrollbars, which say nothing by themselves."""

TRUE: Final = ColorSystem.TRUECOLOR
OF_256: Final = ColorSystem.EIGHT_BIT


class Painting:
    """What stands on the screen at a moment: painted once, for everybody who looks at it then."""

    def __init__(self, app: App[None]) -> None:
        """Paint the screen as it stands now."""
        compositor = app.screen._compositor
        update = compositor.render_update(full=True, screen_stack=app._background_screens)
        assert isinstance(update, LayoutUpdate)
        self._app, self._compositor, self._region = app, compositor, update.region
        self._lines = [Strip.join(line) for line in update.strips]

    def lines(self) -> list[str]:
        """Return its text, line by line."""
        return [line.text for line in self._lines]

    def texts(self) -> Iterator[tuple[str, Style]]:
        """Yield each stretch of one style."""
        for line in self._lines:
            for text, style, control in line:
                if not control and style is not None:
                    yield text, style

    def painted(self) -> Iterator[tuple[str, Color, Color]]:
        """Yield each text, its colour and its ground."""
        for text, style in self.texts():
            if _DRAWN.sub("", text) and style.color is not None and style.bgcolor is not None:
                yield text, *((style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor))

    def picture(self) -> str:
        """Return it as SVG, the same whenever it is drawn; the desk's own export is closed."""
        simple = LayoutUpdate([[line.simplify().discard_meta()] for line in self._lines], self._region)
        with mock.patch.object(self._compositor, "render_update", return_value=simple):
            drawn = App.export_screenshot(self._app, title="staffdesk", simplify=True)
        return re.sub(r"terminal-\d+", "terminal", drawn)


@cache
def contrast(one: Color, other: Color, system: ColorSystem) -> float:
    """Return how far two colours stand apart where a terminal knows the colours of ``system``."""
    light, dark = sorted((_luminance(each.downgrade(system)) for each in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 255 for part in colour.get_truecolor()]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
