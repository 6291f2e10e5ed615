"""What the verifier reads: a stored log, in a database or in an exported file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple, Protocol, runtime_checkable

from staffdesk.audit.opening import OpeningKind


class StoredEntry(NamedTuple):
    """A row of the log as it is stored, nothing of it believed yet.

    A tuple and not a dataclass: ten million of them are made in one verification. ``core`` is None when the entry was
    pruned; ``copies`` are the indexed columns in the order of ``COPIED`` (all None when pruned, empty where there are
    none) and ``obj`` the rows of the table of subjects, in any order.
    """

    seq: int
    core: bytes | None
    leaf: bytes
    copies: tuple[str | int | None, ...]
    obj: tuple[str, ...]


class StoredOpening(NamedTuple):
    """A row of the openings as it is stored; ``kind`` is the text of an ``OpeningKind``."""

    seq: int
    field: str
    kind: str
    salt: bytes
    value: str


class StoredCheckpoint(NamedTuple):
    """A row of the checkpoints as it is stored: the size it is kept under, the signed note, the tree's peaks."""

    size: int
    note: str
    frontier: bytes


class LogSource(Protocol):
    """A log to verify. Each method may be called more than once, and gives the same each time."""

    @property
    def has_copies(self) -> bool:
        """Whether the rows carry indexed copies to compare."""
        ...

    def entries(self, stray: Callable[[int], None] | None = None) -> Iterator[StoredEntry]:
        """Yield the entries in ascending number; ``stray`` is told the number of each subject's row that no entry has.

        The numbers come in ascending order, all of them by the end of the entries.
        """
        ...

    def openings(self) -> Iterator[StoredOpening]:
        """Yield the openings in ascending number, then field."""
        ...

    def head(self) -> int | None:
        """Return the last number the head row gave; None where there is no head row."""
        ...

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """Yield the checkpoints stored beside the log."""
        ...


@runtime_checkable
class IndexedSource(Protocol):
    """A source that finds entries by act without reading all; without it the log is read twice."""

    def by_act(self, acts: Collection[str]) -> Iterator[StoredEntry]:
        """Yield the entries with one of these acts in ascending number."""
        ...


@runtime_checkable
class PartialSource(Protocol):
    """A source from which openings were left out on purpose, so that their absence says nothing."""

    @property
    def left_out(self) -> frozenset[OpeningKind]:
        """The kinds of openings that the source does not hold."""
        ...
