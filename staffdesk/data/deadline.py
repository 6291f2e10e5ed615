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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

GRACE_SECONDS: Final = 0.05
"""The server's own limits come first: an answer that says no keeps the connection, a cut loses it."""


class _End:
    """Whether somebody gave up waiting, and who is to be told of it; shared by the moments made of one another."""

    __slots__ = ("calls", "over")

    def __init__(self) -> None:
        self.over = False
        self.calls: list[Callable[[], None]] = []


class Deadline:
    """A moment on the monotonic clock; made where the key was pressed, asked wherever something may block.

    It has passed too once whoever waited gave up: :meth:`give_up`.
    """

    __slots__ = ("_end", "at")

    def __init__(self, seconds: float) -> None:
        """Start now and end ``seconds`` later."""
        self.at: Final = time.monotonic() + seconds
        self._end = _End()

    def left(self) -> float:
        """Return the seconds left, never less than zero."""
        return 0.0 if self._end.over else max(0.0, self.at - time.monotonic())

    def later(self, seconds: float) -> Deadline:
        """Return the moment so many seconds after this one, which may have passed as well; given up by nobody."""
        return Deadline(self.at + seconds - time.monotonic())

    def sooner(self, seconds: float) -> Deadline:
        """Return the moment so many seconds before this one; who gives one of them up gives up both."""
        found = Deadline(self.at - seconds - time.monotonic())
        found._end = self._end
        return found

    def passed(self) -> bool:
        """Say whether nothing more may be waited for."""
        return self._end.over or time.monotonic() >= self.at

    def give_up(self) -> None:
        """Let it have passed now, and end what runs until then; from any thread, and without waiting."""
        self._end.over = True
        for call in tuple(self._end.calls):
            call()

    @contextmanager
    def on_giving_up(self, call: Callable[[], None]) -> Iterator[None]:
        """Have ``call`` made when somebody gives up, maybe twice, or a moment after the block was left."""
        self._end.calls.append(call)
        try:
            if self._end.over:
                call()
            yield
        finally:
            self._end.calls.remove(call)


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
