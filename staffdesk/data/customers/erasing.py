"""What an erasure takes: every row with a path to the person, derived from the register, and the laws that hold it."""

import datetime as dt
import hmac
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import (
    PERSON,
    Belongings,
    Key,
    Values,
    below_requests,
    key_of,
    of_requests,
    owners,
)
from staffdesk.data.customers.held import Holds
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
from staffdesk.domain.impersonal import is_impersonal
from staffdesk.domain.requests import ANSWERED, RequestState
from staffdesk.domain.traces import Identity

_ORDER: Final = register.table(Order)
_REQUEST: Final = register.table(Request)
_LINE: Final = register.table(OrderLine)
_OF_COMPANIES: Final = sa.select(_ORDER.c.id).where(
    _ORDER.c.person_id.is_(None), _ORDER.c.organisation_id.in_(sa.bindparam("companies", expanding=True))
)
_BILLED: Final = (register.table(Invoice), register.table(Shipment))
Rows = Mapping[str, Mapping[int, Values]]
"""Rows as they are held, by table and number."""


def planned(tx: Read, belongings: Belongings, identity: Identity, today: dt.date) -> tuple[PlannedRow, ...]:
    """Say of each row what an erasure does to it today; what hangs on a request that is held is held with it."""
    held = _holds(tx, belongings.rows)
    rows = (
        _without_impersonal(_row(table, number, held.get((table, number), ()), today), values, identity)
        for table, found in belongings.rows.items()
        for number, values in found.items()
    )
    return tuple(row for row in rows if _matters(row))


def _without_impersonal(row: PlannedRow, values: Values, identity: Identity) -> PlannedRow:
    """Leave a row that stays without its person what tells of nobody: the problem of a case, and how it ended."""
    stays = {
        column
        for column in row.empties
        if register.of_table(row.table)[column].erasure is Erasure.SCREENED
        and isinstance(values[column], str)
        and is_impersonal(values[column], identity)
    }
    return replace(row, empties=tuple(each for each in row.empties if each not in stays)) if stays else row


def billed_to(tx: Read, belongings: Belongings, identity: Identity) -> Rows:
    """Return the invoices and deliveries of their companies' own orders on which these people are named."""
    found: dict[str, dict[int, Values]] = {}
    orders = _OF_COMPANIES.scalar_subquery()
    companies = sorted(belongings.companies)
    for table in _BILLED if companies else ():
        asked = tx.rows(sa.select(table).where(table.c.order_id.in_(orders)), {"companies": companies})
        rows = {int(row.id): row._asdict() for row in asked if row.id not in belongings.rows[table.name]}
        found[table.name] = {number: row for number, row in rows.items() if _naming(table.name, row, identity)}
    return found


def stripped(tx: Read, billed: Rows, identity: Identity, today: dt.date) -> Iterator[PlannedRow]:
    """Say of rows that are a company's which columns lose whom they name, today or when no law holds them any more."""
    held = _holds(tx, billed)
    for table, rows in billed.items():
        for number, values in rows.items():
            row, naming = _row(table, number, held.get((table, number), ()), today), _naming(table, values, identity)
            if row.action is Action.RESTRICT:
                yield replace(row, empties=tuple(sorted(set(row.empties) & naming)))
            else:
                yield PlannedRow(table, number, row.kind, Action.ANONYMISE, empties=tuple(sorted(naming)))


def _naming(table: str, values: Values, identity: Identity) -> frozenset[str]:
    return frozenset(
        column
        for column in register.emptied(table)
        if isinstance(values[column], str) and identity.is_named(values[column])
    )


def _matters(row: PlannedRow) -> bool:
    if row.action is Action.ANONYMISE:
        return bool(row.empties) or _names_him(row.table)
    return row.action is Action.ERASE or row.table not in of_requests() - {_REQUEST.name}


def fates(tx: Read, rows: Collection[Key]) -> tuple[PlannedRow, ...]:
    """Say what becomes of rows that an erasure left and nothing holds any more.

    One of an order that stays without being held is a company's: it loses whom it names.
    """
    found = []
    for table, number in rows:
        went = fate(table, number)
        stays = register.metadata.tables[table] in _BILLED and _is_of_a_company(tx, table, number, rows)
        found.append(
            replace(went, action=Action.ANONYMISE, empties=tuple(sorted(register.emptied(table)))) if stays else went
        )
    return tuple(found)


def _is_of_a_company(tx: Read, table: str, number: int, going: Collection[Key]) -> bool:
    billed = register.metadata.tables[table]
    row = tx.row(sa.select(billed.c.order_id).where(billed.c.id == number))
    return row is not None and (_ORDER.name, row[0]) not in going and not Holds(tx).of(_ORDER.name, [row[0]])


def fate(table: str, number: int) -> PlannedRow:
    """Say what becomes of a row that nothing holds."""
    if register.erasure_of(table) is Erasure.ERASE:
        return PlannedRow(table, number, register.keep_of(table), Action.ERASE)
    return _emptied(table, number)


def _emptied(table: str, number: int) -> PlannedRow:
    return PlannedRow(
        table, number, register.keep_of(table), Action.ANONYMISE, empties=tuple(sorted(register.emptied(table)))
    )


def keyed_digest(secret: bytes, rows: Sequence[PlannedRow], *held: Rows) -> str:
    """Return a keyed digest of the plan and of what the rows hold.

    Of requests only that they are there: the one in hand moves while its own plan waits.
    """
    contents = {
        f"{table} {number}": {name: str(value) for name, value in values.items()}
        for part in held
        for table, found in part.items()
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


def _holds(tx: Read, belongings: Rows) -> Mapping[Key, Sequence[Held]]:
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
