"""An opened record in plain lines, and as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Final

from staffdesk.cli.output import put, put_json, put_pairs, put_table, say
from staffdesk.domain.accuracy import upkeep_of
from staffdesk.domain.classes import Exposure
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.history import Contact, history_of
from staffdesk.domain.provenance import WORDS
from staffdesk.domain.records import CONTESTED, Cell, Record, Row
from staffdesk.domain.sharing import Given
from staffdesk.domain.uses import used_for

_NAMES: Final = {
    "sales_order": "order",
    "support_case": "case",
    "contact_report": "report",
    "field_status": "status of a field",
    "subscription": "campaign subscription",
}


def put_record(record: Record) -> None:
    """Print a record: its title, then each section's rows, one value a line."""
    put(record.title)
    put(
        f"{record.kind} {record.id} · as {record.role} · {record.purpose} {record.reference}"
        f" · {record.standing} ({record.basis}) · entry {record.seq}"
    )
    if record.glass is not None:
        put("! Break-glass · reason logged · on the admin's list")
    for table, rows in record.sections.items():
        for row in rows:
            put()
            put(f"{_name(table)} {row.id}")
            put_pairs(_pairs(row), indent="  ")
    for each in upkeep_of(record, receive_day(dt.datetime.now(dt.UTC))):
        put()
        put(f"{_name(each.table)} {each.number}: complete {each.complete}")
        if each.prompt:
            put(f"! {each.prompt}")
    _put_privacy(record)
    if record.truncated:
        say("Not everything is shown here: " + ", ".join(map(_name, record.truncated)) + ".")


def put_history(record: Record, *, as_data: bool) -> None:
    """Print every contact of a record by date, the newest first; as JSON where ``as_data`` says so."""
    contacts = history_of(record)
    if as_data:
        rows = [{"at": e.at, "what": e.what, "number": e.number or None, "about": _about(e)} for e in contacts]
        put_json({"customer": record.customer, "history": rows, "entry": record.seq})
    elif contacts:
        put_table(("At", "What", "Number", "About"), ((e.at, e.what, e.number, _about(e)) for e in contacts))
    else:
        say("There was no contact with him that is on file.")
    if not as_data and set(record.truncated) & {"support_case", "contact_report", "request"}:
        say("There is more than is shown here.")


def _about(contact: Contact) -> str:
    return contact.about if isinstance(contact.about, str) else cell_as_text(contact.about)


def as_json(record: Record) -> dict[str, object]:
    """Return a record as plain values; ``value`` is what the role may see, so a mask or null."""
    return {
        "kind": record.kind.value,
        "id": record.id,
        "customer": record.customer,
        "title": record.title,
        "role": record.role.value,
        "purpose": record.purpose.value,
        "reference": record.reference,
        "standing": record.standing.value,
        "basis": record.basis.value,
        "entry": record.seq,
        "focus": {"table": record.focus[0], "id": record.focus[1]},
        "sections": {
            table: [
                {"id": row.id, "cells": {column: _cell(cell) for column, cell in row.cells.items()}} for row in rows
            ]
            for table, rows in record.sections.items()
        },
        "upkeep": [
            {
                "kind": each.table,
                "id": each.number,
                "percent": each.percent,
                "missing": list(each.missing),
                "since": each.since or None,
                "confirm": each.due,
                "bounced_on": each.bounced_on or None,
            }
            for each in upkeep_of(record, receive_day(dt.datetime.now(dt.UTC)))
        ],
        "truncated": list(record.truncated),
        "recipients": list(record.recipients),
        "given": [_given(given) for given in record.given],
        "used_for": [
            {"records": use.label, "use": use.use, "basis": use.basis, "clause": use.clause} for use in used_for(record)
        ],
        "break_glass": None if record.glass is None else {"number": record.glass.number, "until": record.glass.until},
    }


def _put_privacy(record: Record) -> None:
    put()
    put("Used for")
    for use in used_for(record):
        put(f"  {use.label}: {use.use} · {use.basis} · policy {use.clause}")
    put()
    put("Given to")
    for given in record.given:
        parts = (given.label, given.country, *given.purposes, ", ".join(given.classes), f"last {given.last_on}")
        put("  " + " · ".join(part for part in parts if part))
    if not record.given:
        put("  None recorded.")


def _given(given: Given) -> dict[str, object]:
    return {
        "kind": given.kind,
        "name": given.name or None,
        "country": given.country or None,
        "purposes": list(given.purposes),
        "classes": list(given.classes),
        "last_on": given.last_on.isoformat(),
        "mechanism": given.mechanism or None,
        "mechanism_until": None if given.mechanism_until is None else given.mechanism_until.isoformat(),
    }


def _name(table: str) -> str:
    return _NAMES.get(table) or table.replace("_", " ")


def _pairs(row: Row) -> dict[str, str]:
    return {
        cell.label: WORDS.get(cell.text or "", "") if name == "source" else cell_as_text(cell)
        for name, cell in row.cells.items()
        if cell.label and cell.held
    }


def cell_as_text(cell: Cell) -> str:
    """Return a value as it is printed: masked or not, and what can be done about that."""
    if cell.contested:
        return " ".join(part for part in (cell.text, f"[! {CONTESTED}]") if part)
    if cell.exposure is Exposure.SHOWN:
        return (cell.text or "") + (f" [! {cell.doubt}]" if cell.doubt else "")
    ways = "; ".join(part for part in (cell.why, "reveal " + cell.key if cell.revealable else "") if part)
    state = "masked" if cell.exposure is Exposure.MASKED else "not shown"
    return " ".join(part for part in (cell.text, f"[{state}{': ' + ways if ways else ''}]") if part)


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "key": cell.key,
        "label": cell.label,
        "value": cell.text,
        "exposure": cell.exposure.value,
        "class": None if cell.privacy_class is None else cell.privacy_class.value,
        "held": cell.held,
        "revealable": cell.revealable,
        "why": cell.why,
        "contested": cell.contested,
        "doubt": cell.doubt,
    }
