"""What data subjects ask, from receipt to answer: privacy works on it, an approver decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

from staffdesk.domain.access import Act, Level, Outcome, Purpose, Role
from tests.bench.simulated_company.contacts import Contacts
from tests.bench.simulated_company.customers import Customer, new_aid
from tests.bench.simulated_company.days import MINUTE
from tests.bench.simulated_company.desk import PHONE
from tests.bench.simulated_company.employees import Employee
from tests.bench.simulated_company.references import Reference, Request
from tests.bench.simulated_company.shapes import Honest
from tests.bench.simulated_company.world import Task, World

_A_MONTH: Final = {5: 1.2, 15: 2.2, 40: 4.5}
_KINDS: Final = (("access", 45), ("erase", 30), ("rectify", 15), ("port", 10))
_BY_PHONE: Final = 0.35
_DAYS_OF_A_MONTH: Final = 30.4

_EFFECT: Final = {"access": "hand_over", "port": "hand_over", "erase": "erase", "rectify": "correct"}
_STATE: Final = {"hand_over": "replying", "erase": "notifying", "correct": "notifying"}
_END: Final = {
    "acknowledge": "acknowledged",
    "ask_identity": "identity",
    "proof_arrived": "identity",
    "verify": "assessment",
    "decide": "decision",
    "submit": "approval",
    "approve": "executing",
    **_STATE,
}
_STEPS: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (1, ("acknowledge", "ask_identity")),
    (4, ("proof_arrived", "verify")),
    (2, ("searched", "decide", "submit")),
)


class Rights:
    """Requests as they come in, and as they are worked on."""

    def __init__(self, world: World) -> None:
        """Work in a world."""
        self._world = world
        self._contacts = Contacts(world)

    def day(self, day: dt.date) -> None:
        """Let requests come in on a working day, and privacy look at the list of those that wait."""
        world, dice = self._world, self._world.dice
        for by in world.staff.there(Role.PRIVACY, day):
            t = by.shifts[day].start + 2 * MINUTE
            world.desk.act(by, t, Act.REQUEST_LISTED, role=Role.PRIVACY, kinds=("request",), n=dice.randint(3, 9))
        if not world.staff.there(Role.PRIVACY, day) or not world.chance(_A_MONTH[world.size] * 1.4 / _DAYS_OF_A_MONTH):
            return
        kind = dice.choices([name for name, _ in _KINDS], [weight for _, weight in _KINDS])[0]
        customer = world.file.somebody(dice, world.end, american=False)
        if customer.employee is not None or customer.declared_by or customer in world.frequent:
            return
        if world.chance(_BY_PHONE):
            self._by_phone(day, customer, kind)
        else:
            by = dice.choice(world.staff.there(Role.PRIVACY, day))
            t = world.moment(by, day)
            self.receive(by, t, customer, kind)

    def receive(
        self,
        by: Employee,
        t: int,
        customer: Customer,
        kind: str,
        ref: Reference = None,
        *,
        work_on: bool = True,
    ) -> Request:
        """Register what somebody asked, under a number where one was in hand; from then on privacy works on it."""
        world = self._world
        request = Request(new_aid(world.dice, "r"), customer, kind, t, by)
        theirs = Purpose.SUPPORT if Role.SUPPORT in by.roles else Purpose.SALE
        purpose = Purpose.RIGHTS if Role.PRIVACY in by.roles and (ref is None or len(by.roles) < 3) else theirs
        for out, ms, obj, n in ((Outcome.INTENT, 0, (), 0), (Outcome.OK, 14, (request.aid,), 1)):
            world.desk.act(
                by, t + ms, Act.REQUEST_RECEIVED, purpose=purpose, ref=ref, result=bool(n),
                customer=customer, obj=obj, kinds=("request", kind), n=n, out=out,
            )  # fmt: skip
        if work_on:
            self._then(request, by, world.day_of(t), _STEPS)
        return request

    def look(self, by: Employee, t: int, request: Request) -> None:
        """Open a request's page, and as privacy the record of whom it is about."""
        role = Role.PRIVACY if Role.PRIVACY in by.roles else Role.APPROVER
        self._world.desk.act(
            by, t, Act.REQUEST_OPENED, role=role, purpose=Purpose.RIGHTS, ref=request, customer=request.customer,
            obj=(request.aid,), kinds=("request", "opened"), n=1, level=Level.OPENED,
        )  # fmt: skip
        if role is Role.PRIVACY:
            self._world.desk.open(by, t + 20_000, Purpose.RIGHTS, request, request.customer)

    def move(self, by: Employee, t: int, request: Request, name: str) -> None:
        """Make one move."""
        desk = self._world.desk
        approves = name == "approve"
        act = Act.REQUEST_APPROVED if approves else Act.REQUEST_MOVED
        role = Role.APPROVER if approves else Role.PRIVACY
        kinds = ("request", request.kind, name, _END[name]) if name in _END else ("request", name, "mailbox", "paper")
        desk.act(
            by, t, act, role=role, purpose=Purpose.RIGHTS, ref=request, customer=request.customer,
            obj=(request.aid,), kinds=("request", name), n=1, out=Outcome.INTENT,
        )  # fmt: skip
        if name == "erase":
            desk.act(
                by, t + 300, Act.AUDIT_ERASED, role=role, purpose=Purpose.RIGHTS, ref=request,
                obj=(request.customer.aid,), n=4,
            )  # fmt: skip
            request.customer.gone_at = t
        desk.act(
            by, t + 400, act, role=role, purpose=Purpose.RIGHTS, ref=request, customer=request.customer,
            obj=(request.aid,), kinds=kinds, n=1,
        )  # fmt: skip

    def _by_phone(self, day: dt.date, customer: Customer, kind: str) -> None:
        """Take a request from who is on the line: a case, a look, and the request within minutes."""
        world = self._world
        able = [each for each in world.able(Role.SUPPORT, day, customer) if not each.relation(customer)]
        if not able:
            return
        by = world.dice.choice(able)
        t = world.moment(by, day, 0.03, 0.85)
        with world.label(Honest.REQUEST_BY_PHONE, by):
            case = self._contacts.deal(by, t, day, customer, Purpose.SUPPORT, call=True)
            if case is not None:
                world.desk.reveal(case.owner, t + 5 * MINUTE, Purpose.SUPPORT, case, customer, PHONE)
                self.receive(case.owner, t + 8 * MINUTE, customer, kind, case)

    def _then(
        self, request: Request, receiver: Employee, day: dt.date, steps: Sequence[tuple[int, tuple[str, ...]]]
    ) -> None:
        world = self._world
        if not steps:
            self._decide(request, day)
            return
        wait, names = steps[0]

        def go_on(by: Employee, t: int) -> None:
            if not world.stays(request.customer, t):
                return
            self.look(by, t - 2 * MINUTE, request)
            for place, name in enumerate(names):
                self.move(by, t + place * 90_000, request, name)
            self._then(request, by, world.day_of(t), steps[1:])

        who = receiver if Role.PRIVACY in receiver.roles else None
        world.later(day, wait + world.dice.randint(0, 2), Task(Role.PRIVACY, go_on, who, customer=request.customer))

    def _decide(self, request: Request, day: dt.date) -> None:
        """Have an approver decide who is not in the case otherwise, and privacy carry it out."""
        world = self._world
        among = [each for each in world.staff.of(Role.APPROVER) if Role.PRIVACY not in each.roles]

        def approve(by: Employee, t: int) -> None:
            self.look(by, t - 3 * MINUTE, request)
            self.move(by, t, request, "approve")
            task = Task(Role.PRIVACY, partial(self._carry_out, request), customer=request.customer)
            world.later(world.day_of(t), 1, task)

        world.later(day, 1, Task(Role.APPROVER, approve, world.dice.choice(among), alone=True))

    def _carry_out(self, request: Request, by: Employee, t: int) -> None:
        if not self._world.stays(request.customer, t):
            return
        self.look(by, t - 4 * MINUTE, request)
        self.move(by, t, request, _EFFECT[request.kind])
        request.closed_at = t + MINUTE
