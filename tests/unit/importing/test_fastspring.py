from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

from staffdesk.domain.imported import (
    Dropped,
    ImportedAddress,
    ImportedLicence,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    ImportedSubscription,
    OrderState,
    PaymentState,
    Place,
)
from staffdesk.domain.read_items import Imported, ReadItem, Refused
from staffdesk.services.importing import SOURCES, reader_of
from staffdesk.services.importing.profiles import profile
from tests.unit.importing.conftest import told

Real = Callable[[str], Path]
ReadText = Callable[[str, str | bytes], list[ReadItem]]

PAYLOADS = (
    "order_completed.json",
    "subscription_activated.json",
    "subscription_canceled.json",
    "subscription_charge_completed.json",
    "subscription_deactivated.json",
)


def order(**fields: object) -> dict[str, object]:
    return {
        "order": "o-1",
        "id": "o-1",
        "reference": "ABC170801-1",
        "changed": 1501611722763,
        "completed": True,
        "live": True,
        "currency": "EUR",
        "total": 10.5,
        "account": "a-1",
        "customer": {"first": "Ana", "last": "Holm", "email": "ana@shop.example", "company": None, "phone": None},
        "items": [{"product": "tool", "display": "Tool", "sku": "T1", "quantity": 2, "subtotal": 10.5}],
        **fields,
    }


def subscription(**fields: object) -> dict[str, object]:
    return {
        "id": "s-1",
        "subscription": "s-1",
        "active": True,
        "state": "active",
        "changed": 1501611720761,
        "live": True,
        "account": "a-1",
        "product": "tool",
        "display": "Tool",
        **fields,
    }


def records(items: list[ReadItem]) -> list[ImportedOrder | ImportedSubscription]:
    read = [item.record for item in items if isinstance(item, Imported)]
    return [record for record in read if isinstance(record, ImportedOrder | ImportedSubscription)]


def test_the_order_of_the_charge_payload_comes_out_whole(real: Real) -> None:
    """The account's contact has another name by now: the order keeps the name of its own customer."""
    first, second = SOURCES["fastspring"](real("store-fastspring/subscription_charge_completed.json"))
    assert isinstance(first, Imported)
    assert first.place == Place("subscription_charge_completed.json", "order", "{accountId}")
    address = {"postal_code": "93101", "city": "Santa Barbara", "region": "California", "country": "US"}
    assert first.record == ImportedOrder(
        store="fastspring",
        store_order_id="AxajJf8vQDC_YzEk7QY-7g",
        number="FUR171013-2389-33111B",
        ordered_at=dt.datetime(2017, 10, 13, 21, 25, 5, 830000, dt.UTC),
        currency="USD",
        total="149.95",
        tax="0.00",
        state=OrderState.COMPLETED,
        payment_state=PaymentState.PAID,
        paid_on=dt.date(2017, 10, 13),
        test=True,
        buyer=ImportedParty(
            account_id="{accountId}",
            given_name="Leeroy",
            family_name="Jenkins II",
            email="ne1@all.com",
            company="Chicken Danger, Inc.",
            language="en",
            **address,
        ),
        billing=ImportedAddress(name="Leeroy Jenkins II", company="Chicken Danger, Inc.", **address),
        delivery=None,
        lines=(ImportedLine(sku="furious10", description="Falcon Monthly Subscription", quantity=1, amount="149.95"),),
        shipments=(),
        licences=(),
    )
    assert isinstance(second, Imported)
    assert second.place == Place("subscription_charge_completed.json", "subscription", "{accountId}")
    assert isinstance(second.record, ImportedSubscription)
    assert second.record.buyer == ImportedParty(
        account_id="{accountId}",
        given_name="Marcellus",
        family_name="Walrus",
        email="ne1@all.com",
        company="IndoChina Exports, Inc.",
        country="US",
        language="en",
    )


def test_every_real_payload_is_read_and_nothing_of_it_is_refused(real: Real) -> None:
    read = {name: list(SOURCES["fastspring"](real(f"store-fastspring/{name}"))) for name in PAYLOADS}
    assert all(isinstance(item, Imported) for items in read.values() for item in items)
    assert [len(read[name]) for name in PAYLOADS] == [2, 1, 1, 2, 1]
    assert all(record.test for items in read.values() for record in records(items))


def test_an_order_brings_its_licence_key_and_its_subscription(real: Real) -> None:
    found, subscribed = records(list(SOURCES["fastspring"](real("store-fastspring/order_completed.json"))))
    assert isinstance(found, ImportedOrder)
    assert found.licences == (
        ImportedLicence(serial="dBm8tEqRQ24fEyKmvjmk", sku="furious10", product_name="Falcon Monthly Subscription"),
    )
    assert isinstance(subscribed, ImportedSubscription)
    assert (subscribed.started_on, subscribed.next_on, subscribed.ends_on) == (
        dt.date(2017, 8, 1),
        dt.date(2017, 9, 1),
        dt.date(2018, 7, 31),
    )
    assert subscribed.buyer
    assert (subscribed.buyer.account_id, subscribed.buyer.family_name) == ("{accountId}", "Jenkins")


def test_a_subscription_that_ended_is_charged_no_more(real: Real) -> None:
    (ended,) = records(list(SOURCES["fastspring"](real("store-fastspring/subscription_deactivated.json"))))
    (leaving,) = records(list(SOURCES["fastspring"](real("store-fastspring/subscription_canceled.json"))))
    assert isinstance(ended, ImportedSubscription)
    assert isinstance(leaving, ImportedSubscription)
    assert (ended.state, ended.next_on, ended.ends_on) == ("deactivated", None, dt.date(2017, 10, 16))
    assert (leaving.state, leaving.next_on, leaving.ends_on) == ("canceled", dt.date(2018, 1, 11), dt.date(2018, 1, 10))


