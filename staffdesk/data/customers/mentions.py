"""Texts about others that have somebody's number or address in them: these few words go, the text stays."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.transaction import Change
from staffdesk.domain.erasure import KNOWN_BY, Identity

Place = tuple[str, int]
"""A table and a number in it."""


def rewrite(tx: Change, identity: Identity, places: Sequence[Place], anew: Callable[[str], str]) -> int:
    """Write these texts anew; return how many rows."""
    written = 0
    for name, number in places:
        table, texts = _texts(name)
        row = tx.row(sa.select(*texts).where(table.c.id == number).with_for_update())
        values = {} if row is None else dict(zip((column.name for column in texts), row, strict=True))
        changed = {column: anew(value) for column, value in values.items() if value and _is_known_by(identity, value)}
        if changed:
            written += tx.write(sa.update(table).where(table.c.id == number).values(changed))
    return written


def _texts(name: str) -> tuple[sa.Table, list[sa.Column[str]]]:
    table = register.metadata.tables[name]
    return table, [table.c[column] for column in register.emptied(name)]


def _is_known_by(identity: Identity, text: str) -> bool:
    return not set(KNOWN_BY).isdisjoint(identity.found_in(text))
