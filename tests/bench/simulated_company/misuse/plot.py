"""What every misuse is made of: who does it, whom he looks at, and what he gives as the reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from staffdesk.domain.access import Entity, Purpose, Role
from tests.bench.simulated_company.customers import Customer
from tests.bench.simulated_company.days import DAY, MINUTE
from tests.bench.simulated_company.desk import E_MAIL, MAIL, ORDER_NUMBER, PHONE, STREET, WORDS
from tests.bench.simulated_company.employees import Employee, fewest
from tests.bench.simulated_company.references import OUTSIDE, Case, Reference
from tests.bench.simulated_company.rights import Rights
from tests.bench.simulated_company.shapes import Misuse
from tests.bench.simulated_company.support import Support
from tests.bench.simulated_company.world import Task, World, may_receive
from tests.bench.simulated_company.writing import Mark

Doing = Callable[[Employee, int, Mark], None]

OWN, NUMBER, ANOTHERS, OLD_ORDER = "own case", "outside number", "another's ticket", "order"
_PRETEXTS: Final = {
    Purpose.SUPPORT: (OWN, OWN, NUMBER, ANOTHERS),
    Purpose.SALE: (OWN, NUMBER, ANOTHERS, OLD_ORDER),
    Purpose.LEGAL: (NUMBER, OLD_ORDER),
    Purpose.RIGHTS: (NUMBER,),
}
_PURPOSES: Final = (
    (Role.SUPPORT, Purpose.SUPPORT),
    (Role.SALES, Purpose.SALE),
    (Role.FINANCE, Purpose.LEGAL),
    (Role.PRIVACY, Purpose.RIGHTS),
)
_VALUES: Final = {
    Purpose.SUPPORT: (PHONE, MAIL),
    Purpose.SALE: (STREET,),
    Purpose.LEGAL: (MAIL, PHONE),
    Purpose.RIGHTS: (PHONE,),
}
_USUAL: Final = {Purpose.SUPPORT: 11.0, Purpose.SALE: 7.5, Purpose.LEGAL: 10.0, Purpose.RIGHTS: 3.0}
_NOTED: Final = 0.4


def purpose_of(by: Employee) -> Purpose:
    """Return the purpose of most of somebody's looks."""
    return next(purpose for role, purpose in _PURPOSES if role in by.roles)


def usual(by: Employee, day: dt.date) -> float:
    """Return about how many customers somebody looks at on a day."""
    purpose = purpose_of(by)
    return _USUAL[purpose] * by.strength(day) * by.share(next(role for role, each in _PURPOSES if each is purpose))


