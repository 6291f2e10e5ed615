"""A page of the log by any filter, within a time somebody waits: by one index, and a bounded stretch of it.

The index that reaches furthest back with a bounded number of rows leads; all else is compared on those rows. Times are
turned into numbers first: a plan that walks an index of times and sorts by number reads all of a year for one page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.audit.canonical import encode
from staffdesk.data import register
from staffdesk.data.tables.log import RELATED_POSTGRES, RELATED_SQLITE, Entry, EntrySubject
from staffdesk.data.transaction import AnyRow, Transaction
from staffdesk.domain.access import Level, Outcome
from staffdesk.domain.entry_filter import ANY

ROWS_BY_INDEX: Final = 500
"""Rows that one page looks at, each of them fetched by an index."""

ROWS_IN_TURN: Final = 2_000
"""Rows that one page looks at where no index leads: neighbours, of which a block holds several."""

MOST_LEADING: Final = 10
"""Accounts by which entries are looked for; what more of them wrote stands close together anyway."""

_CLOCKS_APART_MS: Final = 60 * 60 * 1000
"""How far the clocks of desks may be apart and a time still lead to its entries: their order is by number alone."""

_ENTRY: Final = register.table(Entry)
_SUBJECT: Final = register.table(EntrySubject)
_T: Final = _ENTRY.c.t
_LAST_BEFORE: Final = (
    sa.select(_ENTRY.c.seq).where(sa.bindparam("t") > _T).order_by(_T.desc(), _ENTRY.c.seq.desc()).limit(1)
)
_FIRST_BEHIND: Final = sa.select(_ENTRY.c.seq).where(sa.bindparam("t") < _T).order_by(_T, _ENTRY.c.seq).limit(1)
_HIGHEST: Final = sa.select(sa.func.max(_ENTRY.c.seq))

Condition = sa.ColumnElement[bool]

_NOT_OK: Final = _ENTRY.c.out != sa.literal_column(f"'{Outcome.OK.value}'")
_REVEALED: Final = _ENTRY.c.level == sa.literal_column(f"'{Level.REVEALED.value}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What entries are wanted; each part narrows.

    ``aid`` is a subject's audit id, ``ref`` a reference's, times are UTC milliseconds; of ``acts`` any one. ``among``
    are all accounts that can have written what matches, where that is known: it narrows nothing, and leads to it.
    """

    actor: str | None = None
    acts: tuple[str, ...] = ()
    aid: str | None = None
    out: str | None = None
    ref: str | None = None
    purpose: str | None = None
    standing: str | None = None
    level: str | None = None
    rel: str | None = None
    role: str | None = None
    entity: str | None = None
    kind: str | None = None
    sid: str | None = None
    since: int | None = None
    until: int | None = None
    among: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Lead:
    """An index by which entries are found: its column, its number, and the values asked for.

    ``part`` is the condition of a partial index, in the very words of its definition; with ``column`` None it is all.
    ``whole`` says that what the index gives need not be compared any more.
    """

    name: str
    column: sa.ColumnElement[Any] | None
    seq: sa.ColumnElement[Any]
    values: tuple[str, ...]
    part: Condition | sa.TextClause | None = None
    whole: bool = True

    @property
    def met(self) -> Condition:
        """The condition the index answers."""
        parts = [] if self.part is None else [self.part]
        if self.column is not None:
            one = len(self.values) == 1
            parts.insert(0, self.column == self.values[0] if one else self.column.in_(self.values))
        return sa.and_(*parts)

    def each(self) -> tuple[_Lead, ...]:
        """Return one for each of the values."""
        return (self,) if len(self.values) < 2 else tuple(replace(self, values=(each,)) for each in self.values)  # noqa: PLR2004 - one


