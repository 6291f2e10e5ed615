"""Zips of support logs: what becomes of one, what is said of it, and their rules (``support_logs.toml``).

Sources: privacy policy October 2024, D.6 to D.9: asked for in a case alone, about the computer, the customer's own to
look into and to make smaller.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.traces import Trace
from staffdesk.parameters import Dated, read

_DAY_MS = 24 * 60 * 60 * 1000

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


class Effect(StrEnum):
    """What follows from a finding."""

    REFUSED = "refused"
    QUARANTINED = "quarantined"
    SCRUBBED = "scrubbed"


class Problem(StrEnum):
    """What a zip may have that is a matter of its form."""

    NO_ZIP = "no_zip"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_DENSE = "too_dense"
    OVERLAPPING = "overlapping"
    OUTSIDE = "outside"
    LONG_NAME = "long_name"
    LINK = "link"
    TWICE = "twice"
    SAME_BUT_CASE = "same_but_case"
    METHOD = "method"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    BESIDE = "beside"
    NESTED = "nested"
    PICTURE = "picture"
    UNREAD = "unread"
    MACOS = "macos"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class ProblemRule:
    """What follows from a problem, and how it is said."""

    effect: Effect
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipLimits(Dated):
    """How large a zip and what is in it may be; sizes in bytes, ``methods`` by their numbers in the format."""

    packed_bytes: int
    files: int
    unpacked_bytes: int
    ratio: int
    ratio_from_bytes: int
    name_characters: int
    directory_bytes: int
    beside_bytes: int
    shown_bytes: int
    methods: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPeriods(Dated):
    """How long bytes are kept at most, counted from their receipt, and in quarantine."""

    most_days: int
    quarantine_days: int

    def __post_init__(self) -> None:
        """Refuse a time of nothing, and a quarantine that would outlive the rest."""
        if not 0 < self.quarantine_days <= self.most_days:
            raise Misconfigured("support_logs.toml: periods: quarantine_days must be 1 to most_days.")


@dataclass(frozen=True, slots=True)
class PersonalShape:
    """Something that tells about a person by its shape: how it is found, what it is, what stands in its place.

    The pattern is tried where one of the ``triggers`` stands in the text, in small letters.
    """

    name: str
    what: str
    instead: str
    triggers: tuple[str, ...]
    pattern: str

    def __post_init__(self) -> None:
        """Refuse a pattern that is none."""
        try:
            found = re.compile(self.pattern)
        except re.error as error:
            raise Misconfigured(f"support_logs.toml: {self.name}: the pattern cannot be read: {error}.") from None
        if "name" not in found.groupindex:
            raise Misconfigured(f"support_logs.toml: {self.name}: the pattern has no group called name.")


@dataclass(frozen=True, slots=True)
class KnownRules:
    """What is looked for of what is held of the customer, and of what anybody is reached by.

    A name that was met in the zip is looked for by itself where it has ``shortest`` letters and is none of the
    ``ordinary``, ``most`` of them at most.
    """

    what: Mapping[Trace, str]
    instead: str
    contacts: tuple[str, ...]
    shortest: int
    most: int
    ordinary: frozenset[str]


@dataclass(frozen=True, slots=True)
class AddedByMacOS:
    """By what is known what macOS adds to a zip."""

    folders: frozenset[str]
    names: frozenset[str]
    beginnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManifestWords:
    """What a manifest says to the customer, in one language."""

    colon: str
    title: str
    case: str
    zip: str
    received: str
    bytes: str
    ended: str
    files: str
    no_files: str
    held: str
    quarantined: str
    copied: str
    gone: str
    yours: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SupportLogRules(Dated):
    """All rules of support logs: ``signatures`` are beginnings in hexadecimal.

    ``asking`` and ``manifest`` are what is said to the customer, by language.
    """

    limits: ZipLimits
    periods: LogPeriods
    problems: Mapping[Problem, ProblemRule]
    personal: tuple[PersonalShape, ...]
    known: KnownRules
    signatures: Mapping[Problem, tuple[str, ...]]
    macos: AddedByMacOS
    asking: Mapping[str, str]
    manifest: Mapping[str, ManifestWords]

    @property
    def met_instead(self) -> str:
        """What stands in the place of a name that was met elsewhere in the zip: as in the place of the first shape."""
        return self.personal[0].instead

    def __post_init__(self) -> None:
        """Refuse a problem without a rule, and a beginning that is no hexadecimal number."""
        missing = [problem.value for problem in Problem if problem not in self.problems]
        if missing:
            raise Misconfigured(f"support_logs.toml: problems.{missing[0]} is missing.")
        for listed in self.signatures.values():
            for each in listed:
                try:
                    bytes.fromhex(each)
                except ValueError:
                    raise Misconfigured(f"support_logs.toml: signatures: {each} is not hexadecimal.") from None
        if self.asking.keys() != self.manifest.keys():
            raise Misconfigured("support_logs.toml: asking and manifest must name the same languages.")


@cache
def rules() -> SupportLogRules:
    """Return the shipped rules."""
    return read("support_logs", SupportLogRules)


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


def quarantine_ends(received_at: int, by: SupportLogRules) -> int:
    """Return until when the bytes of a zip in quarantine are kept, in UTC milliseconds."""
    return received_at + by.periods.quarantine_days * _DAY_MS


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
