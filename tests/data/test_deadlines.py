"""The deadline bounds every wait in the data layer, also the waits that a server could stretch, and leaves no trace.

Seen to fail: with the watchdog never armed, with it not disarmed, with the connection it cut left in the pool, with its
thread polling, with the pool's own limit, with the driver's own limit on connecting, and with SQLite's fixed one.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.data.postgres import PostgresDatabase
from staffdesk.data.sqlite import BUSY_MS
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Act
from staffdesk.domain.errors import LogUnavailable, StorageUnavailable
from tests import databases, kept_connections
from tests.data.stopped_backend import stopping
from tests.databases import Place
from tests.services.offices import acts

LOOK = Event(act=Act.CUSTOMER_OPENED)
SLACK = 0.25
"""What a busy machine may add; the layer itself adds 0.05 s."""


@pytest.fixture
def server() -> Iterator[Place]:
    """A database to which each connection is a new one, and closed when it is."""
    with databases.fresh_postgres() as place:
        kept_connections.drop(str(sa.make_url(str(place.url)).database))
        yield place


@pytest.fixture
def desk(server: Place) -> Iterator[Database]:
    opened = server.open()
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Place:
    return databases.fresh_sqlite(tmp_path)


def ticket_of(database: Database, deadline: Deadline | None = None) -> Ticket:
    with database.append(deadline) as tx:
        return Log(tx, "2024-10").append(LOOK)


def backend(tx: Transaction) -> int:
    return int(tx.rows(sa.text("SELECT pg_backend_pid()"))[0][0])


def backend_of(database: Database) -> int:
    with database.append() as tx:
        return backend(tx)


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds + SLACK


def test_a_server_that_stopped_before_the_transaction(desk: Database) -> None:
    with stopping(pid := backend_of(desk)) as stop:
        stop()
        with no_longer_than(2), pytest.raises(LogUnavailable):
            ticket_of(desk)
        assert ticket_of(desk).committed
        assert backend_of(desk) != pid


def test_a_server_that_stops_between_two_questions(desk: Database) -> None:
    ticket = ticket_of(desk)
    with stopping(pid := backend_of(desk)) as stop:
        with no_longer_than(0.6), pytest.raises(StorageUnavailable), desk.read(ticket, Deadline(0.6)) as tx:  # noqa: PT012 - it stops in the middle
            assert backend(tx) == pid
            stop()
            backend(tx)
        with desk.read(ticket_of(desk)) as tx:
            assert backend(tx) != pid


def test_a_server_that_stops_before_the_commit(desk: Database, server: Place) -> None:
    with stopping(backend_of(desk)) as stop:
        tickets = []
        with no_longer_than(0.6), pytest.raises(LogUnavailable), desk.append(Deadline(0.6)) as tx:  # noqa: PT012 - as above
            tickets.append(Log(tx, "2024-10").append(LOOK))
            stop()
    assert not tickets[0].committed
    assert ticket_of(desk).seq == len(acts(server))


def test_waits_do_not_add_up(desk: Database) -> None:
    ticket = ticket_of(desk)
    pid = backend_of(desk)
    with no_longer_than(0.5), pytest.raises(StorageUnavailable), desk.read(ticket, Deadline(0.5)) as tx:  # noqa: PT012 - they add up in a loop
        for _ in range(4):
            tx.rows(sa.text("SELECT pg_sleep(0.4)"))
    assert backend_of(desk) != pid


def test_one_question_is_cut_off_by_the_server_and_the_connection_kept(desk: Database) -> None:
    """On a busy machine its answer may come late, so once in five times is enough."""

    def is_kept() -> bool:
        ticket, pid = ticket_of(desk), backend_of(desk)
        with pytest.raises(StorageUnavailable), desk.read(ticket, Deadline(0.3)) as tx:
            tx.rows(sa.text("SELECT pg_sleep(9)"))
        return backend_of(desk) == pid

    assert any(is_kept() for _ in range(5))


def test_nothing_is_cut_after_its_transaction(desk: Database) -> None:
    pid = backend_of(desk)
    ticket_of(desk, Deadline(0.5))
    time.sleep(0.6)
    with pytest.raises(ZeroDivisionError), desk.append(Deadline(0.5)):
        raise ZeroDivisionError
    time.sleep(0.6)
    assert backend_of(desk) == pid


def test_a_connection_cut_when_all_was_said_does_not_go_back(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    really = PostgresDatabase._commit

    def commit(self: PostgresDatabase, connection: sa.Connection) -> None:
        really(self, connection)
        time.sleep(0.6)

    pid = backend_of(desk)
    with monkeypatch.context() as patch:
        patch.setattr(PostgresDatabase, "_commit", commit)
        assert ticket_of(desk, Deadline(0.5)).committed
    assert ticket_of(desk).committed
    assert backend_of(desk) != pid


def test_a_server_that_accepts_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Place("postgres", url=f"postgresql+psycopg://x@127.0.0.1:{silent.getsockname()[1]}/x").open()
        for seconds in (0.1, 0.4):
            with no_longer_than(seconds), pytest.raises(LogUnavailable):
                ticket_of(database, Deadline(seconds))
        database.close()


def test_a_connection_that_comes_too_late_is_closed(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    really = psycopg.connect
    made: list[psycopg.Connection] = []
    came = threading.Event()

    def connect(*arguments: object, **options: object) -> psycopg.Connection:
        came.wait(5)
        made.append(really(*arguments, **options))  # type: ignore[arg-type] # passed through as they came
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr(psycopg, "connect", connect)
        with pytest.raises(LogUnavailable):
            ticket_of(desk, Deadline(0.3))
        came.set()
        until = Deadline(5)
        while not (made and made[0].closed) and not until.passed():
            time.sleep(0.01)
    assert [late.closed for late in made] == [True]
    assert ticket_of(desk).committed


def test_a_resting_desk_wakes_for_nothing(desk: Database) -> None:
    before = set(threading.enumerate())
    for _ in range(20):
        ticket_of(desk, Deadline(0.5))
    (watchdog,) = [thread for thread in set(threading.enumerate()) - before if thread.name == "watchdog"]
    time.sleep(0.7)
    woken = switches(watchdog)
    time.sleep(0.4)
    assert switches(watchdog) == woken
    ticket_of(desk)
    desk.close()
    watchdog.join(1)
    assert not watchdog.is_alive()


def switches(thread: threading.Thread) -> int:
    status = Path(f"/proc/self/task/{thread.native_id}/status").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in status.splitlines() if "ctxt_switches" in line)


def test_the_wait_for_the_connection_in_use(database: Database) -> None:
    ticket = ticket_of(database)
    refused: list[float] = []

    def look(seconds: float) -> None:
        began = time.monotonic()
        with pytest.raises(LogUnavailable):
            ticket_of(database, Deadline(seconds))
        refused.append(time.monotonic() - began)

    with database.read(ticket, Deadline(10)):
        for seconds in (0.0, 0.05, 1.2):
            other = threading.Thread(target=look, args=(seconds,))
            other.start()
            other.join()
    assert refused[0] < SLACK
    assert 0.05 <= refused[1] < 0.05 + SLACK
    assert 1.2 <= refused[2] < 1.2 + SLACK
    assert ticket_of(database).committed


def test_what_comes_too_late_does_not_begin(database: Database) -> None:
    with pytest.raises(LogUnavailable), database.append(Deadline(0)):
        pytest.fail("it began")


@pytest.mark.parametrize("seconds", [0.05, 0.1])
def test_a_busy_file_is_not_waited_for_past_the_deadline(seconds: float, file: Place) -> None:
    database = file.open()
    ticket_of(database)
    with file.owner() as owner:
        owner.exec_driver_sql("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(LogUnavailable):
            ticket_of(database, Deadline(seconds))
        assert seconds <= time.monotonic() - began < seconds + SLACK
        owner.exec_driver_sql("ROLLBACK")
    database.close()


def test_a_busy_file_is_waited_for_as_long_as_ever_after_that(file: Place) -> None:
    database = file.open()
    with file.owner() as owner:
        owner.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(LogUnavailable):
            ticket_of(database, Deadline(0.01))
        began = time.monotonic()
        with pytest.raises(LogUnavailable):
            ticket_of(database)
        assert BUSY_MS / 1000 <= time.monotonic() - began < BUSY_MS / 1000 + SLACK
        free = threading.Timer(0.2, owner.exec_driver_sql, ("ROLLBACK",))
        free.start()
        assert ticket_of(database).committed
        free.join()
    database.close()


def test_what_is_kept_for_a_failure_ends_at_the_same_moment_however_late_it_begins() -> None:
    passed = Deadline(0.0)
    time.sleep(0.02)
    assert passed.later(0.3).at == pytest.approx(passed.at + 0.3, abs=0.005)
