"""Everything the register knows of one person, table by table, in the columns he is given a copy of.

Which tables and columns there are is asked of the register, so that a new one is in the copy without a word here. Which
rows are his is said in :mod:`staffdesk.data.customers.belongings`.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import ORGANISATION, PERSON, Leading, ways
from staffdesk.data.prepared import Prepared
from staffdesk.data.transaction import Read
from staffdesk.domain.packages import Held

PAGE: Final = 500
"""Rows that are read at once."""

_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_AFTER: Final = sa.bindparam("after", type_=sa.BigInteger())
_PAGE: Final = sa.bindparam("page", type_=sa.Integer())

_OTHER: Final = PERSON.alias("other")
_HIS_ORGANISATION: Final = sa.select(PERSON.c.organisation_id).where(PERSON.c.id.in_(_IDS))
_HIM_AS_A_TRADER: Final = sa.select(ORGANISATION.c.id).where(
    ORGANISATION.c.id.in_(_HIS_ORGANISATION),
    ORGANISATION.c.sole_trader.is_(sa.true()),
    ~sa.exists(sa.select(_OTHER.c.id).where(_OTHER.c.organisation_id == ORGANISATION.c.id, _OTHER.c.id.not_in(_IDS))),
)
_AID: Final = Prepared(sa.select(PERSON.c.aid).where(PERSON.c.id == sa.bindparam("id")))


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
    if table is PERSON:
        return sa.select(PERSON.c.id).where(PERSON.c.id.in_(_IDS))
    if table is ORGANISATION:
        return _HIS_ORGANISATION
    leading = Leading(
        to_him=lambda column: column.in_(_IDS),
        to_his_firm=lambda column: column.in_(_HIM_AS_A_TRADER),
        to_a_row=lambda column, to: column.in_(_owned(to, (*below, table.name))),
    )
    each = [sa.select(_number_of(table)).where(condition) for condition in ways(table, leading, below)]
    return each[0] if len(each) == 1 else sa.union(*each)
