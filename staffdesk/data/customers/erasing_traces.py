"""What somebody is known by, as it is held before he goes: what the sweep looks for afterwards."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import PERSON, Belongings, Key, below_requests, key_of
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Shipment
from staffdesk.data.transaction import Read
from staffdesk.domain.phone_numbers import normal_phone, phone_candidates
from staffdesk.domain.traces import SHORTEST_WORD, Identity, Trace
from staffdesk.domain.words import cut

_REQUEST: Final = register.table(Request)


def identity_of(belongings: Belongings) -> Identity:
    """Return what these people are known by, as it is held before the erasure."""
    traces: dict[Trace, list[str]] = defaultdict(list)

    def note(trace: Trace, *values: object) -> None:
        traces[trace] += [str(value) for value in values if value]

    for person in belongings.rows[PERSON.name].values():
        given, family = person["given_name"], person["family_name"]
        note(Trace.EMAIL, person["email"], person["email_normal"])
        note(Trace.PHONE, *_numbers(person["phone"], person["phone_normal"]))
        if given and family:
            note(Trace.NAME, f"{given} {family}", f"{family} {given}")
        note(Trace.STREET, person["street"])
        note(Trace.ACCOUNT, person["account_id"])
        note(Trace.USER_NAME, person["user_name"])
        note(
            Trace.WORD, *(word for name in (given, family) if name for word in cut(name) if len(word) >= SHORTEST_WORD)
        )
    for shipment in belongings.rows.get(Shipment.__tablename__, {}).values():
        abroad = normal_phone(shipment["phone"], shipment["country"]) if shipment["phone"] else None
        note(Trace.PHONE, *_numbers(shipment["phone"], abroad))
    for licence in belongings.rows.get(Licence.__tablename__, {}).values():
        note(Trace.SERIAL, licence["serial"])
    for activation in belongings.rows.get(Activation.__tablename__, {}).values():
        note(Trace.MAC, activation["mac"])
        note(Trace.USER_NAME, activation["user_name"])
    return Identity({trace: tuple(dict.fromkeys(values)) for trace, values in traces.items()})


def _numbers(typed: str | None, normal: str | None) -> Iterator[str | None]:
    """Yield a telephone number as it was typed and as it is dialled: abroad with either prefix, and at home."""
    yield typed
    if normal:
        yield from (normal, f"00{normal}", *phone_candidates(f"+{normal}"))


def traces_of(tx: Read, rows: Mapping[str, Collection[int]]) -> tuple[Identity, tuple[Key, ...]]:
    """Return those of these rows that are there, and the names and streets in them, to be looked for when they go."""
    names: set[str] = set()
    streets: set[str] = set()
    there: list[Key] = []
    for name, ids in (*rows.items(), *_files_of(tx, rows.get(_REQUEST.name, ()))):
        table = register.metadata.tables[name]
        number = key_of(table)
        for row in tx.rows(sa.select(table).where(number.in_(sorted(ids)))) if ids else ():
            there.append((name, int(row._mapping[number.name])))  # noqa: SLF001 - SQLAlchemy's public name
            for column, value in row._mapping.items():  # noqa: SLF001 - SQLAlchemy's public name
                if value and column in {"billing_name", "recipient_name"}:
                    names.add(str(value))
                elif value and column in {"billing_street", "street"}:
                    streets.add(str(value))
    return Identity({Trace.NAME: tuple(sorted(names)), Trace.STREET: tuple(sorted(streets))}), tuple(there)


def _files_of(tx: Read, requests: Collection[int]) -> Iterator[tuple[str, Collection[int]]]:
    """Yield what hangs on requests, by table."""
    for name, column, parent in below_requests():
        table = register.metadata.tables[name]
        if requests and parent == _REQUEST.name and register.emptied(name):
            asked = sa.select(key_of(table)).where(table.c[column].in_(sorted(requests)))
            yield name, [int(row[0]) for row in tx.rows(asked)]
