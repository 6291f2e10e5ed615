"""Whether what is gone was old enough: a covering entry says that something may go, and when it was written.

The tree binds the order. So what stands behind a run of pruned entries is younger than all of them, and what stands
before it is older; both are held against the covering entry of the run's last, and what stands before the end of an
expiry against that. A clock may have been wrong: of two entries that stand in the wrong order of their times each
proves as much as the other, so one is set off against one. Whoever has the database alone can only add behind.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, deque
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Final, NamedTuple

from staffdesk.audit.coverings import Coverings, Expiry
from staffdesk.audit.opening import OpeningKind
from staffdesk.audit.openings import NEVER
from staffdesk.audit.report import FindingKind, Findings, entries_named

_DAY_MS: Final = 86_400_000


class Kept(NamedTuple):
    """The shortest time for which entries, and openings of either kind, are kept, in milliseconds.

    ``pause`` is how long a log may stand still: what stands behind may be so much younger than what went.
    """

    entries: int
    reasons: int
    values: int
    pause: int

    def of(self, kind: OpeningKind) -> int:
        """Return the time of a kind of openings."""
        return self.reasons if kind is OpeningKind.REASON else self.values


class _Claim(NamedTuple):
    """What went, by which entry: sound once so many old entries behind it were met as ``until`` says.

    ``age`` is of what stands behind a run, or at the end of an expiry; ``younger`` says how many entries before it were
    too young, and ``kind`` of an expiry which openings went.
    """

    until: int
    first: int
    last: int
    seq: int
    age: int
    younger: int
    kind: OpeningKind | None


class _Waiting:
    """Claims that wait for entries up to one moment, and how many of those were met."""

    def __init__(self) -> None:
        self.met = 0
        self.claims: list[_Claim] = []


class Ages:
    """Judges runs of pruned entries and the ends of expiries, as the walk comes to what stands."""

    def __init__(self, coverings: Coverings, kept: Kept, now_ms: int, findings: Findings) -> None:
        """Add what went too early to ``findings``."""
        self._coverings = coverings
        self._kept = kept
        self._now = now_ms
        self._findings = findings
        self._ends = deque(coverings.expiries())
        self._before = _Before(now_ms)
        self._waiting: dict[int, _Waiting] = {}
        self._latest = -1
        self._run: tuple[int, int] | None = None

    def gone(self, row: int) -> None:
        """Take an entry that was pruned."""
        self._run = (row if self._run is None else self._run[0], row)

    def unknown(self) -> None:
        """Take an entry of which no time is known; its own fault is told elsewhere."""
        self._run = None

    def stands(self, row: int, t: int) -> None:
        """Take an entry that stands, with its time in UTC milliseconds."""
        while self._ends and self._ends[0].reach < row:  # its end was pruned: what stands before it counts
            self._expired(self._ends.popleft(), None)
        if self._run is not None:
            self._pruned(*self._run, t)
            self._run = None
        if t <= self._latest:
            self._bear_out(t)
        self._before.take(t)
        while self._ends and self._ends[0].reach == row:
            self._expired(self._ends.popleft(), t)

    def stretch(self, first: int, times: Sequence[int]) -> None:
        """Take entries that follow one another; NEVER is the time of one that was pruned."""
        done = 0
        if self._run is None and not self._waiting and not times.count(NEVER):
            while not self._waiting and self._ends and (at := self._ends[0].reach - first) < len(times):
                at = max(done, at)
                self._before.take_all(times[done:at])
                self.stands(first + at, times[at])
                done = at + 1
            if not self._waiting:
                self._before.take_all(times[done:] if done else times)
                return
        for row, t in enumerate(times[done:], first + done):
            if t == NEVER:
                self.gone(row)
            else:
                self.stands(row, t)

    def finish(self) -> None:
        """Tell of what nothing behind it bears out."""
        while self._ends and self._run is not None:
            self._expired(self._ends.popleft(), None)
        claims = [claim for waiting in self._waiting.values() for claim in waiting.claims]
        for claim in sorted(claims, key=lambda each: (each.last, each.seq)):
            self._findings.add(FindingKind.GONE_EARLY, claim.first, claim.last, _sentence(claim))

    def _written(self, t: int) -> int:
        return min(t, self._now)

    def _pruned(self, first: int, last: int, t: int) -> None:
        """Hold what stands around a run against the newest entry that covers the run's end."""
        covering = self._coverings.pruning_of(last)
        if covering is None:  # told as lost without a word
            return
        seq, written = covering
        oldest = self._written(written) - self._kept.entries + self._kept.pause
        younger = self._before.younger(oldest)
        if younger or t > oldest:
            self._wait(oldest, _Claim(max(1, younger), first, last, seq, self._written(written) - t, younger, None))

    def _expired(self, end: Expiry, t: int | None) -> None:
        """Hold the entry at the end of an expiry, and what stands before it, against the entry that covers it."""
        written, least = self._written(end.written), self._kept.of(end.kind)
        younger = self._before.younger(written - least)
        age = 0 if t is None else written - t
        if t is not None and 0 <= age < least:  # no clock was wrong: nothing bears that out
            self._wait(-1, _Claim(1, end.reach, end.reach, end.seq, age, 0, end.kind))
        elif younger:
            claim = _Claim(younger, end.reach, end.reach, end.seq, age, younger, end.kind)
            self._wait(written - least + self._kept.pause, claim)

    def _wait(self, moment: int, claim: _Claim) -> None:
        waiting = self._waiting.setdefault(moment, _Waiting())
        self._latest = max(self._latest, moment)
        heappush(waiting.claims, claim._replace(until=waiting.met + claim.until))

    def _bear_out(self, t: int) -> None:
        """Set an entry off against what stands before each claim that waits for one as old."""
        for moment, waiting in tuple(self._waiting.items()):
            if t > moment:
                continue
            waiting.met += 1
            while waiting.claims and waiting.claims[0].until <= waiting.met:
                heappop(waiting.claims)
            if not waiting.claims:
                del self._waiting[moment]
        self._latest = max(self._waiting, default=-1)


