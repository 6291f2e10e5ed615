"""WooCommerce's orders as its REST API lists them (JSON): a bare list, or one order.

Source: woocommerce.github.io/woocommerce-rest-api-docs, Order properties. What is not asked for here by name is dropped
and counted: the buyer's network address and browser, payment method and transaction, keys, notes, metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import (
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    OrderState,
    PaymentState,
    ReadItem,
)
from staffdesk.services.importing.fields import CODE, CORRECT, HALF_NAME, LINE, Fields
from staffdesk.services.importing.parts import STREET, joined, read_one, refused
from staffdesk.services.importing.reading import Problem, is_json, load, parse, pieces, place_in
from staffdesk.services.importing.values import amount_text

WOOCOMMERCE: Final = "woocommerce"

_NOT_JSON: Final[Problem] = (
    "The file is not JSON, and WooCommerce itself exports orders in no other form.",
    "Import the answer of its REST API to /orders.",
)
_GUEST: Final = "0"
_STATES: Final[Mapping[str, tuple[OrderState, PaymentState]]] = {
    "pending": (OrderState.OPEN, PaymentState.PENDING),
    "on-hold": (OrderState.OPEN, PaymentState.PENDING),
    "processing": (OrderState.OPEN, PaymentState.PAID),
    "completed": (OrderState.COMPLETED, PaymentState.PAID),
    "refunded": (OrderState.COMPLETED, PaymentState.REFUNDED),
    "cancelled": (OrderState.CANCELLED, PaymentState.VOIDED),
    "failed": (OrderState.CANCELLED, PaymentState.VOIDED),
    "trash": (OrderState.CANCELLED, PaymentState.VOIDED),
}
"""What each of WooCommerce's states of an order says of the order and of its payment."""


def read(path: Path) -> Iterator[ReadItem]:
    """Read one file; a record that cannot be taken is refused with its place and stops nothing else."""
    file = place_in(path)
    try:
        content = load(path)
    except BadInput as error:
        yield refused(file, error)
        return
    if not is_json(content):
        yield refused(file, BadInput(*_NOT_JSON))
        return
    for piece in pieces(content, frozenset({"orders"})):
        place = place_in(path, piece.position)
        if piece.problem:
            yield refused(place, BadInput(*piece.problem))
            continue
        try:
            order = Fields(parse(piece.content))
        except Exception as error:  # noqa: BLE001 - whatever one record provokes, the others come in
            yield refused(place, error)
            continue
        yield read_one(place, partial(_order, order), (order,))


def _order(order: Fields) -> ImportedOrder:
    billing, shipping = order.section("billing"), order.section("shipping")
    tax, paid = order.amount("total_tax"), order.table_moment("date_paid_gmt")
    state, payment = _state(order)
    return ImportedOrder(
        store=WOOCOMMERCE,
        store_order_id=order.needed("id", order.code("id")),
        number=order.needed("number", order.code("number")),
        ordered_at=order.needed("date_created_gmt", order.table_moment("date_created_gmt")),
        currency=order.needed("currency", order.currency("currency")),
        total=amount_text(order.needed("total", order.amount("total"))),
        tax=None if tax is None else amount_text(tax),
        state=state,
        payment_state=payment,
        paid_on=None if paid is None else paid.date(),
        test=False,
        buyer=_buyer(order, billing),
        billing=_address(billing),
        delivery=_address(shipping, phone=True),
        lines=tuple(_line(item) for item in order.sections("line_items")),
        shipments=(),
        licences=(),
    )


def _state(order: Fields) -> tuple[OrderState, PaymentState]:
    word = order.needed("status", order.word("status"))
    if word not in _STATES:
        raise BadInput("Field status: it is not a state that WooCommerce documents for an order.", CORRECT)
    return _STATES[word]


def _buyer(order: Fields, billing: Fields | None) -> ImportedParty | None:
    account = order.code("customer_id")
    if billing is None:
        return None
    party = ImportedParty(
        account_id=None if account == _GUEST else account,
        given_name=billing.words("first_name", HALF_NAME),
        family_name=billing.words("last_name", HALF_NAME),
        email=billing.email("email"),
        phone=billing.phone("phone"),
        company=billing.words("company"),
        street=_street(billing),
        postal_code=billing.words("postcode", CODE),
        city=billing.words("city"),
        region=billing.words("state"),
        country=billing.country("country"),
    )
    return None if party == ImportedParty() else party


def _address(address: Fields | None, *, phone: bool = False) -> ImportedAddress | None:
    if address is None:
        return None
    taken = ImportedAddress(
        name=joined(address.words("first_name", HALF_NAME), address.words("last_name", HALF_NAME), between=" "),
        company=address.words("company"),
        street=_street(address),
        postal_code=address.words("postcode", CODE),
        city=address.words("city"),
        region=address.words("state"),
        country=address.country("country"),
        phone=address.phone("phone") if phone else None,
    )
    return None if taken == ImportedAddress() else taken


def _street(address: Fields) -> str | None:
    return joined(address.words("address_1", STREET), address.words("address_2", STREET))


def _line(item: Fields) -> ImportedLine:
    quantity, amount = item.whole("quantity"), item.amount("total")
    return ImportedLine(
        sku=item.code("sku"),
        description=item.needed("name", item.words("name", LINE)),
        quantity=1 if quantity is None else quantity,
        amount=None if amount is None else amount_text(amount),
    )
