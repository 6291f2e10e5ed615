"""The stored log as the verifier reads it: a stream from one snapshot on a connection of its own, writing nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.coverings import ACTS
from staffdesk.audit.entry import COPIED
from staffdesk.audit.screen import Screen, Screened
from staffdesk.audit.seals import SealScreen, Sound
from staffdesk.audit.source import StoredCheckpoint, StoredEntry, StoredOpening
from staffdesk.audit.tree import HASH_BYTES
from staffdesk.data import log_parts, maintenance
from staffdesk.domain.errors import StorageUnavailable

_CHUNK: Final = 250
"""Rows at a time: so few that they are still near at hand when they are looked at."""

_CHUNK_OF_A_SERVER: Final = 2_000
_NAMES: Final = count(1)
_BEHIND_ALL: Final = float("inf")
_NOT_GRANTED: Final = "42501"
_COPIES_FROM: Final = 3
"""The column of a row at which the indexed copies begin."""

_COLUMNS: Final = ", ".join(f'"{name}"' for name in COPIED)
_ENTRIES: Final = f"SELECT seq, core, leaf, {_COLUMNS} FROM entry {{where}} ORDER BY seq"  # noqa: S608 - our own names
_SUBJECTS: Final = "SELECT seq, aid FROM entry_subject {where} ORDER BY seq, aid"
_CHECKPOINTS: Final = "SELECT size, note, frontier FROM checkpoint ORDER BY size"
_LEAVES: Final = sa.text("SELECT seq, leaf FROM entry WHERE seq > :after ORDER BY seq LIMIT :most")
_OPENINGS: Final = "SELECT seq, field, kind, salt, value FROM opening {where} ORDER BY seq, field"
_LAST: Final = sa.text("SELECT max(seq) FROM entry")
_SINCE: Final = sa.text("SELECT count(*) FROM entry WHERE seq > :last AND act IN :acts").bindparams(
    sa.bindparam("acts", sorted(ACTS), expanding=True)
)


class DatabaseSource:
    """A stored log; implements the verifier's ``LogSource`` and finds entries by act through the index."""

    has_copies = True

    def __init__(self, connection: sa.Connection, again: log_parts.Opener | None = None, where: str = "") -> None:
        """Read on a connection on which a transaction was begun; ``again`` opens the log in another process.

        ``where`` is the condition on the number that everything read must meet.
        """
        self._connection = connection
        self._again = again
        self._where = where

    @property
    def origin(self) -> str:
        """The log's origin, as the head row says."""
        found = self._connection.execute(sa.text("SELECT origin FROM head WHERE id = 1")).scalar()
        if not isinstance(found, str):
            raise StorageUnavailable("The log has no head, so it cannot be verified.", "Run: staffdesk restore")
        return found

    def entries(self, stray: Callable[[int], None] | None = None) -> Iterator[StoredEntry]:
        """Yield all entries in ascending number; ``stray`` is told the number of each subject's row that no entry has.

        SQLite keeps any value in a column of numbers; one that is no whole number is told as -1.
        """
        return self._entries(self._where, stray or _unheard)

    def looked_at(self, screen: Screen) -> Iterator[Screened]:
        """Yield what a screen makes of all, a long log by processes side by side."""
        last = self._last()
        if self._again is None or not log_parts.is_worth_it(last):
            return screen.look(self)
        return log_parts.looked_at(self, self._again, last, screen)

    def seals_looked_at(self, screen: SealScreen) -> Iterator[Sound | StoredCheckpoint]:
        """Yield what a screen makes of the checkpoints, those of a long log by processes side by side."""
        if not log_parts.is_worth_it(self._last()):
            return iter(self.checkpoints())
        return log_parts.seals_looked_at(self.checkpoints(), screen)

    def between(self, first: int | None, after: int | None) -> DatabaseSource:
        """Return what stands under the numbers from one to before another."""
        ends = [f"seq >= {first:d}" if first is not None else "", f"seq < {after:d}" if after is not None else ""]
        return DatabaseSource(self._connection, where=f"WHERE {' AND '.join(filter(None, ends))}")

    def is_covered_since(self, last: int) -> bool:
        """Return whether an entry behind this number says something of earlier ones."""
        return bool(self._connection.execute(_SINCE, {"last": last}).scalar())

    def by_act(self, acts: Collection[str]) -> Iterator[StoredEntry]:
        """Yield the entries with one of these acts in ascending number."""
        listed = ", ".join(f"'{act}'" for act in acts if act.replace(".", "").replace("_", "").isalpha())
        chosen = f"WHERE seq IN (SELECT seq FROM entry WHERE act IN ({listed}))"  # noqa: S608 - checked above
        return self._entries(chosen, _unheard)

    def openings(self) -> Iterator[StoredOpening]:
        """Yield the openings in ascending number, then field."""
        for seq, field, kind, salt, value in self._stream(_OPENINGS.format(where=self._where)):
            yield StoredOpening(_number(seq), str(field), str(kind), _data(salt), str(value))

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hashes in order, a few at a time; they end where a number is missing or a leaf is none."""
        last = 0
        while rows := self._connection.execute(_LEAVES, {"after": last, "most": _CHUNK}).all():
            for seq, stored in rows:
                leaf = _data(stored)
                if _number(seq) != last + 1 or len(leaf) != HASH_BYTES:
                    return
                last += 1
                yield leaf

    def core(self, seq: int) -> bytes | None:
        """Return the bytes of an entry; None where it was pruned or is not there."""
        found = self._connection.execute(sa.text("SELECT core FROM entry WHERE seq = :seq"), {"seq": seq}).scalar()
        return None if found is None else _data(found)

    def head(self) -> int | None:
        """Return the last number the head row gave."""
        found = self._connection.execute(sa.text("SELECT seq FROM head WHERE id = 1")).scalar()
        return _number(found) if found is not None else None

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """Yield the stored checkpoints, the smallest first."""
        for size, note, frontier in self._stream(_CHECKPOINTS):
            yield StoredCheckpoint(_number(size), str(note), _data(frontier))

    def _last(self) -> int:
        return _number(self._connection.execute(_LAST).scalar())

    def _entries(self, where: str, stray: Callable[[int], None]) -> Iterator[StoredEntry]:
        """Yield entries with their subjects; where all is well a call fewer for each of ten million."""
        subjects = _Subjects(self._stream(_SUBJECTS.format(where=where)), stray)
        step = subjects.step
        for row in self._stream(_ENTRIES.format(where=where)):
            seq, core, leaf = row[:_COPIES_FROM]
            number = seq if type(seq) is int else _number(seq)
            found: tuple[str, ...] = ()
            while subjects.next_seq <= number:
                if subjects.next_seq == number:
                    found = (*found, subjects.subject)
                else:
                    stray(int(subjects.next_seq))
                step()
            yield StoredEntry(
                number,
                core if core is None or type(core) is bytes else _data(core),
                leaf if type(leaf) is bytes else _data(leaf),
                row[_COPIES_FROM:],  # type: ignore[arg-type] # whatever stands in these columns
                found,
            )
        subjects.finish()

    def _stream(self, statement: str) -> Iterator[Sequence[object]]:
        # PostgreSQL would send all rows at once: a cursor with a name stays on the server and is asked for the next.
        # It sends bytes as they are: as text they are twice as long, and written and read at each end.
        named: dict[str, object] = {}
        chunk = _CHUNK
        if self._connection.dialect.name == "postgresql":
            named, chunk = {"name": f"log_{next(_NAMES)}", "binary": True}, _CHUNK_OF_A_SERVER
        read = 0
        while True:
            cursor = self._connection.connection.cursor(**named)
            try:
                cursor.execute(statement)
                for _ in range(read):
                    cursor.fetchone()
                while rows := cursor.fetchmany(chunk):
                    yield from rows
                    read += len(rows)
            except self._connection.dialect.loaded_dbapi.Error:
                if not _takes_any_text(self._connection):
                    raise
            else:
                return
            finally:
                with suppress(self._connection.dialect.loaded_dbapi.Error):  # the snapshot may have ended before
                    cursor.close()


class _Subjects:
    """Rows of (number, audit id) in ascending number, one after the other; those behind the last entry are told.

    ``next_seq`` is the number of the row that waits, ``subject`` its audit id.
    """

    def __init__(self, rows: Iterator[Sequence[object]], stray: Callable[[int], None]) -> None:
        self._rows = rows
        self._stray = stray
        self.next_seq: float = -_BEHIND_ALL
        self.subject = ""
        self.step()

    def step(self) -> None:
        row = next(self._rows, None)
        if row is None:
            self.next_seq = _BEHIND_ALL
        else:
            seq, subject = row
            self.next_seq = seq if type(seq) is int else _number(seq)
            self.subject = subject if type(subject) is str else str(subject)

    def finish(self) -> None:
        while self.next_seq != _BEHIND_ALL:
            self._stray(int(self.next_seq))
            self.step()


def _takes_any_text(connection: sa.Connection) -> bool:
    """Let the connection take text that is no UTF-8, so that its entry can be named; False where it did already.

    SQLite keeps any bytes as text. It is not so from the start: a call for each text of ten million entries is slow.
    """
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None or driver.text_factory is _any_text:
        return False
    driver.text_factory = _any_text
    return True


def _any_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _unheard(_number: int) -> None:
    """Tell nobody."""


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _data(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


@contextmanager
def sqlite_log(path: Path, key: str) -> Iterator[DatabaseSource]:
    """Open the log in the encrypted file as it is at this moment; the connection cannot write."""
    with maintenance.sqlite_owner(path, key) as connection, _readable(connection):
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
        yield DatabaseSource(connection, partial(sqlite_log, path, key))


@contextmanager
def postgres_log(url: str) -> Iterator[DatabaseSource]:
    """Open the log on PostgreSQL as it is at this moment; the transaction cannot write."""
    with maintenance.postgres_owner(url) as connection, _readable(connection):
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield DatabaseSource(connection, partial(postgres_log, url))


@contextmanager
def _readable(connection: sa.Connection) -> Iterator[None]:
    """Say that the log cannot be read, wherever in it that shows; the snapshot ends with the connection."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, connection.dialect.loaded_dbapi.Error) as error:
        if getattr(getattr(error, "orig", error), "sqlstate", None) == _NOT_GRANTED:
            raise StorageUnavailable(
                "This user of the database may not read what is needed of the log.",
                "As the desk's own user, grant it what help/sealing.md says.",
            ) from error
        raise StorageUnavailable(
            "The log cannot be read: a table of it is gone, or the database is damaged or out of reach.",
            "If it stays so, restore a backup into a new home: staffdesk restore FILE --home DIR",
        ) from error