def rows(tx: Transaction, wanted: Selection, before: int | None, limit: int) -> tuple[list[AnyRow], int]:
    """Return the bytes of at most ``limit`` entries numbered below ``before``, newest first, and how far was looked.

    The page after this one begins below that number; 0 where nothing older can match.
    """
    found_span = None if wanted.among == () else span(tx, wanted.since, wanted.until, before)
    if found_span is None:
        return [], 0
    floor, ceiling = found_span
    leads = tuple(_leads(tx, wanted))
    lead, low = _chosen(tx, wanted, leads, floor, ceiling)
    found = list(tx.rows(_page_of(tx, wanted, lead, (low, ceiling), limit + 1)))
    if len(found) > limit:
        return found[:limit], int(found[limit - 1].seq)
    return found, low if low > floor else 0


def _page_of(
    tx: Transaction, wanted: Selection, lead: _Lead | None, between: tuple[int, int], limit: int
) -> sa.Select[tuple[Any, ...]]:
    low, ceiling = between
    statement = sa.select(_ENTRY.c.core, _ENTRY.c.seq).order_by(_ENTRY.c.seq.desc()).limit(limit)
    if wanted.aid is not None:
        statement = statement.join(_SUBJECT, _SUBJECT.c.seq == _ENTRY.c.seq)
    if lead is not None:
        statement = statement.where(lead.met, lead.seq < ceiling, lead.seq >= low)
    return statement.where(
        _ENTRY.c.seq < ceiling, _ENTRY.c.seq >= low, _ENTRY.c.core.is_not(None), *_rest(tx, wanted, lead)
    )


def span(tx: Transaction, since: int | None, until: int | None, before: int | None = None) -> tuple[int, int] | None:
    """Return the first number that may lie between two moments, and the one behind the last; None where there is none.

    ``before`` bounds the numbers themselves. What was written an hour too early or too late by its own clock is no
    bound: entries beside it may still match.
    """
    floor, ceiling = 1, before
    if since is not None:
        earlier = tx.row(_LAST_BEFORE, {"t": since - _CLOCKS_APART_MS})
        floor = 1 if earlier is None else int(earlier[0]) + 1
    if until is not None:
        later = tx.row(_FIRST_BEHIND, {"t": until + _CLOCKS_APART_MS})
        if later is not None:
            ceiling = int(later[0]) if ceiling is None else min(ceiling, int(later[0]))
    if ceiling is None:
        highest = tx.row(_HIGHEST)
        ceiling = 1 if highest is None or highest[0] is None else int(highest[0]) + 1
    return (floor, ceiling) if ceiling > floor else None


def _leads(tx: Transaction, wanted: Selection) -> Iterator[_Lead]:
    """Yield the indexes that answer a part of what is wanted."""
    seq = _ENTRY.c.seq
    if wanted.aid is not None:
        yield _Lead("aid", _SUBJECT.c.aid, _SUBJECT.c.seq, (wanted.aid,))
    for name in ("ref", "actor", "standing", "purpose"):
        value = getattr(wanted, name)
        if value is not None:
            yield _Lead(name, _ENTRY.c[name], seq, (value,))
    if wanted.acts:
        yield _Lead("acts", _ENTRY.c.act, seq, wanted.acts)
    if wanted.out not in {None, Outcome.OK.value}:
        yield _Lead("out", _ENTRY.c.out, seq, (str(wanted.out),), _NOT_OK)
    if wanted.level == Level.REVEALED:
        yield _Lead("level", _ENTRY.c.level, seq, (wanted.level,), _REVEALED)
    if wanted.rel is not None:
        related = RELATED_POSTGRES if tx.is_postgres else RELATED_SQLITE
        yield _Lead("rel", None, seq, (), sa.text(related), whole=False)
    if wanted.actor is None and wanted.among and len(wanted.among) <= MOST_LEADING:
        yield _Lead("among", _ENTRY.c.actor, seq, wanted.among, whole=False)


def _chosen(
    tx: Transaction, wanted: Selection, leads: tuple[_Lead, ...], floor: int, ceiling: int
) -> tuple[_Lead | None, int]:
    """Return the index that reaches furthest back with a bounded number of rows, and how far that is."""
    for lead in leads:
        if len(lead.each()) == 1 and not any(_compared(wanted, lead)):
            return lead, floor
    lowest = max(floor, ceiling - ROWS_IN_TURN)
    chosen = None
    for lead, low in _reaches(tx, leads, floor, ceiling):
        if low <= lowest and (chosen is None or low < lowest):
            chosen, lowest = lead, low
    return chosen, lowest


