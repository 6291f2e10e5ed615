"""What a person is given when he asks for access or portability: what is held, who looked, and what is about others."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from staffdesk.domain.access import Level
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.provenance import Source
from staffdesk.domain.sharing import Given
from staffdesk.domain.third_parties import Mark
from staffdesk.domain.uses import Use
from staffdesk.parameters import Dated, read

_AROUND: Final = 40
_ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Dated):
    """How many rows a package may have, how many cells of tables a PDF, how many bytes of support logs go along."""

    most_rows: int
    pdf_cells: int
    logs_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyRules(Dated):
    """Where others may be named: the classes of free text, and the columns that hold somebody's name.

    ``somebody`` gives for each of these the columns of the same row that are his as well.
    """

    free_text: frozenset[PrivacyClass]
    structured: frozenset[PrivacyClass]
    somebody: Mapping[str, tuple[str, ...]]
    own_values: frozenset[str]
    titles: frozenset[str]
    regions: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a table that leaves open whether a class may name others."""
        for each in PrivacyClass:
            if (each in self.free_text) == (each in self.structured):
                raise Misconfigured(f"packages.toml: third_parties must name {each} once, as free_text or structured.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRules(Dated):
    """Which acts of the log are told to the person."""

    acts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRules(Dated):
    """What counts as provided by the person: by where it came from, and by what it is used for."""

    sources: frozenset[Source]
    tables: frozenset[str]
    left_out: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRules(Dated):
    """The rules of packages."""

    limits: Limits
    third_parties: ThirdPartyRules
    consultations: ConsultationRules
    port: PortRules
    uses: Mapping[str, Use]


@cache
def rules() -> PackageRules:
    """Return the shipped rules."""
    return read("packages", PackageRules)


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """One row of a table, as it is stored: the values by column name."""

    table: str
    id: int
    values: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<Held {self.table}>"


class Redaction(StrEnum):
    """What is done with a place that may be about somebody else."""

    HIDE = "hide"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """A place in what is held that may be about somebody else, to be decided by itself.

    ``id`` changes with the text around it, so that a decision never reaches another place than the one it was made on.
    ``left`` says that the package that waits shows it.
    """

    id: str
    table: str
    row: int
    column: str
    mark: Mark
    before: str
    found: str
    after: str
    left: bool = False

    def __repr__(self) -> str:
        return f"<Finding {self.id} {self.mark.kind}>"


def finding(held: Held, column: str, text: str, mark: Mark) -> Finding:
    """Return the finding of a place in a value, with what stands around it."""
    place = f"{held.table}:{held.id}:{column}:{mark.start}:{mark.end}:{mark.kind}:{text}"
    return Finding(
        id=hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH],
        table=held.table,
        row=held.id,
        column=column,
        mark=mark,
        before=text[max(0, mark.start - _AROUND) : mark.start],
        found=text[mark.start : mark.end],
        after=text[mark.end : mark.end + _AROUND],
    )


@dataclass(frozen=True, slots=True, repr=False)
class Changed:
    """What a field was before a change of the log, and after."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Consulted:
    """One consultation as the person is told of it: when, by which department, why, how far.

    ``employee`` is empty but where two people decided to name him; ``seq`` is the entry of the first look. ``times`` is
    for how many openings close upon one another it stands, ``kinds`` the entry's own words for what it was about,
    ``changed`` what a change did.
    """

    at: int
    role: str
    level: Level | None
    act: str
    purpose: str
    kinds: tuple[str, ...]
    times: int
    changed: Changed | None
    seq: int = 0
    employee: str = ""

    def __repr__(self) -> str:
        return f"<Consulted {self.act}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contents:
    """Everything that goes into a package, before anything is hidden in it.

    ``held`` are the rows by table; ``consulted`` the consultations, newest first; ``partners`` and ``imports`` what the
    numbers in the sources stand for: a name; a store and UTC milliseconds. ``affiliate`` says that employees of the
    house's other company are among those who looked;
    ``kept_until`` is the last day of the rows that a law holds, by table and number.
    """

    number: str
    customer: int
    collected_at: int
    language: str | None
    held: Mapping[str, tuple[Held, ...]]
    given: tuple[Given, ...]
    partners: Mapping[int, str]
    imports: Mapping[int, tuple[str, int]]
    consulted: tuple[Consulted, ...]
    affiliate: bool
    kept_until: Mapping[tuple[str, int], dt.date]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"<Contents {self.number}>"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a package: its name, its size in bytes, its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in a package: for which request, made when in UTC milliseconds, under which policy.

    ``left_out`` are files that could not be made, each with the reason in words; ``hidden`` counts what was hidden of
    others, by kind.
    """

    number: str
    kind: str
    made_at: int
    policy: str
    language: str
    files: tuple[PackedFile, ...]
    left_out: Mapping[str, str]
    hidden: Mapping[str, int]


@dataclass(frozen=True, slots=True, repr=False)
class Package:
    """A package that lies sealed in the spool under its request's number; the passphrase is nowhere else.

    ``sha256`` is of the whole file as it is sent.
    """

    manifest: Manifest
    passphrase: str
    size: int
    sha256: str

    def __repr__(self) -> str:
        return f"<Package {self.manifest.number}>"
