"""The panes of a record as lines: the person, licences, orders, cases; rows unfold into their values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final

from textual.content import Content

from staffdesk.domain.accuracy import upkeep_of
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.history import history_of
from staffdesk.domain.products import as_shown
from staffdesk.domain.records import Cell, Record, Row
from staffdesk.domain.request_words import ASKED, STATES
from staffdesk.domain.requests import ANSWERED
from staffdesk.tui.due import is_overdue, standing_of_due
from staffdesk.tui.due import today as today_here
from staffdesk.tui.phrases import count, day
from staffdesk.tui.plain import GOOD, HIDDEN, MUTED, NOTHING, STRONG, TIMES, WARN, apart, fit, joined, plain
from staffdesk.tui.record.currency import Known, known, origin_of
from staffdesk.tui.record.fields import fact, field, fields_of, head
from staffdesk.tui.record.law import due_of_row
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.widgets.rows import Line, words

_ALWAYS: Final = frozenset({"email", "phone"})
_OF_PERSON: Final = (
    "given_name", "family_name", "job_title", "function", "email", "phone", "street", "postal_code", "city", "region",
    "user_name",
)  # fmt: skip
_SHORT: Final = {"Account user name": "User name"}
_CLOSED_OF_COMPANY: Final[Mapping[PrivacyClass, str]] = {PrivacyClass.ADDRESS: "Company address"}
"""What a class of the company's that is not shown is called where the person has one of the same name."""
_OF_COMPANY: Final = ("name", "vat_number", "street", "postal_code", "city", "region", "web")

_LONGEST_NUMBER: Final = 22

Drawer = Callable[[Sight, Row, int], Content]


def key_of(row: Row) -> str:
    """Return the key of a row's line."""
    return f"{row.table}:{row.id}"


def row_of(record: Record, key: str) -> Row | None:
    """Return the row whose line has this key, or nothing."""
    table, _, number = key.partition(":")
    return next((each for each in record.rows(table) if str(each.id) == number), None)


def person_lines(record: Record, sight: Sight) -> list[Line]:
    """Return the person, the company, and where the data came from and went to."""
    lines: list[Line] = []
    current = known(record)
    for person in record.rows("person"):
        lines += [_head(record, person, current), *_named(sight, person, _OF_PERSON, current)]
    for company in record.rows("organisation"):
        lines += [words(NOTHING), *_named(sight, company, _OF_COMPANY, current, _CLOSED_OF_COMPANY)]
    lines += [words(NOTHING), *_upkeep(record)]
    for person in record.rows("person"):
        lines += _about(record, person, sight)
    if not lines:
        lines.append(words(plain("No person is known for this record.", MUTED)))
    return lines


def licence_lines(record: Record, sight: Sight) -> list[Line]:
    """Return each licence with its activations under it."""
    lines: list[Line] = []
    activations = record.rows("activation")
    for licence in record.rows("licence"):
        under = [each for each in activations if each.text("licence_id") == str(licence.id)]
        used = sum(each.text("status") == "active" for each in under)
        lines += _row(sight, licence, partial(_licence, used))
        for activation in under:
            lines += _row(sight, activation, _activation, depth=1)
    known = {str(licence.id) for licence in record.rows("licence")}
    for activation in activations:
        if activation.text("licence_id") not in known:
            lines += _row(sight, activation, _activation)
    return lines or [words(plain("No licences.", MUTED))]


def order_lines(record: Record, sight: Sight) -> list[Line]:
    """Return each order; unfolded, its lines, invoices and shipments stand under it."""
    lines: list[Line] = []
    longest = max((len(order.text("number")) for order in record.rows("sales_order")), default=0)
    for order in record.rows("sales_order"):
        parts = [each for each in record.rows("order_line") if each.text("order_id") == str(order.id)]
        lines += _row(sight, order, partial(_order, parts, min(longest, _LONGEST_NUMBER)), fold=False)
        if key_of(order) not in sight.unfolded:
            continue
        for table, draw in (("order_line", _part), ("invoice", _invoice), ("shipment", _shipment)):
            for each in record.rows(table):
                if each.text("order_id") == str(order.id):
                    lines += _row(sight, each, draw, depth=1)
        told = ("number", "state", "ordered_at", *(("is_test",) if order.text("is_test") != "yes" else ()))
        lines += fields_of(sight, order, 1, told)
    for each in record.rows("product_subscription"):
        lines += _row(sight, each, _supply)
    return lines or [words(plain("No orders.", MUTED))]


