"""A bar for a job that counts entries."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from textual.content import Content

from staffdesk.tui.messages import Progressed
from staffdesk.tui.plain import ACCENT, MUTED, joined, plain

_BAR: Final = 40
_AT_MOST_EVERY: Final = 0.1


def bar(done: int, total: int) -> Content:
    """Return how far a job is."""
    part = min(done / total, 1.0) if total else 0.0
    filled = round(part * _BAR)
    return joined(
        plain("█" * filled, ACCENT),
        plain("░" * (_BAR - filled), MUTED),
        plain(f"  {part:4.0%}  "),
        plain(f"{done:,} of {total:,}" if total else "beginning", MUTED),
    )


class Progress:
    """What a service is given to tell how far it is; called in the worker's thread, told on at a person's pace."""

    def __init__(self, post: Callable[[Progressed], object]) -> None:
        """Tell through ``post``."""
        self._post = post
        self._told_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Tell that ``done`` of ``total`` entries are behind it."""
        moment = time.monotonic()
        if moment - self._told_at >= _AT_MOST_EVERY or done >= total:
            self._told_at = moment
            self._post(Progressed(done, total))
