"""Erasing one customer of 200 orders, 500 activations and 60 reports from a desk that others work at.

``python -m tests.bench.erasure [--people N] [--orders N] [--activations N] [--reports N] [--json]`` makes an invented
company, writes him into it, erases him, finishes and sweeps, while another process appends to the log all the time and
says how long it had to wait. The budget: 60 seconds to nothing left, and after the one transaction no wait for the
write lock above 250 ms.
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
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.licensing import Activation
from staffdesk.data.tables.sales import Invoice, OrderLine
from staffdesk.domain.access import Act
from staffdesk.services.desk import open_database
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.home import Home
from tests import factories
from tests.bench.company import build_sqlite
from tests.bench.figures import machine
from tests.services.erasures import NOW, TODAY, erased, planned

LONGEST_SECONDS: Final = 60.0
LONGEST_WAIT_MS: Final = 250.0
_PACE: Final = 0.01
_YEARS: Final = (2015, 2017, 2019, 2023, 2025)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where the budget was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.erasure", description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--activations", type=int, default=500)
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.locate(Path(folder), os.environ)
        build_sqlite(home, options.people)
        database = open_database(home)
        report = _measured(home, database, _customer(database, options))
        database.close()
    report = {"machine": machine(), "people": options.people, **report}
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(f"{name:18} {value}\n" for name, value in report.items())
    return 1 if report["missed"] else 0


def _customer(database: Database, options: argparse.Namespace) -> int:
    him = factories.person(
        given_name="Xylorimba", family_name="Quetzalbrot", email="zwiebelfisch@vergissmeinnicht.example",
        phone="+32470555142", street="Silberdistelweg 17", country="BE",
    )  # fmt: skip
    (person,) = factories.put(database, him)
    origin = factories.provenance()
    with factories.writing(database) as pen:
        orders = pen.add([factories.order(person_id=person, number=f"QZ-{n:05d}") for n in range(options.orders)])
        pen.add([OrderLine.checked({"order_id": each, "position": 1, "description": "Movie"}) for each in orders])
        pen.add([_invoice(each, n) for n, each in enumerate(orders)])
        licences = pen.add([factories.licence(person_id=person, serial=f"QZZ-{n:06d}") for n in range(20)])
        pen.add(
            [
                Activation.checked(
                    {
                        **origin, "licence_id": licences[n % len(licences)], "user_name": f"quetzalbrot-{n}",
                        "mac": f"02:00:5E:AB:{n // 256:02X}:{n % 256:02X}", "activated_at": NOW, "status": "active",
                    }
                )
                for n in range(options.activations)
            ]
        )  # fmt: skip
        pen.add([factories.report(person, "call", body=f"Quetzalbrot {n} " * 40) for n in range(options.reports)])
    return person


def _invoice(order: int, n: int) -> Invoice:
    return Invoice.checked(
        {
            **factories.provenance(), "order_id": order, "number": f"QZI-{n:05d}", "currency": "EUR", "total": "1.00",
            "invoiced_on": dt.date(_YEARS[n % len(_YEARS)], 3, 1), "billing_name": "Xylorimba Quetzalbrot",
        }
    )  # fmt: skip


def _measured(home: Home, database: Database, person: int) -> dict[str, Any]:
    storage = Storage.of_home(home, database)
    ours, theirs = multiprocessing.get_context("forkserver").Pipe()
    other = multiprocessing.get_context("forkserver").Process(target=_append, args=(home.config.parent, theirs))
    other.start()
    ours.recv()
    began = time.monotonic()
    decided = planned(database, person)
    at_plan = time.monotonic()
    with database.append() as tx:
        origin = Entries(tx).origin()
    erased(storage, decided, origin=origin)
    committed = time.monotonic()
    done = finish(storage, "2024-10", TODAY, NOW)
    ended = time.monotonic()
    ours.send("stop")
    waits: list[tuple[float, float]] = ours.recv()
    other.join()
    after = [1000 * took for at, took in waits if at >= committed]
    (found,) = done.swept
    longest = round(max(after, default=0.0), 1)
    report = {
        "file_mb": round(home.database_file.stat().st_size / 1e6, 1),
        "rows": len(decided.rows),
        "plan_s": round(at_plan - began, 3),
        "transaction_s": round(committed - at_plan, 3),
        "finish_s": round(ended - committed, 3),
        "in_all_s": round(ended - began, 3),
        "longest_wait_ms": longest,
        "waits": len(after),
        "left": found.left,
        "pages": found.pages,
    }
    missed = [
        *(["not clean"] if found.left or done.open else []),
        *(["seconds"] if ended - began > LONGEST_SECONDS else []),
        *(["wait for the write lock"] if longest > LONGEST_WAIT_MS else []),
    ]
    return {**report, "missed": missed}


def _append(folder: Path, line: Connection) -> None:
    """Append to the log again and again until told to stop, and tell when each began and how long it took."""
    database = open_database(Home.locate(folder, os.environ))
    took: list[tuple[float, float]] = []
    line.send("ready")
    while not line.poll():
        began = time.monotonic()
        with database.append(Deadline(60)) as tx:
            Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))
        took.append((began, time.monotonic() - began))
        time.sleep(_PACE)
    line.send(took)
    database.close()


if __name__ == "__main__":
    sys.exit(main())