class _Before:
    """How many entries of each day stand before; one whose clock was behind takes the youngest with it."""

    def __init__(self, now_ms: int) -> None:
        self._now = now_ms
        self._many: Counter[int] = Counter()
        self._days: list[int] = []
        self._asked = 0
        self._younger = 0

    def take(self, t: int) -> None:
        """Take one more."""
        day = min(t, self._now) // _DAY_MS
        if self._days and day < self._days[-1]:
            self._set_off()
        self._add(day, 1)

    def take_all(self, times: Sequence[int]) -> None:
        """Take some that follow one another."""
        if not times:
            return
        days = [each // _DAY_MS for each in times]
        if max(times) > self._now or (self._days and days[0] < self._days[-1]) or days != sorted(days):
            for t in times:
                self.take(t)
            return
        for day, many in Counter(days).items():
            self._add(day, many)

    def younger(self, moment: int) -> int:
        """Return how many are younger than the day of a moment."""
        day = moment // _DAY_MS
        if day != self._asked:  # the next that is asked for is mostly the same
            self._asked, self._younger = day, 0
            for each in reversed(self._days):
                if each <= day:
                    break
                self._younger += self._many[each]
        return self._younger

    def _add(self, day: int, many: int) -> None:
        if day not in self._many:
            insort(self._days, day)
        self._many[day] += many
        if day > self._asked:
            self._younger += many

    def _set_off(self) -> None:
        youngest = self._days[-1]
        self._many[youngest] -= 1
        if youngest > self._asked:
            self._younger -= 1
        if not self._many[youngest]:
            del self._many[youngest]
            self._days.pop()


def _sentence(claim: _Claim) -> str:
    if claim.kind is not None:
        what = f"Entry {claim.seq} lets openings of the kind {claim.kind.value} go up to entry {claim.last}, "
        if claim.younger:
            many = "1 entry up to there was" if claim.younger == 1 else f"{claim.younger:,} entries up to there were"
            return f"{what}but {many} too young by then: they are kept longer."
        return f"{what}which was {_days(claim.age)} then: they are kept longer."
    what = f"{entries_named(claim.first, claim.last)} went by the pruning in entry {claim.seq}, when "
    if claim.younger:
        many = "1 entry before them was" if claim.younger == 1 else f"{claim.younger:,} entries before them were"
        return f"{what}{many} too young to go: entries are kept longer."
    return f"{what}what stands behind was {_days(claim.age)}: entries are kept longer."


def _days(ms: int) -> str:
    days = max(0, ms) // _DAY_MS
    return "1 day old" if days == 1 else f"{days} days old"
