"""Looking for somebody in every text column there is, on a connection of the owner's that only reads.

It goes by the tables' columns, not by what the plan took: a column that the plan forgot is found here. The texts of
some thousand rows are read as one and searched as one, and only where that has something of his are the rows looked at:
a call for each row would take minutes among twenty million. Each read ends before the next, so no snapshot is held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import maintenance, register
from staffdesk.data.references import SUBJECT_TABLES
from staffdesk.data.tables.erasure import Hold
from staffdesk.domain.any_of import finder
from staffdesk.domain.classes import Erasure
from staffdesk.domain.erasure import KNOWN_BY, Identity, Trace, bare
from staffdesk.domain.words import fold

_HOLD: Final = register.table(Hold)
_HELD: Final = sa.select(_HOLD.c.record_table, _HOLD.c.record_id).where(_HOLD.c.ended_at.is_(None))
_REQUEST_KEY: Final = "request.id"
"""What hangs on a request that is held is held with it."""

TEXTS: Final = ("contact_report", "support_case")
"""Where staff write about people."""

_ROWS_AT_ONCE: Final = 2_000
_BETWEEN: Final = "\x1f"
"""No text has it: what is written down is refused with a control character in it."""
_BUT_BETWEEN: Final = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != _BETWEEN)
_NO_SIGN: Final = re.compile(f"[^\\w{_BETWEEN}]|_")
_NOT_ASCII: Final = re.compile(f"[^\\x00-\\x7f][^{_BETWEEN}]*")
_WRITTEN_BY_NOBODY: Final = frozenset({"entry", "entry_subject", "checkpoint", "head"})
"""The log's own words and random ids: nobody types anything into them, and the bytes are searched."""

_OF_NUMBERS: Final = frozenset({Trace.PHONE, Trace.MAC, Trace.SERIAL, Trace.ACCOUNT})


@dataclass(slots=True)
class Rows:
    """What was found in rows, by place; ``present`` are the traces that stand somewhere rightly or not."""

    left: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[str, int]] = field(default_factory=list)
    present: set[tuple[Trace, str]] = field(default_factory=set)

    def add(self, other: Rows) -> None:
        """Add what was found elsewhere."""
        for mine, theirs in (
            (self.left, other.left), (self.held, other.held), (self.shared, other.shared), (self.named, other.named),
        ):  # fmt: skip
            mine.update(theirs)
        self.texts += other.texts
        self.present |= other.present


def rows_of_file(path: Path, key: str, identity: Identity) -> Rows:
    """Search every text column of every table of the encrypted file; raises :class:`StorageUnavailable`."""
    return _by_two(identity, partial(maintenance.examine_sqlite, path, key))


def rows_of_server(url: str, identity: Identity) -> Rows:
    """As :func:`rows_of_file`, on PostgreSQL."""
    return _by_two(identity, partial(maintenance.examine_postgres, url))


def _by_two(identity: Identity, examine: Callable[[Callable[[sa.Connection], None]], None]) -> Rows:
    """Go through the tables on two connections: one reads while the other's texts are searched."""
    tables = SimpleQueue[sa.Table]()
    for table in register.metadata.sorted_tables:
        if table.name not in _WRITTEN_BY_NOBODY:
            tables.put(table)
    both = Rows(), Rows()
    with ThreadPoolExecutor(len(both)) as pool:
        for done in [pool.submit(examine, partial(_sweep, identity, found, tables)) for found in both]:
            done.result()
    first, second = both
    first.add(second)
    return first


def _sweep(identity: Identity, found: Rows, tables: SimpleQueue[sa.Table], connection: sa.Connection) -> None:
    held = frozenset((str(row[0]), int(row[1])) for row in connection.execute(_HELD))
    sought = _Sought(identity, found)
    with suppress(Empty):
        while True:
            _sweep_table(connection, tables.get_nowait(), sought, held)


def _sweep_table(
    connection: sa.Connection, table: sa.Table, sought: _Sought, held: Collection[tuple[str, int]]
) -> None:
    columns = [column for column in table.columns if _is_text(column)]
    if not columns:
        return
    keys = [column for column in table.primary_key.columns if column not in columns]
    keys += [key.parent for key in table.foreign_keys if key.target_fullname == _REQUEST_KEY and key.parent not in keys]
    for part in _parts(connection, table):
        if not sought.may_be_in(_texts(connection, columns, part)):
            continue
        for row in connection.execute(sa.select(*keys, *columns).where(part)):
            if sought.may_be_in(_BETWEEN.join(value for value in row if isinstance(value, str))):
                _judge(connection, table, row._asdict(), sought.identity, held, sought.found)
        sought.narrow()


