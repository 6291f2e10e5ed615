"""Putting right what a customer asks to have corrected: each field in turn, with what shows it and since when."""

from __future__ import annotations

from typing import Final

from staffdesk.data.customers.fields import Fields, Origin
from staffdesk.data.customers.request_decisions import Deciding, Decisions
from staffdesk.data.log import Opened
from staffdesk.data.transaction import Change
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import Conflict
from staffdesk.domain.provenance import Source
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.request_progress import Progress
from staffdesk.services.cells import as_text
from staffdesk.services.recipients import Column, tell

OLD: Final = "old"
"""Before the place of a field: the opening of what stood there, which is kept nowhere else."""


def correct(tx: Change, before: Progress, person: int, moment: Moment) -> tuple[tuple[str, ...], tuple[Opened, ...]]:
    """Correct what was noted under a request, and let be told who was given it; return the fields and their openings.

    Raises :class:`Conflict` where a record has changed meanwhile.
    """
    now = moment.now
    fields, deciding, openings, names = Fields(tx), Deciding(tx), list[Opened](), list[str]()
    columns = list[Column]()
    origin = Origin(source=Source.EMAIL_IN.value, obtained_on=receive_day(before.received))
    for wanted in Decisions(tx).corrections(before.id):
        row = fields.row(wanted.table, wanted.number)
        if row is None:
            raise Conflict("A record that is to be corrected is not there any more.", "Decide again.")
        record = fields.checked(wanted.table, row, wanted.field, wanted.new)
        value, old = record.values()[wanted.field], row[wanted.field]
        known_before = fields.key_before(wanted.table, row, wanted.field)
        if fields.change(record, wanted.field, old) != 1 or deciding.corrected(wanted.id, now) != 1:
            raise Conflict("A record that is to be corrected has changed meanwhile.", "Decide again.")
        status = {
            **origin.values(),
            **known_before,
            "evidence": before.number,
            "confirmed_on": moment.today,
            "confirmed_under": before.number,
        }
        if fields.put_status(wanted.table, wanted.number, wanted.field, origin, status) != 1:
            raise Conflict("A record that is to be corrected has changed meanwhile.", "Decide again.")
        place = f"{wanted.table}.{wanted.field}"
        values = ((f"{OLD}.{place}", old), (f"new.{place}", value))
        openings += (Opened(name, as_text(each)) for name, each in values if each is not None)
        names.append(wanted.field)
        columns.append((wanted.table, wanted.field))
    tell(tx, before.id, person, now, columns)
    return tuple(names), tuple(openings)
