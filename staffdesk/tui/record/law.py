"""What the law is doing to a record, in lines above its panes: requests of the person and marks on his data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from textual.content import Content

from staffdesk.domain.marketing import SubscriptionStatus
from staffdesk.domain.records import Record, Row
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_words import ASKED
from staffdesk.domain.requests import ANSWERED, RequestType, due_words
from staffdesk.tui.due import is_overdue, today
from staffdesk.tui.phrases import date_of, weekday
from staffdesk.tui.plain import BAD, GOOD, NOTHING, WARN, joined, plain

_CUT: Final[Mapping[str, str]] = {
    "sales_order": "orders", "order_line": "lines of orders", "invoice": "invoices", "shipment": "shipments",
    "licence": "licences", "activation": "activations", "support_case": "cases", "contact_report": "reports",
    "request": "requests", "subscription": "mail lists", "product_subscription": "subscriptions",
}  # fmt: skip
_PARTS_OF_ORDERS: Final = frozenset({"order_line", "invoice", "shipment"})


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked, as the record or this screen knows it."""

    kind: str
    number: str
    state: str
    due: dt.date | None
    stopped_on: str

    @property
    def is_open(self) -> bool:
        return self.state not in ANSWERED and not self.stopped_on


def law_lines(record: Record, begun: Sequence[RequestRow]) -> Content:
    """Return that mail is stopped, open requests (overdue ones first), marks, and which lists were cut.

    ``begun`` are the requests of this screen, which the record does not hold yet.
    """
    stopped = mail_stopped(record, begun)
    lines = [plain(f"✓ {stopped}", GOOD)] if stopped else []
    asked = [each for each in _requests(record, begun) if each.is_open]
    lines += [
        *(_line(each, late=True) for each in asked if _is_late(each)),
        *(_line(each, late=False) for each in asked if not _is_late(each)),
    ]
    lines += [plain(f"! {mark}", WARN) for row in record.rows("person") if (mark := row.text("mark"))]
    cut = ", ".join(_cut(record))
    if cut:
        lines.append(plain(f"! Only the newest {cut} are shown.", WARN))
    return joined(*lines, by="\n") if lines else NOTHING


def mail_stopped(record: Record, begun: Sequence[RequestRow]) -> str:
    """Return since when no mail goes to the person and under which request, or nothing while mail goes to him."""
    if any(mail.text("status") == SubscriptionStatus.SUBSCRIBED for mail in record.rows("subscription")):
        return ""
    made = next((each for each in _requests(record, begun) if each.stopped_on), None)
    return "" if made is None else f"No mail since {made.stopped_on} · {made.number}"


def without_mail(record: Record) -> Record:
    """Return a record as it is once mail to its person is stopped: no list of his is subscribed to any more."""
    ended = tuple(
        replace(row, cells={**row.cells, "status": row.cells["status"]._replace(text=SubscriptionStatus.UNSUBSCRIBED)})
        for row in record.rows("subscription")
        if "status" in row.cells
    )
    return replace(record, sections={**record.sections, "subscription": ended}) if ended else record


def asked_already(record: Record, begun: Sequence[RequestRow], kind: RequestType) -> Content:
    """Return that a request of this kind was made before, with its number and due date, or nothing."""
    if kind is RequestType.OBJECT_MKT and (stopped := mail_stopped(record, begun)):
        return plain(f"{stopped}: it is stopped already.", WARN)
    made = [
        f"{each.number} due {_date(each)}" for each in _requests(record, begun) if each.kind == kind and each.is_open
    ]
    if not made:
        return NOTHING
    word = ASKED[kind.value].lower()
    article = "An" if word.startswith(("a", "o")) else "A"
    return plain(f"{article} {word} is already asked: {', '.join(made)}. Another one can be started.", WARN)


def _line(asked: _Asked, *, late: bool) -> Content:
    head = f"{ASKED.get(asked.kind, asked.kind)} asked · {asked.number} · "
    if late and asked.due is not None:
        return plain(f"✗ {head}{due_words(asked.state, asked.due, today())}", BAD)
    return plain(f"! {head}due {_date(asked)}", WARN)


def _is_late(asked: _Asked) -> bool:
    return asked.due is not None and is_overdue(asked.state, asked.due)


def _date(asked: _Asked) -> str:
    return "" if asked.due is None else weekday(asked.due)


def _requests(record: Record, begun: Sequence[RequestRow]) -> Iterator[_Asked]:
    """Yield each request once, those begun on this screen first."""
    for request in begun:
        at = request.carried_out_at
        yield _Asked(request.kind, request.number, request.state, request.hard_due, "" if at is None else date_of(at))
    told = {request.number for request in begun}
    for row in record.rows("request"):
        if row.text("number") not in told:
            kind, state, number = row.text("kind"), row.text("state"), row.text("number")
            stopped = _day(row.text("carried_out_at")) if kind == RequestType.OBJECT_MKT else ""
            yield _Asked(kind, number, state, due_of_row(row), stopped)


def due_of_row(row: Row) -> dt.date | None:
    """Return the due date in a row of a request, or None where none can be read."""
    try:
        return dt.date.fromisoformat(row.text("hard_due"))
    except ValueError:
        return None


def _day(iso: str) -> str:
    try:
        return date_of(int(dt.datetime.fromisoformat(iso).timestamp() * 1000))
    except ValueError:
        return ""


def _cut(record: Record) -> Iterator[str]:
    """Yield each list that holds more than is shown; what hangs on orders goes with them."""
    for table in record.truncated:
        if table not in _PARTS_OF_ORDERS or "sales_order" not in record.truncated:
            yield f"{len(record.rows(table))} {_CUT.get(table, 'rows of one list')}"
