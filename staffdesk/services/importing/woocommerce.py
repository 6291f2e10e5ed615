"""WooCommerce's orders as its REST API lists them (JSON): a bare list, or one order.

Source: woocommerce.github.io/woocommerce-rest-api-docs, Order properties. What is not asked for here by name is dropped
and counted: the buyer's network address and browser, payment method and transaction, keys, notes, metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from staffdesk.domain.imported import (
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    OrderState,
    PaymentState,
)
from staffdesk.domain.read_items import ReadItem, Refused
from staffdesk.services.importing.fields import CODE, HALF_NAME, LINE, Fields
from staffdesk.services.importing.parts import STREET, joined, json_objects, read_one
from staffdesk.services.importing.profiles import profile, state_of
from staffdesk.services.importing.values import amount_text

WOOCOMMERCE: Final = "woocommerce"

_GUEST: Final = "0"
_LISTS: Final = frozenset({"orders"})


def read(path: Path) -> Iterator[ReadItem]:
    """Read one file; a record that cannot be taken is refused with its place and stops nothing else."""
    for found in json_objects(path, _LISTS):
        if isinstance(found, Refused):
            yield found
            continue
        place, order = found
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
    return state_of(profile(WOOCOMMERCE), order.needed("status", order.word("status")))


def _buyer(order: Fields, billing: Fields | None) -> ImportedParty | None:
    account = order.code("customer_id")
    if billing is None:
        return None
    party = ImportedParty(
        account_id=None if account == _GUEST else account,
        given_name=billing.name("first_name", HALF_NAME),
        family_name=billing.name("last_name", HALF_NAME),
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
        name=joined(address.name("first_name", HALF_NAME), address.name("last_name", HALF_NAME), between=" "),
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
