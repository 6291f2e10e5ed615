"""One moment by which an answer must be there, handed to every wait on the way."""

from __future__ import annotations

import time


class Deadline:
    """A moment on the monotonic clock; made where the key was pressed, asked wherever something may block."""

    __slots__ = ("_at",)

    def __init__(self, seconds: float) -> None:
        """Start now and end ``seconds`` later."""
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, never less than zero."""
        return max(0.0, self._at - time.monotonic())

    def passed(self) -> bool:
        """Say whether nothing more may be waited for."""
        return time.monotonic() >= self._at
