"""Looking for somebody in every text column there is, on a connection of the owner's that only reads.

It goes by the tables' columns, not by what the plan took: a column that the plan forgot is found here. The texts of
some thousand rows are read as one and searched as one, and only where that has something of his are the rows looked at:
a call for each row would take minutes among twenty million. Each read ends before the next, so no snapshot is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from staffdesk.data import maintenance, register
from staffdesk.data.references import SUBJECT_TABLES
from staffdesk.data.side_by_side import WAYS, side_by_side
from staffdesk.data.sought import BETWEEN, Sought
from staffdesk.data.tables.erasure import Hold
from staffdesk.domain.classes import Erasure
from staffdesk.domain.traces import KNOWN_BY, Identity, Trace, bare, is_ordinary
from staffdesk.domain.words import fold

_HOLD: Final = register.table(Hold)
_HELD: Final = sa.select(_HOLD.c.record_table, _HOLD.c.record_id).where(_HOLD.c.ended_at.is_(None))
_REQUEST_KEY: Final = "request.id"
"""What hangs on a request that is held is held with it."""

_ROWS_AT_ONCE: Final = 1_000
_WRITTEN_BY_NOBODY: Final = frozenset({"entry", "entry_subject", "checkpoint", "head"})
"""The log's own words and random ids: nobody types anything into them, and the bytes are searched."""

_Part: TypeAlias = tuple[sa.ColumnElement[bool], Mapping[str, int]]
"""A condition that takes some rows of a table, and its bounds."""

_Reading: TypeAlias = tuple[sa.Select[tuple[str | None]], sa.Select[Any]]
"""What asks for a part's texts as one, and for its rows."""

_OF_NUMBERS: Final = frozenset({Trace.PHONE, Trace.MAC, Trace.SERIAL, Trace.ACCOUNT})


@dataclass(slots=True)
class Rows:
    """What was found in rows, by place; ``present`` are the traces that stand somewhere rightly or not.

    ``texts`` are the rows in which a text about others may lose what he is known by, 0 for all of a table whose rows
    have no number; ``rows`` are those of what is left.
    """

    left: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[str, int]] = field(default_factory=list)
    rows: set[tuple[str, int]] = field(default_factory=set)
    present: set[tuple[Trace, str]] = field(default_factory=set)

    def add(self, other: Rows) -> None:
        """Add what was found elsewhere."""
        for mine, theirs in (
            (self.left, other.left), (self.held, other.held), (self.shared, other.shared), (self.named, other.named),
        ):  # fmt: skip
            mine.update(theirs)
        self.texts += other.texts
        self.rows |= other.rows
        self.present |= other.present


def rows_of_file(path: Path, key: str, identity: Identity) -> Rows:
    """Search every text column of every table of the encrypted file; raises :class:`StorageUnavailable`."""
    work = partial(_one_way, partial(maintenance.examine_sqlite, path, key), identity)
    return _together(side_by_side(work, path.stat().st_size))


def rows_of_server(url: str, identity: Identity) -> Rows:
    """As :func:`rows_of_file`, on PostgreSQL."""
    work = partial(_one_way, partial(maintenance.examine_postgres, url), identity)
    return _together(side_by_side(work, maintenance.size_of_postgres(url)))


def _together(found: Iterable[Rows]) -> Rows:
    whole = Rows()
    for each in found:
        whole.add(each)
    return whole


def _one_way(examine: Callable[[Callable[[sa.Connection], None]], None], identity: Identity, way: int) -> Rows:
    """Go through the tables on one connection, which takes every so many of their parts."""
    found = Rows()
    examine(partial(_sweep, identity, found, way))
    return found


def _sweep(identity: Identity, found: Rows, way: int, connection: sa.Connection) -> None:
    held = frozenset((str(row[0]), int(row[1])) for row in connection.execute(_HELD))
    sought = Sought(identity, found.present)
    for number, table in enumerate(register.metadata.sorted_tables):
        if table.name in _WRITTEN_BY_NOBODY:
            continue
        key = list(table.primary_key.columns)
        if len(key) == 1 and isinstance(key[0].type, sa.Integer):
            _sweep_table(connection, table, _numbers(connection, table, way), identity, sought, held, found)
        elif number % WAYS == way:
            _sweep_table(connection, table, _parts(connection, key), identity, sought, held, found)


def _sweep_table(
    connection: sa.Connection,
    table: sa.Table,
    parts: Iterable[_Part],
    identity: Identity,
    sought: Sought,
    held: Collection[tuple[str, int]],
    found: Rows,
) -> None:
    if not _texts_of(table):
        return
    asked = None
    for part, bounds in parts:
        if part is not asked:
            asked, (texts, rows) = part, _reading(table, part, connection.dialect.name)
        if not sought.may_be_in(str(connection.execute(texts, bounds).scalar() or "")):
            continue
        for row in connection.execute(rows, bounds):
            if sought.may_be_in(BETWEEN.join(value for value in row if isinstance(value, str))):
                _judge(connection, table, row._asdict(), identity, held, found)
        sought.narrow()


@cache
def _texts_of(table: sa.Table) -> tuple[sa.Column[Any], ...]:
    return tuple(column for column in table.columns if _is_text(column))


def _is_text(column: sa.Column[Any]) -> bool:
    """Say whether a column holds text; a type of SQLModel's wraps the database's own."""
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    return isinstance(kind, sa.String)


def needles(identity: Identity, but: Collection[tuple[Trace, str]] = ()) -> Mapping[bytes, Trace]:
    """Return the strings of bytes a person is looked for by, lower case, but for these traces.

    A number of few digits is left out: bytes do not tell where a number ends, and any time of day has those digits.
    """
    found: dict[bytes, Trace] = {}
    for trace, value, form in identity.forms:
        if (trace, value) in but or is_ordinary(form):
            continue
        for text in (value.lower(), value.upper(), fold(value), form):
            found.setdefault(text.encode().lower(), trace)
    return found