class Plot:
    """Makes misuse in a world."""

    def __init__(self, world: World, support: Support, rights: Rights) -> None:
        """Act among the others; ``support`` knows who is on call, ``rights`` takes requests in."""
        self.world = world
        self.support = support
        self.rights = rights
        self.dice = world.dice
        self.desk = world.desk
        self._taken: dict[str, int] = {}

    def actor(self, day: dt.date, fits: Callable[[Employee], bool]) -> Employee | None:
        """Return somebody who is at work on a day, has customers, fits, and did the least so far."""
        roles = {role for role, _ in _PURPOSES}
        able = [
            each
            for each in self.world.staff.people
            if day in each.shifts and not roles.isdisjoint(each.roles) and not self._parting(each, day) and fits(each)
        ]
        if not able:
            return None
        chosen = fewest(self.dice, able, self._taken)
        self._taken[chosen.staff_id] = self._taken.get(chosen.staff_id, 0) + 1
        return chosen

    @contextmanager
    def incident(self, kind: Misuse, by: Employee, variant: str) -> Iterator[Mark]:
        """Label all that is written meanwhile as one misuse."""
        with self.world.label(kind, by, variant) as mark:
            yield mark

    def go_on(self, by: Employee, day: dt.date, after: int, mark: Mark, do: Doing) -> None:
        """Go on with a misuse so many working days later, on the next day on which he is there."""

        def again(actor: Employee, t: int) -> None:
            if actor is by:
                with self.world.journal.marked(mark):
                    do(actor, t, mark)

        self.world.later(day, after, Task(by.roles[0], again, by, alone=True))

    def victims(self, by: Employee, n: int, t: int) -> list[Customer]:
        """Return so many people he has nothing to do with."""
        found: list[Customer] = []
        while len(found) < n:
            more = self.world.file.some(self.dice, 2 * n, t + DAY)
            if by.entity is Entity.US:
                more = [self.world.file.somebody(self.dice, t + DAY, american=True) for _ in range(n)]
            found.extend(each for each in more if each not in found and may_receive(by, each) and not by.relation(each))
        return found[:n]

    def pretext(self, by: Employee) -> str:
        """Return one of the pretexts of his role."""
        return self.dice.choice(_PRETEXTS[purpose_of(by)])

    def reference(self, by: Employee, t: int, customer: Customer, how: str) -> Reference:
        """Return what stands for the reference, and write what it takes to have it."""
        if how == OWN:
            return self.desk.new_case(by, t, purpose_of(by))
        if how == ANOTHERS and (ticket := self._a_ticket(by, t, customer)) is not None:
            return ticket
        if how == OLD_ORDER and customer.orders:
            self.desk.refer(by, t, customer.orders[-1])
            return customer.orders[-1]
        self.desk.refer(by, t, OUTSIDE)
        return OUTSIDE

    def look(
        self,
        by: Employee,
        t: int,
        customer: Customer,
        ref: Reference,
        *,
        searched: bool | None = None,
        values: int = 0,
        copied: bool = False,
        listed: Sequence[Customer] = (),
    ) -> int:
        """Search for somebody, open his record, perhaps reveal values; return when it is done."""
        dice, purpose = self.dice, purpose_of(by)
        if (dice.random() < 0.8) if searched is None else searched:
            t += dice.randint(4, 30) * 1000
            by_name = purpose is not Purpose.LEGAL
            how = dice.choice((WORDS, WORDS, E_MAIL)) if by_name else ORDER_NUMBER
            found = list(listed) if listed and by_name else [customer]
            t = self.desk.search(by, t, purpose, ref, found, WORDS if listed and by_name else how)
        t += dice.randint(2, 20) * 1000
        self.desk.open(by, t, purpose, ref, customer)
        for _ in range(values):
            t += dice.randint(4, 40) * 1000
            self.desk.reveal(by, t, purpose, ref, customer, dice.choice(_VALUES[purpose]), copied=copied)
        return t + dice.randint(10, 60) * 1000

    def spy(
        self, by: Employee, t: int, customer: Customer, how: str, *, values: int = 0, listed: Sequence[Customer] = ()
    ) -> int:
        """Look at somebody under a pretext; return when it is done."""
        return self.look_under(by, t, customer, how, values=values, listed=listed)[0]

    def look_under(
        self, by: Employee, t: int, customer: Customer, how: str, *, values: int = 0, listed: Sequence[Customer] = ()
    ) -> tuple[int, Reference]:
        """As :meth:`spy`, with the reference; an own case is made to look like the others."""
        ref = self.reference(by, t, customer, how)
        t = self.look(by, t + 5000, customer, ref, values=values, listed=listed)
        if isinstance(ref, Case) and ref.owner is by and ref.customer is None:
            self.desk.tie(by, t, ref, customer)
            if self.dice.random() < _NOTED:
                self.desk.note(by, t + 40_000, ref)
            self._close_some_day(by, ref, self.world.day_of(t))
            t += MINUTE
        return t, ref

    def values_of(self, by: Employee) -> tuple[tuple[str, str], ...]:
        """Return what his role reveals."""
        return _VALUES[purpose_of(by)]

    def moment(self, by: Employee, day: dt.date) -> int:
        """Return a moment in his day that leaves an hour for what follows."""
        return self.world.moment(by, day, 0.05, 0.85)

    def _parting(self, by: Employee, day: dt.date) -> bool:
        return by.last_day is not None and (by.last_day - day).days < 12

    def _a_ticket(self, by: Employee, t: int, customer: Customer) -> Case | None:
        """Return an open ticket of somebody else: his own work, or a colleague's."""
        purpose = purpose_of(by)
        for case in reversed(self.desk.cases):
            fits = case.imported and case.purpose is purpose and case.opened_at < t
            if fits and (case.closed_at is None or case.closed_at > t) and case.customer is not customer:
                return case
        return None

    def _close_some_day(self, by: Employee, case: Case, day: dt.date) -> None:
        def close(actor: Employee, t: int) -> None:
            if actor is by and case.closed_at is None:
                self.desk.close(by, t, case)

        self.world.later(day, self.dice.randint(1, 7), Task(by.roles[0], close, by, alone=True))
