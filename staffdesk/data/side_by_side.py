"""Reading all there is in processes side by side, where there is much: threads of one keep one another waiting.

SQLite, its cipher and Python each have locks that two threads stand at, so that two are no faster than one.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import redirect_stderr
from multiprocessing import get_context, resource_tracker
from typing import Final, TypeVar

from staffdesk.domain.errors import StorageUnavailable

WAYS: Final = 2
"""In how many ways all there is is parted; a way is read by one."""
_MUCH: Final = 100_000_000
"""Bytes from which starting processes takes less time than they save."""

_AHEAD: Final = 2
"""Pieces of work for each process that are begun before the oldest is taken: what is done waits in memory."""

S = TypeVar("S")
T = TypeVar("T")


def processors() -> int:
    """Return how many processes can run at a time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[S], T], given: Iterable[S], ways: int, broken: StorageUnavailable) -> Iterator[T]:
    """Yield what ``work`` makes of each that is given, in order, made by so many processes; memory is bounded.

    Raises what it raises, and ``broken`` where a process is ended: nothing is ever left out.
    """
    waiting: deque[Future[T]] = deque()
    _begin_tracker()
    try:
        with ProcessPoolExecutor(ways, mp_context=get_context("spawn")) as pool:
            try:
                for each in given:
                    waiting.append(pool.submit(work, each))
                    if len(waiting) >= ways * _AHEAD:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)
    except (BrokenProcessPool, OSError) as error:
        raise broken from error


def _begin_tracker() -> None:
    """Begin what multiprocessing keeps beside its processes: it asks for the file of stderr, and a screen's is none."""
    with redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()


def side_by_side(work: Callable[[int], T], size: int) -> list[T]:
    """Return what ``work`` makes of each way, in order; ``size`` is how many bytes there are to be read.

    ``work`` and what it makes must be of a kind that goes to another process, where it finds no state of this one.
    Raises what it raises, and :class:`StorageUnavailable` where a process is ended.
    """
    if size < _MUCH:
        return [work(way) for way in range(WAYS)]
    broken = StorageUnavailable(
        "The search for what is left was broken off: a process of it was ended, or could not begin.",
        "Run again: staffdesk run-due",
    )
    return list(in_order(work, range(WAYS), WAYS, broken))