def unsearched(identity: Identity, rows: Rows) -> Iterator[Trace]:
    """Yield by what the bytes are not searched: what stands in rows, and numbers of few digits."""
    yield from (trace for trace, _ in rows.present)
    yield from (trace for trace, _, form in identity.forms if is_ordinary(form))


def _parts(connection: sa.Connection, columns: Sequence[sa.Column[Any]]) -> Iterator[_Part]:
    """Yield conditions that take all rows of a table, some thousand each, in the order of its key."""
    key: Any = sa.tuple_(*columns) if len(columns) > 1 else columns[0]
    past: sa.ColumnElement[bool] = sa.true()
    while True:
        last = connection.execute(
            sa.select(*columns).where(past).order_by(*columns).offset(_ROWS_AT_ONCE - 1).limit(1)
        ).first()
        if last is None:
            yield past, {}
            return
        bound: Any = sa.tuple_(*last) if len(columns) > 1 else last[0]
        yield sa.and_(past, key <= bound), {}
        past = key > bound


def _numbers(connection: sa.Connection, table: sa.Table, way: int) -> Iterator[_Part]:
    """As :func:`_parts`, one way's of a table with one number for a key: no row is read to know where a part ends."""
    first, following, within = _by_number(table)
    found = connection.execute(first).scalar()
    while found is not None:
        part = found // _ROWS_AT_ONCE
        is_ours = part % WAYS == way
        if is_ours:
            yield within, {"first": part * _ROWS_AT_ONCE, "last": (part + 1) * _ROWS_AT_ONCE - 1}
        after = part + (WAYS if is_ours else 1)
        found = connection.execute(following, {"first": after * _ROWS_AT_ONCE}).scalar()


@cache
def _by_number(
    table: sa.Table,
) -> tuple[sa.Select[tuple[Any]], sa.Select[tuple[Any]], sa.ColumnElement[bool]]:
    """Return what asks for the first number, for the first from a bound on, and what takes those within bounds."""
    (key,) = table.primary_key.columns
    least = sa.select(sa.func.min(key))
    first: sa.BindParameter[int] = sa.bindparam("first")
    return least, least.where(key >= first), key.between(first, sa.bindparam("last"))


@cache
def _kept_reading(table: sa.Table, dialect: str) -> _Reading:
    return _read(table, _by_number(table)[-1], dialect)


def _reading(table: sa.Table, part: sa.ColumnElement[bool], dialect: str) -> _Reading:
    """Ask for the texts of a part's rows as one, and for the rows; built once where only the bounds differ.

    Building takes as long as reading some thousand rows.
    """
    is_by_number = len(table.primary_key) == 1 and part is _by_number(table)[-1]
    return _kept_reading(table, dialect) if is_by_number else _read(table, part, dialect)


def _read(table: sa.Table, part: sa.ColumnElement[bool], dialect: str) -> _Reading:
    columns = _texts_of(table)
    keys = [column for column in table.primary_key.columns if column not in columns]
    keys += [key.parent for key in table.foreign_keys if key.target_fullname == _REQUEST_KEY and key.parent not in keys]
    whole = sa.func.concat_ws(BETWEEN, *columns)
    join = sa.func.group_concat if dialect == "sqlite" else sa.func.string_agg
    return sa.select(join(whole, BETWEEN)).where(part), sa.select(*keys, *columns).where(part)


def _judge(
    connection: sa.Connection,
    table: sa.Table,
    row: Mapping[str, Any],
    identity: Identity,
    held: Collection[tuple[str, int]],
    found: Rows,
) -> None:
    number = row.get("id")
    for column, text in row.items():
        if not isinstance(text, str) or not text:
            continue
        found.present.update(_standing(identity, text))
        traces = list(identity.found_in(text))
        if not traces:
            continue
        place = f"{table.name}.{column}"
        declared = register.of_table(table.name)[column]
        if (table.name, number) in held or ("request", row.get("request_id")) in held:
            found.held[place] += 1
        else:
            stays = declared.personal and declared.erasure is Erasure.KEEP
            is_text = column in register.written_about_people().get(table.name, ())
            by_name = is_text and set(KNOWN_BY).isdisjoint(traces)
            if is_text and not by_name:
                found.texts.append((table.name, int(row.get("id", 0))))
            rightly = stays or _is_of_another(connection, table.name, number)
            where = found.shared if rightly else found.named if by_name else found.left
            where[place] += 1
            if where is found.left and isinstance(number, int):
                found.rows.add((table.name, number))


def _is_of_another(connection: sa.Connection, table: str, number: object) -> bool:
    """Say whether it is in the own field of somebody who is on file: who decided took all records that are his."""
    if table == "organisation":
        return True
    if table not in SUBJECT_TABLES or not _is_field(table):
        return False
    view = sa.table(f"desk_subject_{table}", sa.column("record_id"), sa.column("person_id"))
    return connection.execute(sa.select(view.c.person_id).where(view.c.record_id == number)).scalar() is not None


def _is_field(table: str) -> bool:
    """Say whether a table holds single fields; what somebody wrote about others is no field of theirs."""
    return table == "field_status" or table not in register.written_about_people()


def _standing(identity: Identity, text: str) -> Iterator[tuple[Trace, str]]:
    plain, within = fold(text), bare(text)
    if not identity.may_be_in(text):
        return
    lower = text.lower()
    for trace, value, form in identity.forms:
        if form in within if trace in _OF_NUMBERS else form in plain or value.lower() in lower:
            yield trace, value
