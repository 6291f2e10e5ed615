from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from staffdesk.domain.imported import (
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    ImportedShipment,
    OrderState,
    PaymentState,
    Place,
)
from staffdesk.domain.read_items import Imported, ReadItem, Refused
from staffdesk.services.importing import SOURCES
from tests.unit.importing.conftest import told

Real = Callable[[str], Path]
ReadText = Callable[[str, str | bytes], list[ReadItem]]


def order(**fields: object) -> dict[str, object]:
    return {
        "id": 1,
        "name": "#1",
        "created_at": "2025-01-05T10:00:00+01:00",
        "currency": "EUR",
        "total_price": "10.50",
        **fields,
    }


def only_order(items: list[ReadItem]) -> ImportedOrder:
    (item,) = items
    assert isinstance(item, Imported)
    assert isinstance(item.record, ImportedOrder)
    return item.record


def test_the_real_order_comes_out_whole(real: Real) -> None:
    address = {
        "street": "Chestnut Street 92",
        "postal_code": "40202",
        "city": "Louisville",
        "region": "Kentucky",
        "country": "US",
    }
    lines = (("IPOD2008GREEN", "green"), ("IPOD2008RED", "red"), ("IPOD2008BLACK", "black"))
    (item,) = SOURCES["shopify"](real("store-shopify/order.json"))
    assert isinstance(item, Imported)
    assert item.place == Place("order.json", "order", "207119551")
    assert item.record == ImportedOrder(
        store="shopify",
        store_order_id="450789469",
        number="#1001",
        ordered_at=dt.datetime(2008, 1, 10, 16, tzinfo=dt.UTC),
        currency="USD",
        total="409.94",
        tax="11.94",
        state=OrderState.OPEN,
        payment_state=PaymentState.AUTHORIZED,
        paid_on=None,
        test=False,
        buyer=ImportedParty(
            account_id="207119551",
            given_name="Bob",
            family_name="Norman",
            email="bob.norman@hostmail.com",
            phone="555-625-1199",
            **address,
        ),
        billing=ImportedAddress(name="Bob Norman", **address),
        delivery=ImportedAddress(name="Bob Norman", phone="555-625-1199", **address),
        lines=tuple(
            ImportedLine(sku=sku, description=f"IPod Nano - 8gb - {colour}", quantity=1, amount="199.00")
            for sku, colour in lines
        ),
        shipments=(ImportedShipment(carrier=None, tracking="1Z2345", status="failure", shipped_at=None),),
        licences=(),
    )


def test_the_real_listing_comes_out_with_the_accounts_own_telephone(real: Real) -> None:
    found = only_order(list(SOURCES["shopify"](real("store-shopify/orders.json"))))
    assert (found.total, found.payment_state) == ("598.94", PaymentState.PARTIALLY_REFUNDED)
    assert found.buyer
    assert (found.buyer.account_id, found.buyer.phone) == ("207119551", "+16136120707")


