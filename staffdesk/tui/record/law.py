"""What the law is doing to a record, in lines above its panes: requests of the person and marks on his data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from textual.content import Content

from staffdesk.domain.matters import RequestRow
from staffdesk.domain.records import Record
from staffdesk.domain.requests import RequestType
from staffdesk.tui.phrases import ASKED, weekday
from staffdesk.tui.plain import NOTHING, WARN, joined, plain

_CUT: Final[Mapping[str, str]] = {
    "sales_order": "orders", "order_line": "lines of orders", "invoice": "invoices", "shipment": "shipments",
    "licence": "licences", "activation": "activations", "support_case": "cases", "contact_report": "reports",
    "request": "requests", "subscription": "mail lists", "product_subscription": "subscriptions",
}  # fmt: skip
_PARTS_OF_ORDERS: Final = frozenset({"order_line", "invoice", "shipment"})


def law_lines(record: Record, begun: Sequence[RequestRow]) -> Content:
    """Return the requests ``begun`` on this screen, those of the record, its marks, and which lists were cut."""
    lines = [
        plain(f"! {ASKED.get(kind, kind)} asked · {number} · due {due}", WARN)
        for kind, number, due in _requests(record, begun)
    ]
    lines += [plain(f"! {mark}", WARN) for row in record.rows("person") if (mark := row.text("mark"))]
    cut = ", ".join(_cut(record))
    if cut:
        lines.append(plain(f"! Only the newest {cut} are shown.", WARN))
    return joined(*lines, by="\n") if lines else NOTHING


def asked_already(record: Record, begun: Sequence[RequestRow], kind: RequestType) -> Content:
    """Return that a request of this kind was made before, with its number and due date, or nothing."""
    made = [f"{number} due {due}" for each, number, due in _requests(record, begun) if each == kind.value]
    if not made:
        return NOTHING
    return plain(f"A {ASKED[kind.value].lower()} is already asked: {', '.join(made)}. Yes starts another one.", WARN)


def _requests(record: Record, begun: Sequence[RequestRow]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, number and due date of each request, those begun on this screen first."""
    for request in begun:
        yield request.kind, request.number, weekday(request.hard_due)
    for row in record.rows("request"):
        yield row.text("kind"), row.text("number"), _due(row.text("hard_due"))


def _due(iso: str) -> str:
    try:
        return weekday(dt.date.fromisoformat(iso))
    except ValueError:
        return iso


def _cut(record: Record) -> Iterator[str]:
    """Yield each list that holds more than is shown; what hangs on orders goes with them."""
    for table in record.truncated:
        if table not in _PARTS_OF_ORDERS or "sales_order" not in record.truncated:
            yield f"{len(record.rows(table))} {_CUT.get(table, 'rows of one list')}"
