"""What an import did, or would do."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from staffdesk.domain.imported import Dropped, Place
from staffdesk.domain.read_items import Columns, Imported, KeptOff, LeftOut, Refused, SameColumns, UnknownColumns
from staffdesk.services.importing.run import Outcome

KINDS: Final = ("people", "orders", "subscriptions", "cases", "reports", "licences", "activations", "news")
"""What is counted: people, what a store sold, cases, reports of contacts, licences and computers, news."""

MOST_PLACES: Final = 100
"""How many places are named of what was left out; all of it is counted."""

MOST_REFUSED: Final = 10_000
"""How many refused records are named; the others are counted, since a file of bad rows must not fill the memory."""

STATES: Final = ("new", "changed", "unchanged")
"""What becomes of a record; of two states of one person the first of these counts."""


class _States:
    """The state of each person by number, in a byte each: a list of a million people must not fill the memory."""

    def __init__(self) -> None:
        self._of: dict[bool, bytearray] = {True: bytearray(), False: bytearray()}

    def get(self, number: int) -> str | None:
        """Return the state, or nothing for who did not come yet; who would be written has a number below 0."""
        held, at = self._of[number < 0], abs(number)
        return STATES[held[at] - 1] if at < len(held) and held[at] else None

    def put(self, number: int, state: str) -> None:
        """Keep the state."""
        held, at = self._of[number < 0], abs(number)
        if at >= len(held):
            held.extend(bytes(at + 1 - len(held)))
        held[at] = STATES.index(state) + 1


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do; no part of it repeats a value from a file.

    ``counts`` by kind of record (see :data:`KINDS`) and ``new|changed|unchanged``; ``dropped`` by category of field.
    ``refused`` names the first :data:`MOST_REFUSED` records, ``refused_besides`` counts the others.
    ``unknown_countries`` are the places of the first records that name a country by a name that is not known.
    ``columns`` say, where nothing is written, what those of each table become. ``kept_off`` are the fields that a
    request contests, which the import leaves as they are, ``overtaken`` the places of what tells of the same moment
    something else than what is held, which stands. ``left_out`` counts by reason what could be read and is not
    taken, ``texts_left_out`` says where a text was. ``number`` is the import's, where it wrote anything;
    ``notice_due_on`` the last day on which whom it named must be told.
    """

    store: str
    dry_run: bool
    read: int = 0
    test_orders: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    refused_besides: int = 0
    conflicts: list[Place] = field(default_factory=list)
    overtaken: list[Place] = field(default_factory=list)
    kept_off: list[KeptOff] = field(default_factory=list)
    columns: tuple[Columns, ...] = ()
    unknown_columns: list[UnknownColumns] = field(default_factory=list)
    same_columns: list[SameColumns] = field(default_factory=list)
    unknown_countries: list[Place] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    texts_left_out: list[LeftOut] = field(default_factory=list)
    number: int | None = None
    notice_due_on: dt.date | None = None
    people: _States = field(default_factory=_States, repr=False)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record that are counted (see :data:`KINDS`)."""
        return KINDS

    @property
    def suppressed(self) -> int:
        """How many records were kept out, since no news may go there or who is named was erased."""
        return self.counts["suppressed", "kept out"] + self.counts["erased", "kept out"]

    @property
    def all_refused(self) -> int:
        """How many were refused, named or not."""
        return len(self.refused) + self.refused_besides

    def of(self, kind: str) -> Mapping[str, int]:
        """Return the counts of one kind of record by state; who comes in several batches counts once."""
        return {state: self.counts[kind, state] for state in STATES}

    def read_one(self, item: Imported) -> None:
        """Count a record that was read, and what was left out of it."""
        self.read += 1
        for category, n in item.dropped.items():
            self.dropped[category.value] += n
        if item.dropped.get(Dropped.COUNTRY) and len(self.unknown_countries) < MOST_PLACES:
            self.unknown_countries.append(item.place)

    def refuse(self, each: Refused) -> None:
        """Name what was refused, or count it where many are named already."""
        if len(self.refused) < MOST_REFUSED or each.whole:
            self.refused.append(each)
        else:
            self.refused_besides += 1

    def take(self, outcome: Outcome) -> None:
        """Add what became of a batch."""
        self.counts.update(outcome.counts)
        self.conflicts += outcome.conflicts
        self.overtaken += outcome.overtaken
        self.kept_off += (each for each in outcome.kept_off if each not in self.kept_off)
        for each in outcome.refused:
            self.refuse(each)
        for number, state in outcome.people.items():
            before = self.people.get(number)
            if before is None or STATES.index(state) < STATES.index(before):
                self.people.put(number, state)
                self.counts["people", state] += 1
                if before is not None:
                    self.counts["people", before] -= 1
