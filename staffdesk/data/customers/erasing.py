"""What an erasure takes: every row with a path to the person, derived from the register, and the laws that hold it."""

import datetime as dt
import hmac
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.held import Holds
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Invoice, Order, OrderLine, ProductSubscription, Shipment
from staffdesk.data.transaction import Read
from staffdesk.domain.classes import Erasure
from staffdesk.domain.erasure import Action, PlannedRow
from staffdesk.domain.holds import (
    Ground,
    Held,
    accounting_hold_until,
    longest,
    rules,
    supply_hold_until,
    warranty_hold_until,
)
from staffdesk.domain.requests import ANSWERED, RequestState

Values = Mapping[str, Any]
Key = tuple[str, int]
"""A table and a number in it."""

PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_ORDER: Final = register.table(Order)
_REQUEST: Final = register.table(Request)
_LINE: Final = register.table(OrderLine)
_WANTED: Final[sa.BindParameter[int]] = sa.bindparam("wanted", expanding=True)
_OTHERS: Final = sa.select(PERSON.c.organisation_id).where(
    PERSON.c.organisation_id.in_(sa.bindparam("companies", expanding=True)), PERSON.c.id.not_in(_WANTED)
)
_SOLE: Final = sa.select(_ORGANISATION).where(
    _ORGANISATION.c.id.in_(sa.bindparam("companies", expanding=True)), _ORGANISATION.c.sole_trader.is_(sa.true())
)


class Belongings:
    """The rows of some people, as they are held, by table and number; parents before what hangs on them."""

    def __init__(self, tx: Read, people: Collection[int]) -> None:
        """Read all of them in ``tx``."""
        self.rows: dict[str, dict[int, Values]] = {}
        self._tx = tx
        wanted = sorted(people)
        for table in tables():
            found = self._of(table, wanted)
            number = key_of(table).name
            self.rows[table.name] = {int(row[number]): row for row in found}
        companies = {row["organisation_id"] for row in self.rows[PERSON.name].values()} - {None}
        self.rows[_ORGANISATION.name] = {int(row["id"]): row for row in self._sole_traders(companies, wanted)}

    @property
    def requests(self) -> tuple[str, ...]:
        """The numbers of the requests among them."""
        return tuple(sorted(str(row["number"]) for row in self.rows.get(_REQUEST.name, {}).values()))

    def _of(self, table: sa.Table, people: Sequence[int]) -> Iterator[Values]:
        if table is PERSON:
            condition: sa.ColumnElement[bool] = PERSON.c.id.in_(people)
        else:
            direct, parents = owners(table)
            ways: list[sa.ColumnElement[bool]] = [column.in_(people) for column in direct]
            for column, parent in parents:
                theirs = column.in_(list(self.rows.get(parent, ())))
                ways.append(sa.and_(*(each.is_(None) for each in direct), theirs))
            condition = sa.or_(*ways)
        for row in self._tx.rows(sa.select(table).where(condition).order_by(key_of(table))):
            yield row._asdict()

    def _sole_traders(self, companies: Collection[int], people: Sequence[int]) -> Iterator[Values]:
        """Yield the companies that are the person: a sole trader's, where nobody else belongs to it."""
        if not companies:
            return
        listed = sorted(companies)
        of_others = {int(row[0]) for row in self._tx.rows(_OTHERS, {"companies": listed, "wanted": people})}
        for row in self._tx.rows(_SOLE, {"companies": listed}):
            if row.id not in of_others:
                yield row._asdict()


def planned(tx: Read, belongings: Belongings, today: dt.date) -> tuple[PlannedRow, ...]:
    """Say of each row what an erasure does to it today; what hangs on a request that is held is held with it."""
    held = _holds(tx, belongings.rows)
    rows = (
        _row(table, number, held.get((table, number), ()), today)
        for table, found in belongings.rows.items()
        for number in found
    )
    return tuple(row for row in rows if _matters(row))


def _matters(row: PlannedRow) -> bool:
    if row.action is Action.ANONYMISE:
        return bool(row.empties) or _names_him(row.table)
    return row.action is Action.ERASE or row.table not in of_requests() - {_REQUEST.name}


def fate(table: str, number: int) -> PlannedRow:
    """Say what becomes of a row that nothing holds."""
    if register.erasure_of(table) is Erasure.ERASE:
        return PlannedRow(table, number, register.keep_of(table), Action.ERASE)
    return PlannedRow(
        table, number, register.keep_of(table), Action.ANONYMISE, empties=tuple(sorted(register.emptied(table)))
    )


def keyed_digest(secret: bytes, rows: Sequence[PlannedRow], belongings: Belongings) -> str:
    """Return a keyed digest of the plan and of what the rows hold.

    Of requests only that they are there: the one in hand moves while its own plan waits.
    """
    contents = {
        f"{table} {number}": {name: str(value) for name, value in values.items()}
        for table, found in belongings.rows.items()
        if table not in of_requests()
        for number, values in found.items()
    }
    counted = [
        [row.table, row.id, row.action.value, row.ground and row.ground.value, str(row.until), list(row.empties)]
        for row in sorted(rows, key=lambda row: (row.table, row.id))
        if row.table == _REQUEST.name or row.table not in of_requests()
    ]
    text = json.dumps([counted, contents], sort_keys=True, ensure_ascii=False)
    return hmac.digest(secret, b"erasure plan v1 " + text.encode(), "sha256").hex()


