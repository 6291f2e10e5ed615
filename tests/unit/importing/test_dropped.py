"""Payment, browser, links and coordinates never come out of a reader; what was left out is counted by reason.

The names below are written here by hand from the real files, apart from the reader's own tables.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from staffdesk.domain.imported import Dropped
from staffdesk.domain.imported_lists import party_of
from staffdesk.domain.read_items import Imported, ReadItem
from staffdesk.services.importing import SOURCES, Reader

Real = Callable[[str], Path]
ReadText = Callable[[str, str | bytes], list[ReadItem]]

FILES = (
    "store-fastspring/order_completed.json",
    "store-fastspring/subscription_activated.json",
    "store-fastspring/subscription_canceled.json",
    "store-fastspring/subscription_charge_completed.json",
    "store-fastspring/subscription_deactivated.json",
    "store-shopify/order.json",
    "store-shopify/orders.json",
)
NEVER_KEPT = {
    *("payment", "billDescriptor", "payment_details", "payment_gateway_names", "gateway", "receipt", "authorization"),
    *("browser_ip", "client_details", "user_agent"),
    *(
        "token",
        "cart_token",
        "checkout_token",
        "order_status_url",
        "landing_site",
        "referring_site",
        "landing_site_ref",
    ),
    *("lookup", "url", "file", "invoiceUrl", "latitude", "longitude"),
}


def reader_of(name: str) -> Reader:
    return SOURCES[Path(name).parts[0].removeprefix("store-")]


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for below in value.values():
            yield from leaves(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from leaves(below)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    else:
        yield value


def never_kept(document: object) -> Iterator[object]:
    if isinstance(document, dict):
        for name, below in document.items():
            yield from leaves(below) if name in NEVER_KEPT else never_kept(below)
    elif isinstance(document, list):
        for below in document:
            yield from never_kept(below)


def kept(items: list[ReadItem]) -> list[str]:
    return [str(leaf) for item in items if isinstance(item, Imported) for leaf in leaves(item.record)]


@pytest.mark.parametrize("name", FILES)
def test_no_value_of_a_payment_a_browser_or_a_link_survives(real: Real, name: str) -> None:
    path = real(name)
    items = list(reader_of(name)(path))
    secrets = {str(leaf) for leaf in never_kept(json.loads(path.read_text("utf-8"))) if leaf not in (None, "", True)}
    assert secrets
    assert kept(items)
    assert not {secret for secret in secrets for text in kept(items) if secret in text}


@pytest.mark.parametrize("name", FILES)
def test_only_what_the_file_says_comes_out(real: Real, name: str) -> None:
    """Texts of the record stand in the file as they are, or are put together of texts that stand there."""
    path = real(name)
    items = list(reader_of(name)(path))
    said = path.read_text("utf-8")
    words = {
        text
        for item in items
        if isinstance(item, Imported) and (buyer := party_of(item.record))
        for text in leaves(buyer)
        if isinstance(text, str)
    }
    assert words
    assert all(text in said for text in words)


def test_the_real_counts_by_reason(real: Real) -> None:
    counted = {
        name: [dict(item.dropped) for item in reader_of(name)(real(name)) if isinstance(item, Imported)]
        for name in FILES
    }
    without_other = {
        name: [{reason.value: n for reason, n in counts.items() if reason is not Dropped.OTHER} for counts in listed]
        for name, listed in counted.items()
    }
    assert without_other == {
        "store-fastspring/order_completed.json": [{"payment": 5, "token": 4}, {}],
        "store-fastspring/subscription_activated.json": [{"token": 2}],
        "store-fastspring/subscription_canceled.json": [{"token": 2}],
        "store-fastspring/subscription_charge_completed.json": [{"payment": 2, "token": 1}, {"token": 2}],
        "store-fastspring/subscription_deactivated.json": [{"token": 2}],
        "store-shopify/order.json": [{"payment": 6, "browser": 1, "token": 6, "location": 4}],
        "store-shopify/orders.json": [{"payment": 4, "browser": 2, "token": 7, "location": 4}],
    }
    assert all(counts[Dropped.OTHER] for listed in counted.values() for counts in listed)


def test_a_field_nobody_knows_is_left_out_and_counted_once_a_value(read_text: ReadText) -> None:
    order = {"id": 1, "name": "#1", "created_at": "2025-01-05T10:00:00Z", "currency": "EUR", "total_price": "1"}
    surprise = {"horoscope": ["Leo", "", None, {"moon": "full", "ip_address": "192.0.2.1"}], "empty": {}}
    (plain,) = read_text("shopify", json.dumps([order]))
    (more,) = read_text("shopify", json.dumps([{**order, **surprise}]))
    assert isinstance(plain, Imported)
    assert isinstance(more, Imported)
    assert plain.dropped == {}
    assert more.dropped == {Dropped.OTHER: 2, Dropped.BROWSER: 1}
    assert more.record == plain.record


def test_every_filled_field_is_carried_or_counted_and_none_is_both(real: Real) -> None:
    path = real("store-shopify/orders.json")
    (item,) = SOURCES["shopify"](path)
    assert isinstance(item, Imported)
    filled = [leaf for leaf in leaves(json.loads(path.read_text("utf-8"))) if leaf not in (None, "")]
    carried = {"order": 10, "billing_address": 6, "shipping_address": 7, "customer": 5, "default_address": 5}
    assert len(filled) - sum(item.dropped.values()) == sum(carried.values())
