"""Looks at the wrong time: at night, again and again, after the case was closed, before leaving."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Final

from tests.bench.simulated_company.days import DAY, HOUR, SATURDAY, at, is_working
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.misuse.plot import ANOTHERS, NUMBER, OLD_ORDER, OWN, Plot, purpose_of, usual
from tests.bench.simulated_company.references import Reference
from tests.bench.simulated_company.shapes import Misuse
from tests.bench.simulated_company.writing import Mark

_LAST_DAYS: Final = 5
_WEEKS_AFTER: Final = (6 * DAY, 45 * DAY)


class Times:
    """One method a kind; each begins it on a day and says whether somebody could."""

    def __init__(self, plot: Plot) -> None:
        """Take part in a plot."""
        self._plot = plot

    def after_hours(self, day: dt.date) -> bool:
        """Look late in the evening, or on a day on which he does not work."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: plot.support.on_call(day) is not each)
        if by is None:
            return False
        variant, when = self._odd_moment(by, day)
        with plot.incident(Misuse.AFTER_HOURS, by, variant):
            how = plot.pretext(by)
            for whom in plot.victims(by, dice.randint(4, 15), when):
                when = plot.spy(by, when, whom, how, values=dice.choice((0, 0, 1)))
        return True

    def repeated(self, day: dt.date) -> bool:
        """Look at one person over weeks, under numbers that change."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: not each.newcomer and each.last_day is None)
        if by is None:
            return False
        whom = plot.victims(by, 1, plot.world.end)[0]
        times = dice.randint(6, 12)
        left = sum(is_working(each) for each in plot.world.days if each > day)
        gap = min(dice.randint(3, 5), max(1, left // (times + 2)))

        def again(actor: Employee, t: int, _mark: Mark) -> None:
            if plot.world.stays(whom, t):
                ways = (NUMBER, NUMBER, ANOTHERS, OLD_ORDER) if purpose_of(actor).value != "rights" else (NUMBER,)
                plot.spy(actor, t, whom, dice.choice(ways), values=dice.choice((0, 0, 0, 1)))

        with plot.incident(Misuse.REPEATED, by, f"{times} times") as mark:
            again(by, plot.moment(by, day), mark)
        after = 0
        for _ in range(times - 1):
            after += max(1, gap + dice.randint(-1, 1))
            plot.go_on(by, day, after, mark, again)
        return True

    def after_closed(self, day: dt.date) -> bool:
        """Open a customer again under an own case that is closed since weeks, and start no other."""
        plot, dice = self._plot, self._plot.dice
        now = at(day, 0)

        def old(each: Employee) -> list[int]:
            found = plot.world.closed_by(each, now - _WEEKS_AFTER[0])
            return [n for n, case in enumerate(found) if (case.closed_at or 0) > now - _WEEKS_AFTER[1]]

        by = plot.actor(day, lambda each: bool(old(each)))
        if by is None:
            return False
        case = plot.world.closed_by(by, now - _WEEKS_AFTER[0])[dice.choice(old(by))]
        whom, times = case.customer, dice.randint(1, 4)
        if whom is None or not plot.world.stays(whom, now + DAY):
            return False

        def again(actor: Employee, t: int, _mark: Mark) -> None:
            if plot.world.stays(whom, t):
                plot.desk.refer(actor, t - 9000, case)
                plot.desk.open(actor, t, case.purpose, case, whom)
                if dice.random() < 0.4:
                    what = dice.choice(plot.values_of(actor))
                    plot.desk.reveal(actor, t + 40_000, case.purpose, case, whom, what)

        with plot.incident(Misuse.AFTER_CLOSED, by, "once" if times == 1 else "some times") as mark:
            again(by, plot.moment(by, day), mark)
        for step in range(1, times):
            plot.go_on(by, day, step * dice.randint(1, 3), mark, again)
        return True

    def leaver(self, day: dt.date) -> bool:
        """Take along customers in the last week: each day more than he helps, values copied, nothing noted."""
        plot, by = self._plot, self._plot.world.staff.harvester
        last = [each for each in by.shifts if each >= day][-_LAST_DAYS:]
        if day not in last:
            return False

        def take(actor: Employee, t: int, _mark: Mark, *, part: float) -> None:
            ways = (OWN, NUMBER, OLD_ORDER) if purpose_of(actor).value == "sale" else (NUMBER, OLD_ORDER)
            how = plot.dice.choice(ways)
            shift = actor.shifts[plot.world.day_of(t)]
            people = sorted(
                plot.victims(actor, max(4, round(usual(actor, day) * part)), t), key=lambda each: -len(each.orders)
            )
            ref: Reference = None
            for place, whom in enumerate(people):
                at_once = shift.moment(0.3 + 0.65 * place / len(people))
                if place % 6 == 0 or how == OLD_ORDER:
                    ref = plot.reference(actor, at_once, whom, how)
                copied = 1 if plot.dice.random() < 0.6 else 0
                plot.look(actor, at_once + 9000, whom, ref, values=copied, copied=True)

        with plot.incident(Misuse.LEAVER, by, "the last week") as mark:
            take(by, plot.moment(by, day), mark, part=0.6)
        for step in range(1, len(last)):
            part = 0.6 + 0.6 * step
            plot.go_on(by, day, step, mark, partial(take, part=part))
        return True

    def _odd_moment(self, by: Employee, day: dt.date) -> tuple[str, int]:
        """Return a moment outside his hours near a day: the evening, or a day off in the next two weeks."""
        dice = self._plot.dice
        evening = at(day, dice.uniform(20.7, 22.8), by.zone)
        evening = max(evening, by.shifts[day].end + 3 * HOUR)
        if dice.random() < 0.45:
            return "evening", evening
        coming = [day + dt.timedelta(days=n) for n in range(1, 15)]
        free = [each for each in coming if each not in by.shifts and each <= self._plot.world.days[-1]]
        free = [each for each in free if self._plot.support.on_call(each) is not by]
        if not free:
            return "evening", evening
        leave = [each for each in free if is_working(each, by.zone)]
        chosen = dice.choice(leave) if leave and dice.random() < 0.4 else dice.choice(free)
        named = "day off" if chosen in leave else "weekend" if chosen.weekday() >= SATURDAY else "holiday"
        return named, at(chosen, dice.uniform(10, 21), by.zone)
