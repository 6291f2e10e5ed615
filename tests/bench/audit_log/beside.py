"""Somebody who appends now and then beside what is measured, in a process of his own: how long did he wait at most."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from staffdesk.services.home import Home
from tests.bench.figures import timed

_PROCESSES: Final = multiprocessing.get_context("forkserver")


class Beside:
    """Who appends; ``longest`` milliseconds of one append are known once he has stopped."""

    longest = 0.0


@contextmanager
def somebody_beside(home: Home) -> Iterator[Beside]:
    """Have somebody append to the home's log as long as the block lasts."""
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_append, args=(str(home.config.parent), there))
    process.start()
    there.close()
    here.recv()
    found = Beside()
    try:
        yield found
    finally:
        here.send("stop")
        found.longest = round(here.recv(), 1)
        process.join(30)


def _append(folder: str, told: Connection) -> None:
    from staffdesk.data.deadline import Deadline  # noqa: PLC0415 - in the process that appends
    from staffdesk.data.log import Event, Log  # noqa: PLC0415 - as above
    from staffdesk.domain.access import Act  # noqa: PLC0415 - as above
    from staffdesk.domain.errors import LogUnavailable  # noqa: PLC0415 - as above
    from staffdesk.parameters.shapes import policy  # noqa: PLC0415 - as above
    from staffdesk.services.opening_homes import open_database  # noqa: PLC0415 - as above

    database, version = open_database(Home.locate(Path(folder), {})), policy().version

    def append() -> None:
        # One that is refused has waited for as long as a desk does.
        with suppress(LogUnavailable), database.append(Deadline(60)) as tx:
            Log(tx, version).append(Event(act=Act.AUDIT_VERIFIED))

    append()
    told.send("ready")
    longest = 0.0
    while not told.poll(0.02):
        longest = max(longest, timed(append))
    told.send(longest)
    database.close()
