"""Verifying a long log, and taking its last days for the review, each in a process of its own: time and memory."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from staffdesk.services.home import Home
from tests.bench.audit_log.beside import somebody_beside

_PROCESSES: Final = multiprocessing.get_context("forkserver")
_DAY_MS: Final = 86_400_000


def verified(home: Home) -> dict[str, Any]:
    """Return how long the whole log took to verify, the CPU of it, and the most memory."""
    return _apart(_verify, home)


def days_taken(home: Home, days: int) -> dict[str, Any]:
    """Return how long each of the last days took to be taken for the review, beginning with nothing learned."""
    return _apart(_take, home, days)


def _apart(job: Callable[..., None], home: Home, *given: object) -> dict[str, Any]:
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=job, args=(str(home.config.parent), there, *given))
    process.start()
    there.close()
    found: dict[str, Any] = here.recv()
    process.join(60)
    return found


def _verify(folder: str, told: Connection) -> None:
    from staffdesk.services.verification import verify_home  # noqa: PLC0415 - in the process that measures

    before = _peak()
    began, cpu = time.monotonic(), _cpu()
    report = verify_home(Home.locate(Path(folder), {}))
    told.send(
        {
            "seconds": round(time.monotonic() - began, 1),
            "cpu_seconds": round(_cpu() - cpu, 1),
            "entries": report.entries,
            "findings": [each.sentence for each in report.findings],
            "uncovered": report.uncovered,
            "rss_mib": {"before": before, "most": _peak(), "most_of_a_part": _peak(resource.RUSAGE_CHILDREN)},
        }
    )


def _take(folder: str, told: Connection, days: int) -> None:
    from staffdesk.data.deadline import Deadline  # noqa: PLC0415 - in the process that measures
    from staffdesk.data.entries import Entries  # noqa: PLC0415 - as above
    from staffdesk.data.entry_pages import Selection  # noqa: PLC0415 - as above
    from staffdesk.data.review_months import MonthChanges, ReviewMonths  # noqa: PLC0415 - as above
    from staffdesk.domain.flags import Baselines  # noqa: PLC0415 - as above
    from staffdesk.domain.policy import matrix  # noqa: PLC0415 - as above
    from staffdesk.parameters.shapes import policy  # noqa: PLC0415 - as above
    from staffdesk.services.door import Door, Result  # noqa: PLC0415 - as above
    from staffdesk.services.opening_homes import open_database  # noqa: PLC0415 - as above
    from staffdesk.services.review_filling import ReviewFilling  # noqa: PLC0415 - as above
    from staffdesk.services.review_learned import unpacked  # noqa: PLC0415 - as above

    home = Home.locate(Path(folder), {})
    _forget_reviews(home)
    database = open_database(home)
    with database.append(Deadline(60)) as tx:
        entries = Entries(tx)
        newest = entries.page(Selection(acts=("case.noted",), purpose="support"), None, 1).cores[0].t
        midnight = newest - newest % _DAY_MS - days * _DAY_MS
        begins = entries.page(Selection(until=midnight), None, 1).cores[0]
        day = dt.datetime.fromtimestamp(begins.t / 1000, dt.UTC).date()
        MonthChanges(tx).take(ReviewMonths(tx).far(), begins.seq, day, Baselines().to_json())
    taken = list[float]()

    class Watched(Door):
        """Notes when a day that has entries begins to be read, and when it is taken."""

        def scheduled_look(self, due: Result, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on
            taken.append(-time.monotonic())
            return super().scheduled_look(due, *given, **named)

        def scheduled(self, due: Result, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on
            found = super().scheduled(due, *given, **named)
            if taken and taken[-1] < 0:
                taken[-1] += time.monotonic()
            return found

    filling = ReviewFilling(Watched(database, matrix(), policy().version, deadline_seconds=10.0), database)
    before = _peak()
    with somebody_beside(home) as beside:
        items = filling.run().items
    began = time.monotonic()
    with database.append(Deadline(60)) as tx:
        far, learned = ReviewMonths(tx).far(), ReviewMonths(tx).learned()
    unpacked(learned or b"")
    # A night takes one day, and looks up first what was learned by then.
    taken = [round(each + time.monotonic() - began, 2) for each in taken]
    told.send(
        {
            "days": len(taken),
            "seconds_a_day": {"median": statistics.median(taken), "most": max(taken), "last": taken[-1]},
            "entries_a_day": round((far.seq - begins.seq) / len(taken)),
            "items": items,
            "learned_kib": round(len(learned or b"") / 1024),
            "longest_wait_of_an_append_beside_ms": beside.longest,
            "rss_mib": {"before": before, "most": _peak()},
        }
    )


def _forget_reviews(home: Home) -> None:
    """Leave nothing of an earlier run: what is on the list already is not put there again."""
    from staffdesk.data import maintenance  # noqa: PLC0415 - in the process that measures
    from staffdesk.services.settings import read_settings  # noqa: PLC0415 - as above

    url = read_settings(home).postgres_url
    owner = (
        maintenance.sqlite_owner(home.database_file, home.read_key())
        if url is None
        else maintenance.postgres_owner(url)
    )
    with owner as connection:
        for table in ("review_entry", "review", "review_month", "review_progress"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def _peak(of: int = resource.RUSAGE_SELF) -> float:
    return round(resource.getrusage(of).ru_maxrss / 1024, 1)


def _cpu() -> float:
    """Return the seconds of this process and of those that it began and that have ended."""
    used = (resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
