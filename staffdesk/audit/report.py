"""What a verification found: one sentence for each fault, and an exit code for the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint

SOUND: Final = 0
TAIL_TOO_OLD: Final = 10
BAD: Final = 20
EXIT_CODES: Final = (SOUND, TAIL_TOO_OLD, BAD)

MOST_OF_A_KIND: Final = 100
"""Faults named one by one; of more of the same kind only the number and the range are told."""


class FindingKind(StrEnum):
    """What is wrong with a log."""

    ALTERED = "altered"
    COPY_ALTERED = "copy_altered"
    REMOVED = "removed"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    FORKED = "forked"
    ROLLED_BACK = "rolled_back"
    OPENING_ALTERED = "opening_altered"
    OPENING_MISSING = "opening_missing"
    OPENING_UNKNOWN = "opening_unknown"
    OPENING_RETURNED = "opening_returned"
    GONE_EARLY = "gone_early"
    CHECKPOINT_ALTERED = "checkpoint_altered"
    CHECKPOINT_MISSING = "checkpoint_missing"
    UNKNOWN_KEY = "unknown_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: the first and last entry it concerns, and a sentence that repeats nothing of what was stored."""

    kind: FindingKind
    seq_from: int
    seq_to: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a verification; ages and limits are in milliseconds.

    ``erased_openings`` are absent with a later entry that says why. ``uncovered`` entries are younger than the newest
    checkpoint that fits: whoever holds the database could still cut or change them unseen. ``ends_before`` is the size
    of the newest checkpoint where an exported log ends before it: what came after is not in the file, and no fault.
    """

    entries: int
    erased_openings: int
    pruned: int
    newest_checkpoint: Checkpoint | None
    uncovered: int
    uncovered_age_ms: int | None
    tail_limit_ms: int
    findings: tuple[Finding, ...]
    ends_before: int | None = None

    @property
    def exit_code(self) -> int:
        """0 sound, 10 sound but an uncovered entry is older than the limit, 20 not sound."""
        if self.findings:
            return BAD
        old = self.uncovered_age_ms is not None and self.uncovered_age_ms > self.tail_limit_ms
        return TAIL_TOO_OLD if old else SOUND


class Findings:
    """Faults as they are found, each kind bounded, so that a log that is wholly wrong fills no memory."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._counts: Counter[FindingKind] = Counter()
        self._more: dict[FindingKind, tuple[int, int]] = {}

    def add(self, kind: FindingKind, seq_from: int, seq_to: int, sentence: str) -> None:
        """Keep a fault, or count it where there are enough of its kind."""
        self._counts[kind] += 1
        if self._counts[kind] <= MOST_OF_A_KIND:
            self._kept.append(Finding(kind=kind, seq_from=seq_from, seq_to=seq_to, sentence=sentence))
            return
        first, last = self._more.get(kind, (seq_from, seq_to))
        self._more[kind] = min(first, seq_from), max(last, seq_to)

    def forget(self, kinds: frozenset[FindingKind], seqs: frozenset[int]) -> None:
        """Drop faults of single entries that another fault explains."""
        self._kept = [each for each in self._kept if not (each.kind in kinds and each.seq_from in seqs)]

    def all(self) -> tuple[Finding, ...]:
        """Return the faults by entry, then what was only counted."""
        kept = sorted(self._kept, key=lambda each: (each.seq_from, each.seq_to, each.kind))
        for kind, (first, last) in self._more.items():
            more = self._counts[kind] - MOST_OF_A_KIND
            sentence = f"{more} more faults of the kind {kind.value} lie between entries {first} and {last}."
            kept.append(Finding(kind=kind, seq_from=first, seq_to=last, sentence=sentence))
        return tuple(kept)


def exit_kind(code: int) -> str:
    """Return the kind by which an entry says that a verification ended, and with which exit code."""
    return f"exit:{code}"


def entries_named(first: int, last: int) -> str:
    """Return how a sentence calls a range of entries."""
    return f"Entry {first}" if first == last else f"Entries {first} to {last}"
