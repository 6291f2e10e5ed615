"""The stored log as the verifier reads it: a stream from one snapshot on a connection of its own, writing nothing."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.entry import COPIED
from staffdesk.audit.source import StoredEntry, StoredOpening
from staffdesk.data import maintenance
from staffdesk.domain.errors import StorageUnavailable

_CHUNK: Final = 2_000
_COLUMNS: Final = ", ".join(f'"{name}"' for name in COPIED)
_ENTRIES: Final = f"SELECT seq, core, leaf, {_COLUMNS} FROM entry {{where}} ORDER BY seq"  # noqa: S608 - our own names
_SUBJECTS: Final = "SELECT seq, aid FROM entry_subject {where} ORDER BY seq, aid"
_OPENINGS: Final = "SELECT seq, field, kind, salt, value FROM opening ORDER BY seq, field"


class DatabaseSource:
    """A stored log; implements the verifier's ``LogSource`` and finds entries by act through the index."""

    has_copies = True

    def __init__(self, connection: sa.Connection) -> None:
        """Read on a connection on which a transaction was begun."""
        self._connection = connection

    @property
    def origin(self) -> str:
        """The log's origin, as the head row says."""
        found = self._connection.execute(sa.text("SELECT origin FROM head WHERE id = 1")).scalar()
        if not isinstance(found, str):
            raise StorageUnavailable("The log has no head, so it cannot be verified.", "Run: staffdesk restore")
        return found

    def entries(self) -> Iterator[StoredEntry]:
        """Yield all entries in ascending number."""
        return self._entries("")

    def by_act(self, acts: Collection[str]) -> Iterator[StoredEntry]:
        """Yield the entries with one of these acts in ascending number."""
        listed = ", ".join(f"'{act}'" for act in acts if act.replace(".", "").replace("_", "").isalpha())
        return self._entries(f"WHERE seq IN (SELECT seq FROM entry WHERE act IN ({listed}))")  # noqa: S608 - checked above

    def openings(self) -> Iterator[StoredOpening]:
        """Yield the openings in ascending number, then field."""
        for seq, field, kind, salt, value in self._stream(_OPENINGS):
            yield StoredOpening(_number(seq), str(field), str(kind), _data(salt), str(value))

    def head(self) -> int | None:
        """Return the last number the head row gave."""
        found = self._connection.execute(sa.text("SELECT seq FROM head WHERE id = 1")).scalar()
        return int(found) if found is not None else None

    def checkpoints(self) -> Iterator[str]:
        """Yield the stored notes, the smallest first."""
        for (note,) in self._stream("SELECT note FROM checkpoint ORDER BY size"):
            yield str(note)

    def _entries(self, where: str) -> Iterator[StoredEntry]:
        subjects = _Grouped(self._stream(_SUBJECTS.format(where=where)))
        for seq, core, leaf, *copied in self._stream(_ENTRIES.format(where=where)):
            number = _number(seq)
            yield StoredEntry(
                number,
                None if core is None else _data(core),
                _data(leaf),
                dict(zip(COPIED, copied, strict=True)),  # type: ignore[arg-type] # the columns' own types
                subjects.of(number),
            )

    def _stream(self, statement: str) -> Iterator[Sequence[object]]:
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(statement)
            while rows := cursor.fetchmany(_CHUNK):
                yield from rows
        finally:
            cursor.close()


class _Grouped:
    """Rows of (number, audit id) in ascending number, handed out a number at a time."""

    def __init__(self, rows: Iterator[Sequence[object]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, seq: int) -> tuple[str, ...]:
        found: list[str] = []
        while self._next is not None and _number(self._next[0]) <= seq:
            if _number(self._next[0]) == seq:
                found.append(str(self._next[1]))
            self._next = next(self._rows, None)
        return tuple(found)


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _data(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


@contextmanager
def sqlite_log(path: Path, key: str) -> Iterator[DatabaseSource]:
    """Open the log in the encrypted file as it is at this moment; the connection cannot write."""
    with maintenance.sqlite_owner(path, key) as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
        try:
            yield DatabaseSource(connection)
        finally:
            connection.exec_driver_sql("ROLLBACK")


@contextmanager
def postgres_log(url: str) -> Iterator[DatabaseSource]:
    """Open the log on PostgreSQL as it is at this moment; the transaction cannot write."""
    with maintenance.postgres_owner(url) as connection:
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield DatabaseSource(connection)
        finally:
            connection.exec_driver_sql("ROLLBACK")
