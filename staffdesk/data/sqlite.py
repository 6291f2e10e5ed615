"""The encrypted file: one SQLCipher connection a process, hardened, with a door in front of customers' columns.

Sources: SQLite's "Defense Against The Dark Arts", SQLCipher's API; the settings are the measured ones.
"""

import errno
import fcntl
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.sqlite_door import DoorState, GuardedConnection
from staffdesk.domain.errors import StorageUnavailable

BUSY_MS: Final = 400
BUSY_PAUSE_MS: Final = 5
QUEUE_SECONDS: Final = 1.0
"""Together with BUSY_MS below 1.5 s, so that a refusal is there within two seconds of the key."""

MAX_CACHE_KIB: Final = 64 * 1024
LESS_CACHE_KIB: Final = 40 * 1024
"""Of who changes much: to read a page again costs him nothing beside what he writes, and his memory stays bounded."""

MIN_CACHE_KIB: Final = 2 * 1024
PLAIN_HEADER: Final = b"SQLite format 3\x00"

_KEY = re.compile(r"[0-9a-f]{64}")
_SHARED_COLUMNS: Final = re.compile(r"\b(?:using|natural)\b", re.IGNORECASE)
"""Joins by shared column names: SQLite compares, and in a FULL JOIN returns, columns without asking the authorizer."""

_DISK: Final = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")
_BUSY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED")

_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK: Final = 10_000


def check_file(path: Path) -> None:
    """Refuse a file that is not there or lies there unencrypted; raises :class:`StorageUnavailable`."""
    try:
        with path.open("rb") as file:
            header = file.read(len(PLAIN_HEADER))
    except OSError as error:
        raise _unread(path, error) from error
    if header == PLAIN_HEADER:
        raise StorageUnavailable(
            "The desk's database file is not encrypted, so it is not used.",
            "Restore it from a backup: staffdesk restore",
        )


