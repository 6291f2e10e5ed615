"""A long log: what an append, a page, verifying it and taking a day of it for the review cost at its size.

``python -m tests.bench.audit --entries N --home DIR [--database URL] [--parts PART ...] [--json]`` builds, once, a home
whose log holds N entries of a simulated company of two hundred and really verifies; a home that is there is used again.
Then it measures

*pages*   every word of a filter alone, each two together and the worst of three, from the newest entry back and turned
          on; and the same as a reviewer asks for them, with the entry of the reading;
*append*  eight desks, paced and then as fast as they can, with every checkpoint that is due;
*verify*  the whole log, every copy compared: seconds and memory;
*days*    the log's last days taken for the review one by one, as the nightly run does, with somebody appending beside;
*counted* the last month in pictures and the evidence of the policy, as asked for, with somebody beside as well.

Each stands beside its budget; the exit code is 1 where one is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.domain.access import Access, Purpose
from staffdesk.services.desk import Desk
from staffdesk.services.opening_homes import open_database, open_desk
from tests.bench.audit_log.appending import appended
from tests.bench.audit_log.building import LongLog, long_log
from tests.bench.audit_log.counted import counted
from tests.bench.audit_log.pages import pages, service_pages
from tests.bench.audit_log.work import days_taken, verified
from tests.bench.figures import machine

PARTS: Final = ("pages", "append", "verify", "days", "counted")
PAGE_P99_MS: Final = 20.0
LONGEST_WAIT_MS: Final = 300.0
LEAST_FAIR: Final = 0.2
VERIFY_SECONDS_OF_10_M: Final = 120.0
DAY_SECONDS: Final = 10.0
LOCK_MS: Final = 250.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.audit", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--days", type=int, default=21)
    parser.add_argument("--singles", action="store_true", help="each word alone, and no pairs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    log = long_log(options.home, options.entries, options.database)
    report: dict[str, Any] = {
        "machine": machine(),
        "entries": options.entries,
        "database": "SQLite" if options.database is None else "PostgreSQL",
        "built_seconds": log.built_seconds,
        "size_gb": _size(log, options.database),
        **{part: _measured(log, part, options) for part in PARTS if part in options.parts},
        "load_after": round(os.getloadavg()[0], 2),
    }
    report["missed"] = list(_missed(report))
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(f"{name:14} {value}\n" for name, value in report.items())
    return 1 if report["missed"] else 0


def _measured(log: LongLog, part: str, options: argparse.Namespace) -> dict[str, Any]:
    if part == "append":
        return appended(log.home, _somebody(log), options.seconds)
    if part == "verify":
        return verified(log.home)
    if part == "days":
        return days_taken(log.home, options.days)
    if part == "counted":
        with _signed_in(log) as (desk, access):
            return counted(log.home, desk, access)
    database = open_database(log.home)
    try:
        found = pages(database, options.rounds, pairs=not options.singles)
    finally:
        database.close()
    with _signed_in(log) as (desk, access):
        return {**found, "service_ms": service_pages(desk, access, options.rounds)}


@contextmanager
def _signed_in(log: LongLog) -> Iterator[tuple[Desk, Access]]:
    desk = open_desk(log.home)
    try:
        sid = desk.sign_in.sign_in(log.user, log.password, "bench").sid
        yield desk, Access(sid, Purpose.SECURITY, None, "bench")
    finally:
        desk.close()


def _somebody(log: LongLog) -> str:
    database = open_database(log.home)
    try:
        with database.append(Deadline(60)) as tx:
            return Entries(tx).page(Selection(acts=("case.noted",)), None, 1).cores[0].actor or ""
    finally:
        database.close()


def _size(log: LongLog, url: str | None) -> float:
    if url is None:
        return round(log.home.database_file.stat().st_size / 1e9, 2)
    import sqlalchemy as sa  # noqa: PLC0415 - for a server alone

    from staffdesk.data import maintenance  # noqa: PLC0415 - for a server alone

    with maintenance.postgres_owner(url) as owner:
        return round(int(owner.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one()) / 1e9, 2)


def _missed(report: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each budget that was not kept."""
    for what, value, limit in _held(report):
        if value > limit:
            yield f"{what}: {value:g}, at most {limit:g}"
    if "append" in report and report["append"]["saturated"]["fairness"] < LEAST_FAIR:
        yield f"fairness: {report['append']['saturated']['fairness']}, at least {LEAST_FAIR:g}"
    if report.get("verify", {}).get("findings"):
        yield "the log does not verify"


def _held(report: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Yield what was measured and how much it may be."""
    if "pages" in report:
        yield "a page, p99 ms of all", report["pages"]["all_ms"]["p99"], PAGE_P99_MS
        yield "a page, p50 ms of the slowest filter", report["pages"]["p50_of_the_slowest_ms"], PAGE_P99_MS
    if "append" in report:
        paced, saturated = report["append"]["paced"], report["append"]["saturated"]
        yield "an append, p99 ms", paced["append_ms"]["p99"], 5 * report["machine"]["fdatasync_ms"]["p99"] + 5
        yield "a desk's wait, ms", max(paced["longest_wait_ms"], saturated["longest_wait_ms"]), LONGEST_WAIT_MS
    if "verify" in report:
        found = report["verify"]
        yield "verify, seconds", found["seconds"], VERIFY_SECONDS_OF_10_M * found["entries"] / 10_000_000
    if "days" in report:
        yield "a day for the review, seconds", report["days"]["seconds_a_day"]["most"], DAY_SECONDS
        yield "an append beside it, ms", report["days"]["longest_wait_of_an_append_beside_ms"], LOCK_MS


if __name__ == "__main__":
    raise SystemExit(main())
