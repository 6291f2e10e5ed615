"""Shopify's orders as its Admin API writes them in JSON: a list under ``orders``, one under ``order``, or a bare list.

Source: shopify.dev, REST Admin API, Order. What is not asked for here by name is dropped and counted: payment details,
browser address and user agent, tokens and links, coordinates, notes, tags, prices in other currencies.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import (
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    ImportedShipment,
    OrderState,
)
from staffdesk.domain.read_items import ReadItem, Refused
from staffdesk.services.importing.fields import CODE, HALF_NAME, LINE, Fields
from staffdesk.services.importing.parts import (
    SHOPIFY,
    STREET,
    below,
    joined,
    json_objects,
    payment_state,
    read_one,
    refused,
)
from staffdesk.services.importing.values import amount_text, line_amount

_SENT = "success"
"""Shopify's word for a shipment that left."""

_EXPORT_ORDERS = "Export the orders and import that file."
_LISTS = frozenset({"orders"})
_FILES_OF = {
    "customer": "customers",
    "customers": "customers",
    "checkout": "checkouts",
    "checkouts": "checkouts",
    "draft_order": "draft orders",
    "draft_orders": "draft orders",
    "refund": "refunds",
    "refunds": "refunds",
    "transaction": "payment transactions",
    "transactions": "payment transactions",
    "tender_transactions": "payment transactions",
    "fulfillment": "shipments",
    "fulfillments": "shipments",
    "product": "products",
    "products": "products",
}
_MARKS_OF = {
    "orders_count": "customers",
    "abandoned_checkout_url": "checkouts",
    "invoice_sent_at": "draft orders",
    "refund_line_items": "refunds",
    "remote_reference": "payment transactions",
    "authorization": "payment transactions",
}
"""A field that stands in each entry of another kind and never in an order, for lists that do not say what they list."""


def read(path: Path) -> Iterator[ReadItem]:
    """Read the orders of a JSON file; a file of another kind is refused with a sentence that names the kind."""
    for found in json_objects(path, _LISTS):
        if isinstance(found, Refused):
            yield found
            continue
        place, order = found
        try:
            if place.position == "$":
                order, place = _only_order(order), below(place, "order")
            _refuse_others(order, _MARKS_OF)
        except BadInput as error:
            yield refused(place, error)
            continue
        yield read_one(place, partial(_order, order), (order,))


def _only_order(document: Fields) -> Fields:
    if document.holds("order", dict):
        return Fields(document.leave_out("order"))
    _refuse_others(document, _FILES_OF)
    raise BadInput("It holds neither an order nor a list of orders.", _EXPORT_ORDERS)


def _refuse_others(fields: Fields, kinds: dict[str, str]) -> None:
    for name in fields.names():
        if name in kinds:
            raise BadInput(f"This is from a file of {kinds[name]}, not of orders.", _EXPORT_ORDERS)


def _order(order: Fields) -> ImportedOrder:
    contact, other_contact = order.email("email"), order.email("contact_email")
    customer, billing = order.section("customer"), order.section("billing_address")
    delivery = order.section("shipping_address")
    lines = tuple(_line(item) for item in order.sections("line_items"))
    tax = order.amount("total_tax")
    cancelled, closed = order.moment("cancelled_at"), order.moment("closed_at")
    fulfilled = order.word("fulfillment_status") == "fulfilled"
    done = OrderState.COMPLETED if closed or fulfilled else OrderState.OPEN
    return ImportedOrder(
        store=SHOPIFY,
        store_order_id=order.needed("id", order.code("id")),
        number=order.needed("name", order.code("name")),
        ordered_at=order.needed("created_at", order.moment("created_at")),
        currency=order.needed("currency", order.currency("currency")),
        total=amount_text(order.needed("total_price", order.amount("total_price"))),
        tax=None if tax is None else amount_text(tax),
        state=OrderState.CANCELLED if cancelled else done,
        payment_state=payment_state(order, "financial_status"),
        paid_on=None,
        test=order.flag("test") is True,
        buyer=_buyer(order, customer, billing, contact or other_contact),
        billing=_address(billing),
        delivery=_address(delivery, phone=True),
        lines=lines,
        shipments=tuple(shipment for sent in order.sections("fulfillments") for shipment in _shipments(sent)),
        licences=(),
    )


def _buyer(order: Fields, customer: Fields | None, billing: Fields | None, email: str | None) -> ImportedParty | None:
    """Take who bought from the customer's account, and what it leaves empty from the order and its billing address.

    A name is taken from one place as a whole, and so is an address.
    """
    home = customer.section("default_address") if customer else None
    named = _first_with(("first_name", "last_name"), customer, billing)
    lives = _first_with(("address1", "city"), home, billing)
    party = ImportedParty(
        account_id=customer.code("id") if customer else None,
        given_name=named.name("first_name", HALF_NAME) if named else None,
        family_name=named.name("last_name", HALF_NAME) if named else None,
        email=(customer.email("email") if customer else None) or email,
        phone=_first_phone(customer, order, billing, home),
        company=(home.words("company") if home else None) or (billing.words("company") if billing else None),
        street=joined(lives.words("address1", STREET), lives.words("address2", STREET)) if lives else None,
        postal_code=lives.words("zip", CODE) if lives else None,
        city=lives.words("city") if lives else None,
        region=lives.words("province") if lives else None,
        country=lives.country("country_code") if lives else None,
        language=order.language("customer_locale"),
    )
    known = (party.account_id, party.given_name, party.family_name, party.email, party.phone, party.company)
    return party if any(known) else None


def _first_with(names: tuple[str, ...], *places: Fields | None) -> Fields | None:
    return next((place for place in places if place and any(name in place for name in names)), None)


def _first_phone(*places: Fields | None) -> str | None:
    """Take the first telephone number there is: the account's own, the order's, the billing or the home address's."""
    return next((phone for place in places if place and (phone := place.phone("phone"))), None)


def _address(address: Fields | None, *, phone: bool = False) -> ImportedAddress | None:
    if address is None:
        return None
    name = address.name("name") or joined(
        address.name("first_name", HALF_NAME), address.name("last_name", HALF_NAME), between=" "
    )
    taken = ImportedAddress(
        name=name,
        company=address.words("company"),
        street=joined(address.words("address1", STREET), address.words("address2", STREET)),
        postal_code=address.words("zip", CODE),
        city=address.words("city"),
        region=address.words("province"),
        country=address.country("country_code"),
        phone=address.phone("phone") if phone else None,
    )
    return None if taken == ImportedAddress() else taken


def _line(item: Fields) -> ImportedLine:
    name, title, variant = item.words("name", LINE), item.words("title", STREET), item.words("variant_title", STREET)
    price, quantity = item.amount("price"), item.whole("quantity")
    pieces_sold = 1 if quantity is None else quantity
    return ImportedLine(
        sku=item.code("sku"),
        description=item.needed("name", name or joined(title, variant, between=" - ")),
        quantity=pieces_sold,
        amount=None if price is None else amount_text(line_amount(price, pieces_sold)),
    )


def _shipments(sent: Fields) -> Iterator[ImportedShipment]:
    """Give one shipment a tracking number, or one without a number; what failed or was called off has no day."""
    number, numbers = sent.code("tracking_number"), sent.codes("tracking_numbers")
    carrier, status = sent.words("tracking_company", CODE), sent.word("status") or _SENT
    created_at = sent.moment("created_at")
    tracked: list[str | None] = [*numbers] or [number]
    for tracking in tracked:
        yield ImportedShipment(
            carrier=carrier, tracking=tracking, status=status, shipped_at=created_at if status == _SENT else None
        )