def connect(path: Path, key: str, *, create: bool = False) -> GuardedConnection:
    """Open the file with its raw key (64 hexadecimal digits) and every setting the desk relies on, not guarded yet.

    Raises :class:`StorageUnavailable` for a plain file, a wrong key, a damaged file or a library without encryption.
    """
    if not _KEY.fullmatch(key):
        raise StorageUnavailable(
            "The key file does not hold a key (64 hexadecimal digits).", "Put the right key file in place."
        )
    if not create:
        check_file(path)
    connection = GuardedConnection(str(path), timeout=BUSY_MS / 1000, check_same_thread=False, isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        connection.execute("PRAGMA cipher_log = off")
        version = connection.execute("PRAGMA cipher_version").fetchone()
        if not version or not version[0]:
            raise StorageUnavailable("This SQLite cannot encrypt, so nothing was opened.", "Install sqlcipher3.")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "mmap_size = 0",
            f"busy_timeout = {BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except dbapi2.Error as error:
        connection.close()
        raise _unopened(error) from error
    found = path.stat()
    connection.file = _file_of(found)
    _fit_cache(connection, found.st_size)
    return connection


def _file_of(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _fit_cache(connection: GuardedConnection, size: int, most: int = MAX_CACHE_KIB) -> None:
    """Give the connection a cache of half its file, within limits; one that has grown by less than twice keeps its."""
    wanted = max(MIN_CACHE_KIB, min(most, size // 2048))
    if wanted >= 2 * connection.cache_kib or (wanted == most != connection.cache_kib):
        connection.execute(f"PRAGMA cache_size = -{wanted}")
        connection.cache_kib = wanted


def _unread(path: Path, error: OSError) -> StorageUnavailable:
    """Say what is the matter with a file that was there when the desk was made."""
    named = f"The desk's database file, {path.name},"
    if isinstance(error, FileNotFoundError):
        back = "restore a backup into another, new home: staffdesk restore FILE --home DIR"
        return StorageUnavailable(f"{named} is missing.", f"Put it back into the data folder, or {back}")
    if isinstance(error, PermissionError):
        return StorageUnavailable(f"{named} is closed to this user.", "Give it back to the user whose desk it is.")
    return StorageUnavailable(f"{named} cannot be read.", "Look after its disk, then run: staffdesk doctor")


def _unopened(error: dbapi2.Error) -> StorageUnavailable:
    code = str(getattr(error, "sqlite_errorname", ""))
    if code.startswith(_DISK):
        return StorageUnavailable(
            "The desk's database cannot be opened: its disk is full, or its folder cannot be written to.",
            "Free some space, or make the folder writable for whoever owns the desk.",
        )
    if code.startswith(_BUSY):
        return StorageUnavailable("The desk's database is busy.", "Try again.")
    return StorageUnavailable(
        "The desk's database cannot be opened: the key file does not fit it, or the file is damaged.",
        "Put the right key file in place, or restore a backup into a new home: staffdesk restore FILE --home DIR",
    )


class WrittenLimits(SQLiteCompiler):
    """Writes a LIMIT into the words: where it is bound, SQLite plans the statement anew each time it is run."""

    def limit_clause(self, select: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
        """Return the words; each number makes others, and all of them are constants of the desk."""
        words = super().limit_clause(select, **{**options, "literal_execute": True})  # type: ignore[no-untyped-call] # as above
        return str(words)

    def render_literal_value(self, value: Any, type_: sa.types.TypeEngine[Any]) -> str:  # noqa: ANN401 - as above
        """Return a value in the words: a number is one even where its parameter was given no type."""
        return str(super().render_literal_value(value, sa.BigInteger() if type(value) is int else type_))


def make_engine(path: Path, key: str) -> sa.Engine:
    """Return the desk's engine: one connection, its door closed, errors without values."""
    check_file(path)
    engine = sa.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: connect(path, key),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=0,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )
    engine.dialect.statement_compiler = WrittenLimits

    @sa.event.listens_for(engine, "connect")
    def close_the_door(connection: GuardedConnection, _record: object) -> None:
        """Run after SQLAlchemy has asked the new connection what it is, which the closed door would not answer."""
        connection.guard()

    @sa.event.listens_for(engine, "before_cursor_execute")
    def refuse_shared_columns(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        """Refuse the one way of reading a column that the authorizer is not told of; the desk itself joins by ON."""
        if _SHARED_COLUMNS.search(statement):
            raise dbapi2.DatabaseError("a join by shared columns is not authorized")

    return engine


class SqliteDatabase(Database):
    """The encrypted file; a queue in front of its write lock keeps busy desks fair."""

    is_postgres = False

    def __init__(self, path: Path, key: str, secret: bytes) -> None:
        """Open the file; its queue for writers is a lock file beside it."""
        super().__init__(make_engine(path, key), secret)
        self._path = path
        self._most_cache = MAX_CACHE_KIB

    def keep_less_at_hand(self) -> None:
        """Keep no more than :data:`LESS_CACHE_KIB` of the file from the next change on."""
        self._most_cache = LESS_CACHE_KIB

    @staticmethod
    def _say(connection: sa.Connection, words: str) -> None:
        _driver(connection).execute(words)

    def _see_that_it_is_there(self, connection: sa.Connection) -> int:
        """Refuse to go on in a file that was moved away or replaced: SQLite would, and nobody would find the entries.

        The next transaction opens what lies there then. Returns the file's size.
        """
        driver = _driver(connection)
        try:
            found = self._path.stat()
        except OSError:
            connection.invalidate()
            raise
        if driver.file != _file_of(found):
            connection.invalidate()
            raise FileNotFoundError(errno.ENOENT, "another file lies there now")
        return found.st_size

    @contextmanager
    def _begun(self, connection: sa.Connection, deadline: Deadline, *, writes: bool, opens: bool) -> Iterator[None]:
        driver = _driver(connection)
        size = self._see_that_it_is_there(connection)
        with queued(self._path, deadline) if writes else _unqueued():
            if opens:
                driver.door = DoorState.WRITING if writes else DoorState.READING
            driver.set_busy_handler(patience(deadline))
            driver.set_progress_handler(deadline.passed, _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)
            try:
                if opens and writes:
                    _fit_cache(driver, size, self._most_cache)
                driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                yield
            finally:
                if not connection.invalidated:
                    driver.set_progress_handler(None, 0)
                    if opens:
                        driver.door = DoorState.CLOSED
                    if driver.in_transaction:
                        connection.invalidate()  # or every later BEGIN would fail on it, and a lock be held


def patience(deadline: Deadline) -> Callable[[int], bool]:
    """Return a busy handler that waits for each lock as long as ``BUSY_MS`` and never past the deadline."""
    until = deadline

    def wait(times: int) -> bool:
        nonlocal until
        if times == 0:
            until = Deadline(min(BUSY_MS / 1000, deadline.left()))
        if until.passed() or deadline.passed():
            return False
        time.sleep(min(BUSY_PAUSE_MS / 1000, until.left()))
        return True

    return wait


def _driver(connection: sa.Connection) -> GuardedConnection:
    return cast("GuardedConnection", connection.connection.driver_connection)


@contextmanager
def _unqueued() -> Iterator[None]:
    yield


@contextmanager
def queued(path: Path, deadline: Deadline) -> Iterator[None]:
    """Stand in the queue for the write lock of the file at ``path``.

    It is polled with jitter, since SQLite's own back-off starves the late comer. Raises ``BlockingIOError``.
    """
    descriptor = os.open(f"{path}.queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    wait = Deadline(min(QUEUE_SECONDS, deadline.left()))
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if wait.passed() or deadline.passed():
                    raise
                time.sleep(random.uniform(0.00005, 0.0004))  # noqa: S311 - jitter, not a secret
        yield
    finally:
        os.close(descriptor)
