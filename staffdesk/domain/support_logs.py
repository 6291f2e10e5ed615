"""Zips of support logs: what becomes of one, and what is said of it.

Sources: privacy policy October 2024, D.6 to D.9: asked for in a case alone, about the computer, the customer's own to
look into and to make smaller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Counts = Mapping[str, int]
"""How often each thing was found, by the name it has in ``support_logs.toml`` or ``screening.toml``."""


class LogState(StrEnum):
    """Where a zip stands: only what is RECEIVED (nothing was found in it) or CURATED here is read."""

    ASKED = "asked"
    RECEIVED = "received"
    QUARANTINED = "quarantined"
    CURATED = "curated"
    DESTROYED = "destroyed"


HELD = (LogState.RECEIVED, LogState.QUARANTINED, LogState.CURATED)
"""The states in which there are bytes."""

READ = (LogState.RECEIVED, LogState.CURATED)
"""The states in which a file of it is read."""


class Curated(StrEnum):
    """Whether the customer took anything out before he sent it; nobody need know, and nothing is missing then."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


class LogsEnded(StrEnum):
    """Why the bytes of a zip were destroyed; its manifest stays with the case."""

    REPLACED = "replaced"
    SCRUBBED = "scrubbed"
    BY_HAND = "by hand"
    PERIOD = "period over"


@dataclass(frozen=True, slots=True, repr=False)
class LogFile:
    """A file of a zip as its manifest has it: its place counted from 1, its name, bytes unpacked, SHA-256 in hex."""

    place: int
    name: str
    size: int
    digest: str
    found: Counts = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<LogFile {self.place}>"


@dataclass(frozen=True, slots=True, repr=False)
class Examined:
    """What a zip holds and what was found in it; ``state`` follows from that."""

    files: tuple[LogFile, ...]
    found: Counts
    state: LogState

    @property
    def total(self) -> int:
        """How much was found in all."""
        return sum(self.found.values())


@dataclass(frozen=True, slots=True)
class LogBundle:
    """A zip in a list; times are UTC milliseconds, ``files`` and ``size`` None until it came."""

    id: int
    state: LogState
    curated: Curated
    asked_at: int | None
    received_at: int | None
    size: int | None
    digest: str | None
    files: int | None
    found: Counts
    ended_at: int | None
    ended: LogsEnded | None
    why: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Manifest:
    """What a zip holds, as the customer may have it: the zip, and its files in their order."""

    case: str
    bundle: LogBundle
    files: tuple[LogFile, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Quarantined:
    """A zip that nobody reads, by its number and its case's, with what was found in it; ``ends`` is its last moment.

    In UTC milliseconds. Nothing of it tells about a person.
    """

    zip: int
    case: str
    found: Counts
    ends: int


def counted(found: Counts) -> str:
    """Return what was found as it is kept: ``home 3, email 1``."""
    return ", ".join(f"{name} {n}" for name, n in sorted(found.items()) if n)


def counts_of(kept: str | None) -> Counts:
    """Return what :func:`counted` kept."""
    parts = (each.rpartition(" ") for each in (kept or "").split(", ") if each)
    return {name: int(n) for name, _, n in parts}


def added(found: list[Counts]) -> Counts:
    """Return counts added up."""
    whole: Counter[str] = Counter()
    for each in found:
        whole.update(each)
    return dict(whole)