def _row(table: str, number: int, holds: Sequence[Held], today: dt.date) -> PlannedRow:
    last = longest(holds, today)
    if last is None:
        return fate(table, number)
    laws = [rules().grounds[each.ground] for each in holds if each.is_open(today)]
    lost = (name for name in register.emptied(table) if not any(law.covers_column(table, name) for law in laws))
    return PlannedRow(
        table,
        number,
        register.keep_of(table),
        Action.RESTRICT,
        last.ground,
        rules().grounds[last.ground].law,
        last.until,
        tuple(sorted(lost)),
    )


def kept_again(tx: Read, rows: Mapping[str, Collection[int]], today: dt.date) -> tuple[PlannedRow, ...]:
    """Return those of these rows, whose holds are over, that are to be kept on: a law or what hangs on them says so."""
    found: dict[str, dict[int, Values]] = {}
    for table in register.metadata.sorted_tables:
        ways = [key_of(table).in_(sorted(rows.get(table.name, ())))]
        ways += [table.c[column].in_(sorted(found.get(parent, ()))) for column, parent in _must_have(table.name)]
        if rows.get(table.name) or any(found.get(parent) for _, parent in _must_have(table.name)):
            asked = tx.rows(sa.select(table).where(sa.or_(*ways)))
            found[table.name] = {int(each[key_of(table).name]): each for each in (row._asdict() for row in asked)}
    held = _holds(tx, found)
    kept = (_row(table, number, held.get((table, number), ()), today) for table in rows for number in rows[table])
    return tuple(row for row in kept if row.action is Action.RESTRICT)


def _holds(tx: Read, belongings: Mapping[str, Mapping[int, Values]]) -> Mapping[Key, Sequence[Held]]:
    """Return what holds each row: by the law itself, by hand, and because a held row hangs on it."""
    found: dict[Key, list[Held]] = defaultdict(list)
    asked = Holds(tx)
    for table, rows in belongings.items():
        for number, holds in asked.of(table, rows).items():
            found[table, number] += (each for each in holds if each.ground is not Ground.RESTRICTION)
        for number, values in rows.items():
            found[table, number] += _of_itself(table, values)
    for table, rows in reversed(list(belongings.items())):
        for column, parent in _must_have(table):
            for number, values in rows.items():
                if values[column] in belongings.get(parent, ()):
                    found[parent, values[column]] += found[table, number]
    # An invoice is of no use without its lines, and a request without its letters.
    for child, column, parent in ((_LINE.name, "order_id", _ORDER.name), *below_requests()):
        for number, values in belongings.get(child, {}).items():
            found[child, number] += found.get((parent, values[column]), ())
    return found


def _of_itself(table: str, values: Values) -> Iterator[Held]:
    if table == Invoice.__tablename__:
        yield Held(accounting_hold_until(values["invoiced_on"]), Ground.ACCOUNTING)
    elif table == Shipment.__tablename__:
        delivered = values["delivered_on"] or values["shipped_on"]
        if delivered is not None:
            yield Held(warranty_hold_until(delivered), Ground.WARRANTY)
    elif table == ProductSubscription.__tablename__:
        # One that runs is supplied at least until it is paid for again.
        told = dt.datetime.fromtimestamp(values["changed_at"] / 1000, dt.UTC).date()
        yield Held(supply_hold_until(values["ended_on"] or values["next_on"] or told), Ground.WARRANTY)
    elif table == _REQUEST.name and RequestState(values["state"]) not in ANSWERED:
        # The answer is still owed (GDPR Art. 12(3)); when it is given the hold may end.
        yield Held(values["hard_due"] + dt.timedelta(days=rules().answer_days), Ground.LEGAL_OBLIGATION)


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


def _must_have(table: str) -> Iterator[tuple[str, str]]:
    """Yield the columns by which a row cannot be without a row of another table."""
    if table in of_requests():
        return
    direct, parents = owners(register.metadata.tables[table])
    for column, parent in (*((column, PERSON.name) for column in direct), *parents):
        if not column.nullable:
            yield str(column.name), parent


def _names_him(table: str) -> bool:
    """Say whether a table's rows lead to the person by themselves."""
    return bool(owners(register.metadata.tables[table])[0])


def standing(tx: Read, requests: Collection[int]) -> bool:
    """Say whether the answer to one of these requests is still owed."""
    asked = sa.select(_REQUEST.c.id).where(
        _REQUEST.c.id.in_(sorted(requests)), _REQUEST.c.state.not_in(sorted(state.value for state in ANSWERED))
    )
    return bool(requests) and tx.row(asked.limit(1)) is not None


def people_of(tx: Read, aid: str) -> tuple[int, ...]:
    """Return the number of the person with an audit id, if he is there."""
    return tuple(int(row[0]) for row in tx.rows(sa.select(PERSON.c.id).where(PERSON.c.aid == aid)))
