"""Tables made up for a profile, and records written again as a table of it: import, export and import are the identity.

Each is a list of rows by field; :func:`spelt` writes them under the names that the profile gives their columns.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from decimal import Context, Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final, TypeAlias

from hypothesis import strategies as st

from staffdesk.domain.imported import ImportedAddress, ImportedOrder, ImportedParty, OrderState, PaymentState
from staffdesk.domain.imported_lists import (
    AnyRecord,
    ImportedActivation,
    ImportedContact,
    ImportedHeldLicence,
    ImportedSubscriber,
)
from staffdesk.services.importing.profiles import Profile, RecordSort, Table

Row: TypeAlias = Mapping[str, str]

_EXACT: Final = Context(prec=60)
_TEXT: Final = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=12)
_CODE: Final = st.from_regex(r"[A-Z]{2}-[0-9]{1,4}", fullmatch=True)
_AMOUNT: Final = st.decimals(min_value=0, max_value=99_999, places=2).map(str)
_MOMENT: Final = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2026, 1, 1)).map(  # noqa: DTZ001 - bounds are naive
    lambda moment: moment.isoformat(" ", "seconds")
)
_DAY: Final = st.dates(dt.date(2000, 1, 1), dt.date(2026, 1, 1)).map(dt.date.isoformat)
_MADE: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "email": st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True),
    "phone": st.sampled_from(["+3225550142", "+4555550142"]),
    "country": st.sampled_from(["BE", "DK", "GB"]),
    "language": st.sampled_from(["en", "nl-BE"]),
    "currency": st.sampled_from(["EUR", "USD"]),
    "mac": st.sampled_from(["00-1b-63-84-45-e6", "00:1B:63:84:45:E7"]),
    "ip": st.sampled_from(["192.0.2.7", "2001:db8::1"]),
    "payment_status": st.sampled_from([state.value for state in PaymentState]),
    "fulfilment": st.sampled_from(["fulfilled", "partial"]),
    "refunded": st.just("0.00"),
    **dict.fromkeys(("account_id", "serial", "order_id", "number", "sku"), _CODE),
    **dict.fromkeys(("total", "tax", "amount", "price"), _AMOUNT),
    **dict.fromkeys(("seats", "quantity"), st.integers(0, 99).map(str)),
    **dict.fromkeys(("returned", "charged_back"), st.sampled_from(["true", "false"])),
    **dict.fromkeys(("met_on", "issued_on"), _DAY),
}
_PREFIXES: Final = ("billing_", "delivery_", "line_")


def _made(profile: Profile, table: Table, name: str) -> st.SearchStrategy[str]:
    bare = next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)
    if name.endswith("_at"):
        return _MOMENT
    if name == "order_id":
        return _CODE.map(lambda code: f"{profile.order_ids}{code}")
    if name == "status":
        words = table.words.get("status") or (profile.states if table.record is RecordSort.ORDER else {"active": ""})
        return st.sampled_from(sorted(words))
    return _MADE.get(bare, _TEXT)


@st.composite
def tables(draw: st.DrawFn, profile: Profile, table: Table) -> list[Row]:
    """Draw the rows of a table: of an order those of its lines, and what is of the order in the first of them alone."""
    needed = {*table.needs, *(("line_name",) if "line_name" in table.columns else ())}
    rows: list[Row] = []
    for number in range(draw(st.integers(0, 3))):
        whole: dict[str, str] = {}
        for name in table.columns:
            if name != "packed" and (name in needed or draw(st.booleans())):
                whole[name] = draw(_made(profile, table, name))
        if table.group_by is not None:
            whole[table.group_by] = f"{profile.order_ids}O-{number}"
        if "shipped_at" in whole:
            whole.setdefault("fulfilment", "partial")
        rows.append(whole)
        for _ in range(draw(st.integers(0, 2)) if table.group_by is not None else 0):
            lines = [name for name in table.columns if name.startswith("line_")]
            line = {name: draw(_made(profile, table, name)) for name in lines if name in needed or draw(st.booleans())}
            rows.append({**line, table.group_by or "": f"{profile.order_ids}O-{number}"})
    return rows


class Layout(StrEnum):
    """How the lines of an order stand in a table: a row each, or all of them in one cell, in one of two ways."""

    ROWS = "a row a line"
    TEXT = "lines in a cell"
    JSON = "lines in a cell as JSON"


def layouts(table: Table) -> Sequence[Layout]:
    """Return how a table may be laid out."""
    return list(Layout) if table.packed else [Layout.ROWS]


def spelt(table: Table, rows: Sequence[Row], layout: Layout = Layout.ROWS) -> str:
    """Write rows as a table."""
    if layout is not Layout.ROWS:
        rows = _packed(table, rows, layout)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([names[0] for names in table.columns.values()])
    writer.writerows([row.get(name, "") for name in table.columns] for row in rows)
    return text.getvalue()


def _packed(table: Table, rows: Sequence[Row], layout: Layout) -> list[Row]:
    """Put the lines of each order into a cell of its first row."""
    packed: list[Row] = []
    for _, group in groupby(rows, key=lambda row: row[table.group_by or ""]):
        each = list(group)
        lines = [{table.packed[name]: row[name] for name in table.packed if name in row} for row in each]
        cell = packed_cell([{"id": "7", **line, "meta": ""} for line in lines if line], layout)
        own = {name: value for name, value in each[0].items() if not name.startswith("line_")}
        packed.append({**own, "packed": cell})
    return packed


def packed_cell(lines: Sequence[Row], layout: Layout) -> str:
    """Write lines into a cell as WooCommerce's export does."""
    if layout is Layout.JSON:
        return json.dumps([{name: value.replace('"', "&quot;") for name, value in line.items()} for line in lines])
    parts = ["|".join(f"{name}:{_escaped(value)}" for name, value in line.items()) for line in lines]
    return ";".join(parts)


