"""Erasing one customer of 200 orders, 500 activations and 60 reports from a desk that others work at.

``python -m tests.bench.erasure [--people N] [--home DIR] [--database URL --copy DIR] [--json]`` makes an invented
company, or takes the one that ``tests.bench.lookup`` keeps in DIR, writes him into it under a name no earlier run had,
erases him, finishes and sweeps, while another process appends to the log all the time and says how long it had to wait.
Each figure stands beside its budget: 60 seconds to nothing left, and after the one transaction no wait for the write
lock above 250 ms. The steps are told apart, with the longest wait in each; the exit code is 1 where a budget is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from staffdesk.data import file_bytes, maintenance
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.licensing import Activation
from staffdesk.data.tables.sales import Invoice, OrderLine
from staffdesk.domain.access import Act
from staffdesk.domain.errors import LogUnavailable
from staffdesk.services.erasure import due, sweep
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_database
from tests import factories
from tests.bench.figures import machine, percentiles
from tests.bench.lookup import built, people_in
from tests.services.erasures import NOW, TODAY, erased, planned

LONGEST_SECONDS: Final = 60.0
LONGEST_WAIT_MS: Final = 250.0
_PACE: Final = 0.01
_YEARS: Final = (2015, 2017, 2019, 2023, 2025)
_SYLLABLES: Final = ("ba", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa", "xe", "yi", "zo", "fu", "ga")


@dataclass(slots=True)
class Clock:
    """What each step took, and from when to when it went on."""

    steps: list[tuple[str, float, float]] = field(default_factory=list)

    def timed(self, name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``run``, noted whenever it is called."""

        def noted(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            began = time.monotonic()
            try:
                return run(*given, **named)
            finally:
                self.steps.append((name, began, time.monotonic()))

        return noted

    def told(self, waits: Sequence[tuple[float, float]]) -> dict[str, dict[str, float]]:
        """Return the seconds of each step, and the longest wait that began or ended in it."""
        found: dict[str, dict[str, float]] = {}
        for name, began, ended in self.steps:
            longest = max((1000 * took for at, took in waits if at <= ended and at + took >= began), default=0.0)
            step = found.setdefault(name, {"seconds": 0.0, "longest_wait_ms": 0.0})
            step["seconds"] = round(step["seconds"] + ended - began, 3)
            step["longest_wait_ms"] = max(step["longest_wait_ms"], round(longest, 1))
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where the budget was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.erasure", description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--activations", type=int, default=500)
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--home", metavar="DIR", type=Path, help="a company that is kept there, or is to be")
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--copy", metavar="DIR", type=Path, help="the home whose customers go to --database")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.locate(options.home or Path(folder), os.environ)
        if not home.config.exists():
            built(home, options.people, options.database, options.copy)
        database = open_database(home)
        people = people_in(home)
        report = _measured(home, database, _customer(database, options))
        database.close()
    report = {"machine": machine(), "people": people, **report}
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(_lines(report))
    return 1 if report["missed"] else 0


def _lines(report: dict[str, Any]) -> Iterator[str]:
    for name, value in report.items():
        if name == "steps":
            for step, told in value.items():
                yield f"  {step:22} {told['seconds']:8.3f} s, longest wait {told['longest_wait_ms']:7.1f} ms\n"
        else:
            limit = report["budget"].get(name)
            yield f"{name:24} {value}" + (f"  (at most {limit:g})" if limit is not None else "") + "\n"


def _name(number: int) -> str:
    """Return a name that only this number has, in letters."""
    return "".join(_SYLLABLES[int(digit, 16)] for digit in f"{number:x}").capitalize()


