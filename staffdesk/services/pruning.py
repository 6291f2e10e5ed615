"""Forgetting: months of the log are pruned to their leaf hashes and openings expire, each covered by an entry first.

Nobody asks for it. Killed in the middle, it is finished by the next run.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from staffdesk.audit import ranges
from staffdesk.audit.entry import Core
from staffdesk.audit.ranges import Span
from staffdesk.data.checkpoints import Checkpoints
from staffdesk.data.credentials import Credentials
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.forgetting import Forgets, Forgetting
from staffdesk.data.review_months import MonthChanges, MonthRow, ReviewMonths
from staffdesk.data.transaction import Change, Read, Transaction
from staffdesk.domain.access import Act
from staffdesk.domain.errors import Conflict
from staffdesk.domain.log_retention import Doubt, Forgotten, Needed, forgotten, rules
from staffdesk.services.door import Door, Result
from staffdesk.services.doubted_clock import doubted
from staffdesk.services.expiring import Expiring
from staffdesk.services.sessions import Clock, day_in_brussels, utc_ms

DONE: Final = "done"
"""What the entry behind a pruning says; while the newest says otherwise, one is under way."""

_PLAN, _PRUNE = "plan", "prune"
_RANGES: Final = 250
_STEP_SECONDS: Final = 0.04
"""Of the statements alone: the commit takes as long again, and nobody should wait for a quarter of a second."""
_AT_FIRST, _FEWEST, _MOST = 64, 8, 1_000
_PATIENCE_SECONDS: Final = 30.0
_PLAN_SECONDS: Final = 120.0


@dataclass(slots=True)
class Pruned:
    """What was forgotten: entries by month, and openings by kind.

    ``waiting`` says why a month that is over still stands, ``clock`` why nothing is forgotten at all before a person
    looked at the clock. Where it was only asked (``dry``) it is what would be.
    """

    months: dict[str, int] = field(default_factory=dict)
    finished: int = 0
    expired: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    clock: Doubt | None = None

    @property
    def entries(self) -> int:
        """Return how many entries were pruned."""
        return sum(self.months.values()) + self.finished


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a month goes: the numbers to be named, and those of them whose entries still stand, as spans."""

    month: str
    what: Forgotten
    named: tuple[Span, ...]
    standing: tuple[Span, ...]
    needed: Needed
    last: int

    @property
    def entries(self) -> int:
        return ranges.count(self.standing)

    def entries_behind(self, number: int) -> int:
        """Return how many of them stand behind a number."""
        return sum(last - max(first - 1, number) for first, last in self.standing if last > number)


