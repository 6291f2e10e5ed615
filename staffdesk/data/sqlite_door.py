"""The door of a SQLite connection: what it admits while no access is open, while one reads, and while one writes.

SQLite asks the authorizer when it makes a statement and not when it runs it again, and the driver keeps what was made
by its text. So each text is given a mark of the door as it stands: a statement made while an access was open is another
one than the same words afterwards, which are asked about anew.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from sqlcipher3 import dbapi2

from staffdesk.data import register

_STATISTICS: Final = "sqlite_stat"
"""ANALYZE would copy values of indexed columns into tables of this name."""

_ANSWERS_KEPT: Final = 4_096
_STATEMENTS_KEPT: Final = 256

_OK: Final[int] = dbapi2.SQLITE_OK
_DENY: Final[int] = dbapi2.SQLITE_DENY
_WRITES: Final = frozenset({dbapi2.SQLITE_INSERT, dbapi2.SQLITE_UPDATE, dbapi2.SQLITE_DELETE})
_READS: Final = frozenset(
    {
        dbapi2.SQLITE_SELECT,
        dbapi2.SQLITE_READ,
        dbapi2.SQLITE_TRANSACTION,
        dbapi2.SQLITE_FUNCTION,
        dbapi2.SQLITE_RECURSIVE,
    }
)
_ALLOWED_WHEN_CLOSED: Final = _WRITES | _READS

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


class DoorState(Enum):
    """How far the door is open; the value ends every statement made in it."""

    UNGUARDED = ""
    CLOSED = " /*closed*/"
    READING = " /*reading*/"
    WRITING = " /*writing*/"


class GuardedCursor(dbapi2.Cursor):  # type: ignore[misc] # the driver has no types
    """A cursor that marks what it runs."""

    def execute(self, words: str, *parameters: object) -> Any:  # noqa: ANN401 - the driver's own
        """Run a statement as one of the door as it stands."""
        return super().execute(words + self.connection.door.value, *parameters)

    def executemany(self, words: str, parameters: Sequence[object]) -> Any:  # noqa: ANN401 - as above
        """Run a statement with each set of parameters, marked as in :meth:`execute`."""
        return super().executemany(words + self.connection.door.value, parameters)

    def executescript(self, words: str) -> Any:  # noqa: ANN401 - as above
        """Refuse on a guarded connection: of several statements in one text only the last would be marked."""
        if self.connection.door is DoorState.UNGUARDED:
            return super().executescript(words)
        raise dbapi2.ProgrammingError("the desk runs one statement at a time")


class GuardedConnection(dbapi2.Connection):  # type: ignore[misc] # as above
    """A connection with a door: unguarded until :meth:`guard`, then closed but where ``door`` is set.

    ``file`` is the device and the number of the file it was opened on, ``cache_kib`` how much of it is kept at hand.
    """

    door = DoorState.UNGUARDED
    file: tuple[int, int] | None = None
    cache_kib = 0

    def __init__(self, *arguments: object, **options: object) -> None:
        """Open as the driver does, with room for the statements of each state."""
        super().__init__(*arguments, cached_statements=_STATEMENTS_KEPT, **options)

    def cursor(self, factory: type[GuardedCursor] = GuardedCursor) -> Any:  # noqa: ANN401 - as above
        """Return a cursor that marks what it runs."""
        return super().cursor(factory)

    def execute(self, words: str, *parameters: object) -> Any:  # noqa: ANN401 - as above
        """Run a statement on a cursor of its own; the driver's way to one takes longer than a short statement."""
        return GuardedCursor(self).execute(words, *parameters)

    def guard(self) -> None:
        """Close the door."""
        answers: dict[DoorState, Callable[..., int]] = {
            DoorState.CLOSED: closed_door(), DoorState.READING: read_only, DoorState.WRITING: _all,
        }  # fmt: skip

        def answer(*asked: object) -> int:
            return answers[self.door](*asked)

        self.door = DoorState.CLOSED
        self.set_authorizer(answer)


def closed_door() -> Authorizer:
    """Return the authorizer of a connection on which no access is open.

    It refuses customers' personal columns, the full-text tables and their shadows, writes to customers' tables, and
    everything but reading and writing rows. The last argument is never trusted: it also carries names a query chose.
    Table names come as the schema spells them, but for a table no column of which is read: that one as the query does.
    """
    guarded = (*register.WORD_INDEXES, _STATISTICS)

    @lru_cache(_ANSWERS_KEPT)
    def authorize(action: int, first: str | None, second: str | None, _third: str | None, _fourth: str | None) -> int:
        if action not in _ALLOWED_WHEN_CLOSED:
            return _DENY
        if first is None or action == dbapi2.SQLITE_FUNCTION:
            return _OK
        if (
            first.casefold().startswith(guarded)
            or (action == dbapi2.SQLITE_READ and second in register.refused_columns(first))
            or (action in _WRITES and register.is_customer_table(first))
        ):
            return _DENY
        return _OK

    return authorize


@lru_cache(_ANSWERS_KEPT)
def read_only(action: int, first: str | None, second: str | None, _third: str | None, _fourth: str | None) -> int:
    """Authorize reading alone, of everything; FTS5 asks which version of the data it reads, and is answered."""
    if action in _READS or (action == dbapi2.SQLITE_PRAGMA and first == "data_version" and second is None):
        return _OK
    return _DENY


def _all(*_asked: object) -> int:
    return _OK
