"""Paddle Billing's transactions as its API lists them, or its notifications send them (JSON).

Source: developer.paddle.com, Transactions. Who bought stands in a transaction where it was asked for with
``include=customer,address,business``; elsewhere it names its customer by an id. Amounts are in the smallest unit of the
currency. What is not asked for here by name is dropped and counted: payments with their cards, tax numbers, links,
payouts, the store's own data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import (
    Dropped,
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    PaymentState,
)
from staffdesk.domain.read_items import ReadItem, Refused
from staffdesk.services.importing.fields import CODE, CORRECT, LINE, Fields
from staffdesk.services.importing.parts import STREET, below, joined, json_objects, read_one, refused
from staffdesk.services.importing.profiles import profile, state_of
from staffdesk.services.importing.values import amount_text

PADDLE: Final = "paddle"

_LISTS: Final = frozenset({"data"})
_OTHERS: Final[Mapping[str, str]] = {
    "ctm_": "customers",
    "add_": "addresses",
    "biz_": "businesses",
    "sub_": "subscriptions",
    "adj_": "adjustments",
    "pro_": "products",
    "pri_": "prices",
    "dsc_": "discounts",
}
"""How the ids begin of what is no transaction."""

_LIST_TRANSACTIONS: Final = "Import the answer of its API to /transactions?include=customer,address,business."


def read(path: Path) -> Iterator[ReadItem]:
    """Read one file; a record that cannot be taken is refused with its place and stops nothing else."""
    for found in json_objects(path, _LISTS):
        if isinstance(found, Refused):
            yield found
            continue
        place, document = found
        try:
            inside = document.pull_out("data")
            transaction = inside or document
            place = place if inside is None else below(place, "data")
            _refuse_others(transaction)
        except BadInput as error:
            yield refused(place, error)
            continue
        counted = (transaction,) if inside is None else (transaction, document)
        yield read_one(place, partial(_order, transaction), counted)


def _refuse_others(document: Fields) -> None:
    known = document.code("id") or ""
    for beginning, what in _OTHERS.items():
        if known.startswith(beginning):
            raise BadInput(f"This is from a file of {what}, not of transactions.", _LIST_TRANSACTIONS)
    if not known.startswith(profile(PADDLE).order_ids):
        raise BadInput("It is not a transaction of Paddle.", _LIST_TRANSACTIONS)


def _order(order: Fields) -> ImportedOrder:
    state, payment = state_of(profile(PADDLE), order.needed("status", order.word("status")))
    currency = order.needed("currency_code", order.currency("currency_code"))
    details = order.needed("details", order.section("details"))
    totals = details.needed("totals", details.section("totals"))
    tax, paid_at = _amount(totals, "tax", currency), _paid_at(order)
    order_id = order.needed("id", order.code("id"))
    customer, business = order.section("customer"), order.section("business")
    billing = _address(order.section("address"), customer, business)
    return ImportedOrder(
        store=PADDLE,
        store_order_id=order_id,
        number=order.code("invoice_number") or order_id,
        ordered_at=order.needed("created_at", order.moment("created_at")),
        currency=currency,
        total=amount_text(totals.needed("total", _amount(totals, "total", currency))),
        tax=None if tax is None else amount_text(tax),
        state=state,
        payment_state=payment,
        paid_on=paid_at.date() if paid_at and payment is PaymentState.PAID else None,
        test=False,
        buyer=_buyer(order, customer, business, billing),
        billing=billing,
        delivery=None,
        lines=tuple(_line(item, currency) for item in details.sections("line_items")),
        shipments=(),
        licences=(),
    )


def _paid_at(order: Fields) -> dt.datetime | None:
    """Take when the last payment was captured, and nothing else of payments.

    Where none is told, it is when it was billed, unless that was the day of an invoice sent to be paid later.
    """
    captured = []
    for payment in order.sections("payments"):
        for name in payment.names():
            payment.leave_as(name, Dropped.PAYMENT)
        captured.append(payment.moment("captured_at"))
    billed = order.moment("billed_at") if order.word("collection_mode") == "automatic" else None
    return max((moment for moment in captured if moment is not None), default=billed)


def _amount(totals: Fields | None, key: str, currency: str) -> Decimal | None:
    """Take an amount in the smallest unit of its currency, of which the yen has none."""
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - for who imports from Paddle

    whole = None if totals is None else totals.amount(key)
    if whole is None:
        return None
    if whole != whole.to_integral_value():
        raise BadInput(f"Field {key}: it is not in the smallest unit of its currency.", CORRECT)
    return whole.scaleb(-get_currency_precision(currency))


def _buyer(
    order: Fields, customer: Fields | None, business: Fields | None, billing: ImportedAddress | None
) -> ImportedParty | None:
    billed = billing or ImportedAddress()
    party = ImportedParty(
        account_id=order.code("customer_id"),
        family_name=customer.name("name") if customer else None,
        email=customer.email("email") if customer else None,
        company=business.words("name") if business else None,
        street=billed.street,
        postal_code=billed.postal_code,
        city=billed.city,
        region=billed.region,
        country=billed.country,
        language=customer.language("locale") if customer else None,
    )
    return None if party == ImportedParty() else party


def _address(address: Fields | None, customer: Fields | None, business: Fields | None) -> ImportedAddress | None:
    if address is None:
        return None
    return ImportedAddress(
        name=customer.name("name") if customer else None,
        company=business.words("name") if business else None,
        street=joined(address.words("first_line", STREET), address.words("second_line", STREET)),
        postal_code=address.words("postal_code", CODE),
        city=address.words("city"),
        region=address.words("region"),
        country=address.country("country_code"),
    )


def _line(item: Fields, currency: str) -> ImportedLine:
    quantity, product = item.whole("quantity"), item.section("product")
    amount = _amount(item.section("totals"), "subtotal", currency)
    name = product.words("name", LINE) if product else None
    return ImportedLine(
        sku=(product.code("id") if product else None) or item.code("price_id"),
        description=item.needed("product.name", name),
        quantity=1 if quantity is None else quantity,
        amount=None if amount is None else amount_text(amount),
    )
