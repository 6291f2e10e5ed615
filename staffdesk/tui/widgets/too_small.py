"""What lies over a screen in which nothing could be read: one sentence, and nothing of what is beneath.

A layer of each screen and no screen of its own: answers that come meanwhile find the stack as they left it.
"""

from __future__ import annotations

from typing import Final

from textual.geometry import Size
from textual.widgets import Static

from staffdesk.tui.plain import TIMES, plain

LEAST: Final = Size(60, 20)
"""The smallest window in which the screens can be read."""


def too_small(window: Size) -> bool:
    """Say whether nothing could be read in a window of this size."""
    return window.width < LEAST.width or window.height < LEAST.height


class TooSmall(Static):
    """Asks for a larger window where there is need of one."""

    def __init__(self, window: Size) -> None:
        """Begin for a window of this size."""
        super().__init__()
        self.fit(window)

    def fit(self, window: Size) -> None:
        """Cover everything, or nothing, as the size of the window wants it."""
        self.display = too_small(window)
        least, now = (f"{size.width}{TIMES}{size.height}" for size in (LEAST, window))
        self.update(plain(f"Make the window at least {least} (now {now})."))
