"""Writing the orders and subscriptions of a batch, with their lines, invoices, shipments, licences and disclosures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from staffdesk.data.customers.accounts import Accounts, Known
from staffdesk.data.customers.changed_orders import PARTS, ChangedOrders
from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.tables.licensing import Licence
from staffdesk.data.tables.sales import Invoice, Order, OrderLine, ProductSubscription, Shipment
from staffdesk.data.tables.sharing import Disclosure
from staffdesk.data.transaction import Change
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import Conflict
from staffdesk.domain.imported import GIVEN_WITH_AN_ORDER, ImportedOrder, ImportedSubscription
from staffdesk.services.importing.buyers import NOBODY, Owner
from staffdesk.services.importing.run import Run, note_change


def write_orders(
    tx: Change,
    run: Run,
    orders: Sequence[tuple[ImportedOrder, str, Owner]],
    known: Mapping[str, Known],
    products: Mapping[str, int],
    accounts: Accounts,
) -> None:
    """Write orders that are new or changed; the parts of a changed one are written anew, its owner stays."""
    writing = Writing(tx)
    provenance = run.provenance(tx).values()
    if run.id is not None:
        ChangedOrders(tx, run.id).keep({held.id for order, _, _ in orders if (held := known.get(store_id_of(order)))})
    fresh: list[tuple[ImportedOrder, Owner, Order]] = []
    changed: list[tuple[ImportedOrder, Owner, int]] = []
    for order, digest, given in orders:
        held = known.get(store_id_of(order))
        owner = _owner(given, held)
        record = _order(order, digest, owner, held, run.store, provenance)
        if held is None:
            fresh.append((order, owner, record))
            continue
        _once(writing.replace(record))
        note_change(tx, run, Order, held.id, held.import_id)
        for part in PARTS:
            writing.remove(part, "order_id", held.id)
        changed.append((order, owner, held.id))
    added = writing.add([record for _, _, record in fresh])
    new = [(order, owner, number) for (order, owner, _), number in zip(fresh, added, strict=True)]
    numbered = [*changed, *new]
    serials = accounts.serials([number for _, _, number in changed])
    recipients = accounts.recipients()
    writing.add([line for order, _, number in numbered for line in _lines(order, number, products)])
    writing.add([invoice for order, _, number in numbered for invoice in _invoices(run, order, number, provenance)])
    writing.add([shipment for order, _, number in numbered for shipment in _shipments(order, number, provenance)])
    writing.add(
        [
            licence
            for order, owner, number in numbered
            for licence in _licences(order, owner, number, provenance)
            if (number, licence.serial) not in serials
        ]
    )
    writing.add([given for order, owner, number in new for given in _disclosures(order, owner, number, recipients)])


def write_subscriptions(
    tx: Change,
    run: Run,
    subscriptions: Sequence[tuple[ImportedSubscription, str, Owner]],
    known: Mapping[str, Known],
) -> None:
    """Write subscriptions that are new or changed."""
    writing = Writing(tx)
    provenance = run.provenance(tx).values()
    fresh: list[ProductSubscription] = []
    for each, digest, given in subscriptions:
        held = known.get(each.store_subscription_id)
        record = _subscription(each, digest, _owner(given, held), held, run.store, provenance)
        if held is None:
            fresh.append(record)
        else:
            _once(writing.replace(record))
            note_change(tx, run, ProductSubscription, held.id, held.import_id)
    writing.add(fresh)


def check_things(
    run: Run,
    orders: Sequence[tuple[ImportedOrder, str]],
    subscriptions: Sequence[tuple[ImportedSubscription, str]],
) -> None:
    """Build all rows and write none; raises :class:`BadInput` where writing would."""
    provenance = run.provenance(None).values()
    for order, digest in orders:
        _order(order, digest, NOBODY, None, run.store, provenance)
        _lines(order, 0, {})
        _invoices(run, order, 0, provenance)
        _shipments(order, 0, provenance)
        _licences(order, NOBODY, 0, provenance)
    for each, digest in subscriptions:
        _subscription(each, digest, NOBODY, None, run.store, provenance)


def store_id_of(order: ImportedOrder) -> str:
    """Return the store's id of an order, or its number where the export tells no id."""
    return order.store_order_id or f"number {order.number}"


def _owner(given: Owner, held: Known | None) -> Owner:
    """Return whose it is: the person it was given to before stays, so that no import moves it to another."""
    return given if held is None or held.person_id is None else (held.person_id, given[1])


def _once(touched: int) -> None:
    if touched != 1:
        raise Conflict("The record was taken away meanwhile.", "Run the import again.")


