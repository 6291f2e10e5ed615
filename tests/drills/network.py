"""A service on the server that is for its own accounts alone, and a way to ask whether one gets through to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SECRET: Final = b"only-behind-the-desk\n"


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
    """Connect, say something, and return what comes back before it is closed."""
    read = b""
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.settimeout(3)
        line.sendall(words)
        try:
            while part := line.recv(4096):
                read += part
        except OSError:
            pass
    return read


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
