"""Work on the encrypted file in steps that hold its write lock briefly, so that desks go on.

A step that writes pages of an index takes as many as are written in a twentieth of a second.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.data import sqlite
from staffdesk.data.deadline import Deadline

MERGE_PAGES: Final = 200
"""Pages of an index that a step writes at most; fewer where that takes long."""
_FEWEST_PAGES: Final = 8
_LONG_STEP_SECONDS: Final = 0.05
_STEPS_BETWEEN_CHECKPOINTS: Final = 4
_BREATH_SECONDS: Final = 0.001
"""Longer than the pauses of whoever polls the queue, or steps that follow one another would shut them out."""
_QUEUE_SECONDS: Final = 30.0
_CHANGES: Final = sa.text("SELECT total_changes()")


class Steps:
    """Steps that hold the write lock briefly and let others in between.

    The journal is written into the file between steps, with the lock free: by itself SQLite does it in a commit.
    """

    def __init__(self, connection: sa.Connection, path: Path) -> None:
        """Take them on an owner's connection to the file at ``path``."""
        self._connection = connection
        self._path = path
        self._taken = 0
        self.seconds = 0.0
        """How long the last one held the lock."""
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Stand in the queue for the write lock, and give it back when the block ends."""
        with sqlite.queued(self._path, Deadline(_QUEUE_SECONDS)):
            began = time.monotonic()
            yield
            self.seconds = time.monotonic() - began
        self._taken += 1
        if self._taken % _STEPS_BETWEEN_CHECKPOINTS == 0:
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        time.sleep(_BREATH_SECONDS)

    def take(self, words: str) -> None:
        """Run one statement in a transaction of its own."""
        with self.alone():
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._connection.exec_driver_sql(words)
            self._connection.exec_driver_sql("COMMIT")

    def merge(self, index: str) -> None:
        """Merge the segments of a full-text index into one, with all that was removed left behind."""
        pages, sign = MERGE_PAGES, "-"
        while True:
            before = self._connection.execute(_CHANGES).scalar_one()
            self.take(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', {sign}{pages})")  # noqa: S608 - our own names
            if self._connection.execute(_CHANGES).scalar_one() - before < 2:  # noqa: PLR2004 - FTS5's own test for "no more to merge"
                return
            sign = ""
            is_long = self.seconds > _LONG_STEP_SECONDS
            pages = max(_FEWEST_PAGES, pages // 2) if is_long else min(MERGE_PAGES, pages + pages // 4 + 1)
