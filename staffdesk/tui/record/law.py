"""What the law is doing to a record, in lines above its panes: requests of the person and marks on his data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from staffdesk.domain.matters import RequestRow
from staffdesk.domain.records import Record
from staffdesk.tui.phrases import ASKED, weekday
from staffdesk.tui.plain import NOTHING, WARN, joined, plain

_CUT: Final = {"sales_order": "orders", "support_case": "cases", "contact_report": "reports"}


def law_lines(record: Record, begun: Sequence[RequestRow]) -> Content:
    """Return the requests ``begun`` on this screen, those of the record, its marks, and which lists were cut."""
    lines = [_asked(row.kind, row.number, weekday(row.hard_due)) for row in begun]
    lines += [_asked(row.text("kind"), row.text("number"), row.text("hard_due")) for row in record.rows("request")]
    lines += [plain(f"! {mark}", WARN) for row in record.rows("person") if (mark := row.text("mark"))]
    lines += [plain(f"! {_CUT.get(each, each)}: only the newest are shown", WARN) for each in record.truncated]
    return joined(*lines, by="\n") if lines else NOTHING


def _asked(kind: str, number: str, due: str) -> Content:
    return plain(f"! {ASKED.get(kind, kind)} asked · {number} · due {due}", WARN)
