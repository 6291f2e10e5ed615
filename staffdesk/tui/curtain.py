"""Between what was painted and the terminal that takes it slowly: a frame from before the curtain fell is not written.

A frame waits in a queue while the terminal at the other end of a line reads. What was locked, hidden or stopped
meanwhile must not be painted after all, so each frame says how often the curtain had fallen when it was begun.
"""

from __future__ import annotations

import os
import select
from collections import deque
from itertools import takewhile
from typing import Final, NamedTuple, Self

from staffdesk.tui.launcher import is_orphaned, times_stopped

Fallen = tuple[int, int]
"""How often the curtain fell in this process, and how often the one above let it fall."""

_PATIENCE: Final = 1.0
_AT_ONCE: Final = 4096
"""Bytes that are gathered, and handed to the terminal in one call."""
_BROKEN_OFF: Final = b"\x18\x1b[0m"
"""Ends the sequence a frame was in the middle of, and the look it had said."""


class Painted(str):
    """What makes a terminal show a frame; it stays one when more is written behind it."""

    __slots__ = ("begun",)
    begun: Fallen

    def __new__(cls, text: str, begun: Fallen) -> Self:
        """Say what is to be written, and what :attr:`Curtain.fallen` was when the frame was begun."""
        made = super().__new__(cls, text)
        made.begun = begun
        return made

    def __add__(self, more: str) -> Painted:
        return Painted(str.__add__(self, more), self.begun)


class Curtain:
    """Falls where what was painted may no longer be seen: here, and in the process above when this one is stopped."""

    def __init__(self) -> None:
        """Nothing is hidden yet."""
        self._fallen = 0

    @property
    def fallen(self) -> Fallen:
        """How often it fell: two frames with another number between them are not of the same view."""
        return self._fallen, times_stopped()

    def fall(self) -> None:
        """Hide what was painted until now."""
        self._fallen += 1

    def hides(self, begun: Fallen | None) -> bool:
        """Say whether what was begun then may not be shown any more; no frame may where nobody would wipe it."""
        return begun is not None and (begun != self.fallen or is_orphaned())


class _Part(NamedTuple):
    """What is to be written, and when it was begun if it is a frame."""

    begun: Fallen | None
    text: bytes


class Paper:
    """The file that frames are written to, as the framework's writing thread wants one."""

    def __init__(self, curtain: Curtain, descriptor: int) -> None:
        """Write to ``descriptor`` what ``curtain`` does not hide."""
        self._curtain = curtain
        self._descriptor = descriptor
        self._parts: deque[_Part] = deque()
        self._size = 0

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Take a text, and write once there is enough of it."""
        part = _Part(text.begun if isinstance(text, Painted) else None, text.encode("utf-8", "backslashreplace"))
        if part.text:
            self._parts.append(part)
            self._size += len(part.text)
        if self._size >= _AT_ONCE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Write what there is; a frame that comes to be hidden while it is written is broken off where it stands."""
        is_begun = False
        while self._parts:
            if self._curtain.hides(self._parts[0].begun):
                self._parts.popleft()
                if is_begun:
                    os.write(self._descriptor, _BROKEN_OFF)
                is_begun = False
            elif not select.select((), (self._descriptor,), (), _PATIENCE)[1]:
                continue
            elif not self._curtain.hides(self._parts[0].begun):
                is_begun = self._drop(os.write(self._descriptor, self._front()))
        self._size = 0

    def _front(self) -> bytes:
        shown = takewhile(lambda part: not self._curtain.hides(part.begun), self._parts)
        return b"".join(part.text for part in shown)[:_AT_ONCE]

    def _drop(self, written: int) -> bool:
        """Drop so many bytes from the front, and say whether what stands there now is written in part."""
        while written:
            begun, text = self._parts.popleft()
            if len(text) > written:
                self._parts.appendleft(_Part(begun, text[written:]))
                return True
            written -= len(text)
        return False
