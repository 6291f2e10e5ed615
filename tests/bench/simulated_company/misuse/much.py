"""Too many looks: in a day, a little more every day, as lists, one after another, or value by value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from tests.bench.simulated_company.customers import Customer
from tests.bench.simulated_company.desk import MOST_LISTED, ORDER_NUMBER
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.misuse.plot import NUMBER, OWN, Plot, purpose_of, usual
from tests.bench.simulated_company.shapes import Misuse
from tests.bench.simulated_company.writing import Mark

_RAMP_DAYS = 20
_AT_ONCE, _IN_DAYS = "at a sitting", "over a week"


class Much:
    """One method a kind; each begins it on a day and says whether somebody could."""

    def __init__(self, plot: Plot) -> None:
        """Take part in a plot."""
        self._plot = plot

    def volume_sudden(self, day: dt.date) -> bool:
        """Look at several times as many people as ever, in one day, under a few pretexts."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: each.shifts[day].lunch is not None and not each.newcomer)
        if by is None:
            return False
        n = max(15, int(usual(by, day) * dice.uniform(3, 6)))
        with plot.incident(Misuse.VOLUME_SUDDEN, by, "one day"):
            people = plot.victims(by, n, by.shifts[day].start)
            groups = dice.randint(2, 4)
            for group in range(groups):
                some = people[group::groups]
                start = by.shifts[day].moment(0.05 + 0.8 * group / groups)
                ref = plot.reference(by, start, some[0], plot.pretext(by))
                for place, whom in enumerate(some):
                    t = by.shifts[day].moment(0.05 + 0.8 * (group + (place + dice.random()) / len(some)) / groups)
                    plot.look(by, t + 20_000, whom, ref)
        return True

    def volume_ramp(self, day: dt.date) -> bool:
        """Look at a little more people every day, for four weeks."""
        plot = self._plot
        by = plot.actor(day, lambda each: each.shifts[day].lunch is not None and _stays(each))
        if by is None:
            return False
        most = 2 * usual(by, day)

        def more(actor: Employee, t: int, _mark: Mark, *, part: float) -> None:
            people = plot.victims(actor, max(1, round(most * part)), t)
            shift = actor.shifts[plot.world.day_of(t)]
            how = plot.pretext(actor)
            for place, whom in enumerate(people):
                plot.spy(actor, shift.moment(0.04 + 0.9 * (place + plot.dice.random() * 0.8) / len(people)), whom, how)

        with plot.incident(Misuse.VOLUME_RAMP, by, "four weeks") as mark:
            more(by, plot.moment(by, day), mark, part=1 / _RAMP_DAYS)
        for step in range(2, _RAMP_DAYS + 1):
            part = step / _RAMP_DAYS
            plot.go_on(by, day, step - 1, mark, partial(more, part=part))
        return True

    def trawling(self, day: dt.date) -> bool:
        """Read lists: many searches that find many, hardly anybody opened."""
        plot = self._plot
        by = plot.actor(day, lambda each: purpose_of(each).value in {"support", "sale"})
        if by is None:
            return False
        days = plot.dice.choice((1, 2))

        def lists(actor: Employee, t: int, _mark: Mark) -> None:
            dice, purpose = plot.dice, purpose_of(actor)
            ref = (
                plot.reference(actor, t, plot.victims(actor, 1, t)[0], plot.pretext(actor))
                if dice.random() < 0.5
                else None
            )
            opened = 0
            for _ in range(dice.randint(15, 40) // days):
                t += dice.randint(15, 90) * 1000
                found = plot.victims(actor, dice.randint(11, MOST_LISTED), t)
                t = plot.desk.search(actor, t, purpose, ref, found)
                if ref is not None and opened < 2 and dice.random() < 0.05:
                    opened += 1
                    plot.desk.open(actor, t + 5000, purpose, ref, found[0])

        with plot.incident(Misuse.TRAWLING, by, "one day" if days == 1 else "two days") as mark:
            lists(by, plot.moment(by, day), mark)
        if days > 1:
            plot.go_on(by, day, 1, mark, lists)
        return True

    def sequence(self, day: dt.date) -> bool:
        """Open customer after customer, or order after order, in the order of their numbers, with no queue behind."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: each.entity.value == "BE" and purpose_of(each).value != "rights")
        if by is None:
            return False
        n, sittings = dice.randint(25, 60), dice.choice((1, 5))
        by_order = purpose_of(by).value == "legal" or dice.random() < 0.5
        if by_order:
            orders = plot.world.file.orders
            first = dice.randrange(len(orders) // 4, len(orders) - n)
            people = [each.customer for each in orders[first : first + n]]
        else:
            first = dice.randrange(len(plot.world.file.people) - n)
            people = plot.world.file.people[first : first + n]
        variant = f"{'orders' if by_order else 'customers'}, {_AT_ONCE if sittings == 1 else _IN_DAYS}"

        def walk(actor: Employee, t: int, _mark: Mark, *, some: Sequence[Customer]) -> None:
            purpose = purpose_of(actor)
            ref = plot.reference(actor, t, some[0], NUMBER if purpose.value == "legal" else dice.choice((OWN, NUMBER)))
            t += 10_000
            for whom in some:
                t += dice.randint(14, 45) * 1000
                if not plot.world.stays(whom, t):
                    continue
                if by_order:
                    t = plot.desk.search(actor, t, purpose, ref, [whom], ORDER_NUMBER) + dice.randint(2, 6) * 1000
                plot.desk.open(actor, t, purpose, ref, whom, kind="order" if by_order else "person")

        size = -(-n // sittings)
        with plot.incident(Misuse.SEQUENCE, by, variant) as mark:
            walk(by, plot.moment(by, day), mark, some=people[:size])
        for step in range(1, sittings):
            some = people[step * size : (step + 1) * size]
            if some:
                plot.go_on(by, day, step, mark, partial(walk, some=some))
        return True

    def reveals(self, day: dt.date) -> bool:
        """Reveal, or copy, one value after another within the hour."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: purpose_of(each).value != "rights")
        if by is None:
            return False
        copied = dice.random() < 0.4
        with plot.incident(Misuse.REVEALS, by, "copied" if copied else "revealed"):
            t = plot.moment(by, day)
            people = plot.victims(by, dice.randint(10, 30), t)
            ref = plot.reference(by, t, people[0], plot.pretext(by))
            for whom in people:
                done = plot.look(by, t, whom, ref, searched=dice.random() < 0.4, values=1, copied=copied)
                t = min(done, t + 110_000)
        return True


def _stays(employee: Employee) -> bool:
    """Say whether somebody was here before and will be here after."""
    return not employee.newcomer and employee.last_day is None
