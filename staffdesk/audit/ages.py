"""Whether what is gone was old enough: a covering entry says that something may go, and when it was written.

The tree binds the order. So what stands behind a run of pruned entries is younger than all of them, and is held against
the covering entry of the last; an expiry is held against the entry up to which it reaches. A covering entry dated
behind today counts as of today, and who dates one back has what stands before it against him.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
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


class Ages:
    """Judges runs of pruned entries and the ends of expiries, as the walk comes to what stands."""

    def __init__(self, coverings: Coverings, kept: Kept, now_ms: int, findings: Findings) -> None:
        """Add what went too early to ``findings``."""
        self._coverings = coverings
        self._kept = kept
        self._now = now_ms
        self._findings = findings
        self._ends = deque(coverings.expiries())
        self._doubted: list[Expiry] = []
        self._run: tuple[int, int] | None = None

    def gone(self, row: int) -> None:
        """Take an entry that was pruned."""
        self._run = (row if self._run is None else self._run[0], row)

    def unknown(self) -> None:
        """Take an entry of which no time is known; its own fault is told elsewhere."""
        self._run = None

    def stands(self, row: int, t: int) -> None:
        """Take an entry that stands, with its time in UTC milliseconds."""
        if self._run is not None:
            self._judge(*self._run, t)
            self._run = None
        if self._doubted:
            found = [each for each in self._doubted if t <= self._written(each.written)]
            for each in found:
                self._judge_expiry(each, t, self._kept.of(each.kind) - self._kept.pause)
                self._doubted.remove(each)
        while self._ends and self._ends[0].reach <= row:
            end = self._ends.popleft()
            if end.reach == row and t <= self._written(end.written):
                self._judge_expiry(end, t, self._kept.of(end.kind))
            elif end.reach == row:  # a clock was wrong: of that entry, or of the one that covers it
                self._doubted.append(end)

    def stretch(self, first: int, times: Sequence[int]) -> None:
        """Take entries that follow one another; NEVER is the time of one that was pruned."""
        done = 0
        if self._run is None and not self._doubted and not times.count(NEVER):
            while self._ends and not self._doubted and (at := self._ends[0].reach - first) < len(times):
                done = max(0, at)
                self.stands(first + done, times[done])
                done += 1
            if not self._doubted:
                return
        for row, t in enumerate(times[done:], first + done):
            if t == NEVER:
                self.gone(row)
            elif self._run is not None or self._doubted or (self._ends and self._ends[0].reach <= row):
                self.stands(row, t)

    def finish(self) -> None:
        """Tell of expiries that nothing behind them bears out."""
        for each in self._doubted:
            self._judge_expiry(each, self._now, self._kept.of(each.kind))

    def _written(self, t: int) -> int:
        return min(t, self._now)

    def _judge(self, first: int, last: int, t: int) -> None:
        """Hold what stands behind a run against the newest entry that covers the run's end."""
        covering = self._coverings.pruning_of(last)
        if covering is None:  # told as lost without a word
            return
        seq, written = covering
        age = self._written(written) - t
        if age < self._kept.entries - self._kept.pause:
            sentence = (
                f"{entries_named(first, last)} went by the pruning in entry {seq}, when what stands behind was "
                f"{_days(age)}: entries are kept longer."
            )
            self._findings.add(FindingKind.GONE_EARLY, first, last, sentence)

    def _judge_expiry(self, end: Expiry, t: int, least: int) -> None:
        age = self._written(end.written) - t
        if age < least:
            sentence = (
                f"Entry {end.seq} lets openings of the kind {end.kind.value} go up to entry {end.reach}, which was "
                f"{_days(age)} then: they are kept longer."
            )
            self._findings.add(FindingKind.GONE_EARLY, end.reach, end.reach, sentence)


def _days(ms: int) -> str:
    days = max(0, ms) // _DAY_MS
    return "1 day old" if days == 1 else f"{days} days old"
