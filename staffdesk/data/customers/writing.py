"""Writing customers' records: validated rows in, Core inserts out, derived columns computed here and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeAlias, cast

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.log import new_audit_id
from staffdesk.data.prepared import Prepared
from staffdesk.data.references import serial_key
from staffdesk.data.relations import relation_keys
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.licensing import Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Invoice, Order
from staffdesk.data.tables.staff import Counter
from staffdesk.data.tables.support import Case
from staffdesk.data.transaction import Change
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.identifiers import normal_email, normal_number
from staffdesk.domain.phone_numbers import normal_phone
from staffdesk.domain.words import sort_name, words_of

Row: TypeAlias = Mapping[str, Any]
"""The columns of a record, as :meth:`Record.values` gives them."""

AUDIT_PREFIXES: Final[Mapping[type[Record], str]] = {
    Person: "s",
    Organisation: "g",
    Order: "o",
    Licence: "l",
    Case: "c",
    Request: "r",
}


def new_aid(record: type[Record]) -> str:
    """Return a fresh audit id for a record of this class."""
    return new_audit_id(AUDIT_PREFIXES[record])


def _person(person: Row, secret: bytes) -> dict[str, object]:
    return {
        "email_normal": normal_email(person["email"]) if person["email"] else None,
        "phone_normal": normal_phone(person["phone"], person["country"]) if person["phone"] else None,
        "words": words_of(person["given_name"], person["family_name"]),
        # Nothing but names: the order of a list would tell what a role sees masked.
        "sort_name": sort_name(" ".join(part for part in (person["family_name"], person["given_name"]) if part)),
        "relation_keys": relation_keys(
            secret,
            email=person["email"],
            family_name=person["family_name"],
            street=person["street"],
            postal_code=person["postal_code"],
        ),
    }


def _organisation(organisation: Row, _secret: bytes) -> dict[str, object]:
    return {"words": words_of(organisation["name"]), "sort_name": sort_name(organisation["name"])}


def _order(order: Row, _secret: bytes) -> dict[str, object]:
    return {"number_normal": normal_number(order["number"])}


def _invoice(invoice: Row, _secret: bytes) -> dict[str, object]:
    return {"number_normal": normal_number(invoice["number"])}


def _licence(licence: Row, secret: bytes) -> dict[str, object]:
    serial = normal_number(licence["serial"])
    return {"serial_normal": serial, "serial_key": serial_key(secret, serial)}


def _request(request: Row, secret: bytes) -> dict[str, object]:
    # An employee may ask under his own address, and nobody may have found yet whose data it is about.
    try:
        email = normal_email(request["reply_address"])
    except BadInput:
        return {"relation_keys": None}
    return {"relation_keys": relation_keys(secret, email=email, family_name=None, street=None, postal_code=None)}


_DERIVED: Final[Mapping[type[Record], Callable[[Row, bytes], dict[str, object]]]] = {
    Person: _person,
    Organisation: _organisation,
    Order: _order,
    Invoice: _invoice,
    Licence: _licence,
    Request: _request,
}

UNMARKED: Final[Mapping[str, None]] = {"bounced_at": None, "bounced_import_id": None}
"""What a person's row says where no mail came back from his address."""


