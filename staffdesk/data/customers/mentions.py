"""Texts about others that have somebody's number or address in them: these few words go, the text stays."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.workflow import RequestChange, RequestLetter
from staffdesk.data.transaction import Change
from staffdesk.domain.erasure import ERASED
from staffdesk.domain.requests import ANSWERED, RequestState
from staffdesk.domain.traces import Identity

Place = tuple[str, int]
"""A table and a number in it."""


def rewrite(tx: Change, identity: Identity, places: Sequence[Place]) -> int:
    """Take his addresses and numbers out of these texts; return how many rows were written anew."""
    written = 0
    for name, number in places:
        table = register.metadata.tables[name]
        which = table.c.id == number if "id" in table.c else sa.true()
        for row in tx.rows(sa.select(table).where(which).with_for_update()):
            values = row._asdict()
            texts = {column: values[column] for column in register.written_about_people()[name]}
            owed = _owed(name, values)
            anew = {
                column: identity.without(text, ERASED) for column, text in texts.items() if text and column not in owed
            }
            changed = {column: text for column, text in anew.items() if text != texts[column]}
            if changed:
                free = _free(tx, table, values, changed)
                written += tx.write(sa.update(table).where(_key(table, values)).values(free))
    return written


def _key(table: sa.Table, values: Mapping[str, Any]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == values[column.name] for column in table.primary_key.columns))


def _free(tx: Change, table: sa.Table, values: Mapping[str, Any], changed: Mapping[str, str]) -> Mapping[str, str]:
    """Give what a row is known by a number, where another has that name already."""
    if not changed.keys() & table.primary_key.columns.keys():
        return changed
    free, n = dict(changed), 1
    while tx.row(sa.select(sa.literal(1)).where(_key(table, {**values, **free}))) is not None:
        n += 1
        free = {column: f"{text} {n}" for column, text in changed.items()}
    return free


def _owed(name: str, values: Mapping[str, Any]) -> Collection[str]:
    """Return the columns that are still needed as they stand: of a request until it is answered, of a letter unsent."""
    if name == Request.__tablename__ and values and RequestState(values["state"]) not in ANSWERED:
        return {"requester", "reply_address"}
    if name == RequestChange.__tablename__ and values and values["done_at"] is None:
        return {"new_value"}
    if name == RequestLetter.__tablename__ and values and values["sent_at"] is None:
        return {"body"}
    return ()
