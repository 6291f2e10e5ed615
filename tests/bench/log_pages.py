"""Pages of the log at size: every word of a filter alone and each two together, first and further pages.

``python -m tests.bench.log_pages --entries N [--database URL] [--json]`` fills an invented log past its triggers and
measures what one page takes, the transaction that reads it included and the entry of the reading left out; and what the
counts of one month's pictures take.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.audit.entry import Core, copies, leaf_hash
from staffdesk.data import maintenance
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.pictures import AccessCounts
from staffdesk.data.postgres import PostgresDatabase
from staffdesk.data.sqlite import SqliteDatabase
from staffdesk.domain.access import Act
from tests.bench.figures import machine, percentiles, timed

KEY: Final = "5a" * 32
ORIGIN: Final = "staffdesk/0123456789abcdef"
STAFF: Final = tuple(f"u_{number:020x}" for number in range(40))
PEOPLE: Final = 20_000
PAGE: Final = 50
SINCE: Final = 1_750_000_000_000
STEP: Final = 30_000
"""Milliseconds between two entries: a million of them are a year."""

_ACTS: Final = (
    (Act.CUSTOMER_OPENED, 400), (Act.CUSTOMER_LISTED, 250), (Act.CUSTOMER_SEARCH, 250), (Act.CUSTOMER_REVEALED, 60),
    (Act.SESSION_SIGNED_IN, 20), (Act.SESSION_REFUSED, 5), (Act.DENIED, 8), (Act.STAFF_ROLE, 1),
    (Act.CUSTOMER_BREAK_GLASS, 1),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.log_pages", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with _log(options.entries, options.database) as database:
        month = _month_counted(database, options.entries, options.rounds)
        found = [_measured(database, name, wanted, options.rounds) for name, wanted in _asked(options.entries)]
    worst = max(found, key=lambda each: float(each["ms"]["p99"]))
    report = {"machine": machine(), "entries": options.entries, "month": month, "worst": worst, "pages": found}
    if options.json:
        json.dump(report, sys.stdout, indent=1)
        return 0
    sys.stdout.write(f"a month of {month['accesses']} accesses {month['ms']} first {month['first_ms']}\n")
    for each in sorted(found, key=lambda each: -float(each["ms"]["p99"])):
        sys.stdout.write(f"{each['name']:28} {each['ms']} first {each['first_ms']} rows {each['rows']}\n")
    return 0


def _asked(entries: int) -> Iterator[tuple[str, Selection]]:
    middle = SINCE + STEP * entries // 2
    parts: dict[str, dict[str, Any]] = {
        "who": {"actor": STAFF[3]}, "who-gone": {"actor": "u_gone"}, "act": {"acts": ("customer.opened",)},
        "act-rare": {"acts": ("customer.break_glass",)}, "act-none": {"acts": ("import.run",)},
        "act-staff.*": {"acts": tuple(each.value for each in Act if each.startswith("staff."))},
        "act-customer.*": {"acts": tuple(each.value for each in Act if each.startswith("customer."))},
        "whom": {"aid": f"s_{7:020x}"}, "whom-most": {"aid": f"s_{1:020x}"}, "out": {"out": "denied"},
        "level": {"level": "revealed"}, "listed": {"level": "listed"}, "standing": {"standing": "claimed"},
        "purpose": {"purpose": "sale"}, "purpose-rare": {"purpose": "legal"}, "ref": {"ref": f"c_{9:020x}"},
        "ref-none": {"ref": "c_none"}, "rel": {"rel": "self"}, "role": {"role": "sales"},
        "role-none": {"role": "auditor"}, "entity": {"entity": "US"}, "kind": {"kind": "contact"},
        "kind-none": {"kind": "nothing"}, "since": {"since": middle}, "until": {"until": middle},
        "day": {"since": middle, "until": middle + 86_400_000},
    }  # fmt: skip
    yield "nothing", Selection()
    for name, given in parts.items():
        yield name, Selection(**given)
    for (one, given), (other, more) in itertools.combinations(parts.items(), 2):
        if not given.keys() & more.keys():
            yield f"{one} {other}", Selection(**given, **more)


def _measured(database: Database, name: str, wanted: Selection, rounds: int) -> dict[str, Any]:
    taken: list[float] = []
    rows = 0
    before: int | None = None
    for at in range(rounds):
        found: list[Any] = []

        def read(before: int | None = before, found: list[Any] = found) -> None:
            with database.append(Deadline(30)) as tx:
                found.append(Entries(tx).page(wanted, before, PAGE))

        taken.append(timed(read))
        rows += len(found[0].cores)
        before = found[0].looked_to or None
        if at == rounds // 2:
            before = None
    return {"name": name, "ms": percentiles(taken[1:]), "first_ms": round(taken[0], 2), "rows": rows}


def _month_counted(database: Database, entries: int, rounds: int) -> dict[str, Any]:
    """Count the 31 days in the middle of the log, as its pictures do."""
    middle, days = SINCE + STEP * entries // 2, 31 * 86_400_000
    counted: list[int] = []

    def count() -> None:
        with database.append(Deadline(60)) as tx:
            found = AccessCounts(tx, middle, middle + days)
            counted.append(sum(each.count for each in found.by_quarter()))
            found.by_sort()

    taken = [timed(count) for _ in range(rounds)]
    return {"ms": percentiles(taken[1:]), "first_ms": round(taken[0], 2), "accesses": counted[0]}


@contextmanager
def _log(entries: int, url: str | None) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        if url is None:
            maintenance.upgrade_sqlite(path, KEY, create=True)
            owner = maintenance.sqlite_owner(path, KEY)
        else:
            maintenance.upgrade_postgres(url)
            owner = maintenance.postgres_owner(url)
        with owner as connection:
            _fill(connection, entries, is_postgres=url is not None)
        database: Database = SqliteDatabase(path, KEY, b"bench") if url is None else PostgresDatabase(url, b"bench")
        try:
            yield database
        finally:
            database.close()


def _fill(connection: sa.Connection, entries: int, *, is_postgres: bool) -> None:
    for table in ("entry", "entry_subject"):
        if is_postgres:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            continue
        found = connection.exec_driver_sql(
            f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
        )
        for (name,) in found.all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.exec_driver_sql("BEGIN")
    connection.execute(sa.text(f"INSERT INTO head (id, seq, origin, t) VALUES (1, {entries}, '{ORIGIN}', 0)"))
    add = sa.text(
        'INSERT INTO entry (seq, core, leaf, t, act, "out", actor, purpose, ref, standing, level) VALUES'
        " (:seq, :core, :leaf, :t, :act, :out, :actor, :purpose, :ref, :standing, :level)"
    )
    subject = sa.text("INSERT INTO entry_subject (seq, aid) VALUES (:seq, :aid)")
    chance = random.Random(8319)  # noqa: S311 - invented entries
    began = time.monotonic()
    for first in range(1, entries + 1, 5_000):
        rows, subjects = [], []
        for seq in range(first, min(first + 5_000, entries + 1)):
            core = _core(seq, chance)
            encoded = core.encode()
            rows.append({"seq": seq, "core": encoded, "leaf": leaf_hash(encoded), **copies(core)})
            subjects += [{"seq": seq, "aid": aid} for aid in dict.fromkeys(core.obj)]
        connection.execute(add, rows)
        if subjects:
            connection.execute(subject, subjects)
    connection.exec_driver_sql("COMMIT")
    if is_postgres:
        connection.exec_driver_sql("VACUUM ANALYZE")
    sys.stderr.write(f"filled in {time.monotonic() - began:.0f} s\n")


def _core(seq: int, chance: random.Random) -> Core:
    act = chance.choices([each for each, _ in _ACTS], [weight for _, weight in _ACTS])[0]
    looks = act.startswith("customer.")
    who = min(int(chance.expovariate(0.15)), len(STAFF) - 1)
    subjects = {Act.CUSTOMER_LISTED: 6, Act.CUSTOMER_OPENED: 1, Act.CUSTOMER_REVEALED: 1, Act.CUSTOMER_BREAK_GLASS: 1}
    whom = tuple(f"s_{min(int(chance.expovariate(0.0003)), PEOPLE):020x}" for _ in range(subjects.get(act, 0)))
    levels = {Act.CUSTOMER_LISTED: "listed", Act.CUSTOMER_OPENED: "opened", Act.CUSTOMER_REVEALED: "revealed"}
    return Core(
        log=ORIGIN,
        seq=seq,
        t=SINCE + STEP * seq,
        act=act.value,
        out="denied" if act in {Act.DENIED, Act.SESSION_REFUSED} else "ok",
        actor=STAFF[who],
        role="sales" if who % 4 == 0 else "support",
        entity="US" if who % 9 == 0 else "BE",
        sid=f"{seq // 400:08x}{who:08x}",
        host="desk-01",
        purpose=("legal" if chance.random() < 0.002 else "sale" if who % 4 == 0 else "support") if looks else None,
        ref=f"c_{chance.randrange(seq // 8 + 1):020x}" if looks else None,
        standing=("claimed" if chance.random() < 0.3 else "verified") if looks else None,
        basis="ticket" if looks else None,
        rel=("self",) if looks and chance.random() < 0.0002 else (),
        level=levels.get(act),
        obj=tuple(dict.fromkeys(whom)),
        kinds=("contact", "person.phone") if act == Act.CUSTOMER_REVEALED else ("person",),
        n=len(whom),
        policy="2024-10",
        sec={},
    )


if __name__ == "__main__":
    raise SystemExit(main())
