"""Fifteen desks on one home: what they weigh and burn at rest, and how long one waits for another at work.

``python -m tests.bench.desks [--desks N] [--seconds S] [--parts PART] [--json]`` makes an invented company and measures

*resting*   real terminals in ptys, signed in, at the search box, nobody typing: CPU of each, memory of each and of all
            together (shared pages once);
*working*   as many processes of services, each looking people up at random moments, about one look a second, with an
            entry of its own timed between: search, opening, append;
*saturated* all appending as fast as they can: the longest wait of anyone, and fewest over most, which says how fair the
            queue is.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from staffdesk.domain.access import Access, Act, Purpose, RecordKind, Role
from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home
from tests.bench.figures import machine, percentiles, timed
from tests.bench.start import MIB, Screen

PEOPLE: Final = 2000
PACE: Final = 1.0
"""Looks a second of one employee: several times what anybody on a call does."""
SATURATED: Final = 5.0
SETTLE: Final = 12.0
_PROCESSES: Final = multiprocessing.get_context("forkserver")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desks", description=__doc__)
    parser.add_argument("--desks", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--parts", nargs="+", choices=("resting", "working"), default=("resting", "working"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.locate(Path(folder), os.environ)
        demo = make_demo(home, people=PEOPLE, seed=1)
        report: dict[str, Any] = {"machine": machine(), "desks": options.desks}
        if "resting" in options.parts:
            report["resting"] = _resting(demo, options.desks, options.seconds)
        if "working" in options.parts:
            report |= _working(demo, options.desks, options.seconds)
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(f"{name:10} {value}\n" for name, value in report.items())
    return 0


def _resting(demo: Demo, desks: int, seconds: float) -> dict[str, object]:
    account = next(each for each in demo.accounts if each.role is Role.SUPPORT)
    folder = demo.home.config.parent
    screens: list[Screen] = []
    try:
        for _ in range(desks):
            screen = Screen([sys.executable, "-m", "staffdesk", "run"], folder)
            screens.append(screen)
            screen.until("User name")
            screen.type(f"{account.user}\t{account.password}\r")
            screen.until("My open cases")
            screen.type("S")
            screen.until("Type a name")
        for screen in screens:
            threading.Thread(target=screen.drain, daemon=True).start()
        time.sleep(SETTLE)
        before = [screen.cpu() for screen in screens]
        time.sleep(seconds)
        burnt = [(screen.cpu() - then) / seconds * 100 for screen, then in zip(screens, before, strict=True)]
        return {
            "cpu_percent": {"median": round(statistics.median(burnt), 2), "most": round(max(burnt), 2)},
            "rss_mib": round(statistics.median(screen.resident() for screen in screens), 1),
            "pss_mib_each": round(statistics.median(_shared_once(screen.pids) for screen in screens), 1),
            "together_gb": round(sum(_shared_once(screen.pids) for screen in screens) * MIB / 1e9, 3),
            "rss_together_gb": round(sum(screen.resident() for screen in screens) * MIB / 1e9, 3),
        }
    finally:
        for screen in screens:
            screen.close()


def _shared_once(pids: Iterable[int]) -> float:
    """Return the memory of processes in MiB, each shared page divided among those who share it."""
    told = [Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii") for pid in pids]
    lines = [line for each in told for line in each.splitlines() if line.startswith("Pss:")]
    return sum(int(line.split()[1]) for line in lines) / 1024


def _working(demo: Demo, desks: int, seconds: float) -> dict[str, Any]:
    account = next(each for each in demo.accounts if each.role is Role.PRIVACY)
    lines = []
    processes = []
    for number in range(desks):
        here, there = _PROCESSES.Pipe()
        given = (str(demo.home.config.parent), account.user, account.password, demo.case, number, seconds, there)
        process = _PROCESSES.Process(target=employee, args=given)
        process.start()
        there.close()
        here.recv()
        lines.append(here)
        processes.append(process)
    for line in lines:
        line.send("go")
    worked: list[Mapping[str, list[float]]] = [line.recv() for line in lines]
    for line in lines:
        line.send("go")
    counts: list[tuple[int, float]] = [line.recv() for line in lines]
    for process in processes:
        process.join(30)
    most = max(count for count, _ in counts)
    working: dict[str, object] = {}
    for name in ("search", "open", "append"):
        taken = [each for one in worked for each in one[name]]
        working[f"{name}_ms"] = {**percentiles(taken), "max": round(max(taken), 2), "n": len(taken)}
    return {
        "working": working,
        "saturated": {
            "appends_a_second": round(sum(count for count, _ in counts) / SATURATED),
            "fairness": round(min(count for count, _ in counts) / most, 2),
            "longest_wait_ms": round(max(longest for _, longest in counts), 1),
        },
    }


def employee(home: str, user: str, password: str, case: str, number: int, seconds: float, told: Connection) -> None:
    """Sign in, look people up at random moments, then append without a pause; tell what it took."""
    from staffdesk.data.deadline import Deadline  # noqa: PLC0415 - in the process that measures
    from staffdesk.data.log import Event, Log  # noqa: PLC0415 - as above
    from staffdesk.domain.errors import LogUnavailable  # noqa: PLC0415 - as above
    from staffdesk.parameters.shapes import policy  # noqa: PLC0415 - as above
    from staffdesk.services.opening_homes import open_database, open_desk  # noqa: PLC0415 - as above

    located = Home.locate(Path(home), {})
    desk, database, dice = open_desk(located), open_database(located), random.Random(number)  # noqa: S311 - a pace
    access = Access(desk.sign_in.sign_in(user, password, f"desk{number}").sid, Purpose.RIGHTS, case, f"desk{number}")
    version, event = policy().version, Event(act=Act.AUDIT_VERIFIED)

    def append() -> None:
        with database.append(Deadline(10)) as tx:
            Log(tx, version).append(event)

    told.send("ready")
    told.recv()
    taken: dict[str, list[float]] = {"search": [], "open": [], "append": []}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(dice.expovariate(PACE))
        text, person = dice.choice(("mar", "jan", "dupo", "ann ber", "lind", "zzqx")), dice.randint(1, PEOPLE)
        taken["search"].append(timed(partial(desk.gateway.search, access, text)))
        time.sleep(dice.expovariate(PACE))
        taken["open"].append(timed(partial(desk.gateway.open, access, RecordKind.PERSON, person)))
        taken["append"].append(timed(append))
    told.send(taken)
    told.recv()
    count, longest, until = 0, 0.0, time.monotonic() + SATURATED
    while time.monotonic() < until:
        try:
            longest = max(longest, timed(append))
            count += 1
        except LogUnavailable:  # it stood in the queue for too long, as a screen would say
            longest = max(longest, 1000.0)
    told.send((count, longest))
    database.close()
    desk.close()


if __name__ == "__main__":
    raise SystemExit(main())