def _escaped(value: str) -> str:
    return re.sub("([:|;])", r"\\\1", value)


def exported(profile: Profile, table: Table, records: Sequence[AnyRecord]) -> list[Row]:
    """Write records as rows of the table they may have come from."""
    return [row for record in records for row in _rows_of(profile, table, record)]


def _rows_of(profile: Profile, table: Table, record: AnyRecord) -> list[Row]:
    match record:
        case ImportedContact():
            return [{**_party(record.party), **_told(interest=record.interest, met_on=record.met_on)}]
        case ImportedSubscriber():
            words = table.words.get("status", {})
            word = next((word for word, status in words.items() if status == record.status.value), None)
            moments = _told(opted_in_at=record.opted_in_at, left_at=record.left_at, status=word)
            return [{**_party(record.party), **moments}]
        case ImportedHeldLicence() | ImportedActivation():
            said = {each.name: getattr(record, each.name) for each in fields(record)}
            return [_told(product=said.pop("product_name", None), **said)]
        case ImportedOrder():
            return _order(profile, table, record)
        case _:
            raise AssertionError(record)


def _order(profile: Profile, table: Table, order: ImportedOrder) -> list[Row]:
    cancelled = order.ordered_at if order.state is OrderState.CANCELLED else None
    states = {(state.order, state.payment): word for word, state in reversed(list(profile.states.items()))}
    returned = order.payment_state in {PaymentState.REFUNDED, PaymentState.PARTIALLY_REFUNDED}
    word = states.get((order.state, order.payment_state or PaymentState.PAID)) or "completed"
    sent = order.shipments[0] if order.shipments else None
    fulfilled = "fulfilled" if order.state is OrderState.COMPLETED else None
    own = {
        **_told(
            order_id=order.store_order_id, number=order.number, ordered_at=order.ordered_at, currency=order.currency,
            total=order.total, tax=order.tax, paid_at=order.paid_on, status=word, cancelled_at=cancelled,
            payment_status=order.payment_state and order.payment_state.value,
            fulfilment=sent.status if sent else fulfilled, shipped_at=sent and sent.shipped_at,
        ),
        **_buyer(table, order.buyer or ImportedParty()),
        **_address("billing", order.billing),
        **_address("delivery", order.delivery),
    }  # fmt: skip
    lines: list[Row] = []
    for at, line in enumerate(order.lines):
        price = line.amount and str(_EXACT.divide(Decimal(line.amount), Decimal(line.quantity or 1)))
        back = returned and (at == 0 or order.payment_state is PaymentState.REFUNDED)
        lines.append(
            _told(
                line_name=line.description, line_sku=line.sku, line_quantity=line.quantity, line_amount=line.amount,
                line_price=price, line_total=order.total if at == 0 else "0", line_returned=str(back).lower(),
                line_tax=(order.tax if at == 0 else "0") if order.tax else None,
            )
        )  # fmt: skip
    first, *others = lines or [{}]
    group = table.group_by or ""
    return [{**own, **first}, *({**line, group: own[group]} for line in others)]


def _buyer(table: Table, buyer: ImportedParty) -> Row:
    said = _told(
        account_id=buyer.account_id, email=buyer.email, company=buyer.company, language=buyer.language,
        name=buyer.family_name, billing_given_name=buyer.given_name, billing_family_name=buyer.family_name,
    )  # fmt: skip
    return {**said, ("phone" if "phone" in table.columns else "billing_phone"): buyer.phone or ""}


def _address(whose: str, address: ImportedAddress | None) -> Row:
    if address is None:
        return {}
    given, _, family = (address.name or "").partition(" ")
    return _told(
        **{
            f"{whose}_{name}": value
            for name, value in {
                "name": address.name, "company": address.company, "street": address.street,
                "street_1": address.street, "postal_code": address.postal_code, "city": address.city,
                "region": address.region, "country": address.country,
                **({"given_name": given, "family_name": family} if whose == "delivery" else {}),
                **({"phone": address.phone} if whose == "delivery" else {}),
            }.items()
        }
    )  # fmt: skip


def _party(party: ImportedParty) -> Row:
    return _told(**{each.name: getattr(party, each.name) for each in fields(party)})


_WRITTEN: Final[Mapping[type, Callable[[object], str]]] = {
    dt.datetime: lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}",
    dt.date: lambda day: f"{day:%Y-%m-%d}",
}


def _told(**values: object) -> dict[str, str]:
    """Write what is told, each kind of value in the one way it is written."""
    return {name: _WRITTEN.get(type(value), str)(value) for name, value in values.items() if value is not None}
