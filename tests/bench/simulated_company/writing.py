"""The log as it is written: entries in any order of time, numbered at the end, with the sessions they belong to."""

from __future__ import annotations

import random
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.domain.access import Act, Basis, Level, Outcome, Purpose, Role, Standing
from tests.bench.simulated_company.days import HOUR, MINUTE
from tests.bench.simulated_company.employees import Employee, Sitting

POLICY: Final = "2024-10"
_EXTRA: Final = 15 * MINUTE
_LONGEST: Final = 10 * HOUR


@dataclass(frozen=True, slots=True)
class Numbered:
    """Stands among the kinds for the number of an entry that has none yet: ``entry:N`` in the end."""

    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An entry before it has a number."""

    t: int
    act: Act
    out: Outcome
    by: Employee | None
    sid: str | None
    role: Role | None = None
    purpose: Purpose | None = None
    ref: str | None = None
    standing: Standing | None = None
    basis: Basis | None = None
    rel: tuple[str, ...] = ()
    level: Level | None = None
    obj: tuple[str, ...] = ()
    kinds: tuple[str | Numbered, ...] = ()
    n: int = 0
    sec: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Mark:
    """The places of the entries that one label is about."""

    places: list[int] = field(default_factory=list)


class Journal:
    """Takes entries down; ``entries`` puts them in order."""

    def __init__(self, dice: random.Random) -> None:
        """Draw session ids and commitments from ``dice``."""
        self._dice = dice
        self._written: list[Written] = []
        self._marks: list[Mark] = []
        self._seqs: list[int] = []
        self.log = f"staffdesk/{dice.getrandbits(64):016x}"

    @contextmanager
    def marked(self, mark: Mark) -> Iterator[Mark]:
        """Label all that is written meanwhile."""
        self._marks.append(mark)
        try:
            yield mark
        finally:
            self._marks.pop()

    def write(self, entry: Written) -> int:
        """Take an entry down; return its place, for :class:`Numbered`."""
        place = len(self._written)
        self._written.append(entry)
        for mark in self._marks:
            mark.places.append(place)
        return place

    def when(self, place: int) -> int:
        """Return the time of an entry."""
        return self._written[place].t

    def sid(self, employee: Employee, t: int) -> str:
        """Return the session in which somebody acts at a moment; outside his day it is one of its own."""
        sittings = employee.sittings
        found = bisect_right(sittings, t, key=_start)
        if found and t <= sittings[found - 1].end:
            _stay(sittings[found - 1], t)
            return sittings[found - 1].sid
        if found and t <= sittings[found - 1].end + _EXTRA and t - sittings[found - 1].start < _LONGEST:
            sittings[found - 1].end = t + MINUTE
            return sittings[found - 1].sid
        if found < len(sittings) and sittings[found].start - _EXTRA < t:
            sittings[found].start = t - MINUTE
            return sittings[found].sid
        new = Sitting(t - MINUTE, t + 3 * MINUTE, self._new_sid())
        insort(sittings, new, key=_start)
        return new.sid

    def sit_down(self, employee: Employee) -> None:
        """Give somebody a session for each of his shifts."""
        for shift in employee.shifts.values():
            early, late = self._dice.randint(1, 6), self._dice.randint(1, 8)
            start, end = shift.start - early * MINUTE, shift.end + late * MINUTE
            employee.sittings.append(Sitting(start, end, self._new_sid(), shift.lunch))

    def sign_all(self, people: Iterable[Employee]) -> None:
        """Write the sign-ins, locks and sign-outs of all that was done."""
        for employee in people:
            for sitting in employee.sittings:
                self._sign(employee, sitting)

    def entries(self) -> tuple[Core, ...]:
        """Return the log: by time, numbered from 1."""
        order = sorted(range(len(self._written)), key=lambda place: (self._written[place].t, place))
        self._seqs = [0] * len(order)
        for seq, place in enumerate(order, 1):
            self._seqs[place] = seq
        return tuple(self._core(seq, self._written[place]) for seq, place in enumerate(order, 1))

    def seqs(self, mark: Mark) -> tuple[int, ...]:
        """Return the numbers of what was marked, once all are in order."""
        return tuple(sorted(self._seqs[place] for place in mark.places))

    def _new_sid(self) -> str:
        return f"{self._dice.getrandbits(64):016x}"

    def _sign(self, employee: Employee, sitting: Sitting) -> None:
        acts: list[tuple[int, Act, tuple[str, ...]]] = [(sitting.start, Act.SESSION_SIGNED_IN, ())]
        if sitting.away is not None:
            acts.extend(zip(sitting.away, (Act.SESSION_LOCKED, Act.SESSION_UNLOCKED), ((), ()), strict=True))
        acts.append((sitting.end, Act.SESSION_ENDED, ("signed out",)))
        for t, act, kinds in acts:
            self.write(Written(t=t, act=act, out=Outcome.OK, by=employee, sid=sitting.sid, kinds=kinds))

    def _core(self, seq: int, entry: Written) -> Core:
        by = entry.by
        return Core(
            log=self.log,
            seq=seq,
            t=entry.t,
            act=str(entry.act),
            out=str(entry.out),
            actor=None if by is None else by.staff_id,
            role=_text(entry.role),
            entity=None if by is None else str(by.entity),
            sid=entry.sid,
            host="" if by is None else by.host,
            purpose=_text(entry.purpose),
            ref=entry.ref,
            standing=_text(entry.standing),
            basis=_text(entry.basis),
            rel=entry.rel,
            level=_text(entry.level),
            obj=entry.obj,
            kinds=tuple(
                [f"entry:{self._seqs[kind.place]}" if isinstance(kind, Numbered) else kind for kind in entry.kinds]
            ),
            n=entry.n,
            policy=POLICY,
            sec={name: f"{self._dice.getrandbits(256):064x}" for name in entry.sec} if entry.sec else {},
        )


def _start(sitting: Sitting) -> int:
    return sitting.start


def _stay(sitting: Sitting, t: int) -> None:
    """Who still works when his lunch begins locks his terminal a minute later, or not at all."""
    away = sitting.away
    if away is not None and away[0] <= t < away[1]:
        sitting.away = (t + MINUTE, away[1]) if t + MINUTE < away[1] else None


def _text(value: Role | Purpose | Standing | Basis | Level | None) -> str | None:
    return None if value is None else str(value)
