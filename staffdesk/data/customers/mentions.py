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
        row = tx.row(sa.select(table).where(table.c.id == number).with_for_update())
        values = {} if row is None else row._asdict()
        texts = {column: values.get(column) for column in register.written_about_people()[name]}
        owed = _owed(name, values)
        anew = {column: identity.without(text, ERASED) for column, text in texts.items() if text and column not in owed}
        changed = {column: text for column, text in anew.items() if text != texts[column]}
        if changed:
            written += tx.write(sa.update(table).where(table.c.id == number).values(changed))
    return written


def _owed(name: str, values: Mapping[str, Any]) -> Collection[str]:
    """Return the columns that are still needed as they stand: of a request until it is answered, of a letter unsent."""
    if name == Request.__tablename__ and values and RequestState(values["state"]) not in ANSWERED:
        return {"requester", "reply_address"}
    if name == RequestChange.__tablename__ and values and values["done_at"] is None:
        return {"new_value"}
    if name == RequestLetter.__tablename__ and values and values["sent_at"] is None:
        return {"body"}
    return ()
