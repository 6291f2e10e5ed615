"""What was ordered, invoiced and shipped (privacy policy, C.3 and D.1); of payments only whether and when."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.provenance import Provenance
from staffdesk.data.tables.types import Amount, BigInt, Code, Line, Name, Phone, Pieces, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.masking import mask_phone, mask_text
from staffdesk.domain.provenance import Source


class Product(Record, table=True):
    """Something the house sells."""

    __tablename__ = "product"
    __table_args__ = ({"info": {"keep": "company"}},)

    id: int | None = not_personal("Product", default=None, key=True, sa_type=BigInt)
    code: Code = not_personal("Code", unique=True)
    name: Name = not_personal("Name")


class Order(Provenance, table=True):
    """A purchase; its number is an identifier staff quote, so it stays readable to the log."""

    __tablename__ = "sales_order"
    __table_args__ = (
        sa.UniqueConstraint("store", "store_order_id", name="an_order_comes_once"),
        one_of("source", Source),
        sa.Index("sales_order_of_organisation", "organisation_id", "ordered_at", "id"),
        {"info": {"keep": "order", "erasure": Erasure.ERASE}},
    )

    id: int | None = not_personal("Order", default=None, key=True, sa_type=BigInt)
    aid: str = not_personal(unique=True)
    number: Code = not_personal("Order number", searched=Identifier.ORDER)
    number_normal: str = not_personal(default="", index=True, searched=Identifier.ORDER)
    store: Code = not_personal("Store")
    store_order_id: Code = not_personal("Store's id")
    person_id: int | None = not_personal("Ordered by", default=None, sa_type=BigInt, foreign="person.id", index=True)
    organisation_id: int | None = not_personal("Organisation", default=None, sa_type=BigInt, foreign="organisation.id")
    ordered_at: int = not_personal("Ordered", sa_type=BigInt)
    currency: Code = not_personal("Currency")
    total: Amount = personal(PrivacyClass.PURCHASE, "Total", erasure=Erasure.RESTRICT)
    tax: Amount | None = personal(PrivacyClass.PURCHASE, "Tax", default=None, erasure=Erasure.RESTRICT)
    state: Code = not_personal("State")
    payment_state: Code | None = not_personal("Payment", default=None)
    paid_on: dt.date | None = not_personal("Paid on", default=None)
    is_test: bool = not_personal("Test order", default=False)
    digest: str = not_personal(default="")


class OrderLine(Record, table=True):
    """One product of an order."""

    __tablename__ = "order_line"
    __table_args__ = ({"info": {"keep": "order", "erasure": Erasure.ERASE}},)

    id: int | None = not_personal("Line", default=None, key=True, sa_type=BigInt)
    order_id: int = not_personal("Order", sa_type=BigInt, foreign="sales_order.id", index=True)
    position: int = not_personal("Position")
    product_id: int | None = not_personal("Product", default=None, sa_type=BigInt, foreign="product.id")
    sku: Code | None = not_personal("Article", default=None)
    description: Line = personal(PrivacyClass.PURCHASE, "Description", erasure=Erasure.RESTRICT)
    quantity: Pieces = not_personal("Quantity", default=1)
    amount: Amount | None = personal(PrivacyClass.PURCHASE, "Amount", default=None, erasure=Erasure.RESTRICT)


class Invoice(Provenance, table=True):
    """What was billed, to whom; the tax law keeps it longer than the person's record."""

    __tablename__ = "invoice"
    __table_args__ = (one_of("source", Source), {"info": {"keep": "invoice", "erasure": Erasure.ERASE}})

    id: int | None = not_personal("Invoice", default=None, key=True, sa_type=BigInt)
    order_id: int = not_personal("Order", sa_type=BigInt, foreign="sales_order.id", index=True)
    number: Code = not_personal("Invoice number", searched=Identifier.INVOICE)
    number_normal: str = not_personal(default="", index=True, searched=Identifier.INVOICE)
    invoiced_on: dt.date = not_personal("Invoiced on")
    billing_name: Name | None = personal(
        PrivacyClass.BILLING, "Billed to", default=None, mask=mask_text, erasure=Erasure.RESTRICT
    )
    billing_company: Name | None = personal(
        PrivacyClass.BILLING, "Billed company", default=None, mask=mask_text, erasure=Erasure.RESTRICT
    )
    billing_street: Line | None = personal(
        PrivacyClass.BILLING, "Billing street", default=None, mask=mask_text, erasure=Erasure.RESTRICT
    )
    billing_postal_code: Code | None = personal(
        PrivacyClass.BILLING, "Billing postal code", default=None, mask=mask_text, erasure=Erasure.RESTRICT
    )
    billing_city: Name | None = personal(
        PrivacyClass.BILLING, "Billing city", default=None, mask=mask_text, erasure=Erasure.RESTRICT
    )
    billing_country: Code | None = not_personal("Billing country", default=None)
    vat_number: Code | None = personal(
        PrivacyClass.BILLING, "VAT number", default=None, mask=mask_text, erasure=Erasure.RESTRICT
    )
    currency: Code = not_personal("Currency")
    total: Amount = personal(PrivacyClass.PURCHASE, "Total", erasure=Erasure.RESTRICT)


