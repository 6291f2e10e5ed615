"""What breaks under a service: a desk's database whose n-th transaction meets a fault, around the real driver.

The faults are real wherever the system can be asked for one: a file-size limit for a full disk, another holder of the
lock, a backend that is terminated, a server that refuses to write.
"""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest import mock

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from staffdesk.data import sqlite
from staffdesk.data.database import AnswerLost, Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.postgres import PostgresDatabase
from staffdesk.data.sqlite import SqliteDatabase
from tests.databases import Place

_SHORT: Final = "30ms"
_OTHERS: Final = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_HOUR_NS: Final = 3_600_000_000_000


@dataclass(slots=True)
class Layer:
    """Counts the transactions of the thread that watches them, and lets a fault act in one of them."""

    place: Place
    owner: sa.Connection
    fault: str = ""
    at: int = 0
    seen: list[str] = field(default_factory=list)
    met: bool = False
    thread: int = 0
    cleanup: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def watching(self, fault: str = "", at: int = 0) -> Iterator[None]:
        """Watch the calls of this thread; let ``fault`` act from the transaction ``at`` on, counted from one."""
        self.fault, self.at, self.seen, self.met = fault, at, [], False
        self.thread = threading.get_ident()
        try:
            yield
        finally:
            self.thread = 0
            self.cleanup.close()

    def begins(self, kind: str) -> bool:
        """Count a transaction and say whether the fault acts in it."""
        if threading.get_ident() != self.thread:
            return False
        self.seen.append(kind)
        acts = self.fault != "" and not self.met and len(self.seen) == self.at
        self.met = self.met or acts
        return acts


def _full_disk(layer: Layer) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    layer.cleanup.callback(resource.setrlimit, resource.RLIMIT_FSIZE, (soft, hard))


def _queue_held(layer: Layer) -> None:
    assert layer.place.path is not None
    descriptor = os.open(layer.place.path.with_name(layer.place.path.name + ".queue"), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    layer.cleanup.callback(os.close, descriptor)
    layer.cleanup.enter_context(mock.patch.object(sqlite, "QUEUE_SECONDS", 0.02))


def _tables_held(layer: Layer) -> None:
    layer.owner.exec_driver_sql("BEGIN; LOCK TABLE person, support_case, request, staff, session, head, entry")
    layer.cleanup.callback(layer.owner.exec_driver_sql, "ROLLBACK")


def _terminated(layer: Layer) -> None:
    """End every other connection, and wait until it is gone; the server's own waiting looks ten times a second only."""
    layer.owner.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
    until = time.monotonic() + 2
    while layer.owner.exec_driver_sql(f"SELECT count(*) {_OTHERS}").scalar_one():
        assert time.monotonic() < until, "a connection that was terminated goes on"
        time.sleep(0.002)


def _clock_moved(layer: Layer, by: int) -> None:
    really = time.time_ns

    def moved() -> int:
        return really() + by

    layer.cleanup.enter_context(mock.patch.object(time, "time_ns", moved))


Hook = Callable[["Layer", sa.Connection], None]


def _nothing(_layer: Layer, _connection: sa.Connection) -> None:
    """Let this moment pass."""


def _say(words: str) -> Hook:
    return lambda _layer, connection: connection.connection.driver_connection.execute(words)  # type: ignore[union-attr]


def _io_error(_layer: Layer, _connection: sa.Connection) -> None:
    raise dbapi2.OperationalError("disk I/O error")


def _then(*hooks: Hook) -> Hook:
    def run(layer: Layer, connection: sa.Connection) -> None:
        for hook in hooks:
            hook(layer, connection)

    return run


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens before BEGIN, after it, before COMMIT and after COMMIT was taken; with ``once`` it is over then.

    Else it goes on until the call is over, and meets the entry that says that something failed as well.
    """

    before: Callable[[Layer], None] = lambda _layer: None
    begun: Hook = _nothing
    commit: Hook = _nothing
    taken: Hook = _nothing
    once: bool = False


UNKNOWN: Final = frozenset({"terminated before the commit", "line cut with the answer to the commit"})
"""After these nobody at the desk knows whether the transaction stands."""

_MOVED: Final = {
    "clock an hour back": Fault(before=lambda layer: _clock_moved(layer, -_HOUR_NS)),
    "clock an hour forward": Fault(before=lambda layer: _clock_moved(layer, _HOUR_NS)),
}
ON_SQLITE: Final = {
    "disk full": Fault(begun=lambda layer, _: _full_disk(layer)),
    "input and output fail at the commit": Fault(commit=_io_error),
    "lock held": Fault(before=_queue_held),
    **_MOVED,
}
ON_POSTGRES: Final = {
    "terminated": Fault(begun=lambda layer, _: _terminated(layer)),
    "terminated before the commit": Fault(commit=lambda layer, _: _terminated(layer)),
    "line cut with the answer to the commit": Fault(taken=lambda layer, _: _terminated(layer)),
    "lock held": Fault(before=_tables_held, begun=_say(f"SET LOCAL lock_timeout = '{_SHORT}'"), once=True),
    "too slow": Fault(before=_tables_held, begun=_say(f"SET LOCAL statement_timeout = '{_SHORT}'"), once=True),
    "read-only": Fault(begun=_say("SET TRANSACTION READ ONLY")),
    **_MOVED,
}


class _Layered(Database):
    """Either database with a :class:`Layer` around its transactions."""

    layer: Layer
    _acting: Fault | None = None

    @contextmanager
    def _begun(self, connection: sa.Connection, deadline: Deadline, *, writes: bool, opens: bool) -> Iterator[None]:
        faults = ON_POSTGRES if self.is_postgres else ON_SQLITE
        acts = self.layer.begins(f"{'write' if writes else 'read'}{' customers' if opens else ''}")
        fault = faults[self.layer.fault] if acts else None
        self._acting = fault
        try:
            if fault is not None:
                fault.before(self.layer)
            with super()._begun(connection, deadline, writes=writes, opens=opens):  # type: ignore[safe-super]
                if fault is not None:
                    fault.begun(self.layer, connection)
                yield
        finally:
            self._acting = None
            if fault is not None and fault.once:
                self.layer.cleanup.close()

    def _commit(self, connection: sa.Connection) -> None:
        fault = self._acting
        if fault is not None:
            fault.commit(self.layer, connection)
        super()._commit(connection)
        if fault is not None and fault.taken is not _nothing:
            fault.taken(self.layer, connection)
            raise AnswerLost


class LayeredSqlite(_Layered, SqliteDatabase):
    """The encrypted file with faults."""


class LayeredPostgres(_Layered, PostgresDatabase):
    """The team's database with faults."""


def layered(place: Place, owner: sa.Connection, secret: bytes) -> tuple[Database, Layer]:
    """Open a database with a layer around it; ``owner`` is a connection of its own past the door."""
    database: LayeredSqlite | LayeredPostgres
    if place.path is not None:
        database = LayeredSqlite(Path(place.path), place.key, secret)
    else:
        assert place.url is not None
        database = LayeredPostgres(place.url, secret)
    database.layer = Layer(place, owner)
    return database, database.layer
