"""Look-ups through the door beside bare SQL and bare commits.

``python -m tests.bench.lookup --people N [--home DIR] [--database URL --copy DIR] [--against FILE] [--json]`` measures
each class of look-up in an invented company of N people, made in DIR (see :mod:`tests.bench.company`) and kept there
for the next run; on PostgreSQL it is the company of another home, copied. *gateway* is as an employee asks, *layer* the
search alone in an open transaction, *sql* its statements by the driver's cursor, *log* the entries alone
(``Log.append`` in ``Database.append()``). ``ratio`` is gateway over sql and log; ``ratio_driver`` is gateway over sql
and as many bare commits of the driver. Every query is warmed once, then all are sampled interleaved in one loop that
takes them in turn from either end; the baseline is on a second connection, and a third one commits before each sample:
a desk is never alone, nor is the baseline. ``--against`` names the report (JSON) of a run with fewer people, for how
the look-ups grow. What is over its budget is marked, and the exit code is 1 then.
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

from staffdesk.data.customers import disclosed, reading
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.maintenance import postgres_owner, sqlite_owner
from staffdesk.domain.access import Access, Act, Level, Purpose, RecordKind, Role
from staffdesk.domain.words import fold
from staffdesk.parameters.shapes import policy
from staffdesk.services import word_parts
from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.desk import Desk
from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_database, open_desk
from staffdesk.services.settings import read_settings
from tests.bench import budgets
from tests.bench.asking import Asking
from tests.bench.bare import Bare
from tests.bench.company import SEED, build_sqlite
from tests.bench.figures import machine, percentiles, timed
from tests.bench.postgres_copy import build_postgres
from tests.bench.samples import Samples, samples_of

ROUNDS: Final = 300


@dataclass(frozen=True, slots=True)
class Class:
    """One class of look-up: what the employee does, the same bare, how many entries it makes, how many texts it has."""

    name: str
    entries: int
    distinct: int
    ask: Callable[[int], object]
    bare: Callable[[int], Sequence[tuple[str, Any]]]
    search: Callable[[int], float] | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lookup", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--home", metavar="DIR", type=Path, help="keep the company here, and measure it there again")
    parser.add_argument("--copy", metavar="DIR", type=Path, help="the home whose customers go to --database")
    parser.add_argument("--against", metavar="FILE", type=Path, help="the report of a run with fewer people")
    parser.add_argument("--only", metavar="CLASS", action="append", help="this class alone; may be said again")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with _company(options.people, options.database, options.home, options.copy) as (home, desk, access):
        people, parts, is_postgres = (
            people_in(home),
            word_parts.look(home),
            read_settings(home).postgres_url is not None,
        )
        found = _measure(home, desk, access, options.rounds, options.only)
    smaller = None if options.against is None else json.loads(options.against.read_text())
    missed = budgets.missed(found, people, smaller, is_postgres=is_postgres, by_trigrams=parts.by_trigrams)
    report = {
        "machine": machine(),
        "people": people,
        "words": parts.words,
        "by_trigrams": parts.by_trigrams,
        "postgres": is_postgres,
        "classes": found,
        "over_budget": missed,
    }
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.write(f"{people:,} people, {word_parts.told(parts)}\n")
        sys.stdout.writelines(map(_line, found))
        sys.stdout.writelines(f"over budget: {each}\n" for each in missed)
    return int(bool(missed))


def _line(each: dict[str, Any]) -> str:
    gateway, sql, log = (each[f"{name}_ms"]["p50"] for name in ("gateway", "sql", "log"))
    layer = each.get("layer_ms", {"p50": 0.0, "p99": 0.0})
    grown = f"  grows {each['growth']:.2f}" if "growth" in each else ""
    return (
        f"{each['name']:16} gateway {gateway:7.3f} p99 {each['gateway_ms']['p99']:7.2f}"
        f"  layer {layer['p50']:7.3f} p99 {layer['p99']:6.2f}  sql {sql:7.3f}  log {log:6.3f} ms"
        f"  ratio {each['ratio']:.2f}  driver {each['ratio_driver']:.2f}{grown}\n"
    )


@contextmanager
def _company(
    people: int, url: str | None, kept: Path | None, copied: Path | None
) -> Iterator[tuple[Home, Desk, Access]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Home.locate(kept or Path(folder), os.environ)
        told = home.config.parent / "bench.json"
        if not told.exists():
            demo = built(home, people, url, copied)
            who = next(each for each in demo.accounts if each.role is Role.PRIVACY)
            listed = [{"user": each.user, "role": each.role.value, "password": each.password} for each in demo.accounts]
            known = {"user": who.user, "password": who.password, "case": demo.case, "accounts": listed}
            told.write_text(json.dumps(known))
        known = json.loads(told.read_text())
        desk = open_desk(home)
        sid = desk.sign_in.sign_in(known["user"], known["password"], "bench").sid
        try:
            yield home, desk, Access(sid, Purpose.RIGHTS, known["case"], "bench")
        finally:
            desk.close()


def built(home: Home, people: int, url: str | None, copied: Path | None) -> Demo:
    """Make a company in a new home, on a server where a URL is given, with the customers of another home if named."""
    if url is None:
        demo = build_sqlite(home, people)
    elif copied is None:
        demo = make_demo(home, people=people, seed=SEED, database_url=url)
    else:
        demo = build_postgres(home, url, Home.locate(copied, os.environ))
    word_parts.fit(home)
    return demo


def people_in(home: Home) -> int:
    """Return how many people are on file."""
    url = read_settings(home).postgres_url
    owner = sqlite_owner(home.database_file, home.read_key()) if url is None else postgres_owner(url)
    with owner as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM person")).scalar_one())


def _measure(home: Home, desk: Desk, access: Access, rounds: int, only: Sequence[str] | None) -> list[dict[str, Any]]:
    bare, other, database = Bare(home), Bare(home), open_database(home)
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

    classes = (each for each in _classes(home, desk, access, bare) if not only or each.name in only)
    try:
        found = [_sample(each, bare, other, append, rounds) for each in classes]
    finally:
        bare.close()
        other.close()
    database.close()
    return found


def _sample(each: Class, bare: Bare, other: Bare, append: Callable[[], None], rounds: int) -> dict[str, Any]:
    def ask(at: int) -> float:
        return timed(lambda: each.ask(at))

    def query(at: int) -> float:
        statements = each.bare(at)
        return timed(lambda: bare.query(statements))

    def log(_at: int) -> float:
        return sum(timed(append) for _ in range(each.entries))

    def commit(_at: int) -> float:
        return sum(timed(bare.commit) for _ in range(each.entries))

    turns = (ask, query, log, commit, *(() if each.search is None else (each.search,)))
    samples: dict[Callable[[int], float], list[float]] = {turn: [] for turn in turns}
    for at in range(-min(each.distinct, rounds), rounds):
        for turn in turns if at % 2 else reversed(turns):
            other.commit()
            taken = turn(at)
            if at >= 0:
                samples[turn].append(taken)
    told = {turn: percentiles(samples[turn]) for turn in turns}
    sql = told[query]["p50"]
    return {
        "name": each.name,
        "gateway_ms": told[ask],
        **({} if each.search is None else {"layer_ms": told[each.search]}),
        "sql_ms": told[query],
        "log_ms": told[log],
        "commit_ms": told[commit],
        "ratio": round(told[ask]["p50"] / (sql + told[log]["p50"]), 3),
        "ratio_driver": round(told[ask]["p50"] / (sql + told[commit]["p50"]), 3),
    }


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
            lambda at: asking.time(texts[at % len(texts)], typing=typing),
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
        return [bare.prepared(statement, asked) for statement in (*reading._OF_PERSON.values(), disclosed._DISCLOSED)]

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
