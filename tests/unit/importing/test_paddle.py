"""Paddle's transactions, from its API and from its two reports: who bought what, and nothing of the card or the taxes.

Seen to fail: with amounts taken for whole euros, with a checkout that nobody finished taken for an order, with an
invoice taken for paid on the day it was sent, and with a row of another report taken for a transaction.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Mapping, Sequence

import pytest

from staffdesk.domain.imported import ImportedAddress, ImportedLine, ImportedOrder, OrderState, PaymentState
from staffdesk.domain.read_items import Imported, LeftOut, ReadItem, Reason, SameColumns, UnknownColumns
from tests.unit.importing.conftest import told

Read = Callable[[str, str | bytes], list[ReadItem]]

CAPTURED = "2026-04-14T09:00:00Z"
CARD = {"type": "card", "card": {"type": "visa", "last4": "4242", "expiry_month": 1, "cardholder_name": "Ada Holm"}}
TRANSACTION: Mapping[str, object] = {
    "id": "txn_01hv8wptq8987qeep44cyrewp9",
    "status": "completed",
    "customer_id": "ctm_01hv6y1jedq4p1n0yqn5ba3ky4",
    "address_id": "add_01hv8gq3318ktkfengj2r75gfx",
    "business_id": None,
    "custom_data": {"campaign": "spring"},
    "currency_code": "EUR",
    "invoice_number": "325-10566",
    "created_at": "2026-04-12T10:12:33.2014Z",
    "billed_at": "2026-04-12T10:15:59.1Z",
    "details": {
        "totals": {"subtotal": "30000", "discount": "0", "tax": "6300", "total": "36300", "grand_total": "36300"},
        "line_items": [
            {
                "price_id": "pri_01",
                "quantity": 3,
                "totals": {"subtotal": "30000", "tax": "6300", "total": "36300"},
                "product": {"id": "pro_01", "name": "MovieRecorder 4"},
            }
        ],
    },
    "collection_mode": "automatic",
    "payments": [
        {
            "payment_attempt_id": "a1",
            "amount": "36300",
            "status": "captured",
            "captured_at": CAPTURED,
            "method_details": CARD,
        }
    ],
    "checkout": {"url": "https://softron.example/pay?_ptxn=txn_01"},
    "customer": {"id": "ctm_01", "name": "Ada Holm", "email": "ada@holm.example", "locale": "nl-BE"},
    "address": {"first_line": "Kaai 1", "city": "Gent", "postal_code": "9000", "country_code": "BE"},
    "business": {"name": "Holm BV", "company_number": "0555", "tax_identifier": "BE0555000158"},
}


def one(read_text: Read, **values: object) -> Imported:
    (item,) = read_text("paddle", json.dumps({"data": [{**TRANSACTION, **values}], "meta": {"request_id": "r"}}))
    assert isinstance(item, Imported), item
    return item


def order_of(item: ReadItem) -> ImportedOrder:
    assert isinstance(item, Imported), item
    assert isinstance(item.record, ImportedOrder)
    return item.record


def test_a_transaction_comes_out_whole_without_card_or_tax_number(read_text: Read) -> None:
    item = one(read_text)
    order = order_of(item)
    assert (order.store, order.store_order_id, order.number) == ("paddle", TRANSACTION["id"], "325-10566")
    assert order.ordered_at == dt.datetime(2026, 4, 12, 10, 12, 33, tzinfo=dt.UTC)
    assert (order.total, order.tax, order.currency, order.paid_on) == ("363.00", "63.00", "EUR", dt.date(2026, 4, 14))
    assert (order.state, order.payment_state) == (OrderState.COMPLETED, PaymentState.PAID)
    assert order.lines == (ImportedLine(sku="pro_01", description="MovieRecorder 4", quantity=3, amount="300.00"),)
    assert order.billing == ImportedAddress(
        name="Ada Holm", company="Holm BV", street="Kaai 1", postal_code="9000", city="Gent", country="BE"
    )
    assert order.buyer is not None
    assert (order.buyer.account_id, order.buyer.family_name, order.buyer.email, order.buyer.language) == (
        "ctm_01hv6y1jedq4p1n0yqn5ba3ky4", "Ada Holm", "ada@holm.example", "nl-BE",
    )  # fmt: skip
    assert {reason.value: n for reason, n in item.dropped.items() if reason.value != "other"} == {
        "payment": 8, "tax number": 2, "token": 1,
    }  # fmt: skip


def test_the_yen_has_no_smaller_unit(read_text: Read) -> None:
    assert order_of(one(read_text, currency_code="JPY")).total == "36300.00"


def test_one_that_names_its_customer_by_an_id_alone_keeps_it(read_text: Read) -> None:
    order = order_of(one(read_text, customer=None, address=None, business=None))
    assert order.billing is None
    assert order.buyer is not None
    assert order.buyer.account_id == TRANSACTION["customer_id"]


def test_a_notification_and_a_single_answer_hold_the_same(read_text: Read) -> None:
    listed = one(read_text).record
    event = {"event_id": "evt_1", "event_type": "transaction.completed", "data": TRANSACTION}
    for document in ({"data": TRANSACTION, "meta": {}}, event, [event], {"data": [event]}):
        (item,) = read_text("paddle", json.dumps(document))
        assert order_of(item) == listed
        assert item.place.position.endswith("data")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"status": "lost"}, "no state that Paddle documents"),
        ({"id": "ctm_01"}, "file of customers"),
        ({"id": "sub_01"}, "file of subscriptions"),
        ({"id": "x"}, "not a transaction"),
        ({"details": None}, "details is missing"),
        ({"customer": {"name": "4111 1111 1111 1111"}}, "card"),
        ({"details": {"totals": {"total": "1.5"}}}, "smallest unit"),
    ],
    ids=["no state", "a customer", "a subscription", "something else", "no amounts", "a card", "half a cent"],
)
def test_what_cannot_be_taken_is_refused_with_its_place(values: dict[str, object], says: str, read_text: Read) -> None:
    (item,) = read_text("paddle", json.dumps({"data": [{**TRANSACTION, **values}]}))
    place, why = told(item)
    assert place.position == "data[0]"
    assert says in why


@pytest.mark.parametrize("status", ["draft", "ready"])
def test_a_checkout_that_nobody_finished_is_left_out_and_counted(status: str, read_text: Read) -> None:
    unfinished = {**TRANSACTION, "status": status, "customer_id": None, "details": None}
    left, kept = read_text("paddle", json.dumps({"data": [unfinished, TRANSACTION]}))
    assert isinstance(left, LeftOut)
    assert (left.place.position, left.reason) == ("data[0]", Reason.UNFINISHED)
    assert order_of(kept).number == "325-10566"
    row = {**REPORTED, "status": status, "total": "", "currency_code": ""}
    left, kept = read_text("paddle", report([row, {**REPORTED, "id": "txn_02"}]))
    assert isinstance(left, LeftOut)
    assert (left.place.position, order_of(kept).total) == ("line 2", "363.00")


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({}, dt.date(2026, 4, 14)),
        ({"payments": [{"captured_at": "2026-04-30T10:00:00Z"}, {"captured_at": CAPTURED}]}, dt.date(2026, 4, 30)),
        ({"payments": [{"status": "error", "captured_at": None}]}, dt.date(2026, 4, 12)),
        ({"payments": [], "collection_mode": "manual"}, None),
        ({"payments": [], "collection_mode": None}, None),
        ({"status": "past_due"}, None),
    ],
    ids=["captured", "the last of two", "billed at once", "an invoice to be paid later", "not told", "not paid"],
)
def test_it_was_paid_on_the_day_of_its_payment_not_of_its_invoice(
    values: dict[str, object], day: dt.date | None, read_text: Read
) -> None:
    assert order_of(one(read_text, **values)).paid_on == day


ROW: Mapping[str, str] = {
    "transaction_id": "txn_01",
    "status": "completed",
    "invoice_number": "325-10566",
    "customer_id": "ctm_01",
    "customer_email": "ada@holm.example",
    "address_country_code": "BE",
    "business_name": "Holm BV",
    "currency_code": "EUR",
    "created_at": "2026-04-12T10:12:33.2014Z",
    "billed_at": "2026-04-12T10:15:59Z",
    "completed_at": "2026-04-14T09:00:00Z",
}
REPORTED: Mapping[str, str] = {
    **{name: value for name, value in ROW.items() if name != "transaction_id"},
    "id": "txn_01", "subtotal": "300.00", "tax": "63.00", "total": "363.00", "payment_method_type": "card",
    "price_ids": "pri_01,pri_02", "origin": "web", "purchase_order_number": "PO 12",
}  # fmt: skip


def report(rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_the_lines_of_a_report_are_put_together_and_added_up(read_text: Read) -> None:
    line = {
        "id": "txnitm_01",
        "product_name": "MovieRecorder 4",
        "quantity": "3",
        "subtotal": "300.00",
        "tax": "63.00",
        "total": "363.00",
    }
    more = {
        "id": "txnitm_02",
        "product_name": "M|Replay",
        "quantity": "1",
        "subtotal": "100.10",
        "tax": "21.02",
        "total": "121.12",
    }
    first, second = read_text(
        "paddle", report([{**ROW, **line}, {**ROW, **more}, {**ROW, **more, "transaction_id": "txn_02"}])
    )
    order = order_of(first)
    assert (order.total, order.tax, order.number) == ("484.12", "84.02", "325-10566")
    assert [(each.description, each.quantity, each.amount) for each in order.lines] == [
        ("MovieRecorder 4", 3, "300.00"), ("M|Replay", 1, "100.10"),
    ]  # fmt: skip
    assert order.buyer is not None
    assert (order.buyer.company, order.buyer.country, order.billing) == ("Holm BV", "BE", ImportedAddress(country="BE"))
    assert order_of(second).total == "121.12"


def test_the_report_of_transactions_has_no_lines(read_text: Read) -> None:
    unknown, item = read_text("paddle", report([{**REPORTED, "mood": ""}]))
    assert isinstance(unknown, UnknownColumns)
    assert unknown.names == ("mood",)
    order = order_of(item)
    assert (order.store_order_id, order.total, order.tax, order.lines) == ("txn_01", "363.00", "63.00", ())
    assert order.paid_on == dt.date(2026, 4, 14)  # completed, not billed
    assert isinstance(item, Imported)
    assert {reason.value: n for reason, n in item.dropped.items()} == {"payment": 1, "other": 5}


def test_a_payment_told_is_the_day_it_was_paid_on(read_text: Read) -> None:
    same, item = read_text("paddle", report([{**REPORTED, "captured_at": "2026-04-13T23:00:00Z"}]))
    assert isinstance(same, SameColumns)
    assert order_of(item).paid_on == dt.date(2026, 4, 13)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"id": "adj_01", "status": "completed"}, "does not begin with txn_"),
        ({"id": "txnitm_01"}, "does not begin with txn_"),
        ({"status": "approved"}, "no state that Paddle documents"),
        ({"total": "36300"}, "cannot be told of which unit"),
        ({"tax": "6300"}, "cannot be told of which unit"),
        ({"currency_code": ""}, "currency_code is missing"),
    ],
    ids=["an adjustment", "an item", "another state", "a total of cents or euros", "a tax of either", "no currency"],
)
def test_a_row_of_another_report_or_unit_is_refused(values: dict[str, str], says: str, read_text: Read) -> None:
    (refused,) = read_text("paddle", report([{**REPORTED, **values}]))
    place, why = told(refused)
    assert place.position == "line 2"
    assert says in why


def test_an_amount_of_nothing_or_of_yen_needs_no_point(read_text: Read) -> None:
    rows = [
        {**REPORTED, "tax": "0"},
        {**REPORTED, "id": "txn_02", "total": "36300", "tax": "6300", "currency_code": "JPY"},
    ]
    assert [order_of(each).total for each in read_text("paddle", report(rows))] == ["363.00", "36300.00"]


def test_rows_of_items_without_a_name_are_not_taken_for_transactions(read_text: Read) -> None:
    (refused,) = read_text("paddle", report([{**ROW, "subtotal": "1.00", "tax": "0.10", "total": "1.10"}]))
    assert "no row names the columns" in told(refused)[1]
