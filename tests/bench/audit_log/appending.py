"""Eight desks appending to one log: paced as people are, then as fast as they can, with the checkpoints due."""

from __future__ import annotations

import multiprocessing
import random
import time
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Final

from staffdesk.services.home import Home
from tests.bench.figures import percentiles, timed

DESKS: Final = 8
PACE: Final = 5.0
"""Entries a second of one desk: many times what an employee writes."""
NOTHING_TO_SEAL_MS: Final = 0.2
_PROCESSES: Final = multiprocessing.get_context("forkserver")


def appended(home: Home, actor: str, seconds: float) -> dict[str, Any]:
    """Return what an append took, how evenly the desks came to it, and the longest that one of them waited."""
    lines, processes = [], []
    for number in range(DESKS):
        here, there = _PROCESSES.Pipe()
        process = _PROCESSES.Process(target=_desk, args=(str(home.config.parent), actor, number, seconds, there))
        process.start()
        there.close()
        lines.append(here)
        processes.append(process)
    found: dict[str, Any] = {}
    for name in ("paced", "saturated"):
        for line in lines:
            line.recv()
        for line in lines:
            line.send("go")
        told: list[tuple[list[float], list[float]]] = [line.recv() for line in lines]
        taken = [each for appends, _ in told for each in appends]
        sealing = [each for _, seals in told for each in seals]
        counts = [len(appends) for appends, _ in told]
        found[name] = {
            "append_ms": percentiles(taken),
            "longest_wait_ms": round(max(taken), 1),
            "seal_ms": percentiles(sealing) if sealing else None,
            "longest_seal_ms": round(max(sealing, default=0.0), 1),
            "appends_a_second": round(sum(counts) / seconds),
            "seals_tried": len(sealing),
            "fairness": round(min(counts) / max(counts), 2),
        }
    for process in processes:
        process.join(60)
    return found


def _desk(folder: str, actor: str, number: int, seconds: float, told: Connection) -> None:
    """Append beside the others; what is due of checkpoints is made between two, as a desk does."""
    from pathlib import Path  # noqa: PLC0415 - in the process that measures

    from staffdesk.data.deadline import Deadline  # noqa: PLC0415 - as above
    from staffdesk.data.log import Event, Log, new_audit_id  # noqa: PLC0415 - as above
    from staffdesk.domain.access import Act, Basis, Level, Purpose, Standing  # noqa: PLC0415 - as above
    from staffdesk.domain.errors import LogUnavailable  # noqa: PLC0415 - as above
    from staffdesk.parameters.shapes import policy, sessions  # noqa: PLC0415 - as above
    from staffdesk.services.desk import open_database  # noqa: PLC0415 - as above
    from staffdesk.services.home import read_seal_key  # noqa: PLC0415 - as above
    from staffdesk.services.sealing import Sealer  # noqa: PLC0415 - as above

    home = Home.locate(Path(folder), {})
    database, dice = open_database(home), random.Random(number)  # noqa: S311 - a pace
    sealer = Sealer(database, read_seal_key(home), home.checkpoints, sessions().log)
    version = policy().version
    written = [0]

    def append() -> None:
        event = Event(
            act=Act.CUSTOMER_OPENED, actor=actor, host=f"desk-{number:02}", purpose=Purpose.SUPPORT,
            ref=new_audit_id("c"), standing=Standing.VERIFIED, basis=Basis.TICKET, level=Level.OPENED,
            obj=(new_audit_id("s"),), kinds=("person",), n=1,
        )  # fmt: skip
        with database.append(Deadline(10)) as tx:
            written[0] = Log(tx, version).append(event).seq

    for pace in (PACE, None):
        taken: list[float] = []
        sealing: list[float] = []
        told.send("ready")
        told.recv()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if pace is not None:
                time.sleep(dice.expovariate(pace))
            try:
                taken.append(timed(append))
            except LogUnavailable:
                taken.append(10_000.0)
            passed = timed(partial(sealer.after, written[0]))
            if passed > NOTHING_TO_SEAL_MS:
                sealing.append(passed)
        told.send((taken, sealing))
    sealer.close()
    database.close()
