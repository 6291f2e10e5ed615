"""The rules of support logs, as ``support_logs.toml`` has them: limits, periods, what is looked for, what is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.traces import Trace
from staffdesk.parameters import Dated, read

_DAY_MS = 24 * 60 * 60 * 1000


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
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ProblemRule:
    """What follows from a problem, and how it is said."""

    effect: Effect
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipLimits(Dated):
    """How large a zip and what is in it may be; sizes in bytes, ``methods`` by their numbers in the format.

    So are ``extras`` and ``text_extras``, the extra fields that are known; others, and longer ones, are read by nobody.
    """

    packed_bytes: int
    files: int
    unpacked_bytes: int
    ratio: int
    ratio_from_bytes: int
    name_characters: int
    directory_bytes: int
    extras: tuple[int, ...]
    text_extras: tuple[int, ...]
    extra_bytes: int
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

    ``asking``, ``whose`` (a product that nobody named) and ``manifest`` are what the customer is told, by language.
    """

    limits: ZipLimits
    periods: LogPeriods
    problems: Mapping[Problem, ProblemRule]
    personal: tuple[PersonalShape, ...]
    known: KnownRules
    signatures: Mapping[Problem, tuple[str, ...]]
    macos: AddedByMacOS
    asking: Mapping[str, str]
    whose: Mapping[str, str]
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
        if not self.asking.keys() == self.whose.keys() == self.manifest.keys():
            raise Misconfigured("support_logs.toml: asking, whose and manifest must name the same languages.")


@cache
def rules() -> SupportLogRules:
    """Return the shipped rules."""
    return read("support_logs", SupportLogRules)


def quarantine_ends(received_at: int, by: SupportLogRules) -> int:
    """Return until when the bytes of a zip in quarantine are kept, in UTC milliseconds."""
    return received_at + by.periods.quarantine_days * _DAY_MS
