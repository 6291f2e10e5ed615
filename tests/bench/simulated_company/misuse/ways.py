"""Ways past the rules: no reference worth the name, break-glass, requests nobody made, another door after a refusal."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Final

from staffdesk.domain.access import Entity, Purpose, Role
from tests.bench.simulated_company.days import MINUTE
from tests.bench.simulated_company.desk import STREET
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.misuse.plot import ANOTHERS, NUMBER, OWN, Plot, purpose_of
from tests.bench.simulated_company.shapes import Misuse
from tests.bench.simulated_company.writing import Mark

_QUICK: Final = ("acknowledge", "verify", "decide", "hand_over")
_GLASS, _OTHER_NUMBER, _OTHER_PURPOSE = "break-glass", "another number", "another purpose"


class Ways:
    """One method a kind; each begins it on a day and says whether somebody could."""

    def __init__(self, plot: Plot) -> None:
        """Take part in a plot."""
        self._plot = plot

    def no_reference(self, day: dt.date) -> bool:
        """Look some people up under a pretext that nobody ever corroborates."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda _: True)
        if by is None:
            return False
        how = OWN if purpose_of(by) in {Purpose.SUPPORT, Purpose.SALE} and dice.random() < 0.5 else NUMBER
        people = plot.victims(by, dice.randint(1, 6), plot.world.end)
        at_once = dice.random() < 0.5

        def look(actor: Employee, t: int, _mark: Mark, *, some: int) -> None:
            for whom in people[some : len(people) if at_once else some + 1]:
                if plot.world.stays(whom, t):
                    t = plot.spy(actor, t, whom, how, values=dice.choice((0, 0, 1)))

        with plot.incident(Misuse.NO_REFERENCE, by, how) as mark:
            look(by, plot.moment(by, day), mark, some=0)
        for n in range(1, 1 if at_once else len(people)):
            plot.go_on(by, day, n, mark, partial(look, some=n))
        return True

    def break_glass(self, day: dt.date) -> bool:
        """Break the glass for somebody who asked nothing: one person, or three in a week."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: purpose_of(each) is not Purpose.RIGHTS)
        if by is None:
            return False
        people = plot.victims(by, dice.choice((1, 3)), plot.world.end)

        def smash(actor: Employee, t: int, _mark: Mark, *, n: int) -> None:
            whom, purpose = people[n], purpose_of(actor)
            if not plot.world.stays(whom, t):
                return
            ref = plot.reference(actor, t, whom, dice.choice((NUMBER, ANOTHERS)))
            granted = plot.desk.break_glass(actor, t + 30_000, purpose, ref, whom)
            plot.world.glasses.append((plot.world.day_of(t), granted))
            plot.desk.open(actor, t + 33_000, purpose, ref, whom, glass=True)
            for step in range(dice.randint(2, 4)):
                plot.desk.reveal(actor, t + 60_000 + step * 25_000, purpose, ref, whom, STREET, glass=True)

        with plot.incident(Misuse.BREAK_GLASS, by, "once" if len(people) == 1 else "thrice") as mark:
            smash(by, plot.moment(by, day), mark, n=0)
        for n in range(1, len(people)):
            plot.go_on(by, day, 2 * n, mark, partial(smash, n=n))
        return True

    def erased_after_look(self, day: dt.date) -> bool:
        """Look at somebody, and have him erased, so that no trace is left."""
        return self._ask_after_look(day, Misuse.ERASED_AFTER_LOOK, "erase")

    def exported_after_look(self, day: dt.date) -> bool:
        """Look at somebody, and ask for all that is held of him in his name."""
        return self._ask_after_look(day, Misuse.EXPORTED_AFTER_LOOK, self._plot.dice.choice(("access", "port")))

    def other_way(self, day: dt.date) -> bool:
        """Be refused, and get in minutes later by another way."""
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: each.entity is Entity.BE and purpose_of(each) is not Purpose.RIGHTS)
        if by is None:
            return False
        purpose, other = purpose_of(by), self._not_his(by)
        way = dice.choice((_OTHER_NUMBER, _OTHER_PURPOSE, _GLASS))
        with plot.incident(Misuse.OTHER_WAY, by, way):
            t = plot.moment(by, day)
            whom = plot.victims(by, 1, t)[0]
            if way == _OTHER_PURPOSE:
                plot.desk.refused(by, t, other, None, whom)
                plot.desk.refused(by, t + 25_000, other, None, whom)
            else:
                plot.desk.refused(by, t, purpose, None, whom)
            t += dice.randint(1, 9) * MINUTE
            if way == _GLASS:
                ref = plot.reference(by, t, whom, NUMBER)
                granted = plot.desk.break_glass(by, t + 20_000, purpose, ref, whom)
                plot.world.glasses.append((day, granted))
                plot.desk.open(by, t + 25_000, purpose, ref, whom, glass=True)
                plot.desk.reveal(by, t + 60_000, purpose, ref, whom, STREET, glass=True)
            else:
                plot.spy(by, t, whom, dice.choice((NUMBER, plot.pretext(by))), values=dice.randint(0, 2))
        return True

    def _ask_after_look(self, day: dt.date, kind: Misuse, what: str) -> bool:
        plot, dice = self._plot, self._plot.dice
        by = plot.actor(day, lambda each: purpose_of(each) is not Purpose.LEGAL)
        if by is None:
            return False
        at_once = what != "erase" and Role.PRIVACY in by.roles
        with plot.incident(kind, by, f"{what}, {'carried out by himself' if at_once else 'left to privacy'}"):
            t = plot.world.moment(by, day, 0.05, 0.5)
            whom = plot.victims(by, 1, plot.world.end)[0]
            t, ref = plot.look_under(by, t, whom, plot.pretext(by), values=dice.randint(0, 2))
            t += dice.randint(3, 40) * MINUTE
            request = plot.rights.receive(by, t, whom, what, ref, work_on=not at_once)
            if at_once:
                plot.rights.look(by, t + 3 * MINUTE, request)
                for step, name in enumerate(_QUICK):
                    plot.rights.move(by, t + (5 + 6 * step) * MINUTE, request, name)
                request.closed_at = t + 30 * MINUTE
        return True

    @staticmethod
    def _not_his(by: Employee) -> Purpose:
        """Return a purpose that none of his roles has."""
        roles = {Purpose.SALE: Role.SALES, Purpose.SUPPORT: Role.SUPPORT, Purpose.LEGAL: Role.FINANCE}
        return next(purpose for purpose, role in roles.items() if role not in by.roles)
