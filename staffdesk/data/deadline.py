"""One moment by which an answer must be there, handed to every wait on the way, and what ends the waits that take none.

A driver that waits for its server's bytes knows no deadline: a server that stopped keeps it for ever. Closing the line
under it is what wakes it everywhere, also inside a COMMIT, and costs the server nothing.
"""

from __future__ import annotations

import math
import os
import socket
import threading
import time
from contextlib import suppress
from typing import Final

GRACE_SECONDS: Final = 0.05
"""The server's own limits come first: an answer that says no keeps the connection, a cut loses it."""


class Deadline:
    """A moment on the monotonic clock; made where the key was pressed, asked wherever something may block."""

    __slots__ = ("at",)

    def __init__(self, seconds: float) -> None:
        """Start now and end ``seconds`` later."""
        self.at: Final = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, never less than zero."""
        return max(0.0, self.at - time.monotonic())

    def later(self, seconds: float) -> Deadline:
        """Return the moment so many seconds after this one, which may have passed as well."""
        return Deadline(self.at + seconds - time.monotonic())

    def passed(self) -> bool:
        """Say whether nothing more may be waited for."""
        return time.monotonic() >= self.at


class Watchdog:
    """Shuts the line to the server down where a deadline has passed, so that the call blocked on it raises.

    It guards one line at a time. Arming it costs no thread and no wake-up as a rule: its one thread sleeps until the
    next moment it knows of, and without end while nothing is armed.
    """

    def __init__(self) -> None:
        """Guard nothing yet; the thread starts with the first arming."""
        self._changed = threading.Condition()
        self._line: socket.socket | None = None
        self._at = math.inf
        self._wakes_at = math.inf
        self._cut = False
        self._thread: threading.Thread | None = None

    def attach(self, number: int) -> None:
        """Guard the socket of this number from now on.

        A duplicate is held: the driver may close its own at any moment, and the system give the number to another file.
        """
        line = socket.socket(fileno=os.dup(number))
        with self._changed:
            self._release()
            self._line = line
            if self._cut:
                self._shut()

    def detach(self) -> None:
        """Let go of the socket; called before the driver closes it."""
        with self._changed:
            self._release()

    def arm(self, deadline: Deadline) -> None:
        """Shut the line down shortly after this moment, unless disarmed before."""
        with self._changed:
            self._at = deadline.at + GRACE_SECONDS
            self._cut = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            elif self._at < self._wakes_at:
                self._changed.notify()

    def disarm(self) -> bool:
        """Return whether the line was shut down; once this returns it will not be."""
        with self._changed:
            self._at = math.inf
            cut, self._cut = self._cut, False
            return cut

    def close(self) -> None:
        """End the thread; arming starts another."""
        with self._changed:
            self._release()
            self._thread = None
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while self._thread is threading.current_thread():
                left = self._at - time.monotonic()
                if left <= 0:
                    self._at = math.inf
                    self._cut = True
                    self._shut()
                    continue
                self._wakes_at = self._at
                self._changed.wait(None if left == math.inf else left)

    def _shut(self) -> None:
        if self._line is not None:
            with suppress(OSError):  # the server hung up first
                self._line.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
