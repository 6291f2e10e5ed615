"""An opened record in plain lines, and as JSON."""

from __future__ import annotations

from typing import Final

from staffdesk.cli.output import put, put_pairs, say
from staffdesk.domain.classes import Exposure
from staffdesk.domain.records import Cell, Record, Row

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
    for table, rows in record.sections.items():
        for row in rows:
            put()
            put(f"{_name(table)} {row.id}")
            put_pairs(_pairs(row), indent="  ")
    if record.recipients:
        put()
        put("Given to: " + ", ".join(record.recipients))
    if record.truncated:
        say("Not everything is shown here: " + ", ".join(map(_name, record.truncated)) + ".")


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
        "truncated": list(record.truncated),
        "recipients": list(record.recipients),
    }


def _name(table: str) -> str:
    return _NAMES.get(table) or table.replace("_", " ")


def _pairs(row: Row) -> dict[str, str]:
    return {cell.label: _text(cell) for cell in row.cells.values() if cell.label and cell.held}


def _text(cell: Cell) -> str:
    if cell.exposure is Exposure.SHOWN:
        return cell.text or ""
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
    }
