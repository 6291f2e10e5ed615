"""A PostgreSQL backend that stopped: it lives and says nothing, as on a machine that hangs."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def stopping(pid: int) -> Iterator[Callable[[], None]]:
    """Give what stops this test's own backend; it goes on in the end, and four seconds from now lest a test hang."""
    goes_on = threading.Timer(4, os.kill, (pid, signal.SIGCONT))
    goes_on.start()
    try:
        yield lambda: os.kill(pid, signal.SIGSTOP)
    finally:
        goes_on.cancel()
        os.kill(pid, signal.SIGCONT)