def test_one_account_comes_with_each_name_it_was_written_under(real: Real) -> None:
    buyers = {
        (record.buyer.account_id, record.buyer.given_name, record.buyer.family_name, record.buyer.company)
        for name in PAYLOADS
        for record in records(list(SOURCES["fastspring"](real(f"store-fastspring/{name}"))))
        if record.buyer
    }
    assert buyers == {
        ("{accountId}", "Leeroy", "Jenkins", None),
        ("{accountId}", "Leeroy", "Jenkins II", "Chicken Danger, Inc."),
        ("{accountId}", "Marcellus", "Walrus", "Walrus Promotions Inc."),
        ("{accountId}", "Marcellus", "Walrus", "IndoChina Exports, Inc."),
    }


def test_the_payout_report_which_names_no_buyer_is_refused_with_a_sentence(real: Real) -> None:
    (refused,) = reader_of("fastspring", None)(real("store-fastspring/data.tsv"))
    place, why = told(refused)
    assert (place, why.startswith("It is none of the tables of this source")) == (Place("data.tsv"), True)


def test_a_webhook_envelope_a_list_and_a_listing_hold_the_same_orders(read_text: ReadText) -> None:
    two = [order(), order(id="o-2", reference="ABC170801-2")]
    event = {"id": "e-1", "live": True, "created": 1501611722763, "type": "order.completed"}
    enveloped = read_text("fastspring", json.dumps({"events": [{**event, "data": data} for data in two]}))
    listed = read_text("fastspring", json.dumps(two))
    named = read_text("fastspring", json.dumps({"orders": two}))
    assert len(records(enveloped)) == 2
    assert records(enveloped) == records(listed) == records(named)
    assert [item.place.position for item in enveloped] == ["events[0].data", "events[1].data"]
    assert [item.place.position for item in listed] == ["[0]", "[1]"]
    assert [item.place.position for item in named] == ["orders[0]", "orders[1]"]


def test_an_account_known_by_its_id_alone_is_kept_by_its_id(read_text: ReadText) -> None:
    (found,) = records(read_text("fastspring", json.dumps(subscription())))
    assert found.buyer == ImportedParty(account_id="a-1")


def test_an_order_that_was_not_completed_is_not_paid(read_text: ReadText) -> None:
    (found,) = records(read_text("fastspring", json.dumps(order(completed=False))))
    assert isinstance(found, ImportedOrder)
    assert (found.state, found.payment_state, found.paid_on) == (OrderState.OPEN, PaymentState.PENDING, None)


def test_a_failed_order_of_a_webhook_is_not_paid(read_text: ReadText) -> None:
    event = {"id": "e-1", "type": "order.failed", "data": order()}
    (found,) = records(read_text("fastspring", json.dumps({"events": [event]})))
    assert isinstance(found, ImportedOrder)
    assert (found.state, found.payment_state, found.paid_on) == (OrderState.CANCELLED, PaymentState.VOIDED, None)


def test_a_live_order_is_no_test_and_the_address_has_its_street(read_text: ReadText) -> None:
    address = {"addressLine1": "Kaai 1", "addressLine2": "bus 4", "city": "Gent", "country": "be"}
    (found,) = records(read_text("fastspring", json.dumps(order(address=address))))
    assert isinstance(found, ImportedOrder)
    assert not found.test
    assert found.billing == ImportedAddress(name="Ana Holm", street="Kaai 1, bus 4", city="Gent", country="BE")


def test_one_bad_part_of_a_charge_does_not_stop_the_other(read_text: ReadText) -> None:
    charge = {"order": order(total="ten"), "account": {"id": "a-1"}, "subscription": subscription()}
    refused, kept = read_text("fastspring", json.dumps(charge))
    assert told(refused) == (Place("export", "order"), "Field total: it is not an amount.")
    assert isinstance(kept, Imported)


def test_an_order_named_by_its_id_alone_says_what_to_switch_on(read_text: ReadText) -> None:
    (refused,) = read_text("fastspring", json.dumps({"order": "o-1", "total": 3, "status": "successful"}))
    assert isinstance(refused, Refused)
    assert "webhook expansion" in refused.reason


def test_what_is_neither_order_nor_subscription_is_refused(read_text: ReadText) -> None:
    documents = [{"return": "r-1", "reference": "ABC-1", "items": []}, {"quote": "q-1"}, 7, None, "text", []]
    assert list(map(told, read_text("fastspring", json.dumps(documents)))) == [
        (Place("export", "[0]"), "It is neither an order nor a subscription of FastSpring."),
        (Place("export", "[1]"), "It is neither an order nor a subscription of FastSpring."),
        *((Place("export", f"[{index}]"), "It is not an object with named fields.") for index in (2, 3, 4, 5)),
    ]


def test_payment_browser_and_links_are_counted_apart(read_text: ReadText) -> None:
    payment = {"type": "creditcard", "creditcard": "visa", "cardEnding": "4242"}
    (found,) = read_text(
        "fastspring", json.dumps(order(payment=payment, ipAddress="192.0.2.7", invoiceUrl="https://x"))
    )
    assert isinstance(found, Imported)
    assert found.dropped == {Dropped.PAYMENT: 3, Dropped.BROWSER: 1, Dropped.TOKEN: 1, Dropped.OTHER: 1}


def test_everything_from_a_store_came_by_an_account_there() -> None:
    assert [origin.value for origin in profile("fastspring").origins] == ["STORE_ACCOUNT"]
    assert sorted(SOURCES) == ["fastspring", "paddle", "shopify", "woocommerce"]
