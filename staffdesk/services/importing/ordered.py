"""One order of a table as a record of the desk's words; which column is which field, its profile has said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import (
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    ImportedShipment,
    OrderState,
    PaymentState,
)
from staffdesk.services.importing.fields import CODE, HALF_NAME, LINE, Fields
from staffdesk.services.importing.parts import STREET, joined, payment_state
from staffdesk.services.importing.profiles import Profile, state_of
from staffdesk.services.importing.values import amount_text, line_amount, sum_of

LINE_FIELD: Final = "line_"
"""How the fields begin that tell of a line of an order."""

_ORDERS: Final = "Export the store's orders, and import that file."
_API: Final = "Import what the store's API lists instead."
_FULFILLED: Final = "fulfilled"
_PAID: Final = frozenset(
    {None, PaymentState.PAID, PaymentState.PARTIALLY_PAID, PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED}
)
"""With which states of its payment an order was paid on some day."""


def order(profile: Profile, own: Fields, lines: Sequence[Fields]) -> ImportedOrder:
    """Read an order from its own fields and those of its rows; raises :class:`BadInput` for what it cannot say.

    A total that the table does not tell is the sum of what its rows tell, and so is the tax.
    """
    order_id = own.code("order_id")
    if order_id is not None and not order_id.startswith(profile.order_ids):
        raise BadInput(f"Its id does not begin with {profile.order_ids}, as {profile.title}'s orders do.", _ORDERS)
    total = _summed(own, lines, "total")
    tax, paid_at = _summed(own, lines, "tax"), own.table_moment("paid_at", profile.days)
    sent, sent_at = own.word("fulfilment"), own.table_moment("shipped_at", profile.days)
    billing = _address(own, "billing")
    state, stated = _state(profile, own, sent)
    if profile.pointed:
        _check_points(own, lines)
    payment = _refunded(stated, own.needed("total", total), own.amount("refunded"), lines)
    return ImportedOrder(
        store=profile.name,
        store_order_id=order_id,
        number=own.needed("number", own.code("number") or own.code("plain_number") or order_id),
        ordered_at=own.needed("ordered_at", own.table_moment("ordered_at", profile.days)),
        currency=own.needed("currency", own.currency("currency")),
        total=amount_text(own.needed("total", total)),
        tax=None if tax is None else amount_text(tax),
        state=state,
        payment_state=payment,
        paid_on=paid_at.date() if paid_at and payment in _PAID else None,
        test=False,
        buyer=_buyer(own, billing),
        billing=billing,
        delivery=_address(own, "delivery", phone=True),
        lines=tuple(_line(each) for each in lines if any(name.startswith(LINE_FIELD) for name in each.names())),
        shipments=_shipments(sent, sent_at),
        licences=(),
    )


def _check_points(own: Fields, lines: Sequence[Fields]) -> None:
    """Raise :class:`BadInput` for an amount that may be in the smallest unit of its currency."""
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - for who imports such amounts

    amounts = [own.amount(key) for key in ("total", "tax")]
    amounts += [line.amount(f"{LINE_FIELD}{key}") for line in lines for key in ("total", "tax", "amount")]
    currency = own.needed("currency", own.currency("currency"))
    if any(amount and not amount.as_tuple().exponent for amount in amounts) and get_currency_precision(currency):
        raise BadInput("An amount of it has no decimal point, so it cannot be told of which unit it is.", _API)


def _summed(own: Fields, lines: Sequence[Fields], key: str) -> Decimal | None:
    told = own.amount(key)
    each = [amount for line in lines if (amount := line.amount(f"{LINE_FIELD}{key}")) is not None]
    return sum_of(each) if told is None and each else told


def _state(profile: Profile, own: Fields, sent: str | None) -> tuple[OrderState, PaymentState | None]:
    """Read the store's word for the state of an order; where it has none, see how far it is sent and what is paid."""
    word, paid = own.word("status"), payment_state(own, "payment_status")
    cancelled = own.table_moment("cancelled_at", profile.days)
    if word is None:
        done = OrderState.COMPLETED if sent == _FULFILLED else OrderState.OPEN
        return OrderState.CANCELLED if cancelled else done, paid
    state, payment = state_of(profile, word)
    return state, paid or payment


