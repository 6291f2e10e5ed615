"""Reading all there is in processes side by side, where there is much: threads of one keep one another waiting.

SQLite, its cipher and Python each have locks that two threads stand at, so that two are no faster than one.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final, TypeVar

from staffdesk.domain.errors import StorageUnavailable

WAYS: Final = 2
"""In how many ways all there is is parted; a way is read by one."""
_MUCH: Final = 100_000_000
"""Bytes from which starting processes takes less time than they save."""

T = TypeVar("T")


def side_by_side(work: Callable[[int], T], size: int) -> list[T]:
    """Return what ``work`` makes of each way, in order; ``size`` is how many bytes there are to be read.

    ``work`` and what it makes must be of a kind that goes to another process, where it finds no state of this one.
    Raises what it raises, and :class:`StorageUnavailable` where a process is ended.
    """
    if size < _MUCH:
        return [work(way) for way in range(WAYS)]
    try:
        with ProcessPoolExecutor(WAYS, mp_context=get_context("spawn")) as pool:
            return list(pool.map(work, range(WAYS)))
    except (BrokenProcessPool, OSError) as error:
        raise StorageUnavailable(
            "The search for what is left was broken off: a process of it was ended, or could not begin.",
            "Run again: staffdesk run-due",
        ) from error