class Pruning:
    """Lets the log forget what its time is over for; run again it does nothing twice."""

    def __init__(self, door: Door, database: Database, clock: Clock = utc_ms) -> None:
        """Work through ``door``; what is due is looked up in ``database`` first."""
        self._door = door
        self._database = database
        self._clock = clock

    def run(self, *, dry: bool = False, clock_is_right: bool = False) -> Pruned:
        """Finish what was begun, prune each month that is over, then let openings expire; ``dry`` only tells.

        What is over the clock alone says, and it may have jumped. So it must not have gone on further than from one
        checkpoint to the next it may, or nothing is forgotten until a person says that it is right; that is an entry.
        Raises :class:`StorageUnavailable`, :class:`LogUnavailable`, and :class:`Conflict` where another desk did it in
        the same moment.
        """
        done = Pruned()
        if not dry:
            self._finish(done)
        with self._database.append() as tx:
            done.clock = doubted(tx, self._clock())
        if done.clock is not None and not clock_is_right:
            return done
        if clock_is_right and not dry:  # also of one that is not doubted: what was said under a wrong one is taken back
            self._door.note(Result(act=Act.SYSTEM_CLOCK))
        done.clock = None
        behind = 0
        for month, what in self._due(done):
            plan = self._planned(month, what)
            # Nothing went where it was only asked: what a month before takes is not this one's too.
            done.months[month.month] = plan.entries_behind(behind) if dry else plan.entries
            if what is Forgotten.ALL:
                behind = plan.last
            if not dry:
                self._prune(plan)
        done.expired = Expiring(self._door, self._database, self._clock).run(dry=dry)
        return done

    def _due(self, done: Pruned) -> tuple[tuple[MonthRow, Forgotten], ...]:
        """Return what is to be pruned, the oldest first; a month stands while an earlier entry does.

        The log's numbers order it, not the clocks by which its months are called: what lies before a month or among its
        entries is over too, or the month waits.
        """
        with self._database.append() as tx:
            months = sorted(ReviewMonths(tx).all(), key=lambda row: row.first_seq)
            newest = Checkpoints(tx).newest()
            today = day_in_brussels(self._clock())
            over = {row.month: rules().over(row.month, today) for row in months}
            near = {row.month: Forgetting(tx).around(row.last_seq) for row in months if row.holds(over[row.month])}
        sealed = 0 if newest is None else newest.size
        found: list[tuple[MonthRow, Forgotten]] = []
        standing = last = 0
        for at, row in enumerate(months):
            what = over[row.month]
            among = row.first_seq <= last or any(later.first_seq <= row.last_seq for later in months[at + 1 :])
            last = max(last, row.last_seq)
            if what is None:
                standing += 1
            elif why := _why_not(row, sealed):
                done.waiting[row.month] = why
                standing += 1
            elif among:
                done.waiting[row.month] = "its entries lie among those of another month: a clock was wrong"
                standing += 1
            elif row.month in near and not rules().shows_age(*near[row.month], self._clock()):
                done.waiting[row.month] = "what was written next is too young still to show its age"
                standing += 1
            elif what is Forgotten.TECHNICAL:
                standing += 1
                if row.holds(what):
                    found.append((row, what))
            elif standing:
                done.waiting[row.month] = "a month before it stands still"
            elif row.holds(what):
                found.append((row, what))
        return tuple(found)

    def _planned(self, row: MonthRow, what: Forgotten) -> _Plan:
        first = 1 if what is Forgotten.ALL else row.first_seq

        def read(tx: Read) -> _Plan:
            asked, last = Forgetting(tx), row.last_seq
            needed = asked.needed(last)
            named, standing = forgotten(asked.entries(first, last), what, needed)
            return _Plan(row.month, what, tuple(ranges.spans(named)), tuple(ranges.spans(standing)), needed, last)

        due = Result(act=Act.AUDIT_LISTED, kinds=(_PLAN, what.value, f"month:{row.month}"))
        return self._door.scheduled_look(due, read, longer=Deadline(_PLAN_SECONDS))

    def _prune(self, plan: _Plan) -> None:
        """Cover a part that one entry can name, let it go, and go on with the next; the last part ends the month."""
        parts = [plan.named[at : at + _RANGES] for at in range(0, len(plan.named), _RANGES)] if plan.standing else []
        for part in parts:
            seq = self._cover(plan, part)
            standing = [span for span in plan.standing if part[0][0] <= span[0] <= part[-1][1]]
            self._let_go(seq, (plan.what.value, f"month:{plan.month}"), standing)
        kinds = (DONE, plan.what.value, f"month:{plan.month}")

        def end(tx: Change) -> tuple[None, Result]:
            if MonthChanges(tx).pruned(plan.month, plan.what, self._clock()) != 1:
                raise Conflict("Another desk pruned this month.", "Nothing is left to do.")
            if plan.what is Forgotten.ALL:
                Forgets(tx).items(plan.month)
            return None, Result(act=Act.AUDIT_PRUNED, kinds=kinds, n=plan.entries)

        self._door.scheduled(Result(act=Act.AUDIT_PRUNED, kinds=kinds), end)

    def _cover(self, plan: _Plan, part: Sequence[Span]) -> int:
        """Say what goes, and return the number of the entry that says so; none other may be under way."""
        kinds = (plan.what.value, f"month:{plan.month}", *map(ranges.written, part))

        def cover(tx: Change) -> tuple[None, Result]:
            Credentials(tx).queue()
            if _under_way(tx) is not None:
                raise Conflict("Another desk is pruning the log.", "Run it again.")
            if not plan.needed.covers(Forgetting(tx).needed(plan.last)):
                raise Conflict("More of the log is needed than a moment ago; nothing more was pruned.", "Run it again.")
            return None, Result(act=Act.AUDIT_PRUNED, kinds=kinds, n=part[-1][1])

        self._door.scheduled(Result(act=Act.AUDIT_PRUNED, kinds=kinds[:2]), cover)
        with self._database.append() as tx:
            core = _under_way(tx)
        if core is None or core.kinds != kinds:
            raise Conflict("Another desk is pruning the log.", "Run it again.")
        return core.seq

    def _finish(self, done: Pruned) -> None:
        """Go on with what a killed run covered and left standing."""
        with self._database.append() as tx:
            core = _under_way(tx)
        if core is None:
            return

        def read(tx: Read) -> tuple[Span, ...]:
            asked = Forgetting(tx)
            covered = (each for first, last in _spans_of(core) for each in asked.entries(first, last))
            what = Forgotten(core.kinds[0]) if core.kinds else Forgotten.ALL
            return tuple(ranges.spans(forgotten(covered, what, asked.needed(core.n))[1]))

        due = Result(act=Act.AUDIT_LISTED, kinds=(_PLAN, "unfinished"))
        standing = self._door.scheduled_look(due, read, longer=Deadline(_PLAN_SECONDS))
        done.finished = ranges.count(standing)
        self._let_go(core.seq, core.kinds[:2], standing)

    def _let_go(self, covering: int, kinds: tuple[str, ...], standing: Sequence[Span]) -> None:
        """Prune what an entry covers, in steps; then close the way that the entry opened."""
        steps, gone = _Steps(standing), ranges.count(standing)

        def step(tx: Change) -> bool:
            with steps.taken() as some:
                if some:
                    Forgets(tx).prune(some)
            return bool(steps.left)

        def end(tx: Change) -> Result | None:
            Credentials(tx).queue()
            core = _under_way(tx)
            if core is None or core.seq != covering:
                return None  # another desk went on with it and was sooner
            return Result(act=Act.AUDIT_PRUNED, kinds=(DONE, *kinds), n=gone)

        self._door.in_steps(Result(act=Act.AUDIT_PRUNED, kinds=(_PRUNE, *kinds)), step, end, each=_patient)


