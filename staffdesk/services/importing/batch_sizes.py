"""How many records are written in one go: no other desk waits longer for the write lock than it must."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from staffdesk.services.importing.run import Outcome, Run

FIRST_BATCH: Final = 25
"""Records of the first batch, of which nothing is known yet."""

_UNTRIED_BATCH: Final = 150
"""Records of the largest batch before any was written: what was quick to compare may be followed by slow ones."""

_LARGEST_BATCH: Final = 1_000
_HOLD_SECONDS: Final = 0.1
"""How long a batch aims to hold the write lock: other desks must never wait more than a quarter of a second."""

_INSTANT: Final = 0.0001
"""Seconds than which nothing is taken to be quicker."""

_FORGETS: Final = 0.8
"""What is left, with each batch, of how slow one was: the first waits for what is read once, and a merge of the index
makes one of many several times as slow, so that the next may be as well.
"""


_WORK_SECONDS: Final = 0.025
"""What a batch may have in any case, in processor time: on a busy machine every transaction is slow, however small."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long a batch held the write lock, and how much of it this process was at work."""

    seconds: float = 0.0
    work: float = 0.0


def next_size(run: Run, outcome: Outcome, records: int, took: Took) -> int:
    """Return how many records the next batch may have, should all of them be as slow to write as any lately."""
    seconds = took.seconds
    written = min(records, outcome.written)
    if written and seconds:
        run.slowest = max(seconds / written, run.slowest * _FORGETS)
    most = _UNTRIED_BATCH if not run.slowest and seconds else _LARGEST_BATCH
    least = max(1, min(FIRST_BATCH, most, int(records * _WORK_SECONDS / max(took.work, _INSTANT))))
    return max(least, min(most, int(_HOLD_SECONDS / max(run.slowest, seconds / records, _INSTANT))))
