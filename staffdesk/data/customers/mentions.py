"""Texts about others that have somebody's number or address in them: these few words go, the text stays."""

from collections.abc import Sequence

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.transaction import Change
from staffdesk.domain.erasure import ERASED
from staffdesk.domain.traces import Identity

Place = tuple[str, int]
"""A table and a number in it."""


def rewrite(tx: Change, identity: Identity, places: Sequence[Place]) -> int:
    """Take his addresses and numbers out of these texts; return how many rows were written anew."""
    written = 0
    for name, number in places:
        table, texts = _texts(name)
        row = tx.row(sa.select(*texts).where(table.c.id == number).with_for_update())
        values = {} if row is None else dict(zip((column.name for column in texts), row, strict=True))
        anew = {column: identity.without(value, ERASED) for column, value in values.items() if value}
        changed = {column: value for column, value in anew.items() if value != values[column]}
        if changed:
            written += tx.write(sa.update(table).where(table.c.id == number).values(changed))
    return written


def _texts(name: str) -> tuple[sa.Table, list[sa.Column[str]]]:
    table = register.metadata.tables[name]
    return table, [table.c[column] for column in register.emptied(name)]
