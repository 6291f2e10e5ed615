"""How current a field is: where its value came from, when it was last confirmed, whether it is time to ask again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from staffdesk.domain.correction import confirm_due, known_fields
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.provenance import WORDS
from staffdesk.domain.records import Record, Row
from staffdesk.tui.phrases import date_of
from staffdesk.tui.plain import MUTED, NOTHING, WARN, joined, plain


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one field; ``due`` where it was neither obtained nor confirmed for a long time.

    ``origin`` is its source and day, ``came`` says besides from which partner and by which import; ``bounced`` is the
    day on which mail to it came back.
    """

    origin: str
    came: str
    evidence: str
    confirmed: str
    under: str
    due: bool
    bounced: str = ""

    def note(self, room: int) -> Content:
        """Return what stands beside the value, as much as there is room for; the sentence of the line says it all."""
        word = "! mail came back" if self.bounced else "! confirm" if self.due else ""
        asks = plain(word, WARN) if word else NOTHING
        confirmed = f"confirmed {self.confirmed}" if self.confirmed else ""
        for parts in ((confirmed, self.origin), (confirmed,)):
            said = plain(" · ".join(part for part in parts if part), MUTED)
            whole = joined(*(each for each in (asks, said) if each), by="  ")
            if whole.cell_length <= room:
                return whole
        return asks if asks.cell_length <= room else plain("!", WARN) if word and room >= 1 else NOTHING

    @property
    def sentence(self) -> str:
        """What is said of a field where its line has no room for it."""
        came = f"from {self.came}" + (f", repaired by {self.evidence}" if self.evidence else "")
        under = f" under {self.under}" if self.under else ""
        asked = f"confirmed {self.confirmed}{under}" if self.confirmed else "never confirmed"
        back = f"; mail came back on {self.bounced}" if self.bounced else ""
        return f"{came}; {asked}{back}."


def known(record: Record, today: dt.date | None = None) -> Mapping[str, Known]:
    """Return what is known of each field of the person and the organisation, by the key of its cell.

    Where a field has no status of its own, the record's source and date hold; what is contested is for privacy to ask.
    """
    day = today or receive_day(dt.datetime.now(dt.UTC))
    statuses = {
        (table, each.text(f"{table}_id"), each.text("field")): each
        for each in record.rows("field_status")
        for table in ("person", "organisation")
        if each.text(f"{table}_id")
    }
    return {
        row.cells[column].key: _known(record, statuses.get((table, str(row.id), column)), row, column, day)
        for table in ("person", "organisation")
        for row in record.rows(table)
        for column in known_fields(table)
        if column in row.cells and row.cells[column].held and not row.cells[column].contested
    }


def origin_of(row: Row) -> str:
    """Return where a row came from and when, in words."""
    parts = (source_of(row), row.text("obtained_on"), row.text("event"))
    return " · ".join(part for part in parts if part)


def source_of(row: Row) -> str:
    """Return how a row came to us, in words."""
    source = row.text("source")
    return WORDS.get(source, source)


def whole_source(record: Record, row: Row) -> str:
    """Return how a row came to us, with the event, the partner who gave it and the import that brought it."""
    partner, run = row.text("partner_id"), row.text("import_id")
    by = record.partners.get(int(partner), "a partner") if partner else ""
    known = record.imports.get(int(run)) if run else None
    brought = f"import {run}" + (f" from {known[0]}, {date_of(known[1])}" if known else "") if run else ""
    return " · ".join(part for part in (source_of(row), row.text("event"), f"by {by}" if by else "", brought) if part)


def _known(record: Record, status: Row | None, row: Row, column: str, today: dt.date) -> Known:
    source = status or row
    confirmed = "" if status is None else status.text("confirmed_on")
    last = _date(confirmed) or _date(source.text("obtained_on"))
    return Known(
        origin=origin_of(source),
        came=f"{whole_source(record, source)}, {source.text('obtained_on')}",
        bounced=row.text("bounced_at")[:10] if column == "email" else "",
        evidence="" if status is None else status.text("evidence"),
        confirmed=confirmed,
        under="" if status is None else status.text("confirmed_under"),
        due=last is not None and confirm_due(last, today),
    )


def _date(iso: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(iso)
    except ValueError:
        return None
