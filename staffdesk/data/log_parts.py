"""Looking at a long log part by part in processes side by side; what a part holds is judged in one, in its order.

Each process reads on a connection and in a snapshot of its own, which is younger than the verifier's. An entry never
changes but by a later one that covers it: where such a one was added meanwhile, the part is read in the verifier's own
snapshot, and else both hold the same of it.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, TypeVar

from staffdesk.audit.export import JsonlSource, Span
from staffdesk.audit.screen import Screen, Screened
from staffdesk.audit.seals import SealScreen, Sound
from staffdesk.audit.source import LogSource, StoredCheckpoint
from staffdesk.data.side_by_side import in_order, processors
from staffdesk.domain.errors import StorageUnavailable

LONG: Final = 200_000
"""Entries from which starting processes takes less time than they save."""

PART: Final = 40_000
"""Entries of a part: what is found of it waits in memory until it is its turn."""

PART_OF_SEALS: Final = 1_000
"""Checkpoints of a part."""

LONG_EXPORT: Final = 120_000_000
"""Bytes of an export, as `LONG` is entries."""

PART_OF_EXPORT: Final = 25_000_000
MOST_WAYS: Final = 8

S = TypeVar("S")
T = TypeVar("T")


class Parts(Protocol):
    """A source that can be read from one number to before another; None is no end."""

    def between(self, first: int | None, after: int | None) -> LogSource:
        """Return what stands there."""
        ...

    def is_covered_since(self, last: int) -> bool:
        """Return whether an entry behind this number says something of earlier ones."""
        ...


Opener = Callable[[], AbstractContextManager[Parts]]


def looked_at(source: Parts, again: Opener, last: int, screen: Screen) -> Iterator[Screened]:
    """Yield what a screen makes of a stored log whose last entry is ``last``; ``again`` opens it once more."""
    spans = [(first, first + PART) for first in range(1, last + 1, PART)]
    work = partial(_part, again, screen, last)
    for (first, after), found in zip(spans, _by_parts(work, spans), strict=True):
        yield from screen.look(_span(source, first, after), first) if found is None else found
    after = spans[-1][1]
    yield from screen.look(source.between(after, None), after)


def seals_looked_at(rows: Iterator[StoredCheckpoint], screen: SealScreen) -> Iterator[Sound | StoredCheckpoint]:
    """Yield what a screen makes of the checkpoints of a long log: proving a signature takes more than reading it."""
    parts = iter(lambda: list(islice(rows, PART_OF_SEALS)), [])
    for found in _by_parts(screen.look, parts):
        yield from found


class LongExport(JsonlSource):
    """An exported log that is looked at in parts where it is long; not one with openings, which stand behind all."""

    def looked_at(self, screen: Screen) -> Iterator[Screened]:
        """Yield what a screen makes of all."""
        if self.path.stat().st_size < LONG_EXPORT or processors() == 1 or self.has_openings():
            yield from screen.look(self)
            return
        for found in _by_parts(partial(_lines, self.path, screen), self.spans(PART_OF_EXPORT)):
            yield from found


def _by_parts(work: Callable[[S], T], given: Iterable[S]) -> Iterator[T]:
    """Yield what ``work`` makes of each part, in order; raises :class:`StorageUnavailable` where a process is ended."""
    broken = StorageUnavailable(
        "The verification was broken off: a process of it was ended, or could not begin. Nothing is known of the log.",
        "Run again: staffdesk audit verify",
    )
    return in_order(work, given, min(processors(), MOST_WAYS), broken)


def is_worth_it(entries: int) -> bool:
    """Return whether a log of so many entries is faster looked at by several processes."""
    return entries > LONG and processors() > 1


def _span(source: Parts, first: int, after: int) -> LogSource:
    return source.between(None if first == 1 else first, after)


def _part(again: Opener, screen: Screen, last: int, span: tuple[int, int]) -> list[Screened] | None:
    """Look at one part in a process of its own; None where its entries may be others than the verifier's."""
    gc.disable()  # nothing here refers to itself, and looking for it would take an eighth of the time
    with again() as source:
        if source.is_covered_since(last):
            return None
        return list(screen.look(_span(source, *span), span[0]))


def _lines(path: Path, screen: Screen, span: Span) -> list[Screened]:
    """Look at some lines of an export in a process of its own."""
    gc.disable()  # as above
    return list(screen.look(JsonlSource(path, span), span.seq))
