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
from textual.pilot import Pilot
from textual.screen import Screen

_IN_A_ROW: Final = 3
"""Looks at the loop without work: a message that a widget passes on when it is idle takes one more."""

_PATIENCE: Final = 30.0

_FRAME: Final = 1 / 30
"""Two frames: within one a screen that has changed is laid out and painted, and the other is for a busy machine."""

_render = Compositor.render_update
_parse = Stylesheet._parse_rules
_parsed: Final[dict[tuple[object, ...], list[RuleSet]]] = {}


async def until_quiet(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Return when the event loop has nothing to do now nor within a frame, or after ``max_sleep`` seconds of work."""
    loop = asyncio.get_running_loop()
    began, quiet = monotonic(), 0
    while quiet < _IN_A_ROW and monotonic() - began < max_sleep:
        ready = bool(loop._ready)  # type: ignore[attr-defined] # what the loop is about to run
        soon = _soon(loop)
        await asyncio.sleep(0 if ready or soon is None else soon)
        quiet = 0 if loop._ready or _soon(loop) is not None else quiet + 1  # type: ignore[attr-defined] # as above
    await asyncio.sleep(max(0.0, min_sleep - (monotonic() - began)))


def _soon(loop: asyncio.AbstractEventLoop) -> float | None:
    """Return in how many seconds the loop does something, where that is within a frame."""
    now = loop.time()
    first = min((each.when() for each in loop._scheduled if not each.cancelled()), default=now + 1)  # type: ignore[attr-defined] # as above
    return max(0.0, first - now) if first <= now + _FRAME else None


async def _until_all_is_taken(_pilot: Pilot[object]) -> bool:
    """Return when no widget has a message to take any more: whoever has one is about to run.

    The pilot sends each widget of the screen one more, before and behind every key, and waits until all are answered:
    that was half of what an application did in a test.
    """
    await until_quiet(max_sleep=_PATIENCE)
    return True


@contextmanager
def waiting_for_quiet() -> Iterator[None]:
    """Let Textual's pilot wait so; its own way is to sleep 20 ms, twice a key, until the processor was idle as long.

    What is painted for nobody is not painted: without a terminal a frame is thrown away, and whoever looks at the
    screen has it painted whole. The framework's styles are parsed once a process.
    """
    with (
        mock.patch("textual.app.wait_for_idle", until_quiet),
        mock.patch("textual.pilot.wait_for_idle", until_quiet),
        mock.patch.object(Pilot, "_wait_for_screen", _until_all_is_taken),
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
