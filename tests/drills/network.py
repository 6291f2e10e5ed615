"""A service on the server that is for its own accounts alone, and a way to ask whether one gets through to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SECRET: Final = b"only-behind-the-desk\n"
_PATIENCE: Final = 60.0


@contextmanager
def listener() -> Iterator[int]:
    """Give the port of a service on the server that only the desk's own account is to reach."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    taken, _ = listening.accept()
                except OSError:
                    return
                with taken:
                    taken.sendall(SECRET)

        threading.Thread(target=answer, daemon=True).start()
        yield int(listening.getsockname()[1])


def ask(port: int, words: bytes) -> bytes:
    """Connect, say something, and return what comes back before it is closed; who is to listen there may be late."""
    read = b""
    with _connected(port) as line:
        line.settimeout(3)
        line.sendall(words)
        try:
            while part := line.recv(4096):
                read += part
        except OSError:
            pass
    return read


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 5)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
