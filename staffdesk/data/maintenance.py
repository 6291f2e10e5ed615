"""Connections of their own for what the desk's one connection may not do: building, upgrading, compacting, copying.

None of this is reached from a screen; every caller is a command run by who holds the key file.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from staffdesk.data import migrate, postgres, register, sqlite, trigrams
from staffdesk.data.brief_steps import Steps
from staffdesk.data.deadline import Deadline
from staffdesk.data.trigrams import WordParts
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.sizes import size_in_words
from staffdesk.parameters.shapes import TrigramSizes

_QUEUE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.05
_ROOM_TO_COMPACT: Final = 2.1
"""Times the file: its copy, and the journal that the copy goes through."""
_LARGE_SEGMENT_PAGES: Final = 64
_LARGE_SEGMENTS: Final = 3
"""How many segments of so many pages a word index may have: what a look-up reads of smaller ones, words share."""


@contextmanager
def sqlite_owner(path: Path, key: str, *, create: bool = False) -> Iterator[sa.Connection]:
    """Give a connection without authorizer to the encrypted file; the caller says BEGIN and COMMIT.

    Raises :class:`StorageUnavailable` where the file cannot be opened.
    """
    engine = sa.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _opened(path, key, create=create),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _opened(path: Path, key: str, *, create: bool) -> dbapi2.Connection:
    """Open the file; whatever fails in it reads as a wrong key, but for what says of itself that it is not."""
    try:
        return sqlite.connect(path, key, create=create)
    except StorageUnavailable as error:
        raise migrate.known_refusal(error.__cause__) or error from error.__cause__


@contextmanager
def postgres_owner(url: str) -> Iterator[sa.Connection]:
    """Give a connection of the database's owner; raises :class:`StorageUnavailable` if there is none."""
    engine = postgres.make_engine(url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SET {postgres.SEARCH_PATH}")
            yield connection
    except sa.exc.OperationalError as error:
        raise StorageUnavailable(
            "The PostgreSQL server cannot be reached, or does not let this user in.",
            "Check the server, the URL and ~/.pgpass, then try again.",
        ) from error
    finally:
        engine.dispose()


def upgrade_sqlite(path: Path, key: str, *, create: bool = False) -> None:
    """Build or upgrade the schema of the encrypted file under its write lock, all or nothing.

    Raises :class:`StorageUnavailable`: busy, no room, or a migration that fails.
    """
    try:
        if create:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with (
            sqlite_owner(path, key, create=create) as connection,
            sqlite.queued(path, Deadline(_QUEUE_SECONDS)),
        ):
            _in_one_transaction(connection, "BEGIN IMMEDIATE")
    except (OSError, sa.exc.SQLAlchemyError, dbapi2.Error) as error:
        raise migrate.refusal(error) from error


def upgrade_postgres(url: str) -> None:
    """Build or upgrade the schema on PostgreSQL under an advisory lock, all or nothing.

    Raises :class:`StorageUnavailable`: out of reach, busy, no room, or a migration that fails.
    """
    patience, ours = f"lock_timeout = {round(_QUEUE_SECONDS * 1000)}", postgres.SEARCH_PATH
    alone = "SELECT pg_advisory_xact_lock(8319)"
    with postgres_owner(url) as connection:
        try:
            _in_one_transaction(connection, "BEGIN", f"SET LOCAL {patience}", f"SET LOCAL {ours}", alone)
        except sa.exc.SQLAlchemyError as error:
            raise migrate.refusal(error) from error


def _in_one_transaction(connection: sa.Connection, *words: str) -> None:
    try:
        for word in words:
            connection.exec_driver_sql(word)
        migrate.upgrade(connection)
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        with suppress(sa.exc.SQLAlchemyError):  # a full disk has rolled it back already
            connection.exec_driver_sql("ROLLBACK")
        raise


def examine_sqlite(path: Path, key: str, look: Callable[[sa.Connection], None]) -> None:
    """Let ``look`` see the encrypted file on a connection that cannot write; raises what it raises.

    An error of the database is told as :class:`StorageUnavailable`.
    """
    try:
        with sqlite_owner(path, key) as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            look(connection)
    except sa.exc.SQLAlchemyError as error:
        raise _unreadable(error) from error


def examine_postgres(url: str, look: Callable[[sa.Connection], None]) -> None:
    """As :func:`examine_sqlite`, on PostgreSQL."""
    with postgres_owner(url) as connection:
        try:
            look(connection)
        except sa.exc.SQLAlchemyError as error:
            raise _unreadable(error) from error


def size_of_postgres(url: str) -> int:
    """Return how many bytes the server's database has; raises :class:`StorageUnavailable`."""
    with postgres_owner(url) as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def _unreadable(error: sa.exc.SQLAlchemyError) -> StorageUnavailable:
    return migrate.known_refusal(error) or StorageUnavailable(
        "The tables of the database cannot be read, so it may be damaged.",
        "Restore a backup into another, new home: staffdesk restore FILE --home DIR",
    )


def forget_words(path: Path, key: str, *, patience: float = _QUEUE_SECONDS) -> None:
    """Rewrite the word indexes so that words no row holds any more leave the file's bytes and its journal's.

    FTS5 keeps removed words in old segments and in its separators, and calling 'optimize' on one segment does nothing:
    a second segment is made first, merged in steps that hold the lock briefly, and its row taken out again. Trigrams
    that are kept are built anew. Raises :class:`StorageUnavailable` where a reader's snapshot kept the journal for
    ``patience`` seconds: run it again then.
    """
    with sqlite_owner(path, key) as connection:
        steps = Steps(connection, path)
        for index in register.WORD_INDEXES:
            steps.take(f"INSERT INTO {index} (rowid, words) VALUES (-1, 'zzzz')")  # noqa: S608 - our own names
            steps.merge(index)
            steps.take(f"INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', -1, 'zzzz')")  # noqa: S608 - as above
            steps.merge(index)
        trigrams.rewrite(connection, steps.alone)
        _empty_the_journal(connection, Deadline(patience))


def empty_the_journal(path: Path, key: str, *, patience: float = _QUEUE_SECONDS) -> None:
    """Write the journal into the encrypted file and truncate it; raises as :func:`forget_words`."""
    with sqlite_owner(path, key) as connection:
        _empty_the_journal(connection, Deadline(patience))


def see_room_to_compact(path: Path) -> None:
    """Raise :class:`StorageUnavailable` where there is no room beside the file for what :func:`compact` writes."""
    wanted, free = path.stat().st_size * _ROOM_TO_COMPACT, shutil.disk_usage(path.parent).free
    if free < wanted:
        raise StorageUnavailable(
            "Erased bytes are still in the file, and there is no room to write it anew:"
            f" {size_in_words(int(wanted))} are wanted beside it, {size_in_words(free)} are free.",
            "Free some space, then run again: staffdesk run-due",
        )


def compact(path: Path, key: str, *, patience: float = _QUEUE_SECONDS) -> None:
    """Write every page of the encrypted file anew: a page that was put in order goes on holding what stood in it.

    It holds the write lock all the while, so it is for the night, and only where the bytes were searched and something
    was found. The copy lies beside the file, encrypted as it is under its key, and goes through the journal: it wants
    little memory, and room for both. Raises :class:`StorageUnavailable`.
    """
    see_room_to_compact(path)
    folder = str(path.parent).replace("'", "''")
    try:
        with sqlite_owner(path, key) as connection, sqlite.queued(path, Deadline(_QUEUE_SECONDS)):
            connection.exec_driver_sql(f"PRAGMA temp_store_directory = '{folder}'")
            connection.exec_driver_sql("PRAGMA temp_store = FILE")  # only a VACUUM's own file has the cipher
            connection.exec_driver_sql("VACUUM")
            _empty_the_journal(connection, Deadline(patience))
            connection.exec_driver_sql("PRAGMA temp_store_directory = ''")
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise migrate.known_refusal(error) or StorageUnavailable(
            "The database could not be written anew, so erased bytes may still be in it.",
            "Run again: staffdesk run-due",
        ) from error


def join_segments(path: Path, key: str, *, large: int = _LARGE_SEGMENT_PAGES, most: int = _LARGE_SEGMENTS) -> None:
    """Merge the segments of a word index, in brief steps, where more than ``most`` have ``large`` pages.

    A look-up reads a page of each for every word, and FTS5 by itself merges four of a size alone. Raises
    :class:`StorageUnavailable`; the search goes on as before then.
    """
    with _fitting(), sqlite_owner(path, key) as connection:
        for index in register.WORD_INDEXES:
            found = f"SELECT 1 FROM {index}_idx GROUP BY segid HAVING count(*) >= {large}"  # noqa: S608 - our own names
            if len(connection.exec_driver_sql(found).all()) > most:
                Steps(connection, path).merge(index)


def fit_trigrams_sqlite(path: Path, key: str, sizes: TrigramSizes) -> WordParts:
    """Build the trigrams of the encrypted file's words, or empty them, as their number asks, in brief steps.

    Raises :class:`StorageUnavailable`; the search goes on as before then, and another run goes on from there.
    """
    with _fitting(), sqlite_owner(path, key) as connection:
        return trigrams.fit(connection, sizes, Steps(connection, path).alone)


def fit_trigrams_postgres(url: str, sizes: TrigramSizes) -> WordParts:
    """As :func:`fit_trigrams_sqlite`, on PostgreSQL."""
    with _fitting(), postgres_owner(url) as connection:
        return trigrams.fit(connection, sizes, nullcontext)


@contextmanager
def _fitting() -> Iterator[None]:
    try:
        yield
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise migrate.known_refusal(error) or StorageUnavailable(
            "The index for parts of words could not be brought to its size; the search works without it.",
            "Run: staffdesk db index",
        ) from error


def _empty_the_journal(connection: sa.Connection, deadline: Deadline) -> None:
    """Write everything into the file and truncate the journal; SQLite says so where somebody still reads from it."""
    while connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
        if deadline.passed():
            raise StorageUnavailable(
                "Somebody is still reading, so old words are still in the journal.", "Try again when nobody reads."
            )
        time.sleep(_PAUSE_SECONDS)


def copy_encrypted(path: Path, key: str, target: Path, target_key: str) -> None:
    """Copy the database as it is now into a new file under its own key; both stay encrypted."""
    source = sqlite.connect(path, key)
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        copy = sqlite.connect(target, target_key, create=True)
        try:
            source.backup(copy)
            found = copy.execute("PRAGMA quick_check").fetchone()
        finally:
            copy.close()
    except dbapi2.Error as error:
        target.unlink(missing_ok=True)
        raise StorageUnavailable(
            "The database could not be copied.", "Check the free space, then try again."
        ) from error
    finally:
        source.close()
    if not found or found[0] != "ok":
        target.unlink(missing_ok=True)
        raise StorageUnavailable("The copy did not read back as it should.", "Run: staffdesk doctor")
