"""Everything the register knows of one person, table by table, in the columns he is given a copy of.

Which tables and columns there are is asked of the register, so that a new one is in the copy without a word here. A row
is a person's where it names him. One that names nobody is his where what it hangs on is, and where its organisation is
a sole trader that he alone stands for. One that names somebody else never is.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.transaction import Read
from staffdesk.domain.packages import Held

PAGE: Final = 500
"""Rows that are read at once."""

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_AFTER: Final = sa.bindparam("after", type_=sa.BigInteger())
_PAGE: Final = sa.bindparam("page", type_=sa.Integer())

_OTHER: Final = _PERSON.alias("other")
_HIS_ORGANISATION: Final = sa.select(_PERSON.c.organisation_id).where(_PERSON.c.id.in_(_IDS))
_HIM_AS_A_TRADER: Final = sa.select(_ORGANISATION.c.id).where(
    _ORGANISATION.c.id.in_(_HIS_ORGANISATION),
    _ORGANISATION.c.sole_trader.is_(sa.true()),
    ~sa.exists(sa.select(_OTHER.c.id).where(_OTHER.c.organisation_id == _ORGANISATION.c.id, _OTHER.c.id.not_in(_IDS))),
)
_AID: Final = Prepared(sa.select(_PERSON.c.aid).where(_PERSON.c.id == sa.bindparam("id")))


class Holdings:
    """What is held of a person, whole and unmasked, for the copy that is given to him."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def aid(self, person_id: int) -> str | None:
        """Return the audit id the log knows a person by, or None where there is no such person."""
        row = self._tx.row(_AID, {"id": person_id})
        return None if row is None else str(row[0])

    def rows(self, table: str, people: Sequence[int]) -> Iterator[Held]:
        """Yield the rows of a person, with his other records, of one of the register's packaged tables by number.

        A page of them is in memory at a time.
        """
        after = 0
        while True:
            found = self._tx.rows(_page_of(table), {"ids": list(people), "after": after, "page": PAGE})
            for row in found:
                values = row._asdict()
                after = int(values.pop("number_of_the_row"))
                yield Held(table, after, values)
            if len(found) < PAGE:
                return


@cache
def _page_of(name: str) -> sa.Select[Any]:
    table = register.metadata.tables[name]
    number = _number_of(table)
    # By itself too, since a key that has no word for people is not in the copy.
    columns = (number.label("number_of_the_row"), *(table.c[column] for column in register.packaged(name)))
    mine = number.in_(_owned(table, ()))
    return sa.select(*columns).where(mine, number > _AFTER).order_by(number).limit(_PAGE)


def _number_of(table: sa.Table) -> sa.Column[Any]:
    (number,) = table.primary_key.columns
    return number


def _owned(table: sa.Table, below: tuple[str, ...]) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Select the numbers of a person's rows; ``below`` are the tables that are asked through this one.

    Each way by itself, so that each is found by its index.
    """
    if table is _PERSON:
        return sa.select(_PERSON.c.id).where(_PERSON.c.id.in_(_IDS))
    if table is _ORGANISATION:
        return _HIS_ORGANISATION
    ways = [sa.select(_number_of(table)).where(condition) for condition in _ways(table, below)]
    return ways[0] if len(ways) == 1 else sa.union(*ways)


def _ways(table: sa.Table, below: tuple[str, ...]) -> Iterator[sa.ColumnElement[bool]]:
    leads = {column: next(iter(column.foreign_keys)).column.table for column in table.c if column.foreign_keys}
    named = [column for column, to in leads.items() if to is _PERSON]
    nobody = [column.is_(None) for column in named]
    for column in named:
        yield column.in_(_IDS)
    for column, to in leads.items():
        if to is _ORGANISATION and named:
            yield sa.and_(*nobody, column.in_(_HIM_AS_A_TRADER))
        elif to is not _PERSON and to is not table and to.name not in below and to.name in register.paths_to_person():
            yield sa.and_(*nobody, column.in_(_owned(to, (*below, table.name))))
