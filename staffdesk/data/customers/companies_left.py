"""A company that nothing leads to any more: its rows, and what a sole trader's firm is known by, who is the person."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.people import Organisation
from staffdesk.data.transaction import Change
from staffdesk.domain.erasure import Action, PlannedRow
from staffdesk.domain.traces import Identity, Trace

_ORGANISATION: Final = register.table(Organisation)
_STATUS: Final = register.table(FieldStatus)
_NUMBER: Final[sa.BindParameter[int]] = sa.bindparam("number", type_=sa.BigInteger())
_ITS_ROW: Final = sa.select(_ORGANISATION).where(_ORGANISATION.c.id == _NUMBER).with_for_update()
_ITS_FIELDS: Final = sa.select(_STATUS.c.id).where(_STATUS.c.organisation_id == _NUMBER).order_by(_STATUS.c.id)


def rows_of_company(tx: Change, number: int) -> tuple[str, tuple[PlannedRow, ...], Identity]:
    """Return a company's audit id, the rows that go with it, and what is looked for once they are gone.

    Only a sole trader's firm is looked for: another company's name tells of nobody. Raises LookupError where it is not
    there.
    """
    row = tx.row(_ITS_ROW, {"number": number})
    if row is None:
        raise LookupError(number)
    fields = [int(each[0]) for each in tx.rows(_ITS_FIELDS, {"number": number})]
    rows = (
        PlannedRow(_ORGANISATION.name, number, register.keep_of(_ORGANISATION.name), Action.ERASE),
        *(PlannedRow(_STATUS.name, each, register.keep_of(_STATUS.name), Action.ERASE) for each in fields),
    )
    known = {Trace.NAME: (row.name,), Trace.STREET: (row.street,)} if row.sole_trader else {}
    held = {trace: tuple(str(value) for value in values if value) for trace, values in known.items()}
    return str(row.aid), rows, Identity(held)
