"""The two databases behind one interface: three kinds of transaction and no other, each begun and ended here alone.

``append`` writes the log and what is nobody's data; ``read`` and ``change`` open the door to customers' rows and want a
committed ticket. Nothing lazy leaves a block: results are materialised, the transaction is committed, then the door
closes. The one connection is kept for the next block.
"""

import errno
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc

from staffdesk.data.deadline import Deadline
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Change, Read, Transaction
from staffdesk.domain.errors import (
    Conflict,
    DiskFull,
    LogBusy,
    LogUnavailable,
    StaffdeskError,
    StorageBusy,
    StorageUnavailable,
)
from staffdesk.parameters.shapes import sessions

_MINUTE: Final = 60
_AGAIN: Final = "Try again; if it stays so: staffdesk doctor"
_OF_WAITING: Final = frozenset({"55P03", "57014", "SQLITE_INTERRUPT"})
"""What PostgreSQL calls a lock it did not get and a question it gave up, and SQLite one past its deadline."""
_OF_ROOM: Final = ("SQLITE_FULL", "SQLITE_IOERR", "53100")
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

T = TypeVar("T", bound=Transaction)


class AnswerLost(OSError):
    """COMMIT was said and the line broke before it was answered: what was written may stand, or may not."""


class Database(ABC):
    """What both databases do alike; :mod:`staffdesk.data.sqlite` and :mod:`staffdesk.data.postgres` do the rest."""

    is_postgres: bool

    def __init__(self, engine: sa.Engine, secret: bytes) -> None:
        """Take the engine, and the secret for keyed digests, which never lies in the database."""
        self._engine = engine
        self._secret = secret
        self._driver_error: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._in_use = threading.Lock()
        self._kept: sa.Connection | None = None

    def append(self, deadline: Deadline | None = None) -> AbstractContextManager[Append]:
        """Write the log: no customer's row can be read here. Raises :class:`LogUnavailable` if it cannot be in time."""
        return self._transaction(Append, deadline, _not_logged, writes=True, opens=False)

    def read(self, ticket: Ticket, deadline: Deadline | None = None) -> AbstractContextManager[Read]:
        """Read customers' rows under a committed ticket; raises :class:`StorageUnavailable`."""
        _admit(ticket)
        return self._transaction(Read, deadline, _not_read, writes=False, opens=True)

    def change(self, ticket: Ticket, deadline: Deadline | None = None) -> AbstractContextManager[Change]:
        """Write customers' rows and the entry that says so, all or nothing; raises :class:`StorageUnavailable`."""
        _admit(ticket)
        return self._transaction(Change, deadline, _not_changed, writes=True, opens=True)

    def keep_less_at_hand(self) -> None:  # noqa: B027 - a server keeps what it keeps
        """Leave memory to who changes much and looks little up twice, as an import does; where it is this process's."""

    def close(self) -> None:
        """Close the one connection."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
        self._engine.dispose()

    @contextmanager
    def _transaction(
        self,
        kind: type[T],
        deadline: Deadline | None,
        say: Callable[[Exception], StaffdeskError],
        *,
        writes: bool,
        opens: bool,
    ) -> Iterator[T]:
        until = deadline or Deadline(sessions().log.deadline_seconds)
        try:
            with (
                self._reserved(until),
                self._connected() as connection,
                self._begun(connection, until, writes=writes, opens=opens),
            ):
                tx = kind(connection, is_postgres=self.is_postgres, secret=self._secret)
                try:
                    yield tx
                    if until.passed():
                        raise TimeoutError  # noqa: TRY301 - takes the same way back as a lock that timed out
                    self._commit(connection)
                except BaseException:
                    self._roll_back(connection)
                    raise
            tx.settle()
        except (exc.DBAPIError, exc.PendingRollbackError, exc.TimeoutError, OSError, self._driver_error) as error:
            raise say(error) from None

    @contextmanager
    def _reserved(self, deadline: Deadline) -> Iterator[None]:
        """Have the one connection to oneself: the pool's own wait for it knows no deadline."""
        if not self._in_use.acquire(timeout=deadline.left()):
            raise TimeoutError
        try:
            if deadline.passed():
                raise TimeoutError
            yield
        finally:
            self._in_use.release()

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """Give the one connection, and keep it: to have it of the pool takes as long as a BEGIN and a COMMIT do.

        One that is lost, or in which SQLAlchemy believes to be in a transaction, goes back to the pool.
        """
        connection, self._kept = self._kept or self._engine.connect(), None
        try:
            yield connection
        finally:
            if connection.invalidated or connection.in_transaction():
                connection.close()
            else:
                self._kept = connection

    @abstractmethod
    def _begun(
        self, connection: sa.Connection, deadline: Deadline, *, writes: bool, opens: bool
    ) -> AbstractContextManager[None]:
        """Say BEGIN, with the door open if asked, and tidy up after the end; the caller commits or rolls back."""

    @staticmethod
    @abstractmethod
    def _say(connection: sa.Connection, words: str) -> None:
        """Hand a statement without parameters to the driver as it is."""

    def _commit(self, connection: sa.Connection) -> None:
        """Say COMMIT; raises an error unless everything is committed, :class:`AnswerLost` where nobody knows."""
        self._say(connection, "COMMIT")

    def _roll_back(self, connection: sa.Connection) -> None:
        if connection.invalidated:
            return  # the server is gone, and took the transaction with it
        try:
            self._say(connection, "ROLLBACK")
        except (exc.DBAPIError, self._driver_error):
            connection.invalidate()


