"""How somebody was helped before (privacy policy, D.3): cases, reports, mails and requests of a record, by date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.records import Cell, Record, Row
from staffdesk.domain.request_words import ASKED, STATES

_SINCE: Final = {"support_case": "opened_at", "contact_report": "contact_at", "request": "received_at"}
_ABOUT: Final = {"support_case": "summary", "contact_report": "topic"}


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """One contact: when (ISO 8601, UTC), what it was, its number, what it was about, as far as seen.

    A report has the number of its case, where that is in the record too.
    """

    at: str
    what: str
    number: str
    about: Cell | str
    row: Row

    def __repr__(self) -> str:
        return f"<Contact {self.what}>"


def history_of(record: Record) -> tuple[Contact, ...]:
    """Return every contact of a record, the newest first, as the role that opened it sees it."""
    cases = {str(row.id): row.text("number") for row in record.rows("support_case")}
    found = [_contact(row, cases) for table in _SINCE for row in record.rows(table)]
    return tuple(sorted(found, key=lambda each: (each.at, each.row.table, each.row.id), reverse=True))


def _contact(row: Row, cases: Mapping[str, str]) -> Contact:
    at = row.text(_SINCE[row.table])
    if row.table == "request":
        kind, state = row.text("kind"), row.text("state")
        return Contact(at, "request", row.text("number"), f"{ASKED.get(kind, kind)}, {STATES.get(state, state)}", row)
    about = row.cells.get(_ABOUT[row.table]) or ""
    number = row.text("number") or cases.get(row.text("case_id"), "")
    return Contact(at, what_of(row), number, about, row)


def what_of(row: Row) -> str:
    """Return what a case or a report was, in words."""
    return " ".join(_what(row))


def _what(row: Row) -> Iterator[str]:
    if row.table == "support_case":
        yield "case, closed" if row.text("closed_at") else "case, open"
        return
    yield row.text("channel")
    if row.text("direction"):
        yield row.text("direction")
