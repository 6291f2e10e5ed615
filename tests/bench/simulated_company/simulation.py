"""Runs the company day by day, and returns its log with the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from staffdesk.audit.entry import Core
from tests.bench.simulated_company.days import MINUTE
from tests.bench.simulated_company.finance import Finance
from tests.bench.simulated_company.house import House
from tests.bench.simulated_company.misuse.plan import Plan
from tests.bench.simulated_company.misuse.plot import Plot
from tests.bench.simulated_company.rights import Rights
from tests.bench.simulated_company.sales import Sales
from tests.bench.simulated_company.shapes import Account, Explained, Honest, Incident, Misuse, Simulated
from tests.bench.simulated_company.support import Support
from tests.bench.simulated_company.world import World

_STAYED_ON: Final = 30 * MINUTE


def simulate(*, months: int, staff: int, seed: int) -> Simulated:
    """Return so many months of a company of 5, 15 or 40 accounts; the same three numbers give the same bytes."""
    world = World(months=months, staff=staff, seed=seed)
    support, sales, finance, rights, house = Support(world), Sales(world), Finance(world), Rights(world), House(world)
    plan = Plan(Plot(world, support, rights))
    for employee in world.staff.people:
        world.journal.sit_down(employee)
    for day in world.days:
        world.do_what_waits(day)
        for part in (support, sales, finance, rights, house):
            part.day(day)
        plan.day(day)
    world.journal.sign_all(world.staff.people)
    return _labelled(world)


def _stayed_on(world: World, entries: Sequence[Core], said: AbstractSet[int]) -> Iterator[Explained]:
    """Yield what somebody finished within half an hour of his hours, where it is not said already why."""
    hours = {each.staff_id: each for each in world.staff.people}
    for entry in entries:
        by = hours.get(entry.actor or "")
        looked = entry.act.startswith("customer.") and entry.seq not in said
        if looked and by is not None and not by.works_at(entry.t) and by.works_at(entry.t, _STAYED_ON):
            yield Explained(Honest.OVERTIME, by.staff_id, (entry.seq,))


def _labelled(world: World) -> Simulated:
    entries = world.journal.entries()
    incidents: list[Incident] = []
    explained: list[Explained] = []
    for label in world.labels:
        seqs = world.journal.seqs(label.mark)
        if not seqs:
            continue
        if isinstance(label.kind, Misuse):
            incidents.append(Incident(label.kind, label.by.staff_id, seqs, label.variant))
        elif isinstance(label.kind, Honest):
            explained.append(Explained(label.kind, label.by.staff_id, seqs))
    numbers = {each.aid: each.number for each in world.file.people}
    numbers |= {each.aid: each.number for each in world.file.orders}
    said = {seq for each in incidents for seq in each.seqs} | {seq for each in explained for seq in each.seqs}
    explained.extend(_stayed_on(world, entries, said))
    return Simulated(
        entries=entries,
        incidents=tuple(sorted(incidents, key=lambda each: each.seqs[0])),
        explained=tuple(sorted(explained, key=lambda each: each.seqs[0])),
        staff=tuple(
            Account(each.staff_id, each.roles, each.entity, each.first_day, each.last_day)
            for each in world.staff.people
        ),
        numbers=numbers,
        hours={
            each.staff_id: tuple((shift.start, shift.end) for _, shift in sorted(each.shifts.items()))
            for each in world.staff.people
        },
    )
