"""Pages of a long log: every word of a filter alone, each two together, and the worst of three; newest and oldest.

A page is what :class:`Entries` gives within the transaction that a listing reads in; the entry of the reading, and the
names behind ids, are in ``service_ms``.
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.domain.access import Access, Act
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.services.desk import Desk
from tests.bench.figures import percentiles, timed

PAGE: Final = 50
WORST: Final = 12
_DAY_MS: Final = 86_400_000


def pages(database: Database, rounds: int, *, pairs: bool) -> dict[str, Any]:
    """Return what pages took: the worst of all, each word alone, and the worst combinations."""
    asked = list(_asked(database, pairs=pairs))
    # What was put together to build the log is no part of a page's time.
    gc.collect()
    gc.freeze()
    every, busy = list[float](), list[float]()
    measured = [_measured(database, name, wanted, rounds, (every, busy)) for name, wanted in asked]
    measured.sort(key=lambda each: -float(each["ms"]["p99"]))
    return {
        "asked": len(measured),
        "pages": len(every),
        "all_ms": percentiles(every),
        "all_cpu_ms": percentiles(busy),
        "p50_of_the_slowest_ms": max(each["ms"]["p50"] for each in measured),
        "cpu_p99_ms": max(each["cpu_ms"]["p99"] for each in measured),
        "first_ms": max(each["first_ms"] for each in measured),
        "worst": measured[:WORST],
        "alone": [each for each in measured if " " not in each["name"]],
    }


def service_pages(desk: Desk, access: Access, rounds: int) -> dict[str, Any]:
    """Return what a page takes as a reviewer asks for it, its entry and the names behind ids included."""
    wanted = {
        "nothing": EntryFilter(), "who": EntryFilter(who="employee3"), "denied": EntryFilter(out="denied"),
        "claimed": EntryFilter(standing="claimed", purpose="sale"), "entity": EntryFilter(entity="US"),
    }  # fmt: skip
    found = {}
    for name, asked in wanted.items():
        taken = [timed(partial(desk.audit.list, access, asked)) for _ in range(rounds)]
        found[name] = percentiles(taken[1:])
    taken = [timed(partial(desk.audit.review, access)) for _ in range(rounds)]
    return {**found, "review": percentiles(taken[1:])}


def _asked(database: Database, *, pairs: bool) -> Iterator[tuple[str, Selection]]:
    yield "nothing", Selection()
    parts = _parts(database)
    for name, given in parts.items():
        yield name, Selection(**given)
    for (one, given), (other, more) in itertools.combinations(parts.items(), 2):
        if pairs and not given.keys() & more.keys():
            yield f"{one} {other}", Selection(**given, **more)
    never = {**parts["purpose:legal"], **parts["act:opened"]}
    for name in ("since", "until", "day", "oldest"):
        yield f"legal act:opened {name}", Selection(**{**never, **parts[name]})
    yield (
        "who whom standing:claimed since",
        Selection(**parts["who"], **parts["whom"], standing="claimed", **parts["since"]),
    )


def _parts(database: Database) -> dict[str, dict[str, Any]]:
    """Return the words, with values that the log holds: the commonest, the rarest, and some that it never had."""
    with database.append(Deadline(600)) as tx:
        entries = Entries(tx)
        size = entries.state().size
        newest, middle, old = (_near(entries, at) for at in (size, size // 2, size // 20))
        opened = Selection(acts=(Act.CUSTOMER_OPENED.value,), purpose="support")
        looks, past = entries.page(opened, None, 1).cores, entries.page(opened, size // 20, 1).cores
        leaver = next(iter(_actors(old) - _actors(newest)), "u_gone")
    now, then = newest[0].t, middle[0].t
    return {
        "who": {"actor": looks[0].actor}, "who-old": {"actor": leaver}, "who-never": {"actor": "u_never"},
        "act:opened": {"acts": ("customer.opened",)}, "act:rare": {"acts": ("staff.added",)},
        "act:never": {"acts": ("audit.pruned",)},
        "act:staff.*": {"acts": tuple(each.value for each in Act if each.startswith("staff."))},
        "act:customer.*": {"acts": tuple(each.value for each in Act if each.startswith("customer."))},
        "whom": {"aid": looks[0].obj[0]}, "whom-old": {"aid": past[0].obj[0]}, "whom-never": {"aid": "s_never"},
        "out:denied": {"out": "denied"}, "out:ok": {"out": "ok"},
        "ref": {"ref": looks[0].ref}, "ref-old": {"ref": past[0].ref}, "ref-never": {"ref": "c_never"},
        "purpose:support": {"purpose": "support"}, "purpose:legal": {"purpose": "legal"},
        "standing:claimed": {"standing": "claimed"}, "standing:verified": {"standing": "verified"},
        "standing:none": {"standing": "none"},
        "level:listed": {"level": "listed"}, "level:revealed": {"level": "revealed"},
        "rel:self": {"rel": "self"}, "rel:restricted": {"rel": "restricted"}, "rel:same_name": {"rel": "same_name"},
        "role:support": {"role": "support"}, "role:auditor": {"role": "auditor"}, "entity:BE": {"entity": "BE"},
        "entity:US": {"entity": "US"}, "entity:JP": {"entity": "JP"}, "kind:contact": {"kind": "contact"},
        "kind:never": {"kind": "never"}, "since": {"since": then}, "until": {"until": then},
        "day": {"since": then, "until": then + _DAY_MS}, "oldest": {"until": old[-1].t + _DAY_MS},
        "week": {"since": now - 7 * _DAY_MS},
    }  # fmt: skip


def _near(entries: Entries, seq: int) -> Sequence[Any]:
    return entries.page(Selection(), seq + 1, 400).cores


def _actors(cores: Sequence[Any]) -> set[str]:
    return {core.actor for core in cores if core.actor is not None}


def _measured(
    database: Database, name: str, wanted: Selection, rounds: int, all_taken: tuple[list[float], list[float]]
) -> dict[str, Any]:
    """Turn pages as a reader does, begin anew where the log ends, and take the middle of the log as well."""
    taken, busy = list[float](), list[float]()
    rows, pages_to_a_row, before = 0, None, None
    for at in range(rounds):
        found: list[Any] = []

        def read(before: int | None = before, found: list[Any] = found) -> None:
            with database.append(Deadline(60)) as tx:
                found.append(Entries(tx).page(wanted, before, PAGE))

        began = time.thread_time()
        taken.append(timed(read))
        busy.append((time.thread_time() - began) * 1000)
        rows += len(found[0].cores)
        if rows and pages_to_a_row is None:
            pages_to_a_row = at + 1
        before = found[0].looked_to or None
        if at == rounds // 2:
            before = None
    all_taken[0].extend(taken)
    all_taken[1].extend(busy)
    ms = {**percentiles(taken[1:]), "most": round(max(taken[1:]), 2)}
    cpu = percentiles(busy[1:])
    return {
        "name": name,
        "ms": ms,
        "cpu_ms": cpu,
        "first_ms": round(taken[0], 2),
        "rows": rows,
        "first_row_on_page": pages_to_a_row,
    }
