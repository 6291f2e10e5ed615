"""An erasure in plain values: the frozen plan, what became of it, and what the sweep found."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from staffdesk.domain.holds import Ground
from staffdesk.domain.traces import Identity, Trace

ERASED: Final = "(erased)"
"""What stands where a column must hold something."""


class Action(StrEnum):
    """What an erasure does to a row: it goes, it stays without its person, or a law keeps it until a day.

    Nobody chooses it: it follows from the register and the holds. What somebody decides under a request is
    :class:`staffdesk.domain.request_work.Decision`.
    """

    ERASE = "erase"
    ANONYMISE = "anonymise"
    RESTRICT = "restrict"


class Destroyed(StrEnum):
    """What is destroyed after the transaction, in this order.

    A server's ``PAGES`` come last and later: the place of a row keeps its bytes after the row is gone, and the inner
    pages of an index a value as a signpost. All tables are written anew for them, once for the erasures of some days.
    """

    INDEX = "index"
    FILES = "files"
    SERVER = "server"
    SWEEP = "sweep"
    PAGES = "pages"


@dataclass(frozen=True, slots=True, order=True)
class PlannedRow:
    """One row and what is done to it; ``kind`` is its rule in ``retention.toml``.

    ``empties`` are the columns of a row that stays which lose their value.
    """

    table: str
    id: int
    kind: str
    action: Action
    ground: Ground | None = None
    law: str = ""
    until: dt.date | None = None
    empties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Claimed:
    """A row that is held for one named claim, whatever law besides holds it longer."""

    table: str
    id: int
    name: str
    until: dt.date


@dataclass(frozen=True, repr=False)
class Plan:
    """The frozen plan of an erasure: its people, each row with what is done to it, and a keyed digest of all of it.

    The digest is over the rows' contents too, so that whatever changed, or came, since makes another plan. ``requests``
    are the numbers of all requests that are theirs.
    """

    people: tuple[int, ...]
    aids: tuple[str, ...]
    rows: tuple[PlannedRow, ...]
    digest: str
    today: dt.date
    request_id: int | None = None
    identity: Identity = field(default_factory=lambda: Identity({}))
    requests: tuple[str, ...] = ()
    claims: tuple[Claimed, ...] = ()
    shared_firms: int = 0

    @property
    def counts(self) -> Mapping[tuple[str, Action], int]:
        """How many rows of each table each action takes."""
        return Counter((row.table, row.action) for row in self.rows)

    @property
    def held(self) -> tuple[PlannedRow, ...]:
        """The rows that a law keeps, with ground and day, for the letter."""
        return tuple(row for row in self.rows if row.action is Action.RESTRICT)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an erasure did: counts by table and action, and what followed from it.

    ``seq`` is the first entry that says so, ``until`` the last day of the longest hold.
    """

    counts: Mapping[tuple[str, Action], int]
    seq: int
    openings: int
    suppressed: int
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweep found, as numbers by place (``table.column``, ``bytes``, ``file NAME``), and by what.

    ``left`` must be empty. ``held`` is in rows that a law keeps, ``shared`` in another person's own fields: an address
    of a household, a computer two people use. ``named`` is a text about others that has his full name or his street and
    nothing by which he alone is known: a namesake, or he; privacy looks. ``texts`` are those with a number or an
    address of his, by table and row, ``rows`` those of what is left. ``unsearched`` are the traces for which the bytes
    cannot be searched: they stand somewhere rightly, or in anything. ``aged_out`` is the day a server's journal and
    backups are past, where there is one.
    """

    left: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, int] = field(default_factory=dict)
    named: Mapping[str, int] = field(default_factory=dict)
    texts: tuple[tuple[str, int], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    unsearched: tuple[Trace, ...] = ()
    pages: int = 0
    files: int = 0
    aged_out: dt.date | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing of the person is left."""
        return not self.left