def _customer(database: Database, options: argparse.Namespace) -> int:
    run = time.time_ns() // 1_000_000
    mark, name, family = f"{run % 36**5:05d}", _name(run), _name(run // 7 + 1)
    digits = f"{run % 1_000_000:06d}"
    him = factories.person(
        given_name=name, family_name=family, email=f"{name.lower()}@{family.lower()}.example",
        phone=f"+32470{digits}", street=f"{family}weg 17", country="BE",
    )  # fmt: skip
    (person,) = factories.put(database, him)
    origin = factories.provenance()
    with factories.writing(database) as pen:
        orders = pen.add(
            [
                factories.order(person_id=person, number=f"Q{mark}-{n:05d}", store_order_id=f"q{mark}-{n}")
                for n in range(options.orders)
            ]
        )
        pen.add([OrderLine.checked({"order_id": each, "position": 1, "description": "Movie"}) for each in orders])
        pen.add([_invoice(each, n, mark, f"{name} {family}") for n, each in enumerate(orders)])
        licences = pen.add([factories.licence(person_id=person, serial=f"Q{mark}-{n:06d}") for n in range(20)])
        pen.add(
            [
                Activation.checked(
                    {
                        **origin, "licence_id": licences[n % len(licences)], "user_name": f"{family.lower()}-{n}",
                        "mac": f"02:{digits[:2]}:{digits[2:4]}:{digits[4:]}:{n // 256:02X}:{n % 256:02X}",
                        "activated_at": NOW, "status": "active",
                    }
                )
                for n in range(options.activations)
            ]
        )  # fmt: skip
        pen.add([factories.report(person, "call", body=f"{family} {n} " * 40) for n in range(options.reports)])
    return person


def _invoice(order: int, n: int, mark: str, billed: str) -> Invoice:
    return Invoice.checked(
        {
            **factories.provenance(), "order_id": order, "number": f"QI{mark}-{n:05d}", "currency": "EUR",
            "invoiced_on": dt.date(_YEARS[n % len(_YEARS)], 3, 1), "billing_name": billed, "total": "1.00",
        }
    )  # fmt: skip


def _measured(home: Home, database: Database, person: int) -> dict[str, Any]:
    storage = Storage.of_home(home, database)
    finish(storage, "2024-10", TODAY, NOW)  # what a run that was broken off left to be done
    ours, theirs = multiprocessing.get_context("forkserver").Pipe()
    other = multiprocessing.get_context("forkserver").Process(target=_append, args=(home.config.parent, theirs))
    other.start()
    theirs.close()
    ours.recv()
    clock = Clock()
    decided = clock.timed("plan", planned)(database, person)
    with database.append() as tx:
        origin = Entries(tx).origin()
    clock.timed("transaction", erased)(storage, decided, origin=origin)
    committed, cpu = time.monotonic(), _cpu_seconds()
    with _steps(clock):
        done = clock.timed("finish", finish)(storage, "2024-10", TODAY, NOW)
    ended, cpu = time.monotonic(), _cpu_seconds() - cpu
    ours.send("stop")
    waits: list[tuple[float, float]] = ours.recv()
    other.join()
    after = [1000 * took for at, took in waits if at >= committed]
    (found,) = done.swept
    seconds, longest = round(ended - clock.steps[0][1], 3), round(max(after, default=0.0), 1)
    budget = {"in_all_s": LONGEST_SECONDS, "longest_wait_ms": LONGEST_WAIT_MS, "left": 0}
    measured = {"in_all_s": seconds, "longest_wait_ms": longest, "left": sum(found.left.values()) + done.open}
    return {
        "file_mb": round(home.database_file.stat().st_size / 1e6, 1) if storage.path else None,
        "rows": len(decided.rows),
        **measured,
        "finish_cpu_s": round(cpu, 3),
        "waits": len(after),
        "waits_ms": percentiles(after) if after else {},
        "pages": found.pages,
        "left_in": dict(found.left),
        "held": sum(found.held.values()),
        "steps": clock.told(waits),
        "budget": budget,
        "missed": [name for name, limit in budget.items() if measured[name] > limit],
    }


@contextmanager
def _steps(clock: Clock) -> Iterator[None]:
    """Note what the parts of the destruction take while it is open."""
    parts = (
        (maintenance, ("forget_words", "fit_trigrams_sqlite", "empty_the_journal", "compact")),
        (maintenance, ("fit_trigrams_postgres", "vacuum_postgres")),
        (sweep, ("rows_of_file", "rows_of_server")),
        (file_bytes, ("count",)),
        (due, ("_forget_mentions", "destroy_files")),
    )
    before = [(module, name, getattr(module, name)) for module, names in parts for name in names]
    for module, name, run in before:
        setattr(module, name, clock.timed(name.strip("_"), run))
    try:
        yield
    finally:
        for module, name, run in before:
            setattr(module, name, run)


def _cpu_seconds() -> float:
    """Return what this process took of the processors, and those it started that have ended."""
    return sum(os.times()[:4])


def _append(folder: Path, line: Connection) -> None:
    """Append to the log again and again until told to stop, and tell when each began and how long it took."""
    database = open_database(Home.locate(folder, os.environ))
    took: list[tuple[float, float]] = []
    line.send("ready")
    while not line.poll():
        began = time.monotonic()
        with suppress(LogUnavailable), database.append(Deadline(60)) as tx:  # refused after a second: a wait too
            Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))
        took.append((began, time.monotonic() - began))
        time.sleep(_PACE)
    line.send(took)
    database.close()


if __name__ == "__main__":
    sys.exit(main())
