"""What a terminal paints: each text of a screen with its colour and its ground, in true colour and of 256 colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from rich.color import Color, ColorSystem
from rich.style import Style
from textual.app import App

_DRAWN: Final = re.compile("[\u2500-\u259f\\s]+")
"""Frames, bars and scrollbars, which say nothing by themselves."""

TRUE: Final = ColorSystem.TRUECOLOR
OF_256: Final = ColorSystem.EIGHT_BIT


def texts(app: App[None]) -> Iterator[tuple[str, Style]]:
    """Yield each stretch of one style that stands on the screen."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert update is not None
    for segment in app.console.render(update):
        if not segment.control and segment.style is not None:
            yield segment.text, segment.style


def painted(app: App[None]) -> Iterator[tuple[str, Color, Color]]:
    """Yield each text that stands on the screen, its colour and its ground."""
    for text, style in texts(app):
        if _DRAWN.sub("", text) and style.color is not None and style.bgcolor is not None:
            yield text, *((style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor))


@cache
def contrast(one: Color, other: Color, system: ColorSystem) -> float:
    """Return how far two colours stand apart where a terminal knows the colours of ``system``."""
    light, dark = sorted((_luminance(each.downgrade(system)) for each in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 255 for part in colour.get_truecolor()]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
