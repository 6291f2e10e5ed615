"""Processes that each read one mail, forked by another one, ``forking.py``, that is started where none runs yet."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_FORKING: Final = Path(__file__).with_name("forking.py")
_PIECE: Final = 65_536
_STARTED_WITHIN: Final = 20.0
_NONE: Final = 0.001
"""Seconds; to wait for none at all would be not to wait for what is there."""

_one_asks: Final = threading.Lock()
_there: Final[dict[int, tuple[subprocess.Popen[bytes], socket.socket]]] = {}
"""What forks for this process, by the process's number: one that was forked itself has its own."""


def read(raw: bytes, limits: Sequence[int], seconds: float) -> bytes:
    """Return what a process that may do little prints of a mail; ``limits`` are the arguments of ``child.py``.

    Raises OSError where it is not done within ``seconds`` on the wall, or ends before it has read the mail.
    """
    until = time.monotonic() + seconds
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            reader = _forked(" ".join(map(str, limits)).encode(), theirs)
        try:
            ours.settimeout(max(_NONE, until - time.monotonic()))
            ours.sendall(raw)
            ours.shutdown(socket.SHUT_WR)
            pieces = []
            while piece := ours.recv(_PIECE):
                pieces.append(piece)
                ours.settimeout(max(_NONE, until - time.monotonic()))
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(reader, signal.SIGKILL)
            raise
    return b"".join(pieces)


def _forked(words: bytes, mail: socket.socket) -> int:
    """Have a process forked and return its number; what forks ends when nobody has asked for a while."""
    with _one_asks:
        for is_new in (False, True):
            _, line = _anew() if is_new else _there.get(os.getpid()) or _anew()
            with suppress(OSError):
                socket.send_fds(line, [words], [mail.fileno()])
                if answer := line.recv(_PIECE):
                    return int(answer)
        raise OSError


def _anew() -> tuple[subprocess.Popen[bytes], socket.socket]:
    for process, line in _there.values():
        line.close()
        process.poll()
    _there.clear()
    ours, theirs = socket.socketpair()
    with theirs:
        started = subprocess.Popen(  # noqa: S603 - our own file under our own interpreter
            [sys.executable, "-I", "-B", str(_FORKING)],
            stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={},
        )  # fmt: skip
    ours.settimeout(_STARTED_WITHIN)
    _there[os.getpid()] = started, ours
    return started, ours
