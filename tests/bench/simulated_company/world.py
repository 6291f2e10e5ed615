"""What all that happens in the company shares: the people, the desk, what waits for a later day, and the labels."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.access import Entity, Role
from tests.bench.simulated_company.customers import Customer, File
from tests.bench.simulated_company.days import BRUSSELS, DAY, at, is_working
from tests.bench.simulated_company.desk import Desk
from tests.bench.simulated_company.employees import Close, Employee, Staff
from tests.bench.simulated_company.references import Case
from tests.bench.simulated_company.shapes import Honest, Misuse
from tests.bench.simulated_company.writing import Journal, Mark

_ON_FILE: Final = {5: 1_500, 15: 5_000, 40: 12_000}
_BOUGHT: Final = 0.5
_FEWEST, _MOST = 4, 14
"""People at a company that an employee declares."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is left for a later day: by ``who`` if he is there, by a colleague else, and by nobody of ``never``."""

    role: Role
    do: Callable[[Employee, int], None]
    who: Employee | None = None
    never: frozenset[str] = frozenset()
    customer: Customer | None = None
    alone: bool = False
    """Whether it waits for ``who``, unless he has left."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is said of the entries of a mark."""

    kind: Honest | Misuse
    by: Employee
    mark: Mark
    variant: str = ""


class World:
    """One company, from its first day to its last."""

    def __init__(self, *, months: int, staff: int, seed: int) -> None:
        """Make the people and the file; the three numbers make it the same again."""
        self.size, self.months = staff, months
        self.dice = random.Random(f"simulated company {months} {staff} {seed}")  # noqa: S311 - the same again, not secret
        self.staff = Staff(self.dice, staff, months)
        self.days: Sequence[dt.date] = self.staff.days
        self.file = File(self.dice, _ON_FILE[staff])
        self.journal = Journal(random.Random(f"journal {months} {staff} {seed}"))  # noqa: S311 - as above
        self.desk = Desk(self.dice, self.journal, self.file)
        self.labels: list[Label] = []
        self.frequent: list[Customer] = []
        self.glasses: list[tuple[dt.date, int]] = []
        """Break-glasses that an admin has not read yet: the day, and the place of the entry."""
        self._waiting: dict[dt.date, list[Task]] = defaultdict(list)
        self._acquaint()

    @property
    def end(self) -> int:
        """When the last day is over, in UTC milliseconds."""
        return at(self.days[-1], 24)

    def chance(self, part: float) -> bool:
        """Say yes in this part of all cases."""
        return self.dice.random() < part

    @contextmanager
    def label(self, kind: Honest | Misuse, by: Employee, variant: str = "") -> Iterator[Mark]:
        """Label what is written meanwhile."""
        mark = Mark()
        self.labels.append(Label(kind, by, mark, variant))
        with self.journal.marked(mark):
            yield mark

    def later(self, day: dt.date, working_days: int, task: Task) -> None:
        """Leave something for so many working days after a day, or today where there are none."""
        while working_days:
            day += dt.timedelta(days=1)
            working_days -= is_working(day)
        self._waiting[day].append(task)

    def do_what_waits(self, day: dt.date) -> None:
        """Do what was left for a day; what nobody there can do waits for the next."""
        for task in self._waiting.pop(day, []):
            by = self._who_does(task, day)
            if by is None:
                self._waiting[day + dt.timedelta(days=1)].append(task)
            else:
                task.do(by, self.moment(by, day))

    def moment(self, by: Employee, day: dt.date, since: float = 0.03, until: float = 0.93) -> int:
        """Return a moment in somebody's working day."""
        return by.shifts[day].moment(self.dice.uniform(since, until))

    @staticmethod
    def stays(customer: Customer, t: int) -> bool:
        """Say whether a customer is still on file some hours after a moment."""
        return customer.gone_at is None or customer.gone_at > t + DAY

    def able(self, role: Role, day: dt.date, customer: Customer) -> list[Employee]:
        """Return who is there in a role and may receive a customer's record."""
        return [each for each in self.staff.there(role, day) if may_receive(each, customer)]

    @staticmethod
    def day_of(t: int) -> dt.date:
        """Return the day in Brussels."""
        return dt.datetime.fromtimestamp(t / 1000, BRUSSELS).date()

    def closed_by(self, by: Employee, t: int) -> list[Case]:
        """Return the cases of somebody's that name a customer and were closed before a moment."""
        return [
            each
            for each in self.desk.cases
            if each.owner is by and each.customer is not None and each.closed_at is not None and each.closed_at < t
        ]

    def _who_does(self, task: Task, day: dt.date) -> Employee | None:
        who = task.who
        if who is not None and day in who.shifts:
            return who
        if who is not None and task.alone and (who.last_day is None or day <= who.last_day):
            return None
        among = [
            each
            for each in self.staff.there(task.role, day)
            if each.staff_id not in task.never and (task.customer is None or may_receive(each, task.customer))
        ]
        return self.dice.choice(among) if among else None

    def _acquaint(self) -> None:
        """Give employees what they have in common with customers: things bought, family, neighbours, clubs, rivals."""
        dice, file = self.dice, self.file
        companies = [aid for aid, people in file.by_company.items() if _FEWEST <= len(people) <= _MOST]
        for employee in self.staff.people:
            employee.domain = file.new_domain()
            family = [file.insert(name=employee.name)]
            former, rival = (file.by_company[aid] for aid in dice.sample(companies, 2))
            employee.close = {
                Close.FAMILY: family,
                Close.FORMER_EMPLOYER: former,
                Close.COMPETITOR: rival,
                Close.RELATIVE: [file.insert(name=employee.name) for _ in range(2)],
                Close.NEIGHBOUR: [file.insert(street=employee.street) for _ in range(dice.randint(1, 3))],
                Close.CLUB: [file.insert(domain=employee.domain) for _ in range(dice.randint(4, 7))],
            }
            for each in (*family, *former, *rival):
                each.declared_by.add(employee.staff_id)
        for employee in self.staff.people:
            if dice.random() < _BOUGHT or Role.SUPPORT in employee.roles:
                own = file.insert(name=employee.name, street=employee.street)
                own.employee, employee.own = employee.staff_id, own
                file.sold(dice, own, at(self.days[0], 0) - dice.randint(1, 40) * DAY)
        self.frequent = [file.somebody(dice, 0, american=False) for _ in range(2 + self.size // 15)]


def is_close(employee: Employee, customer: Customer) -> bool:
    """Say whether an honest employee leaves a customer to somebody else: it is himself, or somebody he declared."""
    return customer.employee == employee.staff_id or employee.staff_id in customer.declared_by


def may_receive(employee: Employee, customer: Customer) -> bool:
    """Say whether a record may leave the EEA to where somebody is employed."""
    return employee.entity is Entity.BE or not customer.in_eea