class _Steps:
    """Spans, some at a time: as many numbers as are done in a moment."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._left = deque(spans)
        self._size = _AT_FIRST

    @property
    def left(self) -> bool:
        """Whether there are more."""
        return bool(self._left)

    @contextmanager
    def taken(self) -> Iterator[list[Span]]:
        """Take some and see how long the work on them takes."""
        some, room = list[Span](), self._size
        while self._left and room:
            first, last = self._left.popleft()
            if last - first >= room:
                self._left.appendleft((first + room, last))
                last = first + room - 1
            some.append((first, last))
            room -= last - first + 1
        began = time.monotonic()
        yield some
        took = time.monotonic() - began
        self._size = max(_FEWEST, self._size // 2) if took > _STEP_SECONDS else min(_MOST, self._size * 5 // 4)


def _why_not(row: MonthRow, sealed: int) -> str:
    """Return what a month still waits for; empty where nothing."""
    if row.closed_at is None:
        return f"the review of it is not closed (staffdesk audit review close-month {row.month})"
    return "" if row.last_seq <= sealed else "no checkpoint covers its end"


def _under_way(tx: Transaction) -> Core | None:
    """Return the newest covering entry while what it covers may still stand."""
    for found in Forgetting(tx).newest(Act.AUDIT_PRUNED):
        core = Core.decode(found.core)
        return None if core.kinds[:1] == (DONE,) else core
    return None


def _spans_of(core: Core) -> Iterator[Span]:
    return ranges.read(core.kinds) if core.kinds else iter([(1, core.n)])


def _patient() -> Deadline:
    return Deadline(_PATIENCE_SECONDS)
