"""An erasure in plain values: the frozen plan, what became of it, and what a person is looked for by afterwards."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from staffdesk.domain.any_of import any_of
from staffdesk.domain.holds import Ground
from staffdesk.domain.words import cut, fold

FEWEST_SIGNS: Final = 6
"""Letters and digits a number or an account has at least to be looked for: a shorter one stands in anything."""
SHORTEST_WORD: Final = 4
"""Letters of a name's word that is looked for by itself in bytes."""

ERASED: Final = "(erased)"
"""What stands where a column must hold something."""


class Action(StrEnum):
    """What an erasure does to a row: it goes, it stays without its person, or a law keeps it until a day."""

    ERASE = "erase"
    ANONYMISE = "anonymise"
    RESTRICT = "restrict"


class Destroyed(StrEnum):
    """What is destroyed after the transaction, in this order."""

    INDEX = "index"
    FILES = "files"
    SERVER = "server"
    SWEEP = "sweep"


class Trace(StrEnum):
    """By what a person is looked for after his erasure; never by an IP address, which is many people's."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    STREET = "street"
    ACCOUNT = "account"
    MAC = "mac"
    USER_NAME = "user_name"
    SERIAL = "serial"
    WORD = "word"


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


@dataclass(frozen=True, repr=False)
class Identity:
    """What somebody is known by, as it is held, by kind."""

    traces: Mapping[Trace, tuple[str, ...]]

    @cached_property
    def folded(self) -> Mapping[Trace, tuple[str, ...]]:
        """The same in the forms a text is compared in: words for names, letters and digits alone for numbers."""
        return {
            trace: tuple(dict.fromkeys(form for value in values if (form := self.form(trace, value))))
            for trace, values in self.traces.items()
        }

    @cached_property
    def forms(self) -> tuple[tuple[Trace, str, str], ...]:
        """Each value that is looked for: by what, as it is held, and in the form that is compared."""
        formed = ((trace, value, self.form(trace, value)) for trace, values in self.traces.items() for value in values)
        return tuple(each for each in formed if each[2])

    @cached_property
    def loose(self) -> re.Pattern[str]:
        """What the letters and digits of a text have in them that may name this person, words of his name too."""
        return re.compile(any_of(bare(value) for _, value in self._looked_for()))

    @cached_property
    def _strict(self) -> re.Pattern[str]:
        return re.compile(any_of(bare(value) for trace, value in self._looked_for() if trace is not Trace.WORD))

    def _looked_for(self) -> Iterator[tuple[Trace, str]]:
        for trace, values in self.folded.items():
            for value in values:
                yield trace, value

    @staticmethod
    def form(trace: Trace, value: str) -> str:
        """Return the form a value is compared in; empty where it is too short, or too common, to be looked for."""
        return _form(trace, value)

    def found_in(self, text: str) -> Iterator[Trace]:
        """Yield by what a text names this person; a word of a name by itself names nobody."""
        within = bare(text)
        if self._strict.search(within) is None:
            return
        plain = fold(text)
        words = f" {' '.join(cut(text))} "
        for trace, values in self.folded.items():
            if trace is Trace.WORD:
                continue
            if trace in _BY_WORDS:
                met = any(f" {value} " in words for value in values)
            elif trace in _BARE:
                met = any(value in within for value in values)
            else:
                met = any(value in plain for value in values)
            if met:
                yield trace

    def is_named(self, text: str) -> bool:
        """Say whether a text names this person."""
        return next(self.found_in(text), None) is not None

    def __bool__(self) -> bool:
        """Say whether there is anything to look for."""
        return any(self.traces.values())


KNOWN_BY: Final = (Trace.EMAIL, Trace.PHONE, Trace.ACCOUNT, Trace.MAC, Trace.SERIAL)
"""By these somebody alone is known, so that a text about others may lose them without being read first."""

_NO_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_BY_WORDS: Final = frozenset({Trace.NAME, Trace.STREET, Trace.USER_NAME})
_BARE: Final = frozenset({Trace.PHONE, Trace.MAC, Trace.SERIAL, Trace.ACCOUNT})


def bare(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    folded = fold(text)
    if folded.isascii():  # most of what there is, and a sweep reads all of it
        return folded.encode("ascii").translate(None, _NO_SIGNS).decode("ascii")
    return "".join(filter(str.isalnum, folded))


def _form(trace: Trace, value: str) -> str:
    if trace in _BY_WORDS:
        words = cut(value)
        # One word is no full name, and a street without a number is many people's.
        enough = len(words) > 1 or (trace is Trace.USER_NAME and len(value) >= FEWEST_SIGNS)
        return " ".join(words) if enough else ""
    if trace in _BARE:
        signs = bare(value)
        return signs if len(signs) >= FEWEST_SIGNS else ""
    return fold(value)


@dataclass(frozen=True, repr=False)
class Plan:
    """The frozen plan of an erasure: its people, each row with what is done to it, and a keyed digest of all of it.

    The digest is over the rows' contents too, so that whatever changed, or came, since makes another plan.
    """

    people: tuple[int, ...]
    aids: tuple[str, ...]
    rows: tuple[PlannedRow, ...]
    digest: str
    today: dt.date
    request_id: int | None = None
    identity: Identity = field(default_factory=lambda: Identity({}))

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
    address of his, by table and row. ``unsearched`` are the traces that stand somewhere rightly, for which the bytes
    cannot be searched. ``aged_out`` is the day a server's journal and backups are past, where there is one.
    """

    left: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, int] = field(default_factory=dict)
    named: Mapping[str, int] = field(default_factory=dict)
    texts: tuple[tuple[str, int], ...] = ()
    unsearched: tuple[Trace, ...] = ()
    pages: int = 0
    files: int = 0
    aged_out: dt.date | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing of the person is left."""
        return not self.left
