"""By which record of his a row came to somebody, where records were put together; needs the open door."""

from collections.abc import Collection, Mapping
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import PAIR, PERSON, SAME
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.twins import MergedRow
from staffdesk.data.transaction import Change, Transaction

_MERGED: Final = register.table(MergedRow)
_CAME: Final = (
    sa.select(_MERGED.c.record_id, PAIR.c.other_id)
    .join(PAIR, PAIR.c.id == _MERGED.c.pair_id)
    .where(
        PAIR.c.person_id.in_(sa.bindparam("people", expanding=True)),
        SAME,
        _MERGED.c.moved.is_(sa.true()),
        _MERGED.c.record_table == sa.bindparam("table"),
    )
    .order_by(_MERGED.c.id.desc())
)
_ADDRESSES: Final = (
    sa.select(PAIR.c.person_id, PERSON.c.email_normal)
    .join(PERSON, PERSON.c.id == PAIR.c.other_id)
    .where(
        SAME,
        PERSON.c.email_normal.is_not(None),
        sa.exists(
            sa.select(_MERGED.c.id).where(
                _MERGED.c.pair_id == PAIR.c.id,
                _MERGED.c.moved.is_(sa.true()),
                _MERGED.c.record_table == sa.bindparam("table"),
            )
        ),
    )
    .order_by(PAIR.c.person_id, PERSON.c.id)
)


_PAIRS: Final = sa.select(PAIR.c.other_id, PAIR.c.id).where(
    PAIR.c.other_id.in_(sa.bindparam("records", expanding=True)), SAME
)


def has_moved(row: sa.Column[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a row, by its number, came to whom it names when records were put together."""
    named = (_MERGED.c.record_table == row.table.name, _MERGED.c.record_id == row, _MERGED.c.moved.is_(sa.true()))
    return sa.exists(sa.select(_MERGED.c.id).where(*named).correlate(row.table))


def came_by(tx: Transaction, table: sa.Table, people: Collection[int]) -> Mapping[int, int]:
    """Return the rows of a table that came to these people when records were put together: whose each was at first.

    One that was put together twice since is still that of the record it was made for.
    """
    if not people:
        return {}
    rows = tx.rows(_CAME, {"people": sorted(people), "table": table.name})
    return {int(row[0]): int(row[1]) for row in rows}


def addresses_of_rows(tx: Transaction, table: sa.Table) -> Mapping[str, int]:
    """Return the normalised addresses of the records by which rows of a table came to somebody, with who he is now."""
    return {str(row[1]): int(row[0]) for row in tx.rows(_ADDRESSES, {"table": table.name})}


def note_came_by(tx: Change, made: type[Record], rows: Mapping[int, int]) -> None:
    """Note of rows of a kind, by number, for which record each is made that was put together with another's.

    Where the two are taken apart again it goes with that record, as what hung on it when they were put together.
    """
    if not rows:
        return
    pairs = {int(row[0]): int(row[1]) for row in tx.rows(_PAIRS, {"records": sorted({*rows.values()})})}
    Writing(tx).add(
        [
            MergedRow.checked(
                {
                    "pair_id": pairs[record],
                    "record_table": register.table(made).name,
                    "record_id": number,
                    "field": "person_id",
                    "moved": True,
                }
            )
            for number, record in rows.items()
        ]
    )


def forget_came_by(tx: Change, gone: type[Record], rows: Collection[int]) -> None:
    """Forget by which record rows came that are taken away: another row may get the number of one."""
    table = register.table(gone)
    tx.write(sa.delete(_MERGED).where(_MERGED.c.record_table == table.name, _MERGED.c.record_id.in_(sorted(rows))))
