"""How many records are written in one go: no other desk waits longer for the write lock than it must."""

from __future__ import annotations

from typing import Final

from staffdesk.services.importing.run import Outcome, Run

FIRST_BATCH: Final = 25
"""Records of the first batch, of which nothing is known yet."""

_UNTRIED_BATCH: Final = 150
"""Records of the largest batch before any was written: what was quick to compare may be followed by slow ones."""

_LARGEST_BATCH: Final = 400
_HOLD_SECONDS: Final = 0.1
"""How long a batch aims to hold the write lock: other desks must never wait more than a quarter of a second."""

_FORGETS: Final = 0.5
"""What is left, with each batch, of how slow one was: the first waits for what is read once."""


def next_size(run: Run, outcome: Outcome, records: int, seconds: float) -> int:
    """Return how many records the next batch may have, should all of them be as slow to write as any lately."""
    written = min(records, outcome.written)
    if written and seconds:
        run.slowest = max(seconds / written, run.slowest * _FORGETS)
    most = _UNTRIED_BATCH if not run.slowest and seconds else _LARGEST_BATCH
    return max(1, min(most, _LARGEST_BATCH, int(_HOLD_SECONDS / max(run.slowest, seconds / records, 0.0001))))