class Shipment(Provenance, table=True):
    """What left the house, for whom and where to."""

    __tablename__ = "shipment"
    __table_args__ = (one_of("source", Source), {"info": {"keep": "shipment", "erasure": Erasure.ERASE}})

    id: int | None = not_personal("Shipment", default=None, key=True, sa_type=BigInt)
    order_id: int = not_personal("Order", sa_type=BigInt, foreign="sales_order.id", index=True)
    status: Code = not_personal("Status")
    shipped_on: dt.date | None = not_personal("Shipped on", default=None)
    delivered_on: dt.date | None = not_personal("Delivered on", default=None)
    carrier: Code | None = not_personal("Carrier", default=None)
    tracking: Code | None = personal(PrivacyClass.DELIVERY, "Tracking", default=None, mask=mask_text)
    recipient_name: Name | None = personal(PrivacyClass.DELIVERY, "Recipient", default=None, mask=mask_text)
    street: Line | None = personal(PrivacyClass.DELIVERY, "Street", default=None, mask=mask_text)
    postal_code: Code | None = personal(PrivacyClass.DELIVERY, "Postal code", default=None, mask=mask_text)
    city: Name | None = personal(PrivacyClass.DELIVERY, "City", default=None, mask=mask_text)
    country: Code | None = not_personal("Country", default=None)
    phone: Phone | None = personal(
        PrivacyClass.DELIVERY, "Telephone", default=None, mask=mask_phone, keep="delivery phone"
    )


class ProductSubscription(Provenance, table=True):
    """A product supplied for as long as it is paid for, as the store knows it."""

    __tablename__ = "product_subscription"
    __table_args__ = (
        sa.UniqueConstraint("store", "store_subscription_id", name="a_subscription_comes_once"),
        one_of("source", Source),
        {"info": {"keep": "order", "erasure": Erasure.ERASE}},
    )

    id: int | None = not_personal("Subscription", default=None, key=True, sa_type=BigInt)
    store: Code = not_personal("Store")
    store_subscription_id: Code = not_personal("Store's id")
    person_id: int | None = not_personal("Subscriber", default=None, sa_type=BigInt, foreign="person.id", index=True)
    organisation_id: int | None = not_personal(
        "Organisation", default=None, sa_type=BigInt, foreign="organisation.id", index=True
    )
    sku: Code | None = not_personal("Article", default=None)
    product_name: Name = personal(PrivacyClass.PURCHASE, "Product", erasure=Erasure.RESTRICT)
    state: Code = not_personal("State")
    quantity: Pieces = not_personal("Quantity", default=1)
    currency: Code | None = not_personal("Currency", default=None)
    price: Amount | None = personal(PrivacyClass.PURCHASE, "Price", default=None, erasure=Erasure.RESTRICT)
    started_on: dt.date | None = not_personal("Started on", default=None)
    next_on: dt.date | None = not_personal("Next charge on", default=None)
    ended_on: dt.date | None = not_personal("Ended on", default=None)
    changed_at: int = not_personal("Changed", sa_type=BigInt)
    is_test: bool = not_personal("Test", default=False)
    digest: str = not_personal(default="")
