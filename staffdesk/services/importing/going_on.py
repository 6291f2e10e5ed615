"""An import that was stopped and is gone on with, its end, and another one that keeps the database from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Final

from staffdesk.data.deadline import Deadline
from staffdesk.data.import_runs import EndingRuns, ImportRuns
from staffdesk.data.import_runs import Run as RunOnFile
from staffdesk.data.transaction import Append, Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict, LogBusy, StaffdeskError, StorageBusy
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.importing.moments import rules
from staffdesk.services.importing.run import Run
from staffdesk.services.sessions import utc_ms


class UndoneMeanwhile(StaffdeskError):
    """Another desk undid an import that was still running: no record is to blame, so all of it stops."""

    exit_code = Conflict.exit_code


class RunState(StrEnum):
    """How an import stands; one that is not finished and silent for a while was stopped."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"
    UNDONE = "undone"


def state_of(run: RunOnFile) -> RunState:
    """Say how an import stands now."""
    if run.undone_at is not None:
        return RunState.UNDONE
    if run.finished_at is not None:
        return RunState.FINISHED
    return RunState.RUNNING if (run.written_at or 0) >= _running_since() else RunState.STOPPED


_TRIES: Final = 3
"""How often it is asked which import keeps the database: that one leaves it free between two batches."""


def go_on(tx: Append, run: Run) -> None:
    """Give a run the number of the one of the same files that was stopped, so that both are undone as one."""
    number = None if run.begun is None else ImportRuns(tx).stopped(run.begun)
    if number is not None:
        _one(EndingRuns(tx).gone_on(number, utc_ms()))
        run.id = number


def begin_batch(tx: Change, run: Run) -> None:
    """Let a batch be written beside no other one; raises :class:`UndoneMeanwhile`."""
    EndingRuns(tx).alone()
    found = None if run.id is None else ImportRuns(tx).of_number(run.id)
    if found is not None and found.undone_at is not None:
        raise UndoneMeanwhile(
            f"Import {found.id} was undone by another desk while it ran: no more of it was taken in.",
            "Run: staffdesk import list",
        )


def note_written(tx: Change, run: Run) -> None:
    """Note that a run is at work, where it is a row by now."""
    if run.id is not None:
        _one(EndingRuns(tx).wrote(run.id, utc_ms()))


def finish(door: Door, access: Access, run: Run, patience: float) -> None:
    """Note that all of a run was read, where it wrote anything; one entry and its intent."""
    number = run.id
    if number is None or run.begun is None:
        return
    kinds = ("end", run.store)

    def write(tx: Append, _cleared: Clearance) -> tuple[None, Result]:
        _one(EndingRuns(tx).finished(number, utc_ms()))
        return None, Result(act=Act.IMPORT_RUN, kinds=kinds, n=1)

    draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=kinds, n=1)
    door.act(access, draft, write, deadline=Deadline(patience))


@contextmanager
def beside_another(door: Door, access: Access, own: Callable[[], int | None]) -> Iterator[None]:
    """Say of a database that was busy that another import is running, where one is, and since when."""
    try:
        yield
    except (LogBusy, StorageBusy) as error:
        said = _another(door, access, own())
        if said is None:
            raise
        raise type(error)(
            f"{error.sentence} {said}",
            f"{error.hint} Wait until that one is finished (staffdesk import list), then run this again: it goes on.",
        ) from error


def _another(door: Door, access: Access, own: int | None) -> str | None:
    """Return a sentence about another import that is running, or None where none is or nothing can be asked."""
    since = _running_since()
    for _ in range(_TRIES):
        with suppress(StaffdeskError):
            found = door.peek(access, lambda tx: ImportRuns(tx).running(since, own))
            if found is None:
                return None
            began = dt.datetime.fromtimestamp((found.continued_at or found.started_at) / 1000, dt.UTC)
            return f"Another import is running since {began:%H:%M} UTC: number {found.id}, {found.store}."
    return None


def _running_since() -> int:
    return utc_ms() - 1000 * rules().running_seconds


def _one(touched: int) -> None:
    if touched != 1:
        raise Conflict("The import was taken away meanwhile.", "Run: staffdesk import list")
