"""A batch is as large as lets nobody wait, whatever a record, a transaction and a busy machine take.

Seen to fail: without what a batch may have in any case (sizes fell to one and stayed there).
"""

from __future__ import annotations

import datetime as dt

from staffdesk.data.customers.fields import Origin
from staffdesk.services.importing.batch_sizes import FIRST_BATCH, Took, next_size
from staffdesk.services.importing.profiles import profile
from staffdesk.services.importing.run import Outcome, Run

LONGEST = 0.25


def _sizes(batches: int, *, each: float, fixed: float, crowd: float = 1.0) -> list[int]:
    """Return the sizes of so many batches on a machine that gives one ``crowd``-th of its time."""
    run = Run(
        store="leads", profile=profile("leads"), told=Origin(source="EVENT_OWN", obtained_on=dt.date(2026, 9, 14))
    )
    sizes = [FIRST_BATCH]
    for _ in range(batches):
        outcome, work = Outcome(), fixed + each * sizes[-1]
        outcome.counts["people", "new"] = sizes[-1]
        sizes.append(next_size(run, outcome, sizes[-1], Took(work * crowd, work)))
    return sizes


def test_batches_grow_to_what_may_be_waited_for() -> None:
    sizes = _sizes(40, each=0.0003, fixed=0.008)
    assert sizes[-1] > 200
    assert max(0.008 + 0.0003 * size for size in sizes) < LONGEST


def test_slow_records_come_a_few_at_a_time() -> None:
    sizes = _sizes(40, each=0.02, fixed=0.008)
    assert max(0.008 + 0.02 * size for size in sizes[1:]) < LONGEST


def test_batches_do_not_shrink_for_what_every_transaction_takes_on_a_busy_machine() -> None:
    assert min(_sizes(40, each=0.0003, fixed=0.008, crowd=20)) >= FIRST_BATCH // 2
