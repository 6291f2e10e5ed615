"""Shopify's orders export in CSV: one row a line item, the order's own columns filled in its first row.

Source: help.shopify.com, "Orders CSV export". Columns may stand in any order and most may be missing; what is not
asked for here by name is dropped and counted, and a column that Shopify does not document is named once a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from staffdesk.domain.imported import (
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    ImportedShipment,
    OrderState,
    PaymentState,
    Place,
    ReadItem,
)
from staffdesk.services.importing.fields import CODE, LINE, Fields
from staffdesk.services.importing.parts import SHOPIFY, STREET, joined, payment_state, read_one
from staffdesk.services.importing.shopify_rows import ITEM_COLUMNS, OrderRows, gathered_orders
from staffdesk.services.importing.values import amount_text, line_amount


def read_csv(content: bytes, file: Place) -> Iterator[ReadItem]:
    """Read the orders of a CSV export; an order with a bad row is refused as a whole, at its first line."""
    for found in gathered_orders(content, file):
        if isinstance(found, OrderRows):
            own, items = Fields(found.own), [Fields(item) for item in found.items]
            yield read_one(found.place, partial(_order, own, items), (own, *items))
        else:
            yield found


def _order(own: Fields, items: list[Fields]) -> ImportedOrder:
    total, refunded = own.needed("Total", own.amount("Total")), own.amount("Refunded Amount")
    tax, paid_at = own.amount("Taxes"), own.moment("Paid at")
    sent, sent_at = own.word("Fulfillment Status"), own.moment("Fulfilled at")
    billing = _address(own, "Billing")
    done = OrderState.COMPLETED if sent == "fulfilled" else OrderState.OPEN
    return ImportedOrder(
        store=SHOPIFY,
        store_order_id=own.code("Id"),
        number=own.needed("Name", own.code("Name")),
        ordered_at=own.needed("Created at", own.moment("Created at")),
        currency=own.needed("Currency", own.currency("Currency")),
        total=amount_text(total),
        tax=None if tax is None else amount_text(tax),
        state=OrderState.CANCELLED if own.moment("Cancelled at") else done,
        payment_state=_payment_state(payment_state(own, "Financial Status"), total, refunded),
        paid_on=paid_at.date() if paid_at else None,
        test=False,
        buyer=_buyer(own, billing),
        billing=billing,
        delivery=_address(own, "Shipping", phone=True),
        lines=tuple(_line(item) for item in items if any(column in item for column in ITEM_COLUMNS)),
        shipments=_shipments(sent, sent_at),
        licences=(),
    )


def _payment_state(stated: PaymentState | None, total: Decimal, refunded: Decimal | None) -> PaymentState | None:
    """Read a refund from its amount where the export has no column for the state, or still says *paid*."""
    if not refunded or stated not in {None, PaymentState.PAID}:
        return stated
    return PaymentState.REFUNDED if refunded >= total else PaymentState.PARTIALLY_REFUNDED


def _buyer(own: Fields, billing: ImportedAddress | None) -> ImportedParty | None:
    """Take who is billed for who bought: the export has no other name, and never an account."""
    billing = billing or ImportedAddress()
    party = ImportedParty(
        family_name=billing.name,
        email=own.email("Email"),
        phone=own.phone("Phone") or own.phone("Billing Phone"),
        company=billing.company,
        street=billing.street,
        postal_code=billing.postal_code,
        city=billing.city,
        region=billing.region,
        country=billing.country,
    )
    return party if any((party.family_name, party.email, party.phone, party.company)) else None


def _address(own: Fields, whose: str, *, phone: bool = False) -> ImportedAddress | None:
    street = joined(own.words(f"{whose} Address1", STREET), own.words(f"{whose} Address2", STREET))
    address = ImportedAddress(
        name=own.words(f"{whose} Name"),
        company=own.words(f"{whose} Company"),
        street=street or own.words(f"{whose} Street", LINE),
        postal_code=own.words(f"{whose} Zip", CODE),
        city=own.words(f"{whose} City"),
        region=own.words(f"{whose} Province Name") or own.words(f"{whose} Province"),
        country=own.country(f"{whose} Country"),
        phone=own.phone(f"{whose} Phone") if phone else None,
    )
    return None if address == ImportedAddress() else address


def _line(item: Fields) -> ImportedLine:
    price, quantity = item.amount("Lineitem price"), item.whole("Lineitem quantity")
    sold = 1 if quantity is None else quantity
    return ImportedLine(
        sku=item.code("Lineitem sku"),
        description=item.needed("Lineitem name", item.words("Lineitem name", LINE)),
        quantity=sold,
        amount=None if price is None else amount_text(line_amount(price, sold)),
    )


def _shipments(status: str | None, sent_at: dt.datetime | None) -> tuple[ImportedShipment, ...]:
    """Make one shipment: the export has one day of sending an order, and no carrier."""
    if sent_at is None:
        return ()
    return (ImportedShipment(carrier=None, tracking=None, status=status or "fulfilled", shipped_at=sent_at),)