def _is_text(column: sa.Column[Any]) -> bool:
    """Say whether a column holds text; a type of SQLModel's wraps the database's own."""
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    return isinstance(kind, sa.String)


def needles(identity: Identity, but: Collection[tuple[Trace, str]] = ()) -> Mapping[bytes, Trace]:
    """Return the strings of bytes a person is looked for by, lower case, but for these traces."""
    found: dict[bytes, Trace] = {}
    for trace, values in identity.traces.items():
        for value in values:
            if (trace, value) in but or not identity.form(trace, value):
                continue
            for text in (value.lower(), value.upper(), fold(value), identity.form(trace, value)):
                found.setdefault(text.encode().lower(), trace)
    return found


class _Sought:
    """What is looked for in the texts of many rows at once.

    A word of a name is looked for until it was met, for it names nobody by itself.
    """

    def __init__(self, identity: Identity, found: Rows) -> None:
        self.identity = identity
        self.found = found
        self._met = -1
        self.narrow()

    def narrow(self) -> None:
        """Look no more for words that were met."""
        met = {value for trace, value in self.found.present if trace is Trace.WORD}
        if len(met) != self._met:
            self._met = len(met)
            forms = (
                bare(form) for trace, value, form in self.identity.forms if trace is not Trace.WORD or value not in met
            )
            self._stands_in = finder(forms)

    def may_be_in(self, texts: str) -> bool:
        return self._stands_in(_bare_values(texts))


def _bare_values(texts: str) -> str:
    """Return what :func:`bare` makes of each value, a sign between them, with some of it twice: folding takes long."""
    plain = texts.encode("ascii", "ignore").lower().translate(None, _BUT_BETWEEN).decode("ascii")
    if texts.isascii():
        return plain
    others = [texts[texts.rfind(_BETWEEN, 0, met.start()) + 1 : met.end()] for met in _NOT_ASCII.finditer(texts)]
    folded = fold(_BETWEEN.join(others))
    return plain + _BETWEEN + _NO_SIGN.sub("", folded)


def _parts(connection: sa.Connection, table: sa.Table) -> Iterator[sa.ColumnElement[bool]]:
    """Yield conditions that take all rows of a table, some thousand each, in the order of its key."""
    columns = list(table.primary_key.columns)
    if len(columns) == 1 and isinstance(columns[0].type, sa.Integer):
        yield from _numbers(connection, columns[0])
        return
    key: Any = sa.tuple_(*columns) if len(columns) > 1 else columns[0]
    past: sa.ColumnElement[bool] = sa.true()
    while True:
        last = connection.execute(
            sa.select(*columns).where(past).order_by(*columns).offset(_ROWS_AT_ONCE - 1).limit(1)
        ).first()
        if last is None:
            yield past
            return
        bound: Any = sa.tuple_(*last) if len(columns) > 1 else last[0]
        yield sa.and_(past, key <= bound)
        past = key > bound


def _numbers(connection: sa.Connection, key: sa.Column[Any]) -> Iterator[sa.ColumnElement[bool]]:
    """As :func:`_parts`, of a table with one number for a key: no row need be read to know where a part ends."""
    following = sa.select(sa.func.min(key)).where(key >= sa.bindparam("first"))
    first = connection.execute(sa.select(sa.func.min(key))).scalar()
    while first is not None:
        yield key.between(first, first + _ROWS_AT_ONCE - 1)
        first = connection.execute(following, {"first": first + _ROWS_AT_ONCE}).scalar()


def _texts(connection: sa.Connection, columns: Sequence[sa.Column[Any]], part: sa.ColumnElement[bool]) -> str:
    whole = sa.func.concat_ws(_BETWEEN, *columns)
    join = sa.func.group_concat if connection.dialect.name == "sqlite" else sa.func.string_agg
    return str(connection.execute(sa.select(join(whole, _BETWEEN)).where(part)).scalar() or "")


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
            if table.name in TEXTS and not set(KNOWN_BY).isdisjoint(traces):
                found.texts.append((table.name, int(row["id"])))
            rightly = stays or _is_of_another(connection, table.name, number)
            by_name = table.name in TEXTS and not set(KNOWN_BY).intersection(traces)
            (found.shared if rightly else found.named if by_name else found.left)[place] += 1


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
    return table not in TEXTS and table != "request"


def _standing(identity: Identity, text: str) -> Iterator[tuple[Trace, str]]:
    plain, within = fold(text), bare(text)
    if identity.loose.search(within) is None:
        return
    lower = text.lower()
    for trace, value, form in identity.forms:
        if form in within if trace in _OF_NUMBERS else form in plain or value.lower() in lower:
            yield trace, value