class Writing:
    """Adds and replaces customers' rows."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def add(self, records: Sequence[Record]) -> tuple[int, ...]:
        """Insert records of one class and return their new numbers, in the same order.

        Each is given its number first: to have the rows given back takes the databases twice as long.
        """
        if not records:
            return ()
        record = type(records[0])
        rows = [self._row(each) for each in records]
        lacking = [row for row in rows if row["id"] is None]
        for row, number in zip(lacking, self._numbers(record, len(lacking)), strict=True):
            row["id"] = number
        if self._tx.write(insertion(record), rows) != len(rows):
            raise Conflict("Not every record was taken in.", "Try again.")
        return tuple(cast("int", row["id"]) for row in rows)

    def replace(self, record: Record) -> int:
        """Write a record again under its number, its audit id kept; return how many rows were touched (1, or 0)."""
        row = self._row(record)
        row.pop("aid", None)
        number = row.pop("id")
        table = register.table(type(record))
        return self._tx.write(sa.update(table).where(table.c.id == number).values(row))

    def check(self, record: Record) -> None:
        """Raise :class:`BadInput` for a record of which nothing can be derived, such as no e-mail address."""
        derive = _DERIVED.get(type(record))
        if derive is not None:
            derive(record.values(), self._tx.secret)

    def amend(self, record: Record, column: str, shown: object) -> int:
        """Write one column of a record under its number, and what is derived from it, if it still holds ``shown``.

        Returns how many rows were touched (1, or 0 where somebody else changed it first).
        """
        derive = _DERIVED.get(type(record))
        table, values = register.table(type(record)), record.values()
        written = {column: values[column], **({} if derive is None else derive(values, self._tx.secret))}
        if table.name == Person.__tablename__ and column == "email":
            written |= UNMARKED  # the mark was of the address before
        guarded = sa.update(table).where(table.c.id == values["id"], table.c[column].is_not_distinct_from(shown))
        return self._tx.write(guarded.values(written))

    def remove(self, record: type[Record], column: str, value: int) -> int:
        """Delete the rows of a table whose key column holds a value; return how many."""
        table = register.table(record)
        return self._tx.write(sa.delete(table).where(table.c[column] == value))

    def next_number(self, name: str, year: int) -> int:
        """Return the next number of a series in a year, counting from 1, without a gap in this transaction."""
        row = self._tx.row(_COUNT, {"name": name, "year": year})
        return cast("int", row[0]) if row is not None else 1

    def _numbers(self, record: type[Record], many: int) -> Sequence[int]:
        """Return the next numbers of a table, none of which a row had before: papers and logs may still name it."""
        if not many:
            return ()
        table = register.table(record)
        if self._tx.is_postgres:
            return [int(row[0]) for row in self._tx.rows(_NEXT, {"name": table.name, "n": many})]
        (row,) = self._tx.rows(_given_out(record), {"name": table.name, "n": many})
        return range(int(row[0]) - many + 1, int(row[0]) + 1)

    def _row(self, record: Record) -> dict[str, object]:
        row = record.values()
        derive = _DERIVED.get(type(record))
        if derive is not None:
            row.update(derive(row, self._tx.secret))
        return row


@cache
def insertion(record: type[Record]) -> Prepared:
    """Return the INSERT of a class of records, with every column."""
    table = register.table(record)
    return Prepared(sa.insert(table), [column.key for column in table.columns])


@cache
def _given_out(record: type[Record]) -> Prepared:
    """Return what counts the numbers of a table on the encrypted file, as a sequence does on a server.

    The year is none: it counts for good. A row that came with its number is counted with the next one.
    """
    from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415 - a server's desk does without

    table, many = register.table(record), sa.bindparam("n", type_=sa.BigInteger())
    newest = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
    first = insert(_COUNTER).values(name=sa.bindparam("name"), year=0, last=newest + many)
    counted = {"last": sa.func.max(_COUNTER.c.last, newest) + many}
    return Prepared(
        first.on_conflict_do_update(index_elements=[_COUNTER.c.name, _COUNTER.c.year], set_=counted).returning(
            _COUNTER.c.last
        )
    )


_COUNTER: Final = register.table(Counter)
_NEXT: Final = Prepared(
    sa.text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, CAST(:n AS integer))").columns(
        sa.column("number", sa.BigInteger)
    )
)
_COUNT: Final = sa.text(
    "INSERT INTO counter (name, year, last) VALUES (:name, :year, 1) "
    "ON CONFLICT (name, year) DO UPDATE SET last = counter.last + 1 RETURNING last"
)
