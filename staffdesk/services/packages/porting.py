"""What of a person's data he provided himself: what he may take along to somebody else (Art. 20 GDPR)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from staffdesk.data import register
from staffdesk.domain.packages import Contents, Held, PortRules
from staffdesk.domain.provenance import Source


def provided(contents: Contents, rules: PortRules) -> Mapping[str, tuple[Held, ...]]:
    """Return the rows a person provided, in the tables the rules name, without the columns they leave out.

    A row says itself where it came from; one that does not, came with what it hangs on. A field that was obtained
    otherwise than its row counts by itself.
    """
    fields = dict(_fields(contents))
    found: dict[str, tuple[Held, ...]] = {}
    came: dict[str, frozenset[int]] = {}
    for table in _parents_first(contents):
        rows = tuple(row for row in contents.held[table] if _came_from_him(row, came, rules))
        came[table] = frozenset(row.id for row in rows)
        if table in rules.tables and rows:
            found[table] = tuple(_without(row, fields, rules) for row in rows)
    return {table: found[table] for table in contents.held if table in found}


def _parents_first(contents: Contents) -> list[str]:
    return sorted(contents.held, key=lambda table: len(register.paths_to_person().get(table, ())))


def _came_from_him(row: Held, came: Mapping[str, frozenset[int]], rules: PortRules) -> bool:
    source = row.values.get("source")
    if source is not None:
        return source in set(Source) and Source(source) in rules.sources
    for parent in register.paths_to_person().get(row.table, ())[:1]:
        return row.values.get(_key_to(row.table, parent)) in came.get(parent, frozenset())
    return False


def _key_to(table: str, parent: str) -> str:
    return next(
        column.name
        for column in register.metadata.tables[table].columns
        if any(key.column.table.name == parent for key in column.foreign_keys)
    )


def _fields(contents: Contents) -> Iterator[tuple[tuple[str, int, str], str]]:
    """Yield where a single field came from, where that is noted by itself."""
    for status in contents.held.get("field_status", ()):
        for table, key in (("person", "person_id"), ("organisation", "organisation_id")):
            number = status.values.get(key)
            if number is not None:
                yield (table, number, str(status.values.get("field"))), str(status.values.get("source"))


def _without(row: Held, fields: Mapping[tuple[str, int, str], str], rules: PortRules) -> Held:
    kept = {}
    for column, value in row.values.items():
        source = fields.get((row.table, row.id, column))
        his = source is None or (source in set(Source) and Source(source) in rules.sources)
        if his and f"{row.table}.{column}" not in rules.left_out:
            kept[column] = value
    return replace(row, values=kept)
