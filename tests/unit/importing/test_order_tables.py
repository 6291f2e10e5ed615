"""Orders of tables by profile: WooCommerce's export, FastSpring's report, decimal commas, day orders, country names.

Seen to fail: with a row of an order taken whose first rows stood further up, and with a point read for a comma.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from staffdesk.domain.country_names import country_code
from staffdesk.domain.imported import Dropped, ImportedOrder, OrderState, PaymentState
from staffdesk.domain.manifest import manifest_of
from staffdesk.domain.read_items import Imported, ReadItem, Refused
from staffdesk.services.importing import order_rows, reader_of
from tests.unit.importing.conftest import told

Read = Callable[[str, str | bytes], list[ReadItem]]

WOO: Mapping[str, str] = {
    "order_id": "727",
    "order_number": "727",
    "date": "2026-03-22 16:28:02",
    "status": "completed",
    "order_total": "149.00",
    "tax_total": "25.86",
    "refunded_total": "0.00",
    "order_currency": "EUR",
    "payment_method": "stripe",
    "customer_id": "0",
    "customer_ip": "192.0.2.7",
    "billing_first_name": "Mette",
    "billing_last_name": "Lund",
    "billing_email": "mette@lund.example",
    "billing_country": "DK",
    "vat_number": "DK12345678",
    "item_name": "MovieRecorder 4",
    "item_sku": "mr4",
    "item_quantity": "1",
    "item_total": "100.00",
}
ITEM: Mapping[str, str] = {**WOO, "item_name": "M|Replay", "item_sku": "mre", "item_total": "23.14"}
FASTSPRING: Mapping[str, str] = {
    "Order_ID": "zSprqRHITGeW0kSGC7AKmg",
    "Transaction_Date": "2026-03-22",
    "Transaction_Currency": "EUR",
    "Buyer_Email": "mette@lund.example",
    "Country_Name": "Denmark",
    "Product_Display_Name": "MovieRecorder 4",
    "Product_Path": "mr4",
    "Product_Units": "2",
    "Transaction_Amount": "298.00",
    "Tax": "51.72",
    "Return_True_False": "false",
    "Chargeback_True_False": "false",
    "Income": "240.00",
}


def table(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def orders(items: Sequence[ReadItem]) -> list[ImportedOrder]:
    return [each.record for each in items if isinstance(each, Imported) and isinstance(each.record, ImportedOrder)]


def test_woocommerces_items_are_put_together_and_who_bought_is_taken_apart(read_text: Read) -> None:
    (item,) = read_text("woocommerce", table([WOO, ITEM]))
    (order,) = orders([item])
    assert (order.store_order_id, order.total, order.tax) == ("727", "149.00", "25.86")
    assert (order.state, order.payment_state) == (OrderState.COMPLETED, PaymentState.PAID)
    assert order.ordered_at == dt.datetime(2026, 3, 22, 16, 28, 2, tzinfo=dt.UTC)
    assert [(line.sku, line.amount) for line in order.lines] == [("mr4", "100.00"), ("mre", "23.14")]
    assert order.buyer is not None
    assert (order.buyer.account_id, order.buyer.given_name, order.buyer.family_name) == (None, "Mette", "Lund")
    assert order.billing is not None
    assert (order.billing.name, order.billing.country) == ("Mette Lund", "DK")
    assert isinstance(item, Imported)
    assert item.dropped == {Dropped.PAYMENT: 2, Dropped.BROWSER: 2, Dropped.TAX: 2}


@pytest.mark.parametrize("written", ["9/6/2026 6:29:00", "09/06/2026 06:29", "2026-09-06 06:29:00"])
def test_woocommerces_suite_writes_the_month_first(written: str, read_text: Read) -> None:
    row = {("order_date" if name == "date" else name): value for name, value in WOO.items()}
    (order,) = orders(read_text("woocommerce", table([{**row, "order_date": written}])))
    assert order.ordered_at == dt.datetime(2026, 9, 6, 6, 29, tzinfo=dt.UTC)


def test_a_refund_of_a_part_is_seen_by_its_amount(read_text: Read) -> None:
    (order,) = orders(read_text("woocommerce", table([{**WOO, "refunded_total": "49.00"}])))
    assert order.payment_state is PaymentState.PARTIALLY_REFUNDED


def test_fastsprings_report_is_added_up_and_names_its_country(read_text: Read) -> None:
    more = {**FASTSPRING, "Product_Display_Name": "M|Replay", "Transaction_Amount": "0.10", "Tax": "0.02"}
    (order,) = orders(read_text("fastspring", table([FASTSPRING, more])))
    assert (order.number, order.total, order.tax) == ("zSprqRHITGeW0kSGC7AKmg", "298.10", "51.74")
    assert order.buyer is not None
    assert (order.buyer.email, order.buyer.country, order.buyer.account_id) == ("mette@lund.example", "DK", None)
    assert [line.quantity for line in order.lines] == [2, 2]


@pytest.mark.parametrize(
    ("returned", "state"),
    [
        (("false", "false"), PaymentState.PAID),
        (("true", "false"), PaymentState.PARTIALLY_REFUNDED),
        (("True", "TRUE"), PaymentState.REFUNDED),
    ],
)
def test_what_was_returned_was_paid_back(returned: Sequence[str], state: PaymentState, read_text: Read) -> None:
    rows = [{**FASTSPRING, "Return_True_False": each} for each in returned]
    (order,) = orders(read_text("fastspring", table(rows)))
    assert order.payment_state is state


def test_rows_of_an_order_that_stand_apart_are_refused_and_say_so(read_text: Read) -> None:
    items = read_text("woocommerce", table([WOO, {**WOO, "order_id": "728"}, ITEM]))
    assert [order.store_order_id for order in orders(items)] == ["727", "728"]
    assert told(items[2])[0].position == "line 4"
    assert "further up" in told(items[2])[1]


def test_an_order_of_more_rows_than_are_read_is_refused(read_text: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_rows, "MOST_ROWS", 2)
    refused, kept = read_text("woocommerce", table([WOO, ITEM, ITEM, {**WOO, "order_id": "728"}]))
    assert "more than 2 rows" in told(refused)[1]
    assert isinstance(kept, Imported)


def test_what_differs_is_named_by_its_column(read_text: Read) -> None:
    (refused,) = read_text("woocommerce", table([WOO, {**ITEM, "order_total": "150.00"}]))
    assert told(refused)[1] == "Two rows of the order differ in order_total."
    (refused,) = read_text("woocommerce", table([{**WOO, "item_quantity": "many"}]))
    assert told(refused)[1] == "Field item_quantity: it is not a number of pieces."


@pytest.mark.parametrize(
    ("written", "total"),
    [("149,5", "149.50"), ("1.337,00", "1337.00"), ("1\u202f337,00", "1337.00"), ("12", "12.00")],
)
def test_a_decimal_comma_is_told_as_a_spreadsheet_in_belgium_saves_it(written: str, total: str, tmp_path: Path) -> None:
    told_of = manifest_of(
        {"source": "STORE_ACCOUNT", "obtained": "2026-11-01", "evidence": "the store's own", "decimal_comma": True},
        today=dt.date(2026, 11, 27),
    )
    row = {**WOO, "order_total": written, "tax_total": "0", "refunded_total": "", "item_total": "1,25"}
    path = tmp_path / "orders.csv"
    path.write_text(table([row], delimiter=";"), encoding="utf-8")
    (order,) = orders(list(reader_of("woocommerce", told_of)(path)))
    assert (order.total, order.lines[0].amount) == (total, "1.25")
    (item,) = reader_of("woocommerce", None)(path)
    assert isinstance(item, Refused)
    path.write_text(table([{**row, "order_total": "1.337"}], delimiter=";"), encoding="utf-8")
    (item,) = reader_of("woocommerce", told_of)(path)
    assert "not an amount" in told(item)[1]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("BE", "BE"), ("be", "BE"), ("Belgium", "BE"), ("Belgique", "BE"), ("België", "BE"), ("BELGIE", "BE"),
        ("UK", "GB"), ("Great Britain", "GB"), ("Côte d\u2019Ivoire", "CI"), ("Vereinigte Staaten", "US"),
        ("Congo", None), ("Atlantis", None), ("XX", None), ("B", None),
    ],
)  # fmt: skip
def test_a_country_goes_by_its_code_or_by_a_name_of_one_country_alone(written: str, code: str | None) -> None:
    assert country_code(written) == code


def test_a_country_that_is_not_known_is_left_out_and_counted_as_such(read_text: Read) -> None:
    (item,) = read_text("woocommerce", table([{**WOO, "billing_country": "Atlantis"}]))
    (order,) = orders([item])
    assert isinstance(item, Imported)
    assert order.billing is not None
    assert (order.billing.country, item.dropped[Dropped.COUNTRY]) == (None, 1)
