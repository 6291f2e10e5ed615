"""Forks a process for each mail that is to be read: to start an interpreter takes ten times what the reading does.

Run alone, with a socket for its standard input. No byte of a mail comes here: each message names the limits and brings
the socket by which a mail comes and its answer goes, and is answered with the number of the process that was forked.
It ends when nobody asks any more, or for a while.
"""

from __future__ import annotations

import os
import runpy
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

_IDLE_SECONDS: Final = 30
_LONGEST: Final = 1_000


def serve(asked: socket.socket, read: Callable[[list[str]], int]) -> None:
    """Fork for each message one process that reads a mail; none of them is waited for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    asked.settimeout(_IDLE_SECONDS)
    while True:
        try:
            words, given, _, _ = socket.recv_fds(asked, _LONGEST, 1)
        except TimeoutError:
            return
        if not given:
            return
        forked = os.fork()
        if not forked:
            asked.close()
            _be(given[0], words.decode().split(), read)
        os.close(given[0])
        asked.sendall(f"{forked}\n".encode())


def _be(mail: int, words: list[str], read: Callable[[list[str]], int]) -> None:
    """Be the process that reads one mail, and end."""
    code = 1
    try:
        os.dup2(mail, 0)
        os.dup2(mail, 1)
        os.close(mail)
        sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
        code = read(words)
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=0), runpy.run_path(str(Path(__file__).with_name("child.py")))["main"])
