"""What the makers of the demo's rows hand each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from staffdesk.data.tables.declaration import Record
from staffdesk.services.demo.people import Row
from staffdesk.services.demo.words import Ware

Rows = defaultdict[type[Record], list[Row]]


@dataclass(slots=True)
class Counted:
    """The last number given out, by kind of record."""

    last: dict[type[Record], int] = field(default_factory=lambda: defaultdict(int))

    def next(self, record: type[Record]) -> int:
        """Return the next number of a kind of record, from 1."""
        self.last[record] += 1
        return self.last[record]


@dataclass(frozen=True, slots=True)
class Line:
    """What was bought in one line of an order, at which UTC millisecond; ``product`` is the product's number."""

    order: int
    at: int
    product: int
    ware: Ware
    count: int
