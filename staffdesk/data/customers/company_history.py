"""What happened with the people of a company, newest first: what they asked, what was said, what they bought.

A row is of the company where it names it, and where it names none but its person belongs there. What somebody bought
for another company is that one's.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.reading import Values
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.licence_requests import LicenceRequest
from staffdesk.data.tables.licensing import Licence
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.sales import Order, OrderLine
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.data.transaction import Read
from staffdesk.domain.deadlines import beginning_of

_PERSON: Final = register.table(Person)
_LICENCE: Final = register.table(Licence)
_REQUEST: Final = register.table(LicenceRequest)
_LINE: Final = register.table(OrderLine)
_NONE: Final[sa.ColumnClause[Any]] = sa.literal_column("0")
_COMPANY: Final[sa.BindParameter[int]] = sa.bindparam("company", type_=sa.BigInteger())
_MOST: Final = sa.bindparam("most", type_=sa.Integer())
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)

_DATES: Final[Mapping[str, tuple[sa.Table, sa.ColumnElement[Any]]]] = {
    "support_case": (register.table(Case), register.table(Case).c.opened_at),
    "contact_report": (register.table(ContactReport), register.table(ContactReport).c.contact_at),
    "sales_order": (register.table(Order), register.table(Order).c.ordered_at),
    "licence": (_LICENCE, sa.func.coalesce(_LICENCE.c.issued_on, _LICENCE.c.obtained_on, type_=sa.Date())),
}
TABLES: Final = (*_DATES, _PERSON.name)
"""The tables whose rows are told; that mail to somebody came back stands in his own row."""


def _newest(table: sa.Table, at: sa.ColumnElement[Any], *, named: bool) -> Prepared:
    """Select the newest rows that name the company, or those of its people that name none."""
    found = sa.select(table.c.id, table.c.person_id, at.label("at"))
    if named:
        found = found.where(table.c.organisation_id == _COMPANY)
    else:
        # Not "IS NULL", or the rows of nobody's company would be gone through by their index: they may be most.
        whose = _PERSON.c.organisation_id == _COMPANY, sa.func.coalesce(table.c.organisation_id, _NONE) == _NONE
        found = found.join(_PERSON, _PERSON.c.id == table.c.person_id).where(*whose)
    return Prepared(found.order_by(at.desc(), table.c.id.desc()).limit(_MOST))


_BOUNCED: Final = Prepared(
    sa.select(_PERSON.c.id, _PERSON.c.id.label("person_id"), _PERSON.c.bounced_at.label("at"))
    .where(_PERSON.c.organisation_id == _COMPANY, _PERSON.c.bounced_at.is_not(None))
    .order_by(_PERSON.c.bounced_at.desc(), _PERSON.c.id.desc())
    .limit(_MOST)
)
_NEWEST: Final = {
    **{name: tuple(_newest(table, at, named=named) for named in (True, False)) for name, (table, at) in _DATES.items()},
    _PERSON.name: (_BOUNCED,),
}
_KINDS: Final = sa.select(_REQUEST.c.case_id, _REQUEST.c.kind).where(_REQUEST.c.case_id.in_(_IDS))


@dataclass(frozen=True, slots=True, order=True)
class Happened:
    """When something happened (UTC milliseconds), in which row, and whose that is, where it names anybody.

    ``day`` is the day of what has no time of day: ``at`` is where that begins in Brussels, for the order alone.
    """

    at: int
    table: str
    id: int
    person: int | None
    day: dt.date | None = None


class CompanyHistory:
    """Finds and reads it, unmasked, for the service that masks it alone."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def newest(self, company: int, most: int, tables: Collection[str]) -> tuple[Happened, ...]:
        """Return the newest rows of these tables together, no values: at most one more than ``most``."""
        asked = {"company": company, "most": most + 1}
        found = [
            Happened(_moment(row.at), table, int(row.id), row.person_id, _day(row.at))
            for table in tables
            for statement in _NEWEST[table]
            for row in self._tx.rows(statement, asked)
        ]
        return tuple(sorted(found, key=lambda each: (each.at, each.table, each.id), reverse=True)[: most + 1])

    def rows(self, table: str, ids: Collection[int]) -> Mapping[int, Values]:
        """Return rows by number, in the columns that staff may read."""
        found = self._tx.rows(_shown(table), {"ids": sorted(ids)}) if ids else ()
        return {int(row.id): row._asdict() for row in found}

    def first_lines(self, orders: Collection[int]) -> Mapping[int, Values]:
        """Return the first line of each of these orders."""
        lines = self._tx.rows(_lines(), {"ids": sorted(orders)}) if orders else ()
        found: dict[int, Values] = {}
        for row in lines:
            found.setdefault(int(row.order_id), row._asdict())
        return found

    def licence_requests(self, cases: Collection[int]) -> Mapping[int, str]:
        """Return of which kind the licence requests of these cases are, by case."""
        rows = self._tx.rows(_KINDS, {"ids": sorted(cases)}) if cases else ()
        return {int(row.case_id): str(row.kind) for row in rows}


@cache
def _shown(name: str) -> sa.Select[Any]:
    table = register.metadata.tables[name]
    return sa.select(*(table.c[column] for column in register.shown(name))).where(table.c.id.in_(_IDS))


@cache
def _lines() -> sa.Select[Any]:
    columns = (_LINE.c[column] for column in register.shown(_LINE.name))
    return sa.select(*columns).where(_LINE.c.order_id.in_(_IDS)).order_by(_LINE.c.order_id, _LINE.c.id)


def _moment(at: Any) -> int:  # noqa: ANN401 - a day or milliseconds, as the table has it
    return int(at) if isinstance(at, int) else int(beginning_of(at).timestamp() * 1000)


def _day(at: object) -> dt.date | None:
    return at if isinstance(at, dt.date) else None
