"""Importing what the licence manager exports, beside rows that the bare driver writes.

``python -m tests.bench.imports [--rows N] [--database URL] [--no-dry] [--json]`` makes a new desk and three files
of N rows together: people with their companies, the licences of each, the computers they are activated on. Each file is
looked through first (*dry*), then taken in (*write*), then taken in again (*again*), when nothing may change. *raw* are
finished rows of the same tables, with every index and trigger, that the driver's ``executemany`` writes in the same
database before the import and after it. Told of each stage: rows a second of wall clock and of this process's own
processor time, the most memory it had at once, and the longest that a transaction held the write lock (on PostgreSQL:
was open). The exit code is 1 where a budget is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.cli.main import _OFTEN_ENOUGH
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.postgres import PostgresDatabase
from staffdesk.data.sqlite import SqliteDatabase
from staffdesk.domain.access import Access, Role
from staffdesk.services.desk import Desk
from staffdesk.services.home import Home
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.opening_homes import open_desk
from tests.bench import budgets
from tests.bench.exports import SAID, written
from tests.bench.figures import machine, percentiles
from tests.bench.raw_rows import raw_rows

_RAW_SHARE: Final = 10
_MOST_RAW: Final = 50_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a budget was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--database", metavar="URL", help="an empty database on a server")
    parser.add_argument("--no-dry", action="store_true", help="without looking the files through first")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    gc.set_threshold(*_OFTEN_ENOUGH)
    with tempfile.TemporaryDirectory() as folder, _processes() as others:
        home = Home.locate(Path(folder) / "home", os.environ)
        user, password = others.submit(_made, Path(folder), options.database).result()
        files = others.submit(written, Path(folder), options.rows, options.rows).result()
        many = min(_MOST_RAW, max(1, options.rows // _RAW_SHARE))
        stages = others.submit(raw_rows, home, many, "before").result()
        desk = open_desk(home)
        access = Access(desk.sign_in.sign_in(user, password, "bench").sid, host="bench")
        stages += _measured(desk, access, files, dry=not options.no_dry)
        desk.close()
        stages += others.submit(raw_rows, home, many, "after").result()
    report = {
        "machine": machine(),
        "rows": options.rows,
        "postgres": options.database is not None,
        "stages": stages,
        "of_raw": round(budgets.of_raw(stages), 3),
        "missed": budgets.missed_by_imports(stages),
    }
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(map(_line, stages))
        sys.stdout.write(f"{report['of_raw']:.2f} of raw\n")
        sys.stdout.writelines(f"over budget: {each}\n" for each in report["missed"])
    return int(bool(report["missed"]))


@contextmanager
def _processes() -> Iterator[ProcessPoolExecutor]:
    """Give a process for what the import's own memory is not to be told with."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as others:
        yield others


def _made(folder: Path, url: str | None) -> tuple[str, str]:
    """Make a desk, and return the account of somebody who may import."""
    from staffdesk.services.demo import make_demo  # noqa: PLC0415 - in that process alone

    made = make_demo(Home.locate(folder / "home", os.environ), people=1, seed=1, database_url=url)
    who = next(each for each in made.accounts if each.role is Role.PRIVACY)
    return who.user, who.password


def _line(stage: dict[str, Any]) -> str:
    told = f"  at most {stage['peak_mb']:6.1f} MB  held {stage['held_ms']}" if "peak_mb" in stage else ""
    return (
        f"{stage['file']:12} {stage['stage']:8} {stage['rows']:9,} rows  {stage['rows_s']:9,.0f}/s"
        f"  {stage['rows_cpu_s']:9,.0f}/cpu s{told}\n"
    )


def _measured(desk: Desk, access: Access, files: dict[str, Path], *, dry: bool) -> Iterator[dict[str, Any]]:
    for name, path in files.items():
        for stage in ("dry", "write", "again") if dry else ("write", "again"):
            with _memory() as memory, _held() as held:
                desk.sign_in.seen(access.session)  # a session without a key for so long is locked
                began, cpu = time.perf_counter(), time.process_time()
                report = desk.imports.run(access, "licences", [path], said=SAID, dry_run=stage == "dry")
                wall, cpu = time.perf_counter() - began, time.process_time() - cpu
            yield {
                "file": name,
                "stage": stage,
                "rows": report.read,
                **_rates(report.read, wall, cpu),
                "states": _states(report),
                "refused": report.all_refused,
                "batches": len(held),
                "held_ms": {**percentiles(held), "longest": round(max(held), 1)} if held else {"longest": 0.0},
                **memory,
            }


def _rates(rows: int, wall: float, cpu: float) -> dict[str, float]:
    return {
        "wall_s": round(wall, 3),
        "cpu_s": round(cpu, 3),
        "rows_s": round(rows / wall, 1),
        "rows_cpu_s": round(rows / cpu, 1),
    }


def _states(report: ImportReport) -> dict[str, int]:
    return {f"{kind} {state}": n for kind in report.kinds for state, n in report.of(kind).items() if n}


@contextmanager
def _memory() -> Iterator[dict[str, float]]:
    """Give the most memory this process has had while it is open, in MB; Linux alone counts it anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    told: dict[str, float] = {}
    yield told
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    told["peak_mb"] = round(peak * 1024 / 1e6, 1)


@contextmanager
def _held() -> Iterator[list[float]]:
    """Give the milliseconds for which each transaction that writes held what it holds, while it is open."""
    found: list[float] = []
    before = [(kind, kind._begun) for kind in (SqliteDatabase, PostgresDatabase)]
    for kind, begun in before:
        kind._begun = _timed(begun, found)  # type: ignore[method-assign]
    try:
        yield found
    finally:
        for kind, begun in before:
            kind._begun = begun  # type: ignore[method-assign]


def _timed(begun: Any, found: list[float]) -> Any:  # noqa: ANN401 - a method as the class has it
    @contextmanager
    def timed(
        database: Database, connection: sa.Connection, deadline: Deadline, *, writes: bool, opens: bool
    ) -> Iterator[None]:
        with begun(database, connection, deadline, writes=writes, opens=opens):
            began = time.perf_counter()
            try:
                yield
            finally:
                if writes:
                    found.append(1000 * (time.perf_counter() - began))

    return timed


if __name__ == "__main__":
    sys.exit(main())