def case_lines(record: Record, sight: Sight) -> list[Line]:
    """Return cases, reports of contacts and requests by date, newest first."""
    draw: dict[str, Drawer] = {"support_case": _case, "request": _request}
    lines: list[Line] = []
    for each in history_of(record):
        lines += _row(sight, each.row, draw.get(each.row.table) or partial(_report, each.number))
    return lines or [words(plain("No cases.", MUTED))]


def _head(record: Record, person: Row, current: Mapping[str, Known]) -> Line:
    """Return who he is, and which fields he last confirmed: of one it is not said that he confirmed all."""
    kinds = [name for name in ("customer", "supplier", "partner") if person.text(f"is_{name}") == "yes"]
    confirmed = person.text("confirmed_on")
    cells = [record.cell(key) for key, each in current.items() if confirmed and each.confirmed == confirmed]
    labels = [cell.label for cell in cells if cell is not None]
    which = f"{labels[0]} " if len(labels) == 1 else f"{count(len(labels), 'field')} " if labels else ""
    note = f"{which}confirmed {confirmed}" if confirmed else "never confirmed"
    merged = () if person.id == record.customer else (f"merged into {record.customer}",)
    return head(key_of(person), "Customer no.", " · ".join([str(person.id), *kinds, *merged]), note)


def _named(
    sight: Sight,
    row: Row,
    columns: Sequence[str],
    current: Mapping[str, Known],
    closed_names: Mapping[PrivacyClass, str] = MappingProxyType({}),
) -> Iterator[Line]:
    """Yield the named columns; a class nobody may see here is said once, under the name of its first column."""
    closed: set[object] = set()
    for column in columns:
        cell = row.cells.get(column)
        if cell is None:
            continue
        if cell.exposure is Exposure.NONE:
            if cell.privacy_class not in closed:
                closed.add(cell.privacy_class)
                yield field(sight, cell, _name_of(cell.privacy_class, closed_names))
        elif cell.held or (row.table == "person" and column in _ALWAYS):
            yield field(sight, cell, _SHORT.get(cell.label, ""), known=current.get(cell.key))


def _name_of(closed: PrivacyClass | None, names: Mapping[PrivacyClass, str]) -> str:
    return "" if closed is None else names.get(closed, closed.value.capitalize())


def _upkeep(record: Record) -> Iterator[Line]:
    """Yield how complete the person's and the organisation's record is, and what is to be asked at the next contact."""
    for each in upkeep_of(record, today_here()):
        whose = "" if each.table == "person" else "company "
        yield fact("Complete", f"{whose}{each.complete}")
        if each.prompt:
            yield words(plain(f"! {each.prompt}", WARN))


def _about(record: Record, person: Row, sight: Sight) -> Iterator[Line]:
    """Yield what is told of him beside his fields; it is as personal as they are, and hidden with them."""
    told = [
        ("From", origin_of(person)),
        *(
            (label, " · ".join(person.text(column) for column in columns if person.text(column)))
            for label, columns in (("Country", ("country", "language")), ("Account", ("store", "account_id")))
        ),
        *(
            ("Mail", " · ".join(part for part in (mail.text("list_name"), mail.text("status")) if part))
            for mail in record.rows("subscription")
        ),
        ("Given to", ", ".join(record.recipients)),
    ]
    for label, value in told:
        if value:
            yield fact(label, HIDDEN if sight.away else value)


def _row(sight: Sight, row: Row, draw: Drawer, *, depth: int = 0, fold: bool = True) -> Iterator[Line]:
    key = key_of(row)
    yield Line(key, partial(_drawn, sight, row, draw, depth))
    if fold and key in sight.unfolded:
        yield from fields_of(sight, row, depth + 1)


def _drawn(sight: Sight, row: Row, draw: Drawer, depth: int, width: int) -> Content:
    mark = plain("▾ " if key_of(row) in sight.unfolded else "▸ ", MUTED)
    head = joined(plain("  " * depth), mark)
    return joined(head, fit(draw(sight, row, width - head.cell_length), width - head.cell_length))


def _cell(row: Row, column: str) -> Cell:
    return row.cells.get(column) or Cell(key="", label="", text=None)


def _columns(sight: Sight, row: Row, layout: Sequence[tuple[str, int, str]], rest: Content = NOTHING) -> Content:
    shown = [joined(fit(sight.value(_cell(row, column), style), size), plain(" ")) for column, size, style in layout]
    return joined(*shown, rest)


def _state(text: str, good: Sequence[str]) -> Content:
    return plain(text, GOOD if text in good else MUTED)


