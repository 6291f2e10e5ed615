"""Looks at people the employee is close to: himself, colleagues, family, rivals, neighbours, his club."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from staffdesk.domain.access import Entity
from tests.bench.simulated_company.customers import Customer
from tests.bench.simulated_company.desk import MOST_LISTED
from tests.bench.simulated_company.employees import Close, Employee
from tests.bench.simulated_company.misuse.plot import NUMBER, OLD_ORDER, OWN, Plot
from tests.bench.simulated_company.shapes import Misuse
from tests.bench.simulated_company.writing import Mark

_OWN_RECORD = (OWN, NUMBER, OLD_ORDER)


class People:
    """One method a kind; each begins it on a day and says whether somebody could."""

    def __init__(self, plot: Plot) -> None:
        """Take part in a plot."""
        self._plot = plot

    def himself(self, day: dt.date) -> bool:
        """Look at his own record."""
        plot = self._plot
        by = plot.actor(day, lambda each: each.own is not None and _european(each))
        if by is None or by.own is None:
            return False
        how = plot.dice.choice(_OWN_RECORD)
        how = plot.pretext(by) if how == OWN else how
        with plot.incident(Misuse.HIMSELF, by, how):
            plot.spy(by, plot.moment(by, day), by.own, how, values=plot.dice.randint(0, 1))
        return True

    def colleague(self, day: dt.date) -> bool:
        """Look at the record of somebody who works here, once or on some days."""
        plot = self._plot
        by = plot.actor(day, _european)
        known = [each for each in plot.world.file.people if each.employee is not None and plot.world.stays(each, 0)]
        others = [each for each in known if by is not None and each.employee != by.staff_id]
        if by is None or not others:
            return False
        whom = plot.dice.choice(others)
        times = plot.dice.choice((1, 1, 3))
        self._on_days(
            Misuse.COLLEAGUE, by, day, [[whom]] * times, "once" if times == 1 else "on some days", (0, 0, 1, 2)
        )
        return True

    def declared(self, day: dt.date) -> bool:
        """Look at whom he declared: family once, several of a former employer or of a competitor."""
        plot = self._plot
        by = plot.actor(day, _european)
        if by is None:
            return False
        close = plot.dice.choice((Close.FAMILY, Close.FORMER_EMPLOYER, Close.COMPETITOR))
        people = by.close[close]
        chosen = plot.dice.sample(people, min(len(people), plot.dice.randint(2, 5)))
        sittings = [chosen] if plot.dice.random() < 0.5 else [[each] for each in chosen]
        self._on_days(Misuse.DECLARED, by, day, sittings, close.value, (0, 0, 1))
        return True

    def same_name(self, day: dt.date) -> bool:
        """Look at a relative he did not declare: by the name they share, more than once."""
        plot = self._plot
        by = plot.actor(day, _european)
        if by is None:
            return False
        whom = plot.dice.choice(by.close[Close.RELATIVE])
        namesakes = plot.world.file.namesakes(plot.dice, whom, MOST_LISTED)
        sittings = [[whom]] * plot.dice.randint(2, 4)
        self._on_days(Misuse.SAME_NAME, by, day, sittings, "a relative", (0, 1, 1), listed=namesakes)
        return True

    def same_address(self, day: dt.date) -> bool:
        """Look at neighbours."""
        return self._close(day, Close.NEIGHBOUR, Misuse.SAME_ADDRESS, "neighbours", (1, 3))

    def same_domain(self, day: dt.date) -> bool:
        """Look at the members of his club, found together by their domain."""
        return self._close(day, Close.CLUB, Misuse.SAME_DOMAIN, "his club", (3, 6))

    def _close(self, day: dt.date, close: Close, kind: Misuse, variant: str, many: tuple[int, int]) -> bool:
        plot = self._plot
        by = plot.actor(day, _european)
        if by is None:
            return False
        people = by.close[close]
        chosen = plot.dice.sample(people, min(len(people), plot.dice.randint(*many)))
        sittings = [chosen] if plot.dice.random() < 0.6 else [[each] for each in chosen]
        listed = people if close is Close.CLUB else ()
        self._on_days(kind, by, day, sittings, variant, (0, 0, 1), listed=listed)
        return True

    def _on_days(
        self,
        kind: Misuse,
        by: Employee,
        day: dt.date,
        sittings: Sequence[Sequence[Customer]],
        variant: str,
        values: Sequence[int],
        listed: Sequence[Customer] = (),
    ) -> None:
        """Look at each group of people at one sitting, the first today, the others within two weeks."""
        plot = self._plot
        with plot.incident(kind, by, variant) as mark:
            self._sit(by, plot.moment(by, day), mark, people=sittings[0], values=values, listed=listed)
        after = 0
        for people in sittings[1:]:
            after += plot.dice.randint(1, 4)
            doing: Callable[[Employee, int, Mark], None] = partial(
                self._sit, people=people, values=values, listed=listed
            )
            plot.go_on(by, day, after, mark, doing)

    def _sit(
        self,
        by: Employee,
        t: int,
        _mark: Mark,
        *,
        people: Sequence[Customer],
        values: Sequence[int],
        listed: Sequence[Customer],
    ) -> None:
        plot = self._plot
        how = plot.pretext(by)
        for whom in people:
            if plot.world.stays(whom, t):
                shown = tuple(dict.fromkeys((whom, *listed))) if listed else ()
                t = plot.spy(by, t, whom, how, values=plot.dice.choice(values), listed=shown)


def _european(employee: Employee) -> bool:
    """Say whether he may receive the people he is close to, who all live here."""
    return employee.entity is Entity.BE