def _reaches(tx: Transaction, leads: tuple[_Lead, ...], floor: int, ceiling: int) -> Iterator[tuple[_Lead, int]]:
    """Yield the number down to which so many rows of an index lie; the first of the span where there are fewer.

    All are asked for at once: a subject has a dozen acts, and each question its way to the server.
    """
    asked = [(lead, _reach(one, ROWS_BY_INDEX // len(lead.each()))) for lead in leads for one in lead.each()]
    if not asked:
        return
    row = tx.row(sa.select(*(each for _, each in asked)), {"floor": floor, "ceiling": ceiling})
    found: dict[_Lead, int] = {}
    for (lead, _), low in zip(asked, row or (), strict=True):
        found[lead] = max(found.get(lead, floor), floor if low is None else int(low))
    yield from found.items()


def _reach(lead: _Lead, most: int) -> sa.ScalarSelect[Any]:
    return (
        sa.select(lead.seq)
        .where(lead.met, lead.seq < sa.bindparam("ceiling"), lead.seq >= sa.bindparam("floor"))
        .order_by(lead.seq.desc())
        .limit(1)
        .offset(most - 1)
        .scalar_subquery()
    )


def _compared(wanted: Selection, lead: _Lead | None) -> Iterator[str]:
    """Yield the parts, times apart, that the index does not answer."""
    for name in ("actor", "acts", "aid", "out", "ref", "purpose", "standing", "level", "rel", "role", "entity", "kind",
                 "sid"):  # fmt: skip
        if getattr(wanted, name) and (lead is None or not lead.whole or lead.name != name):
            yield name


def _rest(tx: Transaction, wanted: Selection, lead: _Lead | None) -> Iterator[Condition]:
    """Yield what is compared on the rows the index gives; each so written that no other index is taken for it."""
    for name in _compared(wanted, lead):
        value = getattr(wanted, name)
        if name in {"rel", "kind"}:
            yield _in_list(tx, "rel" if name == "rel" else "kinds", value)
        elif name in {"role", "entity", "sid"}:
            yield _holds(tx, _ENTRY.c.core, f'"{name}":'.encode() + encode(value))
        elif name == "aid":
            yield _SUBJECT.c.aid == value
        elif name == "level" and value == ANY:
            yield sa.func.coalesce(_ENTRY.c.level, "") != ""
        elif name == "acts":
            yield sa.func.coalesce(_ENTRY.c.act, "").in_(value)
        else:
            yield sa.func.coalesce(_ENTRY.c[name], "") == value
    if wanted.since is not None:
        yield wanted.since <= _T + 0
    if wanted.until is not None:
        yield wanted.until >= _T + 0


_NEXT_FIELD: Final = {"kinds": "level", "rel": "role"}
"""What follows a list in the canonical bytes, whose fields stand in order."""


def _in_list(tx: Transaction, field: str, value: str) -> Condition:
    before = f'"{field}":'
    begins = _place(tx, _ENTRY.c.core, f"{before}[".encode()) + len(before)
    ends = _place(tx, _ENTRY.c.core, f'],"{_NEXT_FIELD[field]}":'.encode())
    return _holds(tx, sa.func.substr(_ENTRY.c.core, begins, ends - begins), encode(value))


def _holds(tx: Transaction, within: sa.ColumnElement[Any], needle: bytes) -> Condition:
    """Say whether canonical bytes hold others; quotation marks inside a text are written otherwise."""
    return _place(tx, within, needle) > 0


def _place(tx: Transaction, within: sa.ColumnElement[Any], needle: bytes) -> sa.ColumnElement[int]:
    bound = sa.bindparam(None, needle, sa.LargeBinary())
    if tx.is_postgres:
        return sa.func.position(bound.op("IN")(within), type_=sa.Integer())
    return sa.func.instr(within, bound, type_=sa.Integer())