def _licence(used: int, sight: Sight, row: Row, width: int) -> Content:
    name = joined(plain(row.text("product_name"), STRONG), plain(f" {row.text('version')}"))
    seats = row.text("seats") or "1"
    full = used >= int(seats)
    free = f"{int(seats) - used} free" if not full else "none free"
    taken = plain(
        f"{'! ' if full else ''}{used} of {seats} {'seat' if seats == '1' else 'seats'}, {free}", WARN if full else GOOD
    )
    state = row.text("status")
    right = taken if state in {"", "active"} else plain(state, WARN)
    serial = sight.value(_cell(row, "serial"))
    # A wide pane gives the name what a long serial leaves of it, a narrow one what a short serial does.
    beside_long, beside_short = max(width - 58, 36), width - 40
    return apart(joined(fit(name, max(min(beside_long, beside_short), 16)), plain(" "), serial), right, width)


def _activation(sight: Sight, row: Row, width: int) -> Content:
    date = plain(day(row.text("activated_at")), MUTED)
    left = _columns(sight, row, (("user_name", max(width - 46, 8), ""), ("mac", 18, ""), ("status", 8, MUTED)))
    return apart(left, date, width)


def _order(parts: Sequence[Row], size: int, sight: Sight, row: Row, width: int) -> Content:
    first = sight.value(_cell(parts[0], "description")) if parts else NOTHING
    more = plain(f" +{len(parts) - 1}", MUTED) if len(parts) > 1 else NOTHING
    number = fit(plain(row.text("number"), STRONG), size)
    date = fit(plain(day(row.text("ordered_at")), MUTED), 11)
    state = _state(row.text("state"), ("completed", "paid", "shipped", "fulfilled"))
    test = plain(" test", WARN) if row.text("is_test") == "yes" else NOTHING
    return apart(joined(number, plain(" "), date, plain(" "), first, more), joined(state, test), width)


def _part(sight: Sight, row: Row, width: int) -> Content:
    left = joined(plain(f"{row.text('quantity')} {TIMES} ", MUTED), sight.value(_cell(row, "description")))
    return apart(left, sight.value(_cell(row, "amount")), width)


def _invoice(sight: Sight, row: Row, width: int) -> Content:
    left = joined(plain("invoice ", MUTED), plain(row.text("number")), plain(f"  {row.text('invoiced_on')}", MUTED))
    return apart(left, joined(sight.value(_cell(row, "total")), plain(f" {row.text('currency')}", MUTED)), width)


def _shipment(sight: Sight, row: Row, width: int) -> Content:
    del sight
    dates = row.text("delivered_on") or row.text("shipped_on")
    left = joined(plain("shipment ", MUTED), plain(row.text("carrier")), plain(f"  {dates}", MUTED))
    return apart(left, _state(row.text("status"), ("delivered", "shipped", "fulfilled")), width)


def _supply(sight: Sight, row: Row, width: int) -> Content:
    left = joined(plain("subscription ", MUTED), sight.value(_cell(row, "product_name"), STRONG))
    until = row.text("next_on") or row.text("ended_on")
    return apart(left, joined(plain(f"{until}  ", MUTED), _state(row.text("state"), ("active",))), width)


def _case(sight: Sight, row: Row, width: int) -> Content:
    closed = row.text("closed_at")
    state = fit(plain("closed", MUTED) if closed else plain("open", GOOD), 7)
    about = sight.value(_cell(row, "summary"))
    what = about if row.text("summary") else plain(as_shown(row.text("product_name")), MUTED)
    return apart(
        joined(fit(plain(row.text("number"), STRONG), 13), plain(" "), state, what.first_line),
        plain(day(row.text("opened_at")), MUTED),
        width,
    )


def _report(case: str, sight: Sight, row: Row, width: int) -> Content:
    way = f"{row.text('channel')} {row.text('direction')}".rstrip()
    head = joined(fit(plain(case, MUTED), 13), plain(" "), fit(plain(way, MUTED), max(7, len(way) + 1)))
    left = joined(head, sight.value(_cell(row, "topic")))
    return apart(left, plain(day(row.text("contact_at")), MUTED), width)


def _request(sight: Sight, row: Row, width: int) -> Content:
    del sight
    kind, state = row.text("kind"), row.text("state")
    left = joined(
        fit(plain(row.text("number"), STRONG), 14), plain(f"{ASKED.get(kind, kind)} · {STATES.get(state, state)}")
    )
    due = due_of_row(row)
    if due is None or state in ANSWERED or is_overdue(state, due):
        return apart(left, NOTHING if due is None else standing_of_due(state, due), width)
    return apart(left, plain(f"due {due}", WARN), width)
