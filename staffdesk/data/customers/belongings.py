"""The rows that are somebody's: one rule for the copy he is given and for what an erasure takes.

A row is a person's where it names him. One that names nobody is his where what it hangs on is, and where its
organisation is a sole trader that he alone stands for. One that names somebody else never is. A request that names
nobody is his where the answer goes to his address. Records that were put together with his are his.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import with_merged
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.transaction import Read
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.traces import untagged

Values = Mapping[str, Any]
Key = tuple[str, int]
"""A table and a number in it."""
Condition = sa.ColumnElement[bool]

PERSON: Final = register.table(Person)
ORGANISATION: Final = register.table(Organisation)
_REQUEST: Final = register.table(Request)
_WANTED: Final[sa.BindParameter[int]] = sa.bindparam("wanted", expanding=True)
_OTHERS: Final = sa.select(PERSON.c.organisation_id).where(
    PERSON.c.organisation_id.in_(sa.bindparam("companies", expanding=True)), PERSON.c.id.not_in(_WANTED)
)
_SOLE: Final = sa.select(ORGANISATION).where(
    ORGANISATION.c.id.in_(sa.bindparam("companies", expanding=True)), ORGANISATION.c.sole_trader.is_(sa.true())
)
_UNMATCHED: Final = sa.select(_REQUEST.c.id, _REQUEST.c.reply_address).where(_REQUEST.c.person_id.is_(None))


@dataclass(frozen=True, slots=True)
class Leading:
    """How a column is known to lead to somebody: to himself, to a company that is he, to a row of his."""

    to_him: Callable[[sa.Column[Any]], Condition]
    to_his_firm: Callable[[sa.Column[Any]], Condition]
    to_a_row: Callable[[sa.Column[Any], sa.Table], Condition]


def ways(table: sa.Table, leading: Leading, below: Collection[str] = ()) -> Iterator[Condition]:
    """Yield each way in which a row of a table may be somebody's, but through the tables ``below``."""
    leads = {column: next(iter(column.foreign_keys)).column.table for column in table.c if column.foreign_keys}
    named = [column for column, to in leads.items() if to is PERSON]
    nobody = [column.is_(None) for column in named]
    for column in named:
        yield leading.to_him(column)
    for column, to in leads.items():
        if to is ORGANISATION and named:
            yield sa.and_(*nobody, leading.to_his_firm(column))
        elif to not in (PERSON, table) and to.name not in below and to.name in register.paths_to_person():
            yield sa.and_(*nobody, leading.to_a_row(column, to))


class Belongings:
    """The rows of some people, as they are held, by table and number; parents before what hangs on them."""

    def __init__(self, tx: Read, people: Collection[int], *, alone: bool = False) -> None:
        """Read all of them in ``tx``; ``alone`` keeps others from changing or adding to them until it ends."""
        self.rows: dict[str, dict[int, Values]] = {}
        self._tx = tx
        self._alone = alone
        wanted = sorted(with_merged(tx, people))
        self._keep(PERSON, PERSON.c.id.in_(wanted))
        firms = {int(row["id"]): row for row in self._sole_traders(self.companies, wanted)}
        self._firms = frozenset(firms)
        leading = Leading(
            to_him=lambda column: column.in_(wanted),
            to_his_firm=lambda column: column.in_(sorted(firms)),
            to_a_row=lambda column, table: column.in_(list(self.rows.get(table.name, ()))),
        )
        for table in tables():
            if table is not PERSON:
                more = [_REQUEST.c.id.in_(self._unmatched())] if table is _REQUEST else []
                self._keep(table, sa.or_(*ways(table, leading), *more))
        self.rows[ORGANISATION.name] = firms

    @property
    def companies(self) -> frozenset[int]:
        """The organisations they belong to."""
        named = {row["organisation_id"] for row in self.rows[PERSON.name].values()}
        return frozenset(named - {None})

    @property
    def shared_firms(self) -> int:
        """How many firms of sole traders they belong to that are not theirs alone."""
        if not self.companies:
            return 0
        return len({int(row.id) for row in self._tx.rows(_SOLE, {"companies": sorted(self.companies)})} - self._firms)

    @property
    def requests(self) -> tuple[str, ...]:
        """The numbers of the requests among them."""
        return tuple(sorted(str(row["number"]) for row in self.rows.get(_REQUEST.name, {}).values()))

    def _keep(self, table: sa.Table, condition: Condition) -> None:
        number = key_of(table)
        asked = sa.select(table).where(condition).order_by(number)
        found = self._tx.rows(asked.with_for_update() if self._alone else asked)
        self.rows[table.name] = {int(values[number.name]): values for values in (row._asdict() for row in found)}

    def _unmatched(self) -> list[int]:
        """Return the requests that name nobody whose answer goes to one of these people's addresses."""
        people = self.rows[PERSON.name].values()
        addresses = {untagged(row["email_normal"]) for row in people if row["email_normal"]}
        asked = self._tx.rows(_UNMATCHED) if addresses else ()
        return [int(row.id) for row in asked if _address(row.reply_address) in addresses]

    def _sole_traders(self, companies: Collection[int], people: Sequence[int]) -> Iterator[Values]:
        """Yield the companies that are the person: a sole trader's, where nobody else belongs to it."""
        if not companies:
            return
        listed = sorted(companies)
        of_others = {int(row[0]) for row in self._tx.rows(_OTHERS, {"companies": listed, "wanted": people})}
        for row in self._tx.rows(_SOLE, {"companies": listed}):
            if row.id not in of_others:
                yield row._asdict()


@cache
def tables() -> tuple[sa.Table, ...]:
    """Return the tables whose rows belong to somebody, the person first, parents before what hangs on them."""
    leading = register.paths_to_person()
    return tuple(table for table in register.metadata.sorted_tables if table.name in leading)


@cache
def owners(table: sa.Table) -> tuple[tuple[sa.Column[Any], ...], tuple[tuple[sa.Column[Any], str], ...]]:
    """Return the columns that name the person himself, and those that name a row of his."""
    keys = sorted(
        ((key.parent, key.column.table.name) for key in table.foreign_keys), key=lambda each: str(each[0].name)
    )
    direct = tuple(column for column, target in keys if target == PERSON.name)
    leading = register.paths_to_person()
    others = leading.keys() - {PERSON.name, table.name}
    return direct, tuple((column, target) for column, target in keys if target in others)


def key_of(table: sa.Table) -> sa.Column[Any]:
    """Return the column by whose number a row is known."""
    return next(iter(table.primary_key.columns))


@cache
def of_requests() -> frozenset[str]:
    """Return the table of requests and those that hang on it."""
    below = {name for name, way in register.paths_to_person().items() if _REQUEST.name in way}
    return frozenset({_REQUEST.name, *below})


def below_requests() -> Iterator[tuple[str, str, str]]:
    """Yield each table that hangs on a request, the column by which it does, and the table it leads to."""
    for name in sorted(of_requests() - {_REQUEST.name}):
        for column, parent in owners(register.metadata.tables[name])[1]:
            if parent in of_requests():
                yield name, str(column.name), parent


def _address(typed: str) -> str | None:
    try:
        return untagged(normal_email(typed))
    except BadInput:
        return None
