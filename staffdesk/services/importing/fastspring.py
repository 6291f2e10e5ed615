"""FastSpring's order, subscription and charge payloads (JSON), as its webhooks send and its API lists them.

Sources: developer.fastspring.com, order.completed, subscription.* and subscription.charge.completed. What is not asked
for here by name is dropped and counted: payment, browser address, links, notes, tags, attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import (
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
from staffdesk.domain.read_items import ReadItem
from staffdesk.services.importing.fields import CODE, HALF_NAME, Fields
from staffdesk.services.importing.parts import FASTSPRING, below, joined, read_one, refused
from staffdesk.services.importing.reading import Problem, load, parse, pieces, place_in
from staffdesk.services.importing.values import amount_text

_LISTS = frozenset({"events", "orders", "subscriptions"})
_UNPAID_EVENTS = frozenset({"order.canceled", "order.failed"})
_UNKNOWN: Final[Problem] = (
    "It is neither an order nor a subscription of FastSpring.",
    "Import a file of order or subscription payloads.",
)
_ONLY_AN_ID: Final[Problem] = (
    "It names its order only by its id.",
    "Turn on webhook expansion at FastSpring and export it again.",
)


def read(path: Path) -> Iterator[ReadItem]:
    """Read one file; a record that cannot be taken is refused with its place and stops nothing else.

    Test orders (``live`` is false) come too, marked ``test``.
    """
    try:
        content = load(path)
    except BadInput as error:
        yield refused(place_in(path), error)
        return
    for piece in pieces(content, _LISTS):
        place = place_in(path, piece.position)
        if piece.problem:
            yield refused(place, BadInput(*piece.problem))
            continue
        try:
            payload = Fields(parse(piece.content))
            if payload.holds("type", str) and "data" in payload:
                data = Fields(payload.leave_out("data"))
                yield from _payload(data, below(place, "data"), payload)
            else:
                yield from _payload(payload, place)
        except Exception as error:  # noqa: BLE001 - whatever one record provokes, the others come in
            yield refused(place, error)


def _payload(payload: Fields, place: Place, event: Fields | None = None) -> Iterator[ReadItem]:
    around = (event,) if event else ()
    kind = event.code("type") if event else None
    if payload.holds("order", dict) or payload.holds("subscription", dict):
        yield from _charge(payload, place, kind, around)
    elif ("reference" in payload or payload.holds("items", list)) and "return" not in payload:
        yield from _order_and_subscriptions(payload, place, kind, None, around)
    elif "subscription" in payload and "state" in payload:
        yield read_one(place, partial(_subscription, payload, None), (payload, *around))
    else:
        yield refused(place, BadInput(*(_ONLY_AN_ID if "order" in payload else _UNKNOWN)))


def _charge(payload: Fields, place: Place, kind: str | None, around: tuple[Fields, ...]) -> Iterator[ReadItem]:
    """Read what a charge holds side by side: an order, the subscription it is for, the account of both."""
    order, subscription = payload.pull_out("order"), payload.pull_out("subscription")
    account = payload.pull_out("account", "account")
    accounts = (account,) if account else ()
    rest = (payload, *around)
    if order:
        counted = rest if subscription else (*rest, *accounts)
        yield from _order_and_subscriptions(order, below(place, "order"), kind, account, counted)
    elif "order" in payload:
        yield refused(below(place, "order"), BadInput(*_ONLY_AN_ID))
    if subscription:
        counted = (subscription, *accounts) if order else (subscription, *accounts, *rest)
        yield read_one(below(place, "subscription"), partial(_subscription, subscription, account), counted)


def _order_and_subscriptions(
    order: Fields, place: Place, kind: str | None, account: Fields | None, around: tuple[Fields, ...]
) -> Iterator[ReadItem]:
    """Read an order, and then each subscription that one of its items spells out, as a record of its own."""
    try:
        items = order.sections("items")
        inside = [(index, item.pull_out("subscription")) for index, item in enumerate(items)]
    except BadInput as error:
        yield refused(place, error)
        return
    yield read_one(place, partial(_order, order, items, kind, account), (order, *around))
    own_account = order.section("account") if order.holds("account", dict) else account
    for index, subscription in inside:
        if subscription:
            position = below(place, f"items[{index}].subscription")
            yield read_one(position, partial(_subscription, subscription, own_account), (subscription,))


def _order(order: Fields, items: list[Fields], kind: str | None, around: Fields | None) -> ImportedOrder:
    own_id, id_as_order = order.code("id"), order.code("order")
    ordered_at = order.needed("changed", order.milliseconds("changed"))
    account_id, account = _account(order, around)
    person = order.section("customer") or (account.section("contact") if account else None)
    address = order.section("address")
    language = order.language("language") or (account.language("language") if account else None)
    completed = order.flag("completed")
    if kind in _UNPAID_EVENTS:
        state, payment_state = OrderState.CANCELLED, PaymentState.VOIDED
    elif completed:
        state, payment_state = OrderState.COMPLETED, PaymentState.PAID
    else:
        state, payment_state = OrderState.OPEN, PaymentState.PENDING
    tax = order.amount("tax")
    buyer = _party(account_id, account, person, address, language)
    return ImportedOrder(
        store=FASTSPRING,
        store_order_id=own_id or id_as_order,
        number=order.needed("reference", order.code("reference")),
        ordered_at=ordered_at,
        currency=order.needed("currency", order.currency("currency")),
        total=amount_text(order.needed("total", order.amount("total"))),
        tax=None if tax is None else amount_text(tax),
        state=state,
        payment_state=payment_state,
        paid_on=ordered_at.date() if payment_state is PaymentState.PAID else None,
        test=order.flag("live") is False,
        buyer=buyer,
        billing=_billing(buyer),
        delivery=None,
        lines=tuple(_line(item) for item in items),
        shipments=(),
        licences=tuple(licence for item in items for licence in _licences(item)),
    )


def _subscription(subscription: Fields, around: Fields | None) -> ImportedSubscription:
    own_id, id_as_subscription = subscription.code("id"), subscription.code("subscription")
    account_id, account = _account(subscription, around)
    product = subscription.section("product") if subscription.holds("product", dict) else None
    name = _localized(subscription, "display") or (
        (_localized(product, "display") or product.words("product")) if product else subscription.words("product")
    )
    price = subscription.amount("price")
    runs = subscription.flag("active") is not False
    started, upcoming, end, deactivated = (
        subscription.milliseconds(key, planned=True) for key in ("begin", "next", "end", "deactivationDate")
    )
    ends = end or deactivated
    language = account.language("language") if account else None
    quantity = subscription.whole("quantity")
    return ImportedSubscription(
        store=FASTSPRING,
        store_subscription_id=subscription.needed("id", own_id or id_as_subscription),
        sku=subscription.code("sku") or (product.code("sku") if product else None),
        product_name=subscription.needed("display", name),
        state=subscription.needed("state", subscription.word("state")),
        quantity=1 if quantity is None else quantity,
        currency=subscription.currency("currency"),
        price=None if price is None else amount_text(price),
        started_on=started.date() if started else None,
        changed_at=subscription.needed("changed", subscription.milliseconds("changed")),
        next_on=upcoming.date() if upcoming and runs else None,
        ends_on=ends.date() if ends else None,
        buyer=_party(account_id, account, account.section("contact") if account else None, None, language),
        test=subscription.flag("live") is False,
    )


def _account(record: Fields, around: Fields | None) -> tuple[str | None, Fields | None]:
    """Find the account a record names: spelt out in it, or by its id and spelt out in the payload around it."""
    if record.holds("account", dict):
        account = record.section("account")
        return (_account_id(account), account) if account else (None, None)
    account_id = record.code("account")
    if around and account_id in {None, _account_id(around)}:
        return _account_id(around), around
    return account_id, None


def _account_id(account: Fields) -> str | None:
    own_id, id_as_account = account.code("id"), account.code("account")
    return own_id or id_as_account


def _party(
    account_id: str | None, account: Fields | None, person: Fields | None, address: Fields | None, language: str | None
) -> ImportedParty | None:
    country = (address.country("country") if address else None) or (account.country("country") if account else None)
    party = ImportedParty(
        account_id=account_id,
        given_name=person.name("first", HALF_NAME) if person else None,
        family_name=person.name("last", HALF_NAME) if person else None,
        email=person.email("email") if person else None,
        phone=person.phone("phone") if person else None,
        company=person.words("company") if person else None,
        street=joined(address.words("addressLine1"), address.words("addressLine2")) if address else None,
        postal_code=address.words("postalCode", CODE) if address else None,
        city=address.words("city") if address else None,
        region=address.words("region") if address else None,
        country=country,
        language=language,
    )
    named = (party.account_id, party.given_name, party.family_name, party.email, party.phone, party.company)
    return party if any(named) else None


def _billing(buyer: ImportedParty | None) -> ImportedAddress | None:
    """FastSpring keeps one address an order: the buyer's, to whom it is billed."""
    if buyer is None:
        return None
    billing = ImportedAddress(
        name=joined(buyer.given_name, buyer.family_name, between=" "),
        company=buyer.company,
        street=buyer.street,
        postal_code=buyer.postal_code,
        city=buyer.city,
        region=buyer.region,
        country=buyer.country,
    )
    return None if billing == ImportedAddress() else billing