def _subscription(
    each: ImportedSubscription,
    digest: str,
    owner: Owner,
    held: Known | None,
    store: str,
    provenance: Mapping[str, object],
) -> ProductSubscription:
    return ProductSubscription.checked(
        {
            **provenance,
            "id": None if held is None else held.id,
            "store": store,
            "store_subscription_id": each.store_subscription_id,
            "person_id": owner[0],
            "organisation_id": owner[1],
            "sku": each.sku,
            "product_name": each.product_name,
            "state": each.state,
            "quantity": each.quantity,
            "currency": each.currency,
            "price": each.price,
            "started_on": each.started_on,
            "next_on": each.next_on,
            "ended_on": each.ends_on,
            "changed_at": int(each.changed_at.timestamp() * 1000),
            "is_test": each.test,
            "digest": digest,
        }
    )


def _order(
    order: ImportedOrder,
    digest: str,
    owner: Owner,
    held: Known | None,
    store: str,
    provenance: Mapping[str, object],
) -> Order:
    return Order.checked(
        {
            **provenance,
            "id": None if held is None else held.id,
            "aid": new_aid(Order),
            "number": order.number,
            "store": store,
            "store_order_id": store_id_of(order),
            "person_id": owner[0],
            "organisation_id": owner[1],
            "ordered_at": int(order.ordered_at.timestamp() * 1000),
            "currency": order.currency,
            "total": order.total,
            "tax": order.tax,
            "state": order.state.value,
            "payment_state": None if order.payment_state is None else order.payment_state.value,
            "paid_on": order.paid_on,
            "is_test": order.test,
            "digest": digest,
        }
    )


def _lines(order: ImportedOrder, number: int, products: Mapping[str, int]) -> list[OrderLine]:
    return [
        OrderLine.checked(
            {
                "order_id": number,
                "position": position,
                "product_id": None if line.sku is None else products.get(line.sku),
                "sku": line.sku,
                "description": line.description,
                "quantity": line.quantity,
                "amount": line.amount,
            }
        )
        for position, line in enumerate(order.lines, start=1)
    ]


def _invoices(run: Run, order: ImportedOrder, number: int, provenance: Mapping[str, object]) -> list[Invoice]:
    """Return the invoice of a store that invoices by itself, by the order's number; the others' exports name none."""
    billing = order.billing
    if not run.profile.invoices or billing is None or not (billing.name or billing.company):
        return []
    return [
        Invoice.checked(
            {
                **provenance,
                "order_id": number,
                "number": order.number,
                "invoiced_on": order.paid_on or receive_day(order.ordered_at),
                "billing_name": billing.name,
                "billing_company": billing.company,
                "billing_street": billing.street,
                "billing_postal_code": billing.postal_code,
                "billing_city": billing.city,
                "billing_country": billing.country,
                "currency": order.currency,
                "total": order.total,
            }
        )
    ]


def _shipments(order: ImportedOrder, number: int, provenance: Mapping[str, object]) -> list[Shipment]:
    where = order.delivery
    address = {
        "recipient_name": None if where is None else where.name or where.company,
        "street": None if where is None else where.street,
        "postal_code": None if where is None else where.postal_code,
        "city": None if where is None else where.city,
        "country": None if where is None else where.country,
        "phone": None if where is None else where.phone,
    }
    sent = [
        {
            "status": each.status,
            "carrier": each.carrier,
            "tracking": each.tracking,
            "shipped_on": None if each.shipped_at is None else receive_day(each.shipped_at),
        }
        for each in order.shipments
    ]
    if not sent and where is not None:
        sent = [{"status": "not shipped"}]
    return [Shipment.checked({**provenance, **address, **each, "order_id": number}) for each in sent]


def _licences(order: ImportedOrder, owner: Owner, number: int, provenance: Mapping[str, object]) -> list[Licence]:
    return [
        Licence.checked(
            {
                **provenance,
                "aid": new_aid(Licence),
                "serial": licence.serial,
                "product_name": licence.product_name,
                "order_id": number,
                "person_id": owner[0],
                "organisation_id": owner[1],
                "issued_on": receive_day(order.ordered_at),
                "status": "active",
            }
        )
        for licence in order.licences
    ]


def _disclosures(order: ImportedOrder, owner: Owner, number: int, recipients: Mapping[str, int]) -> list[Disclosure]:
    """Return what was given to whom with this order: to who took the payment, and to who carried it (C.7, D.1)."""
    codes = ("PAYMENT_PROCESSOR", "CARRIER") if order.shipments else ("PAYMENT_PROCESSOR",)
    return [
        Disclosure.checked(
            {
                "recipient_id": recipients[code],
                "person_id": owner[0],
                "order_id": number,
                "classes": GIVEN_WITH_AN_ORDER[code][0],
                "purpose": GIVEN_WITH_AN_ORDER[code][1],
                "disclosed_on": receive_day(order.ordered_at),
            }
        )
        for code in codes
        if code in recipients and owner[0] is not None
    ]