def _refunded(
    stated: PaymentState | None, total: Decimal, refunded: Decimal | None, lines: Sequence[Fields]
) -> PaymentState | None:
    """Read a refund from its amount, or from what is said of the lines, where the state still says *paid*, or none."""
    returned = [back for line in lines if (back := _taken_back(line)) is not None]
    if stated not in {None, PaymentState.PAID} or not (refunded or any(returned)):
        return stated
    whole = refunded >= total if refunded else all(returned)
    return PaymentState.REFUNDED if whole else PaymentState.PARTIALLY_REFUNDED


def _taken_back(line: Fields) -> bool | None:
    returned, charged_back = line.told_flag("line_returned"), line.told_flag("line_charged_back")
    return None if returned is None and charged_back is None else bool(returned or charged_back)


def _buyer(own: Fields, billing: ImportedAddress | None) -> ImportedParty | None:
    """Take who bought, and for what is not told of him who is billed; a name in one piece is the family name."""
    billed = billing or ImportedAddress()
    given, family = own.name("billing_given_name", HALF_NAME), own.name("billing_family_name", HALF_NAME)
    if given is None and family is None:
        family = own.name("name") or billed.name
    party = ImportedParty(
        account_id=_account(own),
        given_name=given,
        family_name=family,
        email=own.email("email"),
        phone=own.phone("phone") or own.phone("billing_phone"),
        company=own.words("company") or billed.company,
        street=billed.street,
        postal_code=billed.postal_code,
        city=billed.city,
        region=billed.region,
        country=billed.country,
        language=own.language("language"),
    )
    known = (party.account_id, party.given_name, party.family_name, party.email, party.phone, party.company)
    return party if any(known) else None


def _account(own: Fields) -> str | None:
    """Take the store's number of the account; 0 is nobody's."""
    account = own.code("account_id")
    return None if account == "0" else account


def _address(own: Fields, whose: str, *, phone: bool = False) -> ImportedAddress | None:
    street = joined(own.words(f"{whose}_street_1", STREET), own.words(f"{whose}_street_2", STREET))
    given, family = own.name(f"{whose}_given_name", HALF_NAME), own.name(f"{whose}_family_name", HALF_NAME)
    postal_code = own.words(f"{whose}_postal_code", CODE)
    address = ImportedAddress(
        name=own.name(f"{whose}_name") or joined(given, family, between=" "),
        company=own.words(f"{whose}_company"),
        street=street or own.words(f"{whose}_street", LINE),
        # Shopify puts an apostrophe before it, lest a spreadsheet takes it for a number.
        postal_code=postal_code and postal_code.removeprefix("'"),
        city=own.words(f"{whose}_city"),
        region=own.words(f"{whose}_region"),
        country=own.country(f"{whose}_country"),
        phone=own.phone(f"{whose}_phone") if phone else None,
    )
    return None if address == ImportedAddress() else address


def _line(line: Fields) -> ImportedLine:
    quantity = line.whole("line_quantity")
    sold = 1 if quantity is None else quantity
    price, amount = line.amount("line_price"), line.amount("line_amount")
    if price is not None and amount is None:
        amount = line_amount(price, sold)
    return ImportedLine(
        sku=line.code("line_sku"),
        description=line.needed("line_name", line.words("line_name", LINE)),
        quantity=sold,
        amount=None if amount is None else amount_text(amount),
    )


def _shipments(status: str | None, sent_at: dt.datetime | None) -> tuple[ImportedShipment, ...]:
    """Make one shipment: a table has one day of sending an order, and no carrier."""
    if sent_at is None:
        return ()
    return (ImportedShipment(carrier=None, tracking=None, status=status or _FULFILLED, shipped_at=sent_at),)