def _admit(ticket: Ticket) -> None:
    if not ticket.committed or ticket.age() > sessions().open_record_minutes * _MINUTE:
        raise LogUnavailable(
            "Nothing was shown: the access is not in the log, or it is too old.", "Open the record again."
        )


def _was_busy(error: Exception) -> bool:
    """Say whether others held what was waited for until the time was over, or the server or the file was too slow."""
    if isinstance(error, TimeoutError | BlockingIOError):
        return True
    code, found = _code_of(error)
    return code in _OF_WAITING or code.startswith("SQLITE_BUSY") or "locked" in str(found)


def _is_full(error: Exception) -> bool:
    """Say whether the disk took no more: waiting does not help then."""
    code, found = _code_of(error)
    return code.startswith(_OF_ROOM) or (isinstance(found, OSError) and found.errno in _NO_ROOM)


def _code_of(error: Exception) -> tuple[str, object]:
    """Return what the driver calls an error, and its own error."""
    found = getattr(error, "orig", error)
    return str(getattr(found, "sqlstate", None) or getattr(found, "sqlite_errorname", None) or ""), found


def _full(nothing: str) -> DiskFull:
    return DiskFull(
        f"{nothing}: the disk of the database is full, or cannot be written to.",
        "Free some space there, then try again.",
    )


def _not_logged(error: Exception) -> StaffdeskError:
    if isinstance(error, AnswerLost):
        return LogUnavailable(
            "Nothing was shown: whether the event was written is not known.", "See whether it was done, then try again."
        )
    if _is_full(error):
        return _full("Nothing was shown or changed")
    if _was_busy(error):
        return LogBusy("Nothing was shown or changed: the database was busy.", _AGAIN)
    return LogUnavailable(
        "Nothing was shown: the event could not be written.",
        "Check the database (staffdesk doctor), then try again.",
    )


def _not_read(_error: Exception) -> StaffdeskError:
    return StorageUnavailable("Nothing was shown: the database did not answer in time.", _AGAIN)


def _not_changed(error: Exception) -> StaffdeskError:
    if isinstance(error, exc.IntegrityError):
        return Conflict(
            "Nothing was changed: it contradicts what is already there.", "Look at the record again, then retry."
        )
    if isinstance(error, AnswerLost):
        return StorageUnavailable(
            "Whether it was changed is not known: the line to the database broke.",
            "Look at the record before you try again.",
        )
    if _is_full(error):
        return _full("Nothing was changed")
    if _was_busy(error):
        return StorageBusy("Nothing was changed: the database was busy.", _AGAIN)
    return StorageUnavailable("Nothing was changed: the database did not take it.", _AGAIN)
