"""How a test waits for the application after a key, until nothing is left to do, and what it does not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final
from unittest import mock

from rich.console import RenderableType
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.screen import Screen

_IN_A_ROW: Final = 3
"""Looks at the loop without work: a message that a widget passes on when it is idle takes one more."""

_FRAME: Final = 1 / 60
"""Within this a screen that has changed is laid out and painted."""

_render = Compositor.render_update
_parse = Stylesheet._parse_rules
_parsed: Final[dict[tuple[object, ...], list[RuleSet]]] = {}


async def until_quiet(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Return when the event loop has nothing to do now nor within a frame, or after ``max_sleep`` seconds of work."""
    loop = asyncio.get_running_loop()
    began, quiet = monotonic(), 0
    while quiet < _IN_A_ROW and monotonic() - began < max_sleep:
        waits = not loop._ready and _waits(loop)  # type: ignore[attr-defined] # what the loop is about to run
        await asyncio.sleep(0.002 if waits else 0)
        quiet = 0 if loop._ready or _waits(loop) else quiet + 1  # type: ignore[attr-defined] # as above
    await asyncio.sleep(max(0.0, min_sleep - (monotonic() - began)))


def _waits(loop: asyncio.AbstractEventLoop) -> bool:
    """Say whether the loop does something within a frame."""
    soon = loop.time() + _FRAME
    return any(not each.cancelled() and each.when() <= soon for each in loop._scheduled)  # type: ignore[attr-defined] # as above


@contextmanager
def waiting_for_quiet() -> Iterator[None]:
    """Let Textual's pilot wait so; its own way is to sleep 20 ms, twice a key, until the processor was idle as long.

    What is painted for nobody is not painted: without a terminal a frame is thrown away, and whoever looks at the
    screen has it painted whole. The framework's styles are parsed once a process.
    """
    with (
        mock.patch("textual.app.wait_for_idle", until_quiet),
        mock.patch("textual.pilot.wait_for_idle", until_quiet),
        mock.patch.object(Compositor, "render_update", _render_if_looked_at),
        mock.patch.object(Stylesheet, "_parse_rules", _parse_once),
    ):
        yield


def _render_if_looked_at(
    self: Compositor, full: bool = False, screen_stack: list[Screen[object]] | None = None, simplify: bool = False
) -> RenderableType | None:
    if full:
        return _render(self, full=True, screen_stack=screen_stack, simplify=simplify)
    self._dirty_regions.clear()
    return None


def _parse_once(
    self: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    key = (css, read_from, is_default_rules, tie_breaker, scope, frozenset(self._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse(self, css, read_from, is_default_rules, tie_breaker, scope)
    return _parsed[key]
