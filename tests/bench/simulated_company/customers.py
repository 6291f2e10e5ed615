"""Who is on file: people, the companies they work at, their orders, and what they have in common with employees."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from tests.bench.simulated_company.days import DAY, FIRST_DAY, at

COMMON_NAMES: Final = 36
_COMMON_SHARE: Final = 0.06
_RARE_NAMES: Final = 4_000
_STREETS: Final = 30_000
_EMPLOYED: Final = 0.62
_PER_COMPANY: Final = 4
_COUNTRIES: Final = (("BE", 34), ("FR", 19), ("NL", 12), ("DE", 9), ("GB", 7), ("LU", 2), ("US", 13), ("CA", 4))
_AMERICA: Final = frozenset({"US", "CA"})
_EEA: Final = frozenset({"BE", "FR", "NL", "DE", "LU"})
_ORDERS: Final = ((0, 10), (1, 40), (2, 25), (3, 13), (5, 8), (9, 4))
_OLDEST_DAYS: Final = 1_500
_GROWTH: Final = 2.5
"""The store sells more each year, so that a third of its orders are of the last months."""


@dataclass(slots=True, eq=False)
class Order:
    """An order of the store; ``number`` is the place in the sequence."""

    aid: str
    number: int
    customer: Customer
    at: int


@dataclass(slots=True, eq=False)
class Customer:
    """A person on file: names, streets and domains are only told apart, never spelt."""

    aid: str
    number: int
    company: str | None
    country: str
    name: int
    street: int
    domain: int
    employee: str | None = None
    """The account of whoever works here and once bought something."""
    declared_by: set[str] = field(default_factory=set)
    orders: list[Order] = field(default_factory=list)
    gone_at: int | None = None

    @property
    def in_eea(self) -> bool:
        """Whether an employee in the US may not receive the record."""
        return self.country in _EEA


def common_name(dice: random.Random) -> int:
    """Return one of the names that many bear, the first ones oftener."""
    return dice.choices(range(COMMON_NAMES), [1 / (n + 6) for n in range(COMMON_NAMES)])[0]


def rare_name(dice: random.Random) -> int:
    """Return a name that a handful bears."""
    return COMMON_NAMES + dice.randrange(_RARE_NAMES)


def new_aid(dice: random.Random, letter: str) -> str:
    """Return an audit id of the desk's form."""
    return f"{letter}_{dice.getrandbits(80):020x}"


class File:
    """Everybody on file, and ways to find them."""

    def __init__(self, dice: random.Random, size: int) -> None:
        """Make so many customers, with companies and orders of the last four years."""
        self._dice = dice
        self._next_domain = 0
        self._marked: set[int] = set()
        self.people: list[Customer] = []
        self.orders: list[Order] = []
        self.by_name: dict[int, list[Customer]] = defaultdict(list)
        self.by_company: dict[str, list[Customer]] = defaultdict(list)
        companies = [
            (new_aid(dice, "g"), self.new_domain(), self._country())
            for _ in range(max(1, int(size * _EMPLOYED / _PER_COMPANY)))
        ]
        sizes = list(accumulate(1 / (n + 20) for n in range(len(companies))))
        for _ in range(size):
            if dice.random() < _EMPLOYED:
                company, domain, country = dice.choices(companies, cum_weights=sizes)[0]
                self.add(name=self._name(), company=company, domain=domain, country=country)
            else:
                self.add(name=self._name())
        self._sell()
        self._weights = list(accumulate(dice.paretovariate(1.6) for _ in self.people))
        self._american = [each for each in self.people if each.country in _AMERICA]

    def add(
        self,
        *,
        name: int,
        street: int | None = None,
        domain: int | None = None,
        company: str | None = None,
        country: str | None = None,
    ) -> Customer:
        """Put a customer on file, the youngest number."""
        dice = self._dice
        new = Customer(
            aid=new_aid(dice, "s"),
            number=len(self.people) + 1,
            company=company,
            country=country or self._country(),
            name=name,
            street=dice.randrange(_STREETS) if street is None else street,
            domain=self.new_domain() if domain is None else domain,
        )
        self.people.append(new)
        self.by_name[name].append(new)
        if company is not None:
            self.by_company[company].append(new)
        return new

    def insert(self, *, name: int | None = None, street: int | None = None, domain: int | None = None) -> Customer:
        """Give somebody on file these marks: anywhere in the numbers, so that his own tells nothing."""
        dice = self._dice
        while True:
            found = dice.choice(self.people)
            if found.number not in self._marked and not found.declared_by and found.in_eea:
                break
        self._marked.add(found.number)
        if name is not None:
            self.by_name[found.name].remove(found)
            found.name = name
            self.by_name[name].append(found)
        found.street = found.street if street is None else street
        found.domain = found.domain if domain is None else domain
        return found

    def new_domain(self) -> int:
        """Return a mail domain that nobody has yet."""
        self._next_domain += 1
        return self._next_domain

    def somebody(self, dice: random.Random, t: int, *, american: bool | None = None) -> Customer:
        """Return somebody who asks something at a time: some do so oftener; ``american``: from there, or not."""
        while True:
            found = dice.choice(self._american) if american else dice.choices(self.people, cum_weights=self._weights)[0]
            if _there(found, t) and (american is not False or found.country not in _AMERICA):
                return found

    def some(self, dice: random.Random, n: int, t: int) -> list[Customer]:
        """Return so many people of the file, each once, whoever they are."""
        able = [each for each in dice.sample(self.people, min(len(self.people), 2 * n + 20)) if _there(each, t)]
        return able[:n]

    def namesakes(self, dice: random.Random, whose: Customer, most: int) -> list[Customer]:
        """Return what a search by somebody's name lists: he, who bears the name too, and whose names begin so."""
        same = [each for each in self.by_name[whose.name] if each is not whose]
        near = dice.sample(self.people, min(len(self.people), dice.choice((0, 0, 0, 1, 2, 4))))
        found = list(dict.fromkeys([*same, *near]))[: most - 1]
        place = dice.randint(0, len(found))
        return [*found[:place], whose, *found[place:]]

    def sold(self, dice: random.Random, customer: Customer, t: int) -> Order:
        """Return a new order of a customer."""
        new = Order(new_aid(dice, "o"), len(self.orders) + 1, customer, t)
        customer.orders.append(new)
        self.orders.append(new)
        return new

    def _sell(self) -> None:
        dice, first = self._dice, at(FIRST_DAY, 0)
        numbers, weights = zip(*_ORDERS, strict=True)
        wanted = [each for each in self.people for _ in range(dice.choices(numbers, weights)[0])]
        dice.shuffle(wanted)
        for n, customer in enumerate(wanted):
            age = int(_OLDEST_DAYS * DAY * (1 - (n + 1) / (len(wanted) + 1)) ** _GROWTH)
            self.sold(dice, customer, first - age)

    def _name(self) -> int:
        return common_name(self._dice) if self._dice.random() < _COMMON_SHARE else rare_name(self._dice)

    def _country(self) -> str:
        return self._dice.choices([name for name, _ in _COUNTRIES], [weight for _, weight in _COUNTRIES])[0]


def _there(customer: Customer, t: int) -> bool:
    return customer.gone_at is None or customer.gone_at > t
