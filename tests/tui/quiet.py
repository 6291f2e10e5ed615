"""How a test waits for the application after a key: until nothing is left to do, not for some time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final
from unittest import mock

_IN_A_ROW: Final = 3
"""Looks at the loop without work: a message that a widget passes on when it is idle takes one more."""

_FRAME: Final = 1 / 60
"""Within this a screen that has changed is laid out and painted."""


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
    """Let Textual's pilot wait so; its own way is to sleep 20 ms, twice a key, until the processor was idle as long."""
    with (
        mock.patch("textual.app.wait_for_idle", until_quiet),
        mock.patch("textual.pilot.wait_for_idle", until_quiet),
    ):
        yield
