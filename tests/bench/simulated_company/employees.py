"""Who works here: roles, hours, leave, and what an employee has in common with customers."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from staffdesk.domain.access import Entity, Relation, Role
from tests.bench.simulated_company.customers import Customer, common_name, new_aid, rare_name
from tests.bench.simulated_company.days import (
    BRUSSELS,
    HOUR,
    MINUTE,
    NEW_YORK,
    Shift,
    at,
    days_of,
    is_working,
)

SIZES: Final = (5, 15, 40)

_S, _C, _F, _P, _A = Role.SUPPORT, Role.SALES, Role.FINANCE, Role.PRIVACY, Role.APPROVER
_TEAMS: Final[dict[int, tuple[tuple[int, tuple[Role, ...], Entity], ...]]] = {
    5: (
        (1, (_S,), Entity.BE),
        (1, (_S, _C, _P), Entity.BE),
        (1, (_S, _C, _A), Entity.BE),
        (1, (_F,), Entity.BE),
        (1, (Role.ADMIN,), Entity.BE),
    ),
    15: (
        (5, (_S,), Entity.BE),
        (1, (_S,), Entity.US),
        (2, (_C,), Entity.BE),
        (1, (_C,), Entity.US),
        (1, (_F,), Entity.BE),
        (1, (_F, _A), Entity.BE),
        (1, (_P,), Entity.BE),
        (1, (_P, _A), Entity.BE),
        (1, (Role.ADMIN,), Entity.BE),
        (1, (Role.AUDITOR,), Entity.BE),
    ),
    40: (
        (17, (_S,), Entity.BE),
        (3, (_S,), Entity.US),
        (7, (_C,), Entity.BE),
        (2, (_C,), Entity.US),
        (4, (_F,), Entity.BE),
        (1, (_F, _A), Entity.BE),
        (1, (_P,), Entity.BE),
        (1, (_P, _A), Entity.BE),
        (2, (Role.ADMIN,), Entity.BE),
        (2, (Role.AUDITOR,), Entity.BE),
    ),
}
_SHARES: Final = {_S: 0.7, _C: 0.3}
"""How much of the day goes to each role of who supports and sells."""
_NEWCOMER, _LEAVER, _HARVESTER = 0.32, 0.45, 0.86
"""At which part of the time the new colleague begins, the honest leaver and the other one leave."""
_COMMON_NAMED: Final = 0.33
_ILL: Final = 0.02
_EASTER: Final = (dt.date(2026, 3, 30), dt.date(2026, 4, 6))


class Close(StrEnum):
    """How somebody on file is close to an employee; the first three are declared."""

    FAMILY = "family"
    FORMER_EMPLOYER = "former employer"
    COMPETITOR = "competitor"
    RELATIVE = "relative"
    NEIGHBOUR = "neighbour"
    CLUB = "club"


@dataclass(slots=True)
class Sitting:
    """A session at a terminal, in UTC milliseconds; ``away`` is when it was locked."""

    start: int
    end: int
    sid: str
    away: tuple[int, int] | None = None


@dataclass(slots=True, eq=False)
class Employee:
    """Somebody with an account; ``shifts`` are the days on which he works."""

    staff_id: str
    roles: tuple[Role, ...]
    entity: Entity
    zone: ZoneInfo
    first_day: dt.date
    last_day: dt.date | None
    host: str
    name: int
    street: int
    domain: int
    pace: float
    newcomer: bool = False
    shifts: dict[dt.date, Shift] = field(default_factory=dict)
    sittings: list[Sitting] = field(default_factory=list)
    own: Customer | None = None
    close: dict[Close, list[Customer]] = field(default_factory=dict)

    def share(self, role: Role) -> float:
        """Return how much of the day goes to a role."""
        if role not in self.roles:
            return 0.0
        return _SHARES[role] if {_S, _C} <= set(self.roles) and role in _SHARES else 1.0

    def strength(self, day: dt.date) -> float:
        """Return how fast he works on a day: a new colleague grows within six weeks."""
        if not self.newcomer:
            return self.pace
        weeks = (day - self.first_day).days / 7
        return self.pace * min(1.0, 0.15 + 0.85 * weeks / 6)

    def works_at(self, t: int, slack: int = 0) -> bool:
        """Say whether a moment lies in one of his shifts, or so many milliseconds beside it."""
        shift = self.shifts.get(dt.datetime.fromtimestamp(t / 1000, self.zone).date())
        return shift is not None and shift.start - slack <= t <= shift.end + slack

    def relation(self, customer: Customer) -> set[Relation]:
        """Return how he stands to a customer, as far as the desk compares."""
        found: set[Relation] = set()
        if customer.employee is not None:
            found.add(Relation.SELF if customer.employee == self.staff_id else Relation.COLLEAGUE)
        if self.staff_id in customer.declared_by:
            found.add(Relation.DECLARED)
        if customer.name == self.name:
            found.add(Relation.SAME_NAME)
        if customer.street == self.street:
            found.add(Relation.SAME_ADDRESS)
        if customer.domain == self.domain:
            found.add(Relation.SAME_DOMAIN)
        return found


def related(employee: Employee, customers: Iterable[Customer]) -> tuple[str, ...]:
    """Return how an employee stands to people taken together, in the order in which the log writes it."""
    found = {relation for customer in customers for relation in employee.relation(customer)}
    return tuple(each.value for each in Relation if each in found) if found else ()


class Staff:
    """Everybody who works here, in the order of their accounts."""

    def __init__(self, dice: random.Random, size: int, months: int) -> None:
        """Hire a company of this size, with who leaves and who comes within so many months."""
        if size not in _TEAMS:
            raise ValueError(f"the company has {SIZES} accounts")
        self._dice = dice
        self.days = tuple(days_of(months))
        self.people: list[Employee] = []
        for count, roles, entity in _TEAMS[size]:
            for _ in range(count):
                self._hire(roles, entity, self.days[0])
        last = len(self.days) - 1
        self.leaver = next(each for each in self.people if each.roles == (_S,))
        self.leaver.last_day = self.days[int(last * _LEAVER)]
        parting = (_C,) if size > SIZES[0] else (_F,)
        self.harvester = next(each for each in self.people if each.roles == parting)
        self.harvester.last_day = self.days[int(last * _HARVESTER)]
        self.newcomer = self._hire((_S,), Entity.BE, self.days[int(last * _NEWCOMER)])
        self.newcomer.newcomer, self.newcomer.pace = True, 1.0
        for employee in self.people:
            self._plan(employee)

    def of(self, *roles: Role) -> list[Employee]:
        """Return who holds one of these roles."""
        return [each for each in self.people if not set(roles).isdisjoint(each.roles)]

    def there(self, role: Role, day: dt.date) -> list[Employee]:
        """Return who works in a role on a day."""
        return [each for each in self.people if role in each.roles and day in each.shifts]

    def _hire(self, roles: tuple[Role, ...], entity: Entity, first_day: dt.date) -> Employee:
        dice = self._dice
        named = common_name if dice.random() < _COMMON_NAMED else rare_name
        new = Employee(
            staff_id=new_aid(dice, "u"),
            roles=roles,
            entity=entity,
            zone=BRUSSELS if entity is Entity.BE else NEW_YORK,
            first_day=first_day,
            last_day=None,
            host=f"desk-{len(self.people) + 1:02d}",
            name=named(dice),
            street=-len(self.people) - 1,
            domain=-len(self.people) - 1,
            pace=dice.uniform(0.75, 1.2),
        )
        self.people.append(new)
        return new

    def _plan(self, employee: Employee) -> None:
        dice = self._dice
        begins = dice.choice((8.0, 8.25, 8.5, 8.5, 9.0, 9.0, 9.5))
        half = dice.random() < 0.1 and len(self.of(*employee.roles)) > 2
        free = dice.randrange(5) if dice.random() < 0.33 else None
        away = self._leave()
        for day in self.days:
            hired = employee.first_day <= day and (employee.last_day is None or day <= employee.last_day)
            if not hired or not is_working(day, employee.zone):
                continue
            last_week = employee.last_day is not None and (employee.last_day - day).days <= 10
            if not last_week and (day.weekday() == free or day in away or dice.random() < _ILL):
                continue
            employee.shifts[day] = _shift(dice, day, begins, employee.zone, half=half)

    def _leave(self) -> set[dt.date]:
        dice = self._dice
        begin = dice.choice(_EASTER) if dice.random() < 0.5 else dice.choice(self.days)
        block = {begin + dt.timedelta(days=n) for n in range(dice.randint(3, 9))}
        return block | set(dice.sample(self.days, min(len(self.days), dice.randint(0, 2))))


def _shift(dice: random.Random, day: dt.date, begins: float, zone: ZoneInfo, *, half: bool) -> Shift:
    start = at(day, begins, zone) + int(max(-20.0, min(20.0, dice.gauss(0, 8))) * MINUTE)
    if half:
        return Shift(start, start + 4 * HOUR + dice.randint(-5, 15) * MINUTE, None)
    lunch = at(day, 12, zone) + dice.randint(0, 60) * MINUTE
    end = start + int(8.5 * HOUR) + dice.randint(-15, 15) * MINUTE
    return Shift(start, end, (lunch, lunch + dice.randint(30, 50) * MINUTE))


def fewest(dice: random.Random, among: Sequence[Employee], count: dict[str, int]) -> Employee:
    """Return one of those who were taken least often so far."""
    least = min(count.get(each.staff_id, 0) for each in among)
    return dice.choice([each for each in among if count.get(each.staff_id, 0) == least])