def _line(item: Fields) -> ImportedLine:
    quantity, amount = item.whole("quantity"), item.amount("subtotal")
    return ImportedLine(
        sku=item.code("sku"),
        description=_product_name(item),
        quantity=1 if quantity is None else quantity,
        amount=None if amount is None else amount_text(amount),
    )


def _product_name(item: Fields) -> str:
    return item.needed("display", _localized(item, "display") or item.words("product"))


def _licences(item: Fields) -> Iterator[ImportedLicence]:
    """Take the licence keys an item was fulfilled with; files and instructions stay behind."""
    fulfilled = item.section("fulfillments")
    for name in fulfilled.names() if fulfilled else ():
        if fulfilled and fulfilled.holds(name, list):
            for entry in fulfilled.sections(name, known_as="licences"):
                serial = entry.code("license") if entry.code("type") == "license" else None
                if serial:
                    yield ImportedLicence(serial=serial, sku=item.code("sku"), product_name=_product_name(item))


def _localized(fields: Fields, key: str) -> str | None:
    """Take a text that stands there once, or once a language: English then, or the first."""
    if not fields.holds(key, dict):
        return fields.words(key)
    by_language = fields.section(key)
    names = by_language.names() if by_language else []
    if not by_language or not names:
        return None
    return by_language.words("en" if "en" in names else names[0], known_as="language")
