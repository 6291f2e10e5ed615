"""The register: what every column holds, asked once of the tables and answered to everybody.

Search, masks, the access matrix, the column authorizer, erasure and the access package are driven from here; what the
desk knows about people changes in one place, at the column's definition.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Declaration, Record, declaration_of
from staffdesk.domain.classes import Erasure, PrivacyClass, Whose

PERSON: Final = "person"
"""The table of those whom the register is about."""

_OPENING: Final = "opening"
"""The table of what the log keeps apart; it is written while the door is closed, and read column by column."""

_NOT_OURS: Final = ("sqlite_", "alembic_version")

if TYPE_CHECKING:
    metadata: sa.MetaData


def __getattr__(name: str) -> sa.MetaData:
    """Return ``metadata``; the tables of every subject are read in when all of them are first asked for."""
    if name == "metadata":
        return _every_table()
    raise AttributeError(name)


@cache
def _every_table() -> sa.MetaData:
    from staffdesk.data.tables import (  # noqa: F401, PLC0415 - whoever signs in waits for a few of them alone
        break_glass,
        campaign,
        declared,
        erasure,
        fields,
        licence_requests,
        licensing,
        local_settings,
        log,
        people,
        provenance,
        requests,
        review,
        review_months,
        sales,
        sharing,
        staff,
        support,
        support_logs,
        tombstones,
        twins,
        vocabulary,
        workflow,
    )

    return Record.metadata


WORD_INDEXES = ("person_words", "organisation_words")
"""The word indexes: on SQLite full-text tables, on PostgreSQL tables of words, each with what its row is found by.

They hold customers' words: the authorizer guards them and their shadows, and a server takes out what was deleted."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A column and what it says of itself."""

    table: str
    column: str
    declaration: Declaration


class Undeclared(LookupError):
    """A column without a declaration: the register cannot answer for it."""


def table(record: type[Record]) -> sa.Table:
    """Return the table behind a record class."""
    return record.__table__


@cache
def columns() -> tuple[Declared, ...]:
    """Return every column with its declaration; raises :class:`Undeclared` naming the first that has none."""
    return tuple(_declared())


def _declared() -> Iterator[Declared]:
    for found in _every_table().sorted_tables:
        for column in found.columns:
            declaration = declaration_of(column)
            if declaration is None:
                raise Undeclared(f"{found.name}.{column.name} says neither personal nor not personal")
            yield Declared(found.name, column.name, declaration)


@cache
def refused_columns(name: str) -> frozenset[str]:
    """Return the columns of a table refused while no access is open: customers' personal ones, but for keyed digests.

    The table's own declarations are asked, so that the first screens need no others read in. One that its module
    forgot to declare is refused; a table that is not the desk's has none.
    """
    found = _named(name)
    return frozenset() if found is None else frozenset(filter(None, map(_refused, found.columns)))


@cache
def customer_columns() -> frozenset[tuple[str, str]]:
    """Return the columns of every table that :func:`refused_columns` names."""
    return frozenset((name, column) for name in _every_table().tables for column in refused_columns(name))


def _refused(column: sa.Column[Any]) -> str:
    declaration = declaration_of(column)
    open_to_all = declaration is not None and (declaration.whose is not Whose.CUSTOMER or declaration.at_closed_door)
    return "" if open_to_all else column.name


@cache
def is_customer_table(name: str) -> bool:
    """Say whether a table holds customers' data or leads to a customer: writing one needs the open door."""
    return (name != _OPENING and bool(refused_columns(name))) or _leads_to_person(name, frozenset())


@cache
def customer_tables() -> frozenset[str]:
    """Return the tables of which :func:`is_customer_table` is true."""
    return frozenset(filter(is_customer_table, _every_table().tables))


def _leads_to_person(name: str, asked: frozenset[str]) -> bool:
    found = _named(name)
    if name == PERSON or found is None:
        return name == PERSON
    through = found.info.get("through")
    targets = {key.target_fullname.partition(".")[0] for key in found.foreign_keys} - asked
    return any(through in {None, each} and _leads_to_person(each, asked | {name}) for each in targets)


def _named(name: str) -> sa.Table | None:
    """Return a table by its name, None where it is not the desk's; those that are read in already come first."""
    if name in Record.metadata.tables or name.startswith(_NOT_OURS):
        return Record.metadata.tables.get(name)
    return _every_table().tables.get(name)


@cache
def holding(privacy_class: PrivacyClass) -> tuple[Declared, ...]:
    """Return the columns that hold a class of data."""
    return tuple(declared for declared in columns() if declared.declaration.privacy_class is privacy_class)


@cache
def of_table(name: str) -> Mapping[str, Declaration]:
    """Return a table's columns with their declarations, in their order."""
    return {declared.column: declared.declaration for declared in columns() if declared.table == name}


