"""Look-ups through the door beside bare SQL and bare commits.

``python -m tests.bench.lookup --people N [--database URL] [--json]`` makes an invented company of N people and measures
each class of look-up: *gateway* as an employee asks, *sql* the same statements by the driver's cursor, *log* the
entries alone (``Log.append`` in ``Database.append()``). ``ratio`` is gateway over sql and log; ``ratio_driver`` is
gateway over sql and as many bare commits of the driver. Every query is warmed once, then all are sampled interleaved
in one loop that takes them in turn from either end; the baseline is on a second connection, which also commits before
each query: a desk is never alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data.customers import reading
from staffdesk.data.log import Event, Log, Opened
from staffdesk.domain.access import Access, Act, Level, Purpose, RecordKind, Role
from staffdesk.domain.words import fold
from staffdesk.parameters.shapes import policy
from staffdesk.services.demo import make_demo
from staffdesk.services.desk import Desk, open_database, open_desk
from staffdesk.services.home import Home
from tests.bench.asking import Asking
from tests.bench.bare import Bare
from tests.bench.figures import machine, percentiles, timed
from tests.bench.samples import Samples, samples_of

ROUNDS: Final = 300
SEED: Final = 8319


@dataclass(frozen=True, slots=True)
class Class:
    """One class of look-up: what the employee does, the same bare, how many entries it makes, how many texts it has."""

    name: str
    entries: int
    distinct: int
    ask: Callable[[int], object]
    bare: Callable[[int], Sequence[tuple[str, Any]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lookup", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--home", metavar="DIR", type=Path, help="keep the company here, and measure it there again")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with _company(options.people, options.database, options.home) as (home, desk, access):
        found = _measure(home, desk, access, options.rounds)
    report = {"machine": machine(), "people": options.people, "classes": found}
    if options.json:
        json.dump(report, sys.stdout, indent=1)
        return 0
    for each in found:
        gateway, sql = each["gateway_ms"]["p50"], each["sql_ms"]["p50"]
        sys.stdout.write(
            f"{each['name']:16} gateway {gateway:7.3f} ms  sql {sql:7.3f} ms  log {each['log_ms']['p50']:7.3f} ms"
            f"  ratio {each['ratio']:.2f}  driver {each['ratio_driver']:.2f}  p99 {each['gateway_ms']['p99']:.2f} ms\n"
        )
    return 0


@contextmanager
def _company(people: int, url: str | None, kept: Path | None) -> Iterator[tuple[Home, Desk, Access]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Home.locate(kept or Path(folder), os.environ)
        told = home.config.parent / "bench.json"
        if not told.exists():
            demo = make_demo(home, people=people, seed=SEED, database_url=url)
            who = next(each for each in demo.accounts if each.role is Role.PRIVACY)
            told.write_text(json.dumps({"user": who.user, "password": who.password, "case": demo.case}))
        known = json.loads(told.read_text())
        desk = open_desk(home)
        sid = desk.sign_in.sign_in(known["user"], known["password"], "bench").sid
        try:
            yield home, desk, Access(sid, Purpose.RIGHTS, known["case"], "bench")
        finally:
            desk.close()


def _measure(home: Home, desk: Desk, access: Access, rounds: int) -> list[dict[str, Any]]:
    bare, database = Bare(home), open_database(home)
    version = policy().version
    event = Event(
        act=Act.CUSTOMER_SEARCH,
        actor="u_0123456789abcdef0123",
        role=Role.PRIVACY,
        sid=access.session,
        purpose=Purpose.RIGHTS,
        level=Level.LISTED,
        obj=("s_0123456789abcdef0123",),
        kinds=("words",),
        n=1,
        openings=(Opened("term", "dupont"),),
    )

    def append() -> None:
        with database.append() as tx:
            Log(tx, version).append(event)

    found = []
    for each in _classes(home, desk, access, bare):

        def ask(at: int, each: Class = each) -> float:
            return timed(lambda: each.ask(at))

        def query(at: int, each: Class = each) -> float:
            statements = each.bare(at)
            return timed(lambda: bare.query(statements))

        def log(_at: int, each: Class = each) -> float:
            return sum(timed(append) for _ in range(each.entries))

        def commit(_at: int, each: Class = each) -> float:
            return sum(timed(bare.commit) for _ in range(each.entries))

        turns = (ask, query, log, commit)
        samples: dict[Callable[[int], float], list[float]] = {turn: [] for turn in turns}
        for at in range(-min(each.distinct, rounds), rounds):
            for turn in turns if at % 2 else reversed(turns):
                bare.commit()
                taken = turn(at)
                if at >= 0:
                    samples[turn].append(taken)
        middle = {turn: percentiles(samples[turn])["p50"] for turn in turns}
        found.append(
            {
                "name": each.name,
                "gateway_ms": percentiles(samples[ask]),
                "sql_ms": percentiles(samples[query]),
                "log_ms": percentiles(samples[log]),
                "commit_ms": percentiles(samples[commit]),
                "ratio": round(middle[ask] / (middle[query] + middle[log]), 3),
                "ratio_driver": round(middle[ask] / (middle[query] + middle[commit]), 3),
            }
        )
    database.close()
    return found


def _classes(home: Home, desk: Desk, access: Access, bare: Bare) -> Iterator[Class]:
    sample = samples_of(home)
    gateway = desk.gateway
    asking = Asking(home, access)

    def by_text(name: str, texts: Sequence[str], *, typing: bool = False) -> Class:
        @cache
        def statements(text: str) -> Sequence[tuple[str, Any]]:
            return [bare.prepared(*each) for each in asking.statements(text, typing=typing)]

        return Class(
            name,
            1 if typing else 2,
            len(texts),
            lambda at: gateway.search(access, texts[at % len(texts)], typing=typing),
            lambda at: statements(texts[at % len(texts)]),
        )

    yield by_text("e-mail", sample.emails)
    yield by_text("order", sample.orders)
    yield by_text("serial", sample.serials)
    yield by_text("MAC", sample.macs)
    yield by_text("IP", sample.ips)
    yield by_text("phone", sample.phones)
    yield by_text("one word", sample.words)
    yield by_text("two words", sample.pairs)
    yield by_text("name and company", sample.mixed)
    yield by_text("too-common word", sample.common)
    yield by_text("two too common", [" ".join(pair) for pair in permutations(sample.common, 2)])
    yield by_text("no hit", ("zzqxj", "qqwzz vvx"))
    yield by_text("part of a word", sample.parts)
    yield by_text("misspelt", sample.misspelt)
    yield by_text("country", [f"country:be {text}" for text in (*sample.words, *sample.common)])
    yield by_text("orders of", [f"in:orders since:2024 {text}" for text in sample.words])
    yield by_text("CJK", sample.ideographs)
    yield by_text("accents folded", tuple(fold(word) for word in sample.accented))
    yield by_text("counting", (*sample.words, *sample.pairs), typing=True)
    yield by_text("counting common", sample.common, typing=True)
    yield from _records(sample, desk, access, bare)
    asking.close()


def _records(sample: Samples, desk: Desk, access: Access, bare: Bare) -> Iterator[Class]:
    people = sample.people

    def whole(at: int) -> Sequence[tuple[str, Any]]:
        asked: dict[str, object] = {"id": people[at % len(people)]}
        return [bare.prepared(statement, asked) for statement in (*reading._OF_PERSON.values(), reading._DISCLOSED)]

    def one(at: int) -> Sequence[tuple[str, Any]]:
        person = sa.table("person", sa.column("id"), sa.column("phone"))
        statement = sa.select(person.c.phone).where(person.c.id == sa.bindparam("id"))
        return [bare.prepared(statement, {"id": sample.reachable[at % len(sample.reachable)]})]

    yield Class(
        "open", 1, len(people), lambda at: desk.gateway.open(access, RecordKind.PERSON, people[at % len(people)]), whole
    )
    yield Class(
        "reveal",
        1,
        len(sample.reachable),
        lambda at: desk.gateway.reveal(access, f"person:{sample.reachable[at % len(sample.reachable)]}:phone"),
        one,
    )


if __name__ == "__main__":
    raise SystemExit(main())
