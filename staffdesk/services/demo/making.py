"""The invented company as rows, a batch of people at a time; the same seed on the same day gives the same company."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.sales import Product
from staffdesk.services.demo import words
from staffdesk.services.demo.calls import Calls
from staffdesk.services.demo.moments import day_of
from staffdesk.services.demo.names import pools
from staffdesk.services.demo.people import Made, People
from staffdesk.services.demo.rows import Counted, Rows
from staffdesk.services.demo.trade import Trade

_BATCH: Final = 150
"""People a batch: some 3,000 rows, written in less than 250 ms."""


class Making:
    """Makes the rows; ``case`` is the number of the fixed open case, of the person with number ``person``."""

    def __init__(self, people: int, seed: int, now_ms: int) -> None:
        """Make so many people of this seed, with no moment after ``now_ms``; raises Misconfigured without the extra."""
        company = words.company()
        dice = random.Random(seed)  # noqa: S311 - an invented company has no secrets
        self._count = people
        self._known = words.known_people()[:people]
        self._company = company
        self._dice = dice
        self.numbers = Counted()
        self._people = People(company, pools(company.places, seed), dice, day_of(now_ms))
        self._trade = Trade(company, dice, now_ms, self.numbers)
        self.calls = Calls(company, dice, now_ms, self.numbers)
        self.case = ""
        self.person = 1

    def batches(self, staff: Sequence[str]) -> Iterator[tuple[int, Rows]]:
        """Yield the people made so far and the next rows, what others refer to first.

        ``staff`` are the ids of those who took calls; the last of them opened the fixed case.
        """
        organisations = list(self._people.organisations(self._count))
        yield 0, self._products()
        for start in range(0, len(organisations), _BATCH * 10):
            yield 0, _rows(organisations[start : start + _BATCH * 10])
        for start in range(1, self._count + 1, _BATCH):
            rows: Rows = defaultdict(list)
            last = min(start + _BATCH, self._count + 1) - 1
            for number in range(start, last + 1):
                self._add(number, organisations, staff, rows)
            yield last, rows

    def _add(self, number: int, organisations: list[Made], staff: Sequence[str], rows: Rows) -> None:
        known = self._known[number - 1] if number <= len(self._known) else None
        person = self._people.person(number, organisations, known)
        rows[Person].append(person.row)
        owned = self._trade.of(person, rows)
        if number == self.person:
            product = owned[0] if owned else self._company.products[0].name
            self.case = self.calls.verified_case(person, product, staff[-1], rows)
        self.calls.of(person, owned, staff, rows)

    def _products(self) -> Rows:
        rows: Rows = defaultdict(list)
        rows[Product] = [
            {"id": number, "code": ware.code, "name": ware.name}
            for number, ware in enumerate(self._company.products, start=1)
        ]
        return rows


def _rows(organisations: Sequence[Made]) -> Rows:
    rows: Rows = defaultdict(list)
    rows[Organisation] = [each.row for each in organisations]
    return rows
