"""Entries by the million: a quarter of a simulated company of two hundred, written again and again later on.

The bytes of an entry are cut once where its number, its time, its commitments and its random ids stand; what is put
together again is what :meth:`Core.encode` would have written, which a line of each batch is held against.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final, NamedTuple

from staffdesk.audit.entry import Core
from staffdesk.domain.access import Act
from tests.bench.simulated_company import simulate
from tests.bench.simulated_company.shapes import Account

SEEDS: Final = (1, 2, 3, 4, 5)
"""Each a company of forty: together the two hundred."""

QUARTER_MS: Final = 13 * 7 * 86_400_000
"""Whole weeks, so that a Monday stays one."""

_STAFF, _MONTHS = 40, 3
_MARK: Final = "@@@"
_MARKED: Final = rf"\1{_MARK}"
_ID: Final = re.compile(r'([cgor]_|"sid":")[0-9a-f]{3}(?=[0-9a-f]{13})')
"""What differs from one quarter to the next: the ids of matters and of sessions; people and staff stay."""


class Pattern(NamedTuple):
    """An entry of the quarter, cut up; ``copies`` are its indexed columns but for the time."""

    head: str
    fields: tuple[str, ...]
    middle: str
    t: int
    copies: tuple[str | None, ...]
    obj: tuple[str, ...]
    sid: str | None
    host: str


class Line(NamedTuple):
    """An entry as it goes into the table, with the openings that belong to it by field."""

    seq: int
    core: bytes
    t: int
    copies: tuple[str | None, ...]
    obj: tuple[str, ...]


def quarter(origin: str, people: Sequence[str]) -> tuple[tuple[Pattern, ...], tuple[Account, ...]]:
    """Return the patterns of the log ``origin`` in order, and the accounts; ``people`` are customers of the home."""
    companies = [simulate(months=_MONTHS, staff=_STAFF, seed=seed) for seed in SEEDS]
    merged = heapq.merge(*(each.entries for each in companies), key=attrgetter("t"))
    erased = {aid for each in companies for entry in each.entries if entry.act == Act.AUDIT_ERASED for aid in entry.obj}
    known: dict[str, str] = {}
    spare = iter(people)
    patterns = tuple(_pattern(entry, origin, erased, known, spare) for entry in merged)
    return patterns, tuple(account for each in companies for account in each.staff)


def _pattern(core: Core, origin: str, erased: set[str], known: dict[str, str], spare: Iterator[str]) -> Pattern:
    for aid in core.obj:
        if aid.startswith("s_") and aid not in known and aid not in erased:
            known[aid] = next(spare, aid)
    obj = tuple(known.get(aid, aid) for aid in core.obj)
    # Nothing is to be opened of who is erased again in every quarter.
    fields = () if erased.intersection(core.obj) else tuple(sorted(core.sec))
    text = replace(core, log=origin, obj=obj, sec={}).encode().decode("ascii")
    head, _, rest = _ID.sub(_MARKED, text).partition('"sec":{}')
    middle = rest.removeprefix(f',"seq":{core.seq}').removesuffix(f'{core.t},"v":1}}')
    ref = None if core.ref is None else _ID.sub(_MARKED, core.ref)
    copies = (core.act, core.out, core.actor, core.purpose, ref, core.standing, core.level)
    marked = tuple(_ID.sub(_MARKED, aid) for aid in obj)
    sid = None if core.sid is None else _MARK + core.sid[len(_MARK) :]
    return Pattern(head + '"sec":{', fields, middle, core.t, copies, marked, sid, core.host or "")


def line(pattern: Pattern, seq: int, after: int, turn: str, commitments: Mapping[str, str]) -> Line:
    """Return the entry that a pattern makes under a number, so many milliseconds after the pattern's time."""
    t = pattern.t + after
    sec = ",".join([f'"{name}":"{digest}"' for name, digest in commitments.items()]) if commitments else ""
    text = f'{pattern.head}{sec}}},"seq":{seq}{pattern.middle}{t},"v":1}}'.replace(_MARK, turn)
    act, out, actor, purpose, ref, standing, level = pattern.copies
    if ref is not None:
        ref = ref.replace(_MARK, turn)
    obj = tuple([aid.replace(_MARK, turn) for aid in pattern.obj])
    return Line(seq, text.encode(), t, (act, out, actor, purpose, ref, standing, level), obj)


def session_of(pattern: Pattern, turn: str) -> str:
    """Return the session of a pattern's entry."""
    return (pattern.sid or "").replace(_MARK, turn)
