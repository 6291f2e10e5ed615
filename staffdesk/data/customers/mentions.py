"""Texts about others that have somebody's number or address in them: these few words go, the text stays."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.held import Holds
from staffdesk.data.sweeping import TEXTS
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.erasure import KNOWN_BY, Identity, Trace

Place = tuple[str, int]
"""A table and a number in it."""


def mentions(tx: Read, identity: Identity) -> tuple[Place, ...]:
    """Return the texts about others, held ones left out, that have something in them by which he alone is known."""
    found: list[Place] = []
    for name in TEXTS:
        table, texts = _texts(name)
        rows = tx.rows(sa.select(table.c.id, *texts).where(_holds_any(texts, identity)))
        found += [
            (name, int(row.id)) for row in rows if any(value and _is_known_by(identity, value) for value in row[1:])
        ]
    holds = Holds(tx)
    return tuple(place for place in found if not holds.holds(*place))


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


def _holds_any(texts: Sequence[sa.Column[str]], identity: Identity) -> sa.ColumnElement[bool]:
    """Return what is at least in such a text: digits and letters may have anything between them."""
    return sa.or_(
        *(
            sa.func.lower(column).contains(form, autoescape=True)
            if trace is Trace.EMAIL
            else sa.func.lower(column).like("%".join(["", *form, ""]))
            for column in texts
            for trace in KNOWN_BY
            for form in identity.folded.get(trace, ())
        ),
        sa.false(),
    )
