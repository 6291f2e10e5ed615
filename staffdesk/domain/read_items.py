"""What is read of a source's files, item by item: a record, or what could not be taken and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from staffdesk.domain.imported import Dropped, Place
from staffdesk.domain.imported_lists import AnyRecord


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Imported:
    """One record read, and how many filled fields of it were left out, by reason."""

    place: Place
    record: AnyRecord
    dropped: Mapping[Dropped, int]


@dataclass(frozen=True, slots=True)
class Refused:
    """A record, or a whole file, that cannot be taken; ``reason`` quotes nothing from it, and ends with the next step.

    ``sentence`` is the reason alone, for whoever has another next step; empty where it is not told apart.
    """

    place: Place
    reason: str
    sentence: str = field(default="", compare=False)

    @property
    def whole(self) -> bool:
        """Whether it is a file that is refused, not one of its records."""
        return self.place.position in {"", "$"}


@dataclass(frozen=True, slots=True)
class KeptOff:
    """An empty field of a customer that stays empty, since a request contests it: what the store says is not taken."""

    customer: int
    field: str
    request: str


@dataclass(frozen=True, slots=True)
class UnknownColumns:
    """Columns of a CSV export that the reader does not know, said once a file; what they hold is dropped, counted."""

    place: Place
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SameColumns:
    """Columns that say what another column of the file says, each with the one that counts: said once a file.

    What they hold is dropped, counted.
    """

    place: Place
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column becomes: a ``field`` of the desk's, or nothing, ``why`` it is left out; its name may be printed."""

    name: str
    field: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table become, in the file's order, and as which ``table`` of the source it is read.

    ``zone`` is the time zone in which its times are taken that name none; None where it has no times.
    """

    place: Place
    table: str
    columns: tuple[Column, ...]
    zone: str | None = None


class Reason(StrEnum):
    """Why something is left out, though it could be read."""

    SPAM = "spam"
    DELETED = "deleted"
    OURS = "asked by one of us"
    EXPIRED = "past its time"
    TEXT = "text"
    UNFINISHED = "unfinished checkout"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A ticket, a text or a checkout left out on purpose; ``why`` is said of a text alone, and quotes nothing."""

    place: Place
    reason: Reason
    why: str = ""


ReadItem: TypeAlias = Imported | Refused | UnknownColumns | SameColumns | LeftOut
"""What a reader yields."""
