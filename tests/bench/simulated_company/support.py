"""Support: a queue of tickets and calls with the shape of days, weeks and releases, and what follows of them."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Final

from staffdesk.domain.access import Entity, Purpose, Role
from tests.bench.simulated_company.contacts import Contacts
from tests.bench.simulated_company.customers import Customer
from tests.bench.simulated_company.days import MINUTE, SATURDAY, at, is_working, release_days, week_of
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.references import Case
from tests.bench.simulated_company.shapes import Honest
from tests.bench.simulated_company.world import Task, World

_A_DAY: Final = 11.0
"""Contacts of one person who is there, on an ordinary day."""
_MOST: Final = 24
_WEEKDAYS: Final = (1.3, 1.1, 1.0, 0.95, 0.75)
_SEASON: Final = {
    3: 0.95,
    4: 1.0,
    5: 1.1,
    6: 1.0,
    7: 0.7,
    8: 0.75,
    9: 1.15,
    10: 1.1,
    11: 1.05,
    12: 0.8,
    1: 1.0,
    2: 0.95,
}
_AFTER_RELEASE: Final = (2.0, 1.6, 1.3)
_AMERICAN: Final = 0.17
_CALL: Final = 0.42
_AGAIN, _LONG = 0.3, 0.014
_EVENING: Final = 0.4


class Support:
    """The team's days."""

    def __init__(self, world: World) -> None:
        """Work in a world; who is on call are some of Brussels."""
        self._world = world
        self._contacts = Contacts(world)
        self._releases = release_days(world.months)
        brussels = [each for each in world.staff.of(Role.SUPPORT) if not each.newcomer]
        able = [each for each in brussels if each.entity is Entity.BE and each.last_day is None]
        self._on_call = able[: max(2, len(able) // 3)]
        self._left = 0

    def day(self, day: dt.date) -> None:
        """Do a day's work, and an evening's."""
        world = self._world
        team = world.staff.there(Role.SUPPORT, day)
        if team:
            self._deal(day, team, self._demand(day, team))
        if day in self._releases:
            self._release_evening(day)
        self._evening(day)

    def on_call(self, day: dt.date) -> Employee:
        """Return who is on call in the week of a day."""
        return self._on_call[week_of(day) % len(self._on_call)]

    def _demand(self, day: dt.date, team: list[Employee]) -> int:
        hands = (
            sum(each.share(Role.SUPPORT) for each in self._world.staff.of(Role.SUPPORT) if _employed(each, day)) * 0.85
        )
        shape = _WEEKDAYS[min(day.weekday(), 4)] * _SEASON[day.month]
        for age, spike in enumerate(_AFTER_RELEASE):
            if day - dt.timedelta(days=age) in self._releases:
                shape *= spike
        asked = int(_A_DAY * hands * shape * self._world.dice.uniform(0.85, 1.15)) + self._left
        most = int(_MOST * sum(each.share(Role.SUPPORT) for each in team))
        self._left = max(0, asked - most)
        return min(asked, most)

    def _deal(self, day: dt.date, team: list[Employee], asked: int) -> None:
        dice = self._world.dice
        weights = [each.strength(day) * each.share(Role.SUPPORT) * _hours(each, day) for each in team]
        got = dict.fromkeys(range(len(team)), 0)
        for n in dice.choices(range(len(team)), weights, k=asked):
            got[n] += 1
        for n, count in got.items():
            for place in range(count):
                part = (place + dice.uniform(0.05, 0.6)) / count
                self._contact(team[n], team[n].shifts[day].moment(0.97 * part), day)

    def _contact(self, by: Employee, t: int, day: dt.date) -> None:
        world, contacts = self._world, self._contacts
        american = by.entity is Entity.US or (None if world.chance(_AMERICAN) else False)
        customer = world.file.somebody(world.dice, t, american=american)
        self.take(by, t, day, customer, call=world.chance(_CALL))
        for each in world.frequent:
            if by.entity is Entity.BE and world.chance(0.012 * 5 / world.size):
                with world.label(Honest.FREQUENT_CALLER, by):
                    contacts.deal(by, t + 20 * MINUTE, day, each, Purpose.SUPPORT, call=world.chance(_CALL))

    def take(self, by: Employee, t: int, day: dt.date, customer: Customer, *, call: bool) -> None:
        """Deal with one contact, and leave what follows of it for later days."""
        world, contacts = self._world, self._contacts
        long = world.chance(_LONG)
        case = contacts.deal(by, t, day, customer, Purpose.SUPPORT, call=call, kept=long)
        if case is None or case.customer is None:
            return
        if long:
            self._long(case, day)
        elif world.chance(_AGAIN):
            contacts.again(case, day, world.dice.randint(1, 6))

    def _long(self, case: Case, day: dt.date) -> None:
        """Look at one customer over weeks, under one number that stays open."""
        world, dice = self._world, self._world.dice
        waited, looks = 0, dice.randint(5, 9)
        for n in range(looks):
            waited += dice.randint(2, 6)
            task = Task(
                Role.SUPPORT,
                partial(self._look_again, case, n == looks - 1),
                case.owner,
                customer=case.customer,
                alone=True,
            )
            world.later(day, waited, task)

    def _look_again(self, case: Case, last: bool, by: Employee, t: int) -> None:
        customer = case.customer
        if customer is None or case.closed_at is not None:
            return
        with self._world.label(Honest.LONG_CASE, by):
            self._world.desk.open(by, t, Purpose.SUPPORT, case, customer)
            self._world.desk.note(by, t + 4 * MINUTE, case)
        if last:
            case.kept = False
            self._world.desk.close(by, t + 6 * MINUTE, case)

    def _release_evening(self, day: dt.date) -> None:
        """Stay an hour or two on the evening of a release."""
        world = self._world
        for by in world.staff.there(Role.SUPPORT, day):
            shift = by.shifts[day]
            if shift.lunch is None or not world.chance(0.6):
                continue
            t = shift.end + world.dice.randint(2, 9) * MINUTE
            with world.label(Honest.OVERTIME, by):
                for _ in range(world.dice.randint(1, 4)):
                    american = by.entity is Entity.US or False
                    customer = world.file.somebody(world.dice, t, american=american)
                    self._contacts.deal(by, t, day, customer, Purpose.SUPPORT, call=world.chance(0.2), alone=True)
                    t += world.dice.randint(6, 20) * MINUTE

    def _evening(self, day: dt.date) -> None:
        """Answer who calls whoever is on call: on some evenings and Saturdays."""
        world, by = self._world, self.on_call(day)
        dice = world.dice
        free = not is_working(day)
        at_work = day in by.shifts or (free and any(day - dt.timedelta(days=n) in by.shifts for n in (1, 2, 3)))
        if not world.chance(_EVENING) or not at_work or day.weekday() > SATURDAY:
            return
        t = at(day, dice.uniform(10, 14) if free else dice.uniform(18.6, 20.5), by.zone)
        with world.label(Honest.ON_CALL, by):
            for _ in range(dice.randint(1, 3)):
                customer = world.file.somebody(dice, t, american=False)
                self._contacts.deal(by, t, day, customer, Purpose.SUPPORT, call=world.chance(0.7), alone=True)
                t += dice.randint(8, 35) * MINUTE


def _employed(employee: Employee, day: dt.date) -> bool:
    return employee.first_day <= day and (employee.last_day is None or day <= employee.last_day)


def _hours(employee: Employee, day: dt.date) -> float:
    return 1.0 if employee.shifts[day].lunch is not None else 0.5
