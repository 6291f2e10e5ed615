"""Records that are to be set right at the next contact: what mail does not reach, what is old, what lacks something.

No value is read: whether a column is empty, and days. The whole desk is counted, or whoever stands in an open case of
one employee's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import PAIR, SAME
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.support import Case
from staffdesk.data.transaction import Read

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_CASE: Final = register.table(Case)
_TABLES: Final = {"person": _PERSON, "organisation": _ORGANISATION}
_MERGED: Final = sa.select(PAIR.c.other_id).where(SAME)
_BEFORE: Final[sa.BindParameter[dt.date]] = sa.bindparam("before", type_=sa.Date())
_KNOWN_ON: Final = sa.func.coalesce(_PERSON.c.confirmed_on, _PERSON.c.obtained_on)
_IN_MY_CASES: Final = sa.select(_CASE.c.person_id).where(
    _CASE.c.opened_by == sa.bindparam("staff"),
    _CASE.c.closed_at.is_(None),
    _CASE.c.person_id.is_not(None),
    _CASE.c.kind.in_(sa.bindparam("kinds", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One record: its number and audit id, its country, the columns that are empty, a day or UTC milliseconds."""

    number: int
    aid: str
    country: str | None
    missing: tuple[str, ...]
    since: dt.date | int | None


class RecordsToMend:
    """Reads them, as many as are looked at; ``staff`` is an employee's id, or nothing for the whole desk.

    Of his cases those of ``kinds`` count, which are his work.
    """

    def __init__(self, tx: Read, most: int, staff: str | None, kinds: Sequence[str] = ()) -> None:
        """Read in ``tx`` at most ``most`` records."""
        self._tx = tx
        mine = {} if staff is None else {"staff": staff, "kinds": list(kinds)}
        self._asked: dict[str, object] = {"most": most, **mine}
        self._mine = staff is not None

    def bounced(self) -> tuple[int, tuple[Found, ...]]:
        """Return how many people mail does not reach, and those it came back from last."""
        return self._both((), _bounced(mine=self._mine), {})

    def stale(self, before: dt.date) -> tuple[int, tuple[Found, ...]]:
        """Return how many people were last obtained or confirmed on ``before`` or earlier, the oldest first."""
        return self._both((), _stale(mine=self._mine), {"before": before})

    def incomplete(self, table: str, columns: Sequence[str]) -> tuple[int, tuple[Found, ...]]:
        """Return how many people, or organisations, lack one of these columns, those that lack most first."""
        return self._both(columns, _incomplete(table, tuple(columns), mine=self._mine), {})

    def _both(
        self, columns: Sequence[str], statements: tuple[sa.Select[Any], sa.Select[Any]], asked: Mapping[str, object]
    ) -> tuple[int, tuple[Found, ...]]:
        counting, listing = statements
        values = {**self._asked, **asked}
        count = self._tx.row(counting, {name: value for name, value in values.items() if name != "most"})
        found = tuple(
            Found(
                int(row.id),
                str(row.aid),
                row.country,
                tuple(column for column in columns if getattr(row, f"no_{column}")),
                getattr(row, "since", None),
            )
            for row in self._tx.rows(listing, values)
        )
        return (0 if count is None else int(count[0])), found


@cache
def _bounced(*, mine: bool) -> tuple[sa.Select[Any], sa.Select[Any]]:
    of_these = (_PERSON.c.bounced_at.is_not(None), *_standing(_PERSON, mine=mine))
    columns = (_PERSON.c.id, _PERSON.c.aid, _PERSON.c.country, _PERSON.c.bounced_at.label("since"))
    return _pair(columns, of_these, (_PERSON.c.bounced_at.desc(), _PERSON.c.id))


@cache
def _stale(*, mine: bool) -> tuple[sa.Select[Any], sa.Select[Any]]:
    of_these = (_KNOWN_ON <= _BEFORE, *_standing(_PERSON, mine=mine))
    columns = (_PERSON.c.id, _PERSON.c.aid, _PERSON.c.country, sa.type_coerce(_KNOWN_ON, sa.Date()).label("since"))
    return _pair(columns, of_these, (_KNOWN_ON, _PERSON.c.id))


@cache
def _incomplete(name: str, columns: tuple[str, ...], *, mine: bool) -> tuple[sa.Select[Any], sa.Select[Any]]:
    table = _TABLES[name]
    empty = [table.c[column].is_(None) for column in columns]
    of_these = (sa.or_(*empty), *_standing(table, mine=mine))
    lacks = sum((sa.case((each, 1), else_=0) for each in empty[1:]), start=sa.case((empty[0], 1), else_=0))
    told = (each.label(f"no_{column}") for column, each in zip(columns, empty, strict=True))
    return _pair((table.c.id, table.c.aid, table.c.country, *told), of_these, (lacks.desc(), table.c.id))


def _pair(
    columns: Sequence[sa.ColumnElement[Any]],
    of_these: Sequence[sa.ColumnElement[bool]],
    order: Sequence[sa.ColumnElement[Any]],
) -> tuple[sa.Select[Any], sa.Select[Any]]:
    counted = sa.select(sa.func.count()).select_from(columns[0].table).where(*of_these)
    listed = sa.select(*columns).where(*of_these).order_by(*order)
    return counted, listed.limit(sa.bindparam("most", type_=sa.Integer()))


def _standing(table: sa.Table, *, mine: bool) -> tuple[sa.ColumnElement[bool], ...]:
    """Leave out records that were put together with another, and where ``mine`` whoever is in none of my cases."""
    if table is _PERSON:
        here = (_PERSON.c.id.not_in(_MERGED),)
        return (*here, _PERSON.c.id.in_(_IN_MY_CASES)) if mine else here
    companies = sa.select(_PERSON.c.organisation_id).where(_PERSON.c.id.in_(_IN_MY_CASES))
    return (table.c.id.in_(companies),) if mine else ()
