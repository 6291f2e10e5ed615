"""Sales: mails, orders and calls, a trade show on another continent, and its leads."""

from __future__ import annotations

import datetime as dt
from typing import Final

from staffdesk.domain.access import Entity, Purpose, Role
from tests.bench.simulated_company.contacts import Contacts
from tests.bench.simulated_company.customers import Customer
from tests.bench.simulated_company.days import BRUSSELS, DAY, LAS_VEGAS, MINUTE, at, is_working, show_days
from tests.bench.simulated_company.desk import ORDER_NUMBER, STREET, WORDS
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.shapes import Honest
from tests.bench.simulated_company.world import World, is_close

_A_DAY: Final = 7.5
_MAIL, _ORDER = 0.42, 0.25
_AMERICAN: Final = 0.15
_LEADS: Final = {5: 40, 15: 110, 40: 300}
_LEAD_DAYS: Final = 3
_RECENT_MS: Final = 85 * DAY


class Sales:
    """The team's days."""

    def __init__(self, world: World) -> None:
        """Work in a world; two of Brussels travel to the shows, and are not at their desks meanwhile."""
        self._world = world
        self._contacts = Contacts(world)
        self._show = show_days(world.months)
        able = [each for each in world.staff.of(Role.SALES) if each.entity is Entity.BE and each.last_day is None]
        self.travellers: list[Employee] = able[: 2 if len(able) > 2 else 1]
        for day in self._show:
            for each in self.travellers:
                each.shifts.pop(day, None)
        self._leads: list[Customer] = []
        self._entered_by: Employee | None = None

    def day(self, day: dt.date) -> None:
        """Do a day's work: at the desk, at the show, with its leads."""
        world, dice = self._world, self._world.dice
        if day in self._show:
            for by in self.travellers:
                self._at_show(by, day)
        team = world.staff.there(Role.SALES, day)
        for by in team:
            n = round(_A_DAY * by.share(Role.SALES) * by.strength(day) * dice.uniform(0.6, 1.35))
            for place in range(n):
                self._one(by, by.shifts[day].moment(0.97 * (place + dice.uniform(0.05, 0.6)) / n), day)
        self._follow_leads(day, team)

    def _one(self, by: Employee, t: int, day: dt.date) -> None:
        world, dice = self._world, self._world.dice
        at_home = by.entity is Entity.US
        american = not world.chance(0.03) if at_home else None if world.chance(_AMERICAN) else False
        kind = dice.random()
        if kind < _ORDER:
            self._order(by, t, american=american)
            return
        customer = world.file.somebody(dice, t, american=american)
        case = self._contacts.deal(by, t, day, customer, Purpose.SALE, call=kind > _ORDER + _MAIL)
        if case is not None and world.chance(0.25):
            self._contacts.again(case, day, dice.randint(1, 8))

    def _order(self, by: Employee, t: int, *, american: bool | None) -> None:
        """Look at an order of the last weeks, under its own number."""
        world, dice = self._world, self._world.dice
        recent = [each for each in world.file.orders[-400:] if 0 <= t - each.at <= _RECENT_MS]
        if not recent:
            return
        order = dice.choice(recent)
        customer = order.customer
        if (american is True and customer.in_eea) or is_close(by, customer) or not world.stays(customer, t):
            return
        world.desk.refer(by, t, order)
        t = self._contacts.look_up(by, t + 9000, Purpose.SALE, order, customer, ((ORDER_NUMBER, 7), (WORDS, 3)))
        world.desk.open(by, t + dice.randint(2, 20) * 1000, Purpose.SALE, order, customer, kind="order")
        if world.chance(0.15):
            world.desk.reveal(by, t + 50_000, Purpose.SALE, order, customer, STREET)

    def _at_show(self, by: Employee, day: dt.date) -> None:
        """Meet customers on the other continent's clock: each is a case of his own, read over at home next week."""
        world, dice = self._world, self._world.dice
        n = dice.randint(6, 12)
        with world.label(Honest.TRADE_SHOW, by):
            for place in range(n):
                t = at(day, 9.5 + 8 * (place + dice.uniform(0.1, 0.8)) / n, LAS_VEGAS)
                customer = world.file.somebody(dice, t)
                if is_close(by, customer) or not world.stays(customer, t):
                    continue
                case = world.desk.new_case(by, t, Purpose.SALE)
                t = self._contacts.look_up(by, t + 20_000, Purpose.SALE, case, customer, ((WORDS, 1),)) + 8000
                world.desk.open(by, t, Purpose.SALE, case, customer)
                world.desk.tie(by, t + MINUTE, case, customer)
                self._contacts.corroborate(case, day)

    def _follow_leads(self, day: dt.date, team: list[Employee]) -> None:
        world, dice = self._world, self._world.dice
        since = self._working_days_since_show(day)
        if not team or since is None or since >= _LEAD_DAYS:
            return
        at_home = [each for each in team if each.entity is Entity.BE] or team
        if since == 0 or self._entered_by is None:
            self._entered_by = dice.choice(at_home)
            self._leads = world.file.some(dice, _LEADS[world.size], at(day, 0))
        entering = self._entered_by if self._entered_by in at_home else dice.choice(at_home)
        share = [each for each in self._leads[since::_LEAD_DAYS] if not is_close(entering, each)]
        start = entering.shifts[day].start + 5 * MINUTE
        others = [each for each in at_home if each is not entering] or at_home
        for place, customer in enumerate(share):
            with world.label(Honest.LEADS, entering):
                case = world.desk.new_case(entering, start + place * 35_000, Purpose.SALE, customer)
            by = others[place % len(others)]
            shift = by.shifts[day]
            t = max(start + place * 35_000 + 20 * MINUTE, shift.moment(0.1 + 0.85 * place / len(share)))
            if t > shift.end or is_close(by, customer):
                continue
            with world.label(Honest.LEADS, by):
                world.desk.open(by, t, Purpose.SALE, case, customer)
                if world.chance(0.5):
                    world.desk.note(by, t + 2 * MINUTE, case)
            self._contacts.corroborate(case, day)

    def _working_days_since_show(self, day: dt.date) -> int | None:
        """Return how many working days lie between a show's end and a day, or nothing where there was none of late."""
        ended = [each for each in self._show if each < day and each + dt.timedelta(days=1) not in self._show]
        if not ended or not is_working(day, BRUSSELS):
            return None
        count, other = 0, ended[-1] + dt.timedelta(days=1)
        while other < day:
            count += is_working(other)
            other += dt.timedelta(days=1)
        return None if day - ended[-1] < dt.timedelta(days=3) else max(0, count - 1)
