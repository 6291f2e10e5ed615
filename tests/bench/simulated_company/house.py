"""The house: admins and auditors, imports, who comes and goes, and wrong passwords."""

from __future__ import annotations

import datetime as dt
from typing import Final

from staffdesk.domain.access import Act, Outcome, Role
from tests.bench.simulated_company.customers import Order
from tests.bench.simulated_company.days import MINUTE
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.references import Case
from tests.bench.simulated_company.shapes import Honest
from tests.bench.simulated_company.world import Task, World
from tests.bench.simulated_company.writing import Numbered, Written

_SOLD_A_WEEK: Final = {5: 45, 15: 150, 40: 360}
_MOST_HANDED_OVER: Final = 25
_REVIEWS: Final = 7


class House:
    """What keeps the company and its desk going."""

    def __init__(self, world: World) -> None:
        """Work in a world."""
        self._world = world

    def day(self, day: dt.date) -> None:
        """Do a day's work."""
        world = self._world
        for by in world.staff.there(Role.ADMIN, day):
            self._admin(by, day)
        for by in world.staff.there(Role.AUDITOR, day):
            self._auditor(by, day)
        for by in world.staff.there(Role.APPROVER, day):
            self._act(by, by.shifts[day].start + MINUTE, Act.STAFF_LISTED, Role.APPROVER, n=len(world.staff.people))
        if day.weekday() == 0:
            self._import(day)
        if day.day == 1 or world.days[0] == day:
            self._inspection(day)
        for by in world.staff.people:
            if day in by.shifts:
                self._now_and_then(by, day)
        self._come_and_go(day)

    def _act(
        self,
        by: Employee,
        t: int,
        act: Act,
        role: Role | None,
        *,
        kinds: tuple[str, ...] = (),
        n: int = 0,
        obj: tuple[str, ...] = (),
        intent: bool = False,
    ) -> None:
        desk = self._world.desk
        if intent:
            desk.act(by, t - 10, act, role=role, kinds=kinds, n=n, obj=obj, out=Outcome.INTENT)
        desk.act(by, t, act, role=role, kinds=kinds, n=n, obj=obj)

    def _admin(self, by: Employee, day: dt.date) -> None:
        """Read the review at the sign-in, and the reason of each break-glass of the days before."""
        world, shift = self._world, by.shifts[day]
        t = shift.start + MINUTE
        self._act(by, t, Act.STAFF_LISTED, Role.ADMIN, n=len(world.staff.people))
        self._act(by, t + 300, Act.AUDIT_LISTED, Role.ADMIN, kinds=("filter", "review"), n=_REVIEWS)
        for page in range(world.dice.randint(1, 4)):
            self._act(by, t + (page + 1) * 50_000, Act.AUDIT_LISTED, Role.ADMIN, n=50)
        waiting = [place for on, place in world.glasses if on < day]
        world.glasses = [(on, place) for on, place in world.glasses if on >= day]
        for n, place in enumerate(waiting):
            self._read_reason(by, shift.start + (10 + 3 * n) * MINUTE, place)
        for ms, kind in ((0, "begun"), (20_000, "made")):
            self._act(by, shift.moment(0.94) + ms, Act.SYSTEM_BACKUP, Role.ADMIN, kinds=(kind,), intent=True)
        if day.weekday() == 0:
            self._act(by, shift.moment(0.5), Act.AUDIT_VERIFIED, Role.ADMIN, kinds=("verify",), intent=True)

    def _read_reason(self, by: Employee, t: int, place: int) -> None:
        """Read why a glass was broken, which reviews it."""
        acts = (
            (Act.AUDIT_OPENED, Outcome.OK, 0),
            (Act.AUDIT_REVIEWED, Outcome.INTENT, 20),
            (Act.AUDIT_REVIEWED, Outcome.OK, 30),
        )
        for act, out, ms in acts:
            self._world.journal.write(
                Written(
                    t=t + ms, act=act, out=out, by=by, sid=self._world.journal.sid(by, t), role=Role.ADMIN,
                    kinds=(Numbered(place),), n=1,
                )
            )  # fmt: skip

    def _auditor(self, by: Employee, day: dt.date) -> None:
        shift = by.shifts[day]
        self._act(by, shift.start + MINUTE, Act.AUDIT_LISTED, Role.AUDITOR, kinds=("filter", "review"), n=_REVIEWS)
        if day.weekday() == 3:
            self._act(by, shift.moment(0.4), Act.AUDIT_VERIFIED, Role.AUDITOR, kinds=("verify",), intent=True)
        if 10 <= day.day < 17 and day.weekday() == 1:
            self._act(by, shift.moment(0.6), Act.AUDIT_EXPORTED, Role.AUDITOR, kinds=("jsonl",), intent=True)

    def _inspection(self, day: dt.date) -> None:
        """Export the log for an inspector, in the second month or the only one."""
        world = self._world
        months = world.months

        def export(by: Employee, t: int) -> None:
            self._act(by, t, Act.AUDIT_EXPORTED, Role.ADMIN, kinds=("jsonl",), intent=True)

        if months == 1 or day.month == world.days[0].month % 12 + 1:
            world.later(day, 8, Task(Role.ADMIN, export))

    def _import(self, day: dt.date) -> None:
        """Take in the store's orders of the week."""
        world, dice = self._world, self._world.dice
        able = world.staff.there(Role.PRIVACY, day)
        if not able:
            return
        by = able[0]
        t = by.shifts[day].start + 25 * MINUTE
        self._run(by, t, ("begin", "fastspring"), 1, ())
        sold: list[Order] = []
        for n in range(_SOLD_A_WEEK[world.size]):
            buyer = world.file.somebody(dice, t)
            if buyer.employee is None:
                sold.append(world.file.sold(dice, buyer, t - (_SOLD_A_WEEK[world.size] - n) * 20 * MINUTE))
        touched = tuple(dict.fromkeys(each.customer.aid for each in sold if dice.random() < 0.2))
        self._run(by, t + 4000, ("batch", "fastspring"), len(sold), touched)

    def _run(self, by: Employee, t: int, kinds: tuple[str, ...], n: int, touched: tuple[str, ...]) -> None:
        desk = self._world.desk
        desk.act(by, t - 900, Act.IMPORT_RUN, role=Role.PRIVACY, kinds=kinds, n=n, out=Outcome.INTENT)
        desk.act(by, t, Act.IMPORT_RUN, role=Role.PRIVACY, kinds=kinds, n=n, obj=touched)

    def _now_and_then(self, by: Employee, day: dt.date) -> None:
        """Mistype a password, step away, read one's own entries."""
        world, shift = self._world, by.shifts[day]
        if world.chance(0.02):
            self._wrong_password(by, shift.start - 8 * MINUTE)
        if world.chance(0.01):
            self._act(by, shift.moment(0.55), Act.AUDIT_OWN, by.roles[0], n=50)

    def _wrong_password(self, by: Employee, t: int) -> None:
        refused = Written(
            t=t, act=Act.SESSION_REFUSED, out=Outcome.DENIED, by=by, sid=None, kinds=("password",)
        )  # fmt: skip
        self._world.journal.write(refused)

    def _come_and_go(self, day: dt.date) -> None:
        world, staff = self._world, self._world.staff
        if day == world.days[0]:
            self._soon(day, 3, staff.newcomer)
        if staff.newcomer.shifts and day == min(staff.newcomer.shifts):
            t = staff.newcomer.shifts[day].start + MINUTE
            obj = (staff.newcomer.staff_id,)
            self._act(staff.newcomer, t, Act.STAFF_PASSWORD, Role.SUPPORT, obj=obj, intent=True)
        for gone in (staff.leaver, staff.harvester):
            if gone.last_day is not None and day == gone.last_day + dt.timedelta(days=1):
                self._close_account(day, gone)
        leaver = staff.leaver
        if leaver.last_day is not None and (leaver.last_day - day).days in {1, 2, 3} and day in leaver.shifts:
            self._hand_over(leaver, day)

    def _soon(self, day: dt.date, after: int, newcomer: Employee) -> None:
        """Add the new colleague's account ahead of time; an approver puts it in force."""
        world = self._world

        def add(by: Employee, t: int) -> None:
            self._act(by, t, Act.STAFF_ADDED, Role.ADMIN, kinds=("support",), obj=(newcomer.staff_id,), intent=True)
            world.later(world.day_of(t), 1, Task(Role.APPROVER, approve))

        def approve(by: Employee, t: int) -> None:
            kinds = ("support",)
            self._act(by, t, Act.STAFF_APPROVED, Role.APPROVER, kinds=kinds, obj=(newcomer.staff_id,), intent=True)

        world.later(day, after, Task(Role.ADMIN, add))

    def _close_account(self, day: dt.date, gone: Employee) -> None:
        def disable(by: Employee, t: int) -> None:
            self._act(by, t, Act.STAFF_DISABLED, Role.ADMIN, obj=(gone.staff_id,), intent=True)

        self._world.later(day, 1, Task(Role.ADMIN, disable))

    def _hand_over(self, leaver: Employee, day: dt.date) -> None:
        """Go through his open cases with a note each; a colleague takes each over and closes it with a reason."""
        world = self._world
        mine = [each for each in world.desk.cases if each.owner is leaver and each.closed_at is None]
        able = [
            each for each in mine if each.customer is not None and world.stays(each.customer, leaver.shifts[day].end)
        ]
        chosen = able[-_MOST_HANDED_OVER:]
        for place, case in enumerate(chosen):
            t = leaver.shifts[day].moment(0.5 + 0.45 * place / len(chosen))
            if case.customer is not None and case.opened_at < t:
                with world.label(Honest.HAND_OVER, leaver):
                    world.desk.open(leaver, t, case.purpose, case, case.customer)
                    world.desk.note(leaver, t + 60_000, case)
                self._take_over(case, day, leaver)

    def _take_over(self, case: Case, day: dt.date, leaver: Employee) -> None:
        world = self._world

        def take(by: Employee, t: int) -> None:
            if case.closed_at is None and case.customer is not None and world.stays(case.customer, t):
                with world.label(Honest.HAND_OVER, by):
                    world.desk.open(by, t, case.purpose, case, case.customer)
                    world.desk.note(by, t + 3 * MINUTE, case)
                world.desk.close(by, t + 5 * MINUTE, case)

        after = world.dice.randint(1, 4)
        world.later(day, after, Task(Role.SUPPORT, take, None, frozenset({leaver.staff_id}), case.customer))