@cache
def shown(name: str) -> Mapping[str, Declaration]:
    """Return the columns of a table that staff may read: those with a label, and none that is derived."""
    return {
        column: declaration
        for column, declaration in of_table(name).items()
        if declaration.label and not declaration.derived
    }


@cache
def packaged(name: str) -> Mapping[str, Declaration]:
    """Return the columns of a table that a person is given a copy of: those shown, and none that tells of employees."""
    found = _every_table().tables[name]
    return {
        column: declaration
        for column, declaration in shown(name).items()
        if declaration.whose is not Whose.STAFF
        and not any(key.column.table.name == "staff" for key in found.c[column].foreign_keys)
    }


@cache
def packaged_tables() -> tuple[str, ...]:
    """Return the tables a person is given a copy of: each that leads to him, and his organisation's, himself first.

    Of one that tells of employees alone he is given nothing.
    """
    wanted = {*paths_to_person(), "organisation"}
    ordered = [found.name for found in _every_table().sorted_tables if found.name in wanted and packaged(found.name)]
    return tuple(sorted(ordered, key=lambda name: (name != PERSON, ordered.index(name))))


_REPORTS = ("contact_report", "support_case", "log_bundle", "log_bundle_file", "licence_step")
_REQUEST = "request"
_STATUS = "field_status"


@cache
def keep_of(name: str) -> str:
    """Return the retention rule a table names (a key of ``retention.toml``)."""
    rule: Any = _every_table().tables[name].info.get("keep")
    if not isinstance(rule, str):
        raise Undeclared(f"{name} names no rule of retention")
    return rule


@cache
def erasure_of(name: str) -> Erasure:
    """Return what an erasure does to a person's row of a table where no law holds it; KEEP never, a law is named."""
    action: Any = _every_table().tables[name].info.get("erasure")
    if not isinstance(action, Erasure):
        raise Undeclared(f"{name} does not say what an erasure does to its rows")
    return action


@cache
def emptied(name: str) -> Mapping[str, Declaration]:
    """Return the columns of a table that a row loses which stays behind without its person."""
    return {
        column: declaration
        for column, declaration in of_table(name).items()
        if declaration.whose is Whose.CUSTOMER and declaration.erasure is not Erasure.KEEP
    }


@cache
def written_about_people() -> Mapping[str, frozenset[str]]:
    """Return the columns in which staff write about people, whose names may stand in what is written about others."""
    below = (name for name, way in paths_to_person().items() if name == _REQUEST or _REQUEST in way)
    found = {name: frozenset(_written(name)) for name in (*_REPORTS, *below)}
    about_things: dict[str, frozenset[str]] = {}
    for each in columns():
        if each.declaration.may_name:
            about_things[each.table] = about_things.get(each.table, frozenset()) | {each.column}
    return {**found, _STATUS: frozenset({"evidence"}), **about_things}


def _written(name: str) -> Iterator[str]:
    """Yield the columns of a table that hold words, and are emptied: what is computed holds none."""
    return (column for column, declaration in emptied(name).items() if not declaration.derived)


@cache
def never_held(name: str) -> bool:
    """Say whether nothing ever keeps a table's rows longer, nor a claim: they go with their person at once."""
    return bool(_every_table().tables[name].info.get("never_held"))


@cache
def moved_by_a_merge() -> tuple[tuple[str, str], ...]:
    """Return the columns that name a person, by table, whose rows follow when two records of his are put together.

    A table whose rows are about the record itself says that they stay (``"merge"`` in its ``info``).
    """
    return tuple(
        (table.name, str(key.parent.name))
        for table in _every_table().sorted_tables
        if table.name in paths_to_person() and table.info.get("merge") != "stays"
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent.name))
        if key.column.table.name == PERSON
    )


@cache
def by_bare_number() -> tuple[sa.Table, ...]:
    """Return the tables that name any row by its table and its number, which no foreign key watches."""
    return tuple(each for each in _every_table().sorted_tables if {"record_table", "record_id"} <= set(each.c.keys()))


@cache
def paths_to_person() -> Mapping[str, tuple[str, ...]]:
    """Return every table from which foreign keys lead to a person, with the tables on the way, nearest first.

    Where several keys do, a table may name the one it belongs by (``"through"`` in its ``info``).
    """
    person = PERSON
    found: dict[str, tuple[str, ...]] = {person: ()}
    grew = True
    while grew:
        grew = False
        for candidate in _every_table().sorted_tables:
            if candidate.name in found:
                continue
            through = candidate.info.get("through")
            for key in candidate.foreign_keys:
                target = key.column.table.name
                if target in found and through in {None, target}:
                    found[candidate.name] = (target, *found[target])
                    grew = True
                    break
    return found
