"""Looking for somebody in every text column there is, on a connection of the owner's that only reads.

It goes by the tables' columns, not by what the plan took: a column that the plan forgot is found here.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import maintenance, register
from staffdesk.data.references import SUBJECT_TABLES
from staffdesk.data.tables.erasure import Hold
from staffdesk.domain.classes import Erasure
from staffdesk.domain.erasure import KNOWN_BY, SHORTEST_WORD, Identity, Trace, bare
from staffdesk.domain.words import fold

_HOLD: Final = register.table(Hold)
_HELD: Final = sa.select(_HOLD.c.record_table, _HOLD.c.record_id).where(_HOLD.c.ended_at.is_(None))
_REQUEST_KEY: Final = "request.id"
"""What hangs on a request that is held is held with it."""

TEXTS: Final = ("contact_report", "support_case")
"""Where staff write about people."""

_BETWEEN: Final = "\n"
_NO_SIGN: Final = re.compile("[^a-z0-9]")
_NOTHING: Final = "(?!)"
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


def rows_of_file(path: Path, key: str, identity: Identity) -> Rows:
    """Search every text column of every table of the encrypted file; raises :class:`StorageUnavailable`."""
    found = Rows()
    maintenance.examine_sqlite(path, key, partial(_sweep, identity, found))
    return found


def rows_of_server(url: str, identity: Identity) -> Rows:
    """As :func:`rows_of_file`, on PostgreSQL."""
    found = Rows()
    maintenance.examine_postgres(url, partial(_sweep, identity, found))
    return found


def _sweep(identity: Identity, found: Rows, connection: sa.Connection) -> None:
    held = frozenset((str(row[0]), int(row[1])) for row in connection.execute(_HELD))
    asked = _asked(connection, identity)
    for table in register.metadata.sorted_tables:
        columns = [column for column in table.columns if _is_text(column)]
        if not columns or table.name in _WRITTEN_BY_NOBODY:
            continue
        keys = [column for column in table.primary_key.columns if column not in columns]
        keys += [
            key.parent for key in table.foreign_keys if key.target_fullname == _REQUEST_KEY and key.parent not in keys
        ]
        for row in connection.execute(sa.select(*keys, *columns).where(_condition(connection, columns)), asked):
            _judge(connection, table, row._asdict(), identity, held, found)


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


def _condition(connection: sa.Connection, columns: Sequence[sa.Column[Any]]) -> sa.ColumnElement[bool]:
    """Return the question which rows may name him, asked once a row; what they say is judged here.

    SQLite asks this program. PostgreSQL compares what ASCII has of a text with what it has of each trace, and what is
    written in another script as it stands.
    """
    whole: sa.ColumnElement[str] = sa.cast(sa.func.coalesce(columns[0], ""), sa.String())
    for column in columns[1:]:
        whole = whole + _BETWEEN + sa.func.coalesce(column, "")
    if connection.dialect.name == "sqlite":
        return sa.func.desk_may_name(whole) == 1
    signs = sa.func.regexp_replace(sa.func.lower(whole), "[^a-z0-9]", "", "g")
    return sa.or_(signs.op("~")(sa.bindparam("signs")), sa.func.lower(whole).op("~")(sa.bindparam("script")))


def _asked(connection: sa.Connection, identity: Identity) -> Mapping[str, str]:
    """Make the question of :func:`_condition` one about this person; return what PostgreSQL is handed."""
    if connection.dialect.name == "sqlite":
        pattern = identity.loose

        def may_name(text: str) -> int:
            return int(pattern.search(bare(text)) is not None)

        driver = connection.connection.driver_connection
        driver.create_function("desk_may_name", 1, may_name, deterministic=True)  # type: ignore[union-attr] # the driver's own
        return {}
    raw = [value.lower() for values in identity.traces.values() for value in values]
    signs = {_ascii(text) for value in raw for text in (value, fold(value))}
    script = {text for value in raw for text in (value, fold(value)) if len(_ascii(text)) < SHORTEST_WORD}
    return {
        "signs": _pattern(text for text in signs if len(text) >= SHORTEST_WORD),
        "script": _pattern(re.escape(text) for text in script if text),
    }


def _ascii(text: str) -> str:
    return _NO_SIGN.sub("", text)


def _pattern(texts: Iterable[str]) -> str:
    return "|".join(sorted(texts)) or _NOTHING


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
