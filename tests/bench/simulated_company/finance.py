"""Finance: reminders on ordinary days, and around the end of a month the invoices, order after order."""

from __future__ import annotations

import datetime as dt
from typing import Final

from staffdesk.domain.access import Purpose, Role
from tests.bench.simulated_company.customers import Order
from tests.bench.simulated_company.days import DAY, MINUTE, around_month_end, at
from tests.bench.simulated_company.desk import MAIL, ORDER_NUMBER
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.shapes import Honest
from tests.bench.simulated_company.world import World, is_close

_REMINDED: Final = (5, 14)
_INVOICED: Final = (30, 60)
_OLD_DAYS: Final = 90


class Finance:
    """The team's days."""

    def __init__(self, world: World) -> None:
        """Begin with the orders of the last four weeks."""
        self._world = world
        since = at(world.days[0], 0) - 28 * DAY
        self._next = next((n for n, each in enumerate(world.file.orders) if each.at > since), 0)

    def day(self, day: dt.date) -> None:
        """Do a day's work."""
        for by in self._world.staff.there(Role.FINANCE, day):
            if around_month_end(day):
                self._invoice(by, day)
            else:
                self._remind(by, day)

    def _remind(self, by: Employee, day: dt.date) -> None:
        """Look at orders that are not paid, half of them older than what corroborates."""
        world, dice = self._world, self._world.dice
        n = dice.randint(*_REMINDED)
        for place in range(n):
            t = by.shifts[day].moment(0.97 * (place + dice.uniform(0.05, 0.7)) / n)
            order = self._unpaid(t, old=world.chance(0.5))
            if order is None or not world.stays(order.customer, t) or is_close(by, order.customer):
                continue
            world.desk.refer(by, t, order)
            t = self._look(by, t + 6000, order)
            if world.chance(0.12):
                world.desk.reveal(by, t + 30_000, Purpose.LEGAL, order, order.customer, MAIL)

    def _unpaid(self, t: int, *, old: bool) -> Order | None:
        orders, dice = self._world.file.orders, self._world.dice
        for _ in range(30):
            order = orders[-1 - int(len(orders) * (0.25 + 0.25 * dice.random() if old else 0.3 * dice.random()))]
            if order.at < t and (t - order.at > _OLD_DAYS * DAY) is old:
                return order
        return None

    def _invoice(self, by: Employee, day: dt.date) -> None:
        """Open order after order, some of them when the others have gone home."""
        world, dice, shift = self._world, self._world.dice, by.shifts[day]
        n = dice.randint(*_INVOICED) if shift.lunch is not None else dice.randint(*_INVOICED) // 2
        late = dice.randint(0, n // 3) if shift.lunch is not None else 0
        orders = [each for each in self._world.file.orders[self._next : self._next + n] if each.at < shift.start]
        self._next += len(orders)
        t = shift.moment(0.08)
        pace = max(40_000, (shift.end - t - 40 * MINUTE) // max(1, n - late))
        for place, order in enumerate(orders):
            if not world.stays(order.customer, t) or is_close(by, order.customer):
                continue
            if place == n - late:
                t = max(t, shift.end + MINUTE)
                pace = min(pace, 4 * MINUTE)
            if shift.lunch is not None and shift.lunch[0] <= t < shift.lunch[1]:
                t = shift.lunch[1] + MINUTE
            with world.label(Honest.OVERTIME if t > shift.end else Honest.MONTH_END, by):
                done = self._look(by, t, order)
                if world.chance(0.2):
                    world.desk.reveal(by, done + 9000, Purpose.LEGAL, order, order.customer, MAIL)
            t += int(pace * dice.uniform(0.5, 1.4))

    def _look(self, by: Employee, t: int, order: Order) -> int:
        desk, dice = self._world.desk, self._world.dice
        t = desk.search(by, t, Purpose.LEGAL, order, [order.customer], ORDER_NUMBER) + dice.randint(2, 9) * 1000
        desk.open(by, t, Purpose.LEGAL, order, order.customer, kind="order")
        return t