@pytest.mark.parametrize(
    ("name", "kind", "position"),
    [
        ("customer.json", "customers", "$"),
        ("customers_search.json", "customers", "$"),
        ("checkouts.json", "checkouts", "$"),
        ("draft_order.json", "draft orders", "$"),
        ("refund.json", "refunds", "$"),
        ("tender_transactions.json", "payment transactions", "$"),
        ("transactions.json", "payment transactions", "[0]"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_kind(real: Real, name: str, kind: str, position: str) -> None:
    assert list(SOURCES["shopify"](real(f"store-shopify/{name}"))) == [
        Refused(
            Place(name, position),
            f"This is from a file of {kind}, not of orders. Export the orders and import that file.",
        )
    ]


@pytest.mark.parametrize("name", ["checkouts", "customers"])
def test_a_bare_list_of_another_kind_is_not_taken_for_orders(real: Real, read_text: ReadText, name: str) -> None:
    file = {"checkouts": "checkouts.json", "customers": "customers_search.json"}[name]
    entries = json.loads(real(f"store-shopify/{file}").read_text("utf-8"))[name]
    (refused,) = read_text("shopify", json.dumps(entries))
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(f"This is from a file of {name}, not of orders.")


def test_an_order_a_listing_and_a_bare_list_say_the_same(read_text: ReadText) -> None:
    found = only_order(read_text("shopify", json.dumps({"order": order()})))
    assert found == only_order(read_text("shopify", json.dumps({"orders": [order()]})))
    assert found == only_order(read_text("shopify", json.dumps([order()])))
    assert found.ordered_at == dt.datetime(2025, 1, 5, 9, tzinfo=dt.UTC)
    assert found.buyer is None


@pytest.mark.parametrize(
    ("fields", "phone"),
    [
        ({"customer": {"phone": "+3291"}, "phone": "+3292", "billing_address": {"phone": "+3293"}}, "+3291"),
        ({"customer": {"id": 5}, "phone": "+3292", "billing_address": {"phone": "+3293"}}, "+3292"),
        ({"billing_address": {"phone": "+3293"}}, "+3293"),
        ({"customer": {"default_address": {"phone": "+3294"}}}, "+3294"),
    ],
)
def test_the_buyers_telephone_is_the_accounts_else_the_orders_else_the_addresss(
    read_text: ReadText, fields: dict[str, object], phone: str
) -> None:
    buyer = only_order(read_text("shopify", json.dumps([order(**fields)]))).buyer
    assert buyer
    assert buyer.phone == phone


def test_a_name_is_taken_from_one_place_as_a_whole(read_text: ReadText) -> None:
    fields = {"customer": {"id": 5, "first_name": "Ana"}, "billing_address": {"first_name": "Bo", "last_name": "Li"}}
    buyer = only_order(read_text("shopify", json.dumps([order(**fields)]))).buyer
    assert buyer
    assert (buyer.given_name, buyer.family_name) == ("Ana", None)


def test_a_country_is_taken_from_its_code_and_never_from_its_name(read_text: ReadText) -> None:
    named = order(billing_address={"city": "Gent", "country": "Belgium"})
    coded = order(billing_address={"city": "Gent", "country": "Belgium", "country_code": "be"})
    assert only_order(read_text("shopify", json.dumps([named]))).billing == ImportedAddress(city="Gent")
    assert only_order(read_text("shopify", json.dumps([coded]))).billing == ImportedAddress(city="Gent", country="BE")


def test_a_parcel_that_left_has_its_day_and_each_number_is_a_shipment(read_text: ReadText) -> None:
    sent = {
        "status": "success",
        "created_at": "2025-01-06T00:30:00+01:00",
        "tracking_company": "bpost",
        "tracking_number": "A1",
        "tracking_numbers": ["A1", "A2"],
    }
    shipments = only_order(read_text("shopify", json.dumps([order(fulfillments=[sent])]))).shipments
    shipped_at = dt.datetime(2025, 1, 5, 23, 30, tzinfo=dt.UTC)
    assert shipments == tuple(
        ImportedShipment(carrier="bpost", tracking=number, status="success", shipped_at=shipped_at)
        for number in ("A1", "A2")
    )


def test_test_orders_and_cancelled_orders_say_so(read_text: ReadText) -> None:
    found = only_order(read_text("shopify", json.dumps([order(test=True, cancelled_at="2025-01-06T00:00:00Z")])))
    assert found.test
    assert found.state is OrderState.CANCELLED


def test_the_amount_of_a_line_is_exact(read_text: ReadText) -> None:
    line = {"name": "Cable", "sku": "", "price": "0.07", "quantity": 3}
    (found,) = only_order(read_text("shopify", json.dumps([order(line_items=[line])]))).lines
    assert found == ImportedLine(sku=None, description="Cable", quantity=3, amount="0.21")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", None, "Field name is missing."),
        ("name", "", "Field name is missing."),
        ("name", [], "Field name: it is not text."),
        ("id", True, "Field id: it is not text."),
        ("total_price", "12,50", "Field total_price: it is not an amount."),
        ("total_price", True, "Field total_price: it is not an amount."),
        ("currency", "euro", "Field currency: it is not a currency of three capital letters."),
        ("created_at", "2025-01-05T10:00:00", "Field created_at: it is not a date and time with a time zone."),
        ("created_at", "2025-02-30T10:00:00Z", "Field created_at: there is no such date and time."),
        ("test", "false", "Field test: it is neither true nor false."),
        ("financial_status", "stolen", "Field financial_status: it is not a payment state that Shopify documents."),
        ("line_items", {}, "Field line_items: it is not a list."),
        ("line_items", [{"name": "x", "quantity": -1}], "Field line_items[0].quantity: it is not a number of pieces."),
        ("line_items", ["x"], "Field line_items[0]: it is not an object."),
        ("customer", "Bob", "Field customer: it is not an object."),
        ("email", "not an address", "Field email: it is not an e-mail address."),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused_by_its_name(
    read_text: ReadText, field: str, value: object, reason: str
) -> None:
    good = order(id=2, name="#2")
    refused, kept = read_text("shopify", json.dumps({"orders": [order(**{field: value}), good]}))
    assert told(refused) == (Place("export", "orders[0]"), reason)
    assert isinstance(kept, Imported)
