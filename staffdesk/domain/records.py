"""What leaves the gateway: hits, records and their cells, masked for the role that asked; frozen, silent in logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from staffdesk.domain.access import Basis, Grant, Level, Purpose, RecordKind, Role, Standing
from staffdesk.domain.classes import Exposure, PrivacyClass

if TYPE_CHECKING:
    from staffdesk.domain.campaign import Explained
    from staffdesk.domain.sharing import Given

CONTESTED: Final = "contested"
"""What stands for a value whose accuracy is contested, to whom it is not shown."""

MOST_LOOKS: Final = 200
"""Entries of a history that are read, the newest."""


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """A row of a result list: what it is, what it is called, where, and which field matched (never its value).

    ``aid`` is the audit id of the person it leads to. ``detail`` tells rows apart that would read the same.
    """

    kind: RecordKind
    id: int
    aid: str
    title: str
    company: str
    found_by: str
    detail: str = ""
    state: str = ""
    customer: int | None = None

    def __repr__(self) -> str:
        return f"<Hit {self.kind.value}>"


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """At most twenty hits in a fixed order; ``more`` says that others matched. ``seq`` is the entry that lists them.

    ``count`` is how many match, where they were counted; ``suggestion`` a text that finds somebody, where this did not.
    """

    hits: tuple[Hit, ...]
    more: bool = False
    seq: int = 0
    count: int | None = None
    suggestion: str = ""

    def __repr__(self) -> str:
        return f"<Page of {len(self.hits)}>"


class Cell(NamedTuple):
    """One value as the role may see it; a tuple, since a record has hundreds and is made while somebody waits.

    ``text`` is the value, its mask, or None where nothing is held or nothing may be shown (``exposure`` tells which).
    ``key`` is what reveal and copy take; ``why`` says in words what is missing for a masked or refused value. Where it
    is ``contested`` that the value is accurate, privacy alone has its text. ``doubt`` says in words what does not look
    right about it.
    """

    key: str
    label: str
    text: str | None
    exposure: Exposure = Exposure.SHOWN
    privacy_class: PrivacyClass | None = None
    held: bool = True
    revealable: bool = False
    why: str = ""
    contested: bool = False
    doubt: str = ""

    def __repr__(self) -> str:
        return f"<Cell {self.key}>"


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row of a section: its table, its key, its cells by column name."""

    table: str
    id: int
    cells: Mapping[str, Cell]

    def __repr__(self) -> str:
        return f"<Row {self.table}>"

    def text(self, column: str) -> str:
        """Return what may be shown of a column, or an empty string."""
        cell = self.cells.get(column)
        return "" if cell is None or cell.text is None else cell.text


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """A record as it was opened: sections by table name, each a tuple of rows, newest first where they have dates.

    ``customer`` is the customer number (None for an order without a person), ``seq`` the entry it was opened under,
    ``standing`` and ``basis`` what the reference was worth, ``focus`` the table and key of the hit that was opened,
    ``given`` those to whom the person's data was given, ``glass`` the break-glass it is open under, ``partners`` and
    ``imports`` what the numbers in its sources stand for: a name; a store and UTC milliseconds.
    ``news`` says why the person gets product news or not, once somebody asked.
    """

    kind: RecordKind
    id: int
    customer: int | None
    title: str
    role: Role
    purpose: Purpose
    reference: str
    standing: Standing
    basis: Basis
    seq: int
    sections: Mapping[str, tuple[Row, ...]]
    focus: tuple[str, int]
    truncated: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    glass: Grant | None = None
    partners: Mapping[int, str] = field(default_factory=dict)
    imports: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    news: Explained | None = None

    def __repr__(self) -> str:
        return f"<Record {self.kind.value}>"

    @property
    def holds_masked(self) -> bool:
        """Whether there is a value that can be revealed."""
        return any(cell.revealable for rows in self.sections.values() for row in rows for cell in row.cells.values())

    @property
    def recipients(self) -> tuple[str, ...]:
        """What those are called to whom the person's data was given."""
        return tuple(each.label for each in self.given)

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return a section's rows, or none."""
        return self.sections.get(table, ())

    def cell(self, key: str) -> Cell | None:
        """Return the cell with a key, or None."""
        for rows in self.sections.values():
            for row in rows:
                for cell in row.cells.values():
                    if cell.key == key:
                        return cell
        return None


@dataclass(frozen=True, slots=True, repr=False)
class Revealed:
    """One value in clear, and for how many seconds it may stay on a screen."""

    key: str
    label: str
    text: str
    seconds: int
    seq: int

    def __repr__(self) -> str:
        return f"<Revealed {self.key}>"


@dataclass(frozen=True, slots=True)
class Look:
    """One consultation of a person's record, as its history shows it; ``who`` is empty where no employee is named."""

    seq: int
    at: int
    role: str
    level: Level | None
    act: str
    purpose: str
    reference: str
    standing: str
    kinds: tuple[str, ...]
    who: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Match:
    """What a search read, unmasked, for the gateway alone: it decides what of it a role may see."""

    kind: RecordKind
    id: int
    aid: str
    customer: int | None
    given_name: str | None
    family_name: str | None
    email: str | None
    company: str | None
    country: str | None
    number: str | None = None
    product: str | None = None
    is_open: bool = True
    relation_keys: str = ""
    company_country: str | None = None

    def __repr__(self) -> str:
        return f"<Match {self.kind.value}>"
