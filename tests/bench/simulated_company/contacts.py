"""One contact with a customer, by ticket or call, as support and sales deal with it, and what corroborates it later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

from staffdesk.domain.access import Act, Outcome, Purpose
from tests.bench.simulated_company.customers import Customer
from tests.bench.simulated_company.days import HOUR, MINUTE
from tests.bench.simulated_company.desk import CASE_NUMBER, E_MAIL, MAC, MAIL, MOST_LISTED, PHONE, STREET, WORDS
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.references import ROLE_OF, Case, Reference
from tests.bench.simulated_company.shapes import Honest
from tests.bench.simulated_company.world import Task, World, is_close, may_receive

CORROBORATED: Final = 0.97
"""Of claimed cases, what a colleague reads over and notes in."""

_MANY: Final = 8
_NEW_DAYS: Final = 21


class Contacts:
    """Deals with contacts; each leaves its further steps as tasks."""

    def __init__(self, world: World) -> None:
        """Work in a world."""
        self._world = world

    def deal(
        self,
        by: Employee,
        t: int,
        day: dt.date,
        customer: Customer,
        purpose: Purpose,
        *,
        call: bool,
        alone: bool = False,
        kept: bool = False,
    ) -> Case | None:
        """Deal with one contact and return its case; it goes to a colleague where ``by`` is close to the customer.

        ``alone`` says that no colleague is there now, ``kept`` that the case stays open for weeks. None where nothing
        could be done.
        """
        if customer.gone_at is not None and t + HOUR >= customer.gone_at:
            return None
        if not may_receive(by, customer):
            return self._refused(by, t, day, customer, purpose)
        if is_close(by, customer):
            others = (
                []
                if alone
                else [
                    each for each in self._world.able(ROLE_OF[purpose], day, customer) if not is_close(each, customer)
                ]
            )
            if not others:
                if customer.employee == by.staff_id or alone:
                    return None
                with self._world.label(Honest.NOBODY_ELSE, by):
                    return self._ticket(by, t, day, customer, purpose, kept=kept)
            by = self._world.dice.choice(others)
            t = self._world.moment(by, day)
        if by.newcomer and (day - by.first_day).days < _NEW_DAYS:
            with self._world.label(Honest.NEW_COLLEAGUE, by):
                return (self._call if call else self._ticket)(by, t, day, customer, purpose, kept=kept)
        return (self._call if call else self._ticket)(by, t, day, customer, purpose, kept=kept)

    def again(self, case: Case, day: dt.date, after: int) -> None:
        """Take a case up again so many working days later: who had it, or a colleague."""
        never = frozenset({case.owner.staff_id}) if self._world.chance(0.12) else frozenset[str]()
        who = None if never else case.owner
        task = Task(ROLE_OF[case.purpose], partial(self._again, case), who, never, case.customer)
        self._world.later(day, after, task)

    def corroborate(self, case: Case, day: dt.date) -> None:
        """Have a colleague read a claimed case over within a week, and its owner close it after that."""
        world = self._world
        owner = case.owner.staff_id
        if world.chance(CORROBORATED):
            days = world.dice.choices((1, 2, 3, 4), (40, 30, 20, 10))[0]
            task = Task(ROLE_OF[case.purpose], partial(self._read_over, case), None, frozenset({owner}), case.customer)
            world.later(day, days, task)
        elif world.chance(0.6):
            self._close_later(case, day, world.dice.randint(1, 8))

    def look_up(
        self,
        by: Employee,
        t: int,
        purpose: Purpose,
        ref: Reference,
        customer: Customer,
        how: Sequence[tuple[Sequence[str], float]],
    ) -> int:
        """Search for somebody in one of several ways, each with its weight; return when the list was there."""
        world = self._world
        ways, weights = zip(*how, strict=True)
        way = world.dice.choices(ways, weights)[0]
        if tuple(way) != WORDS:
            return world.desk.search(by, t, purpose, ref, [customer], way)
        found = world.file.namesakes(world.dice, customer, MOST_LISTED)
        if len(found) < _MANY:
            return world.desk.search(by, t, purpose, ref, found)
        with world.label(Honest.NAMESAKES, by):
            return world.desk.search(by, t, purpose, ref, found)

    def _ticket(self, by: Employee, t: int, day: dt.date, customer: Customer, purpose: Purpose, *, kept: bool) -> Case:
        world, dice, desk = self._world, self._world.dice, self._world.desk
        case = desk.ticket(by, t - dice.randint(5, 400) * MINUTE, purpose, customer)
        case.kept = kept
        if world.chance(0.004):
            with world.label(Honest.REFUSED_THEN_RIGHT, by):
                desk.refused(by, t, purpose, None, customer)
                t += dice.randint(30, 150) * 1000
                desk.refer(by, t, case)
                desk.open(by, t + 4000, purpose, case, customer)
        elif world.chance(0.5):
            desk.open(by, t, purpose, case, customer)
        else:
            desk.refer(by, t, case)
            t += dice.randint(3, 25) * 1000
            t = self.look_up(by, t, purpose, case, customer, ((CASE_NUMBER, 4), (WORDS, 4), (E_MAIL, 2)))
            t += dice.randint(2, 30) * 1000
            desk.open(by, t, purpose, case, customer)
        if world.chance(0.004):
            self._break_glass(by, t + dice.randint(1, 3) * MINUTE, day, case)
        self._licensing(by, t, case, customer)
        t += dice.randint(3, 9) * MINUTE
        if world.chance(0.12):
            desk.open(by, t, purpose, case, customer)
        if world.chance(0.85):
            desk.note(by, t + dice.randint(20, 150) * 1000, case)
        if not kept and world.chance(0.5):
            desk.close(by, t + dice.randint(160, 300) * 1000, case)
        else:
            self._close_later(case, day, dice.randint(1, 9))
        return case

    def _licensing(self, by: Employee, t: int, case: Case, customer: Customer) -> None:
        """Reveal which computer a licence is bound to, where that is what the customer asks."""
        if case.purpose is Purpose.SUPPORT and self._world.chance(0.18):
            self._world.desk.reveal(by, t + self._world.dice.randint(20, 150) * 1000, case.purpose, case, customer, MAC)

    def _call(self, by: Employee, t: int, day: dt.date, customer: Customer, purpose: Purpose, *, kept: bool) -> Case:
        world, dice, desk = self._world, self._world.dice, self._world.desk
        self._old_number(by, t - 4 * MINUTE, purpose, customer)
        case = desk.new_case(by, t, purpose)
        case.kept = kept
        t = self.look_up(by, t + dice.randint(5, 40) * 1000, purpose, case, customer, ((WORDS, 7), (E_MAIL, 3)))
        t += dice.randint(2, 25) * 1000
        desk.open(by, t, purpose, case, customer)
        t += dice.randint(10, 90) * 1000
        desk.tie(by, t, case, customer)
        self._licensing(by, t, case, customer)
        if world.chance(0.35) and purpose is Purpose.SUPPORT:
            t += dice.randint(20, 200) * 1000
            what = dice.choice((PHONE, PHONE, MAIL))
            desk.reveal(by, t, purpose, case, customer, what)
            if world.chance(0.15):
                self._confirm(by, t + 30_000, purpose, case, what)
        elif world.chance(0.25) and purpose is Purpose.SALE:
            desk.reveal(by, t + 60_000, purpose, case, customer, STREET)
        desk.note(by, t + dice.randint(60, 300) * 1000, case)
        self.corroborate(case, day)
        return case

    def _confirm(self, by: Employee, t: int, purpose: Purpose, case: Case, what: tuple[str, str]) -> None:
        company = () if case.customer is None or case.customer.company is None else (case.customer.company,)
        for out, ms, obj in ((Outcome.INTENT, 0, ()), (Outcome.OK, 12, company)):
            self._world.desk.act(
                by, t + ms, Act.CUSTOMER_CONFIRMED, purpose=purpose, ref=case, customer=case.customer, obj=obj,
                kinds=what, n=1, out=out,
            )  # fmt: skip

    def _old_number(self, by: Employee, t: int, purpose: Purpose, customer: Customer) -> None:
        """Take the number of the last call by mistake; the new case follows within minutes."""
        world = self._world
        if world.chance(0.03):
            old = next((each for each in world.closed_by(by, t) if each.customer is customer), None)
            if old is not None:
                with world.label(Honest.OLD_NUMBER, by):
                    world.desk.open(by, t, purpose, old, customer)

    def _refused(self, by: Employee, t: int, day: dt.date, customer: Customer, purpose: Purpose) -> Case | None:
        """Be refused what may not leave the EEA, and ask a colleague in Brussels, who opens it under the case."""
        world = self._world
        case = world.desk.new_case(by, t, purpose)
        with world.label(Honest.REFUSED_THEN_ASKED, by):
            world.desk.refused(by, t + MINUTE, purpose, case, customer, role=ROLE_OF[purpose])

        def help_him(colleague: Employee, later: int) -> None:
            with world.label(Honest.REFUSED_THEN_ASKED, colleague):
                world.desk.open(colleague, later, purpose, case, customer)
                world.desk.note(colleague, later + 3 * MINUTE, case)

        world.later(day, 1, Task(ROLE_OF[purpose], help_him, None, frozenset({by.staff_id}), customer))
        return case

    def _break_glass(self, by: Employee, t: int, day: dt.date, case: Case) -> None:
        """Open by break-glass what a waiting customer needs, with one value, and note it in his case."""
        world, customer = self._world, case.customer
        if customer is None:
            return
        with world.label(Honest.BREAK_GLASS, by):
            granted = world.desk.break_glass(by, t, case.purpose, case, customer)
            world.desk.open(by, t + 2000, case.purpose, case, customer, glass=True)
            world.desk.reveal(by, t + 40_000, case.purpose, case, customer, STREET, glass=True)
        world.glasses.append((day, granted))

    def _again(self, case: Case, by: Employee, t: int) -> None:
        customer, world = case.customer, self._world
        if customer is None or (case.closed_at is not None and case.closed_at < t) or t < case.opened_at:
            return
        if customer.gone_at is not None and customer.gone_at < t + HOUR:
            return
        world.desk.open(by, t, case.purpose, case, customer)
        if world.chance(0.7):
            world.desk.note(by, t + world.dice.randint(60, 400) * 1000, case)

    def _read_over(self, case: Case, by: Employee, t: int) -> None:
        """Note in a colleague's case: read the record too, sometimes."""
        world = self._world
        if case.closed_at is not None or case.customer is None:
            return
        if world.chance(0.25):
            world.desk.open(by, t - MINUTE, case.purpose, case, case.customer)
        world.desk.note(by, t, case)
        self._close_later(case, world.day_of(t), world.dice.randint(0, 6))

    def _close_later(self, case: Case, day: dt.date, after: int) -> None:
        def close(by: Employee, t: int) -> None:
            if case.closed_at is not None or case.kept:
                return
            if case.busy_until >= t:
                self._close_later(case, self._world.day_of(t), 0)
            else:
                self._world.desk.close(by, t, case)

        self._world.later(
            day, after + 1, Task(ROLE_OF[case.purpose], close, case.owner, customer=case.customer, alone=True)
        )
