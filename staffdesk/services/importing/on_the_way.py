"""What is done in parts and stopped by the database between two of them: what was done before stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from staffdesk.domain.errors import DiskFull, LogUnavailable, StorageUnavailable


@contextmanager
def standing(began: Callable[[], bool]) -> Iterator[None]:
    """Say of a database that was busy or away that it stopped on the way, where some of it was done by then."""
    try:
        yield
    except (LogUnavailable, StorageUnavailable) as error:
        if not began():
            raise
        if isinstance(error, DiskFull):
            raise DiskFull(
                "The disk of the database is full, or cannot be written to; what was done before stands.",
                "Free some space there, then run it again: it goes on.",
            ) from error
        raise type(error)(
            "The database was busy, or did not answer, on the way; what was done before stands.",
            "Run it again: it goes on. If it stays so: staffdesk doctor",
        ) from error
