"""What a store's export says, in the desk's words: all that an import carries (privacy policy, C.1, C.3 and C.6).

Every text is cleaned and screened before it is put here. No class prints its values: their representation is the
object's name alone. A field that the store left empty is ``None``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

GIVEN_WITH_AN_ORDER: Final[Mapping[str, tuple[str, str]]] = {
    "PAYMENT_PROCESSOR": ("identity, contact, billing", "taking payment"),
    "CARRIER": ("identity, delivery", "delivering the order"),
}
"""By a recipient's code, what kinds of data he is given with an order, and why (privacy policy, C.7 and D.1)."""

MOST_PIECES: Final = 1_000_000
"""More of one thing, or seats of one licence, is a slip of whoever wrote it."""


class Dropped(StrEnum):
    """Why a field was left out; every field outside the allow-list is counted under one of these.

    ``COUNTRY`` is a country's name that is not known: it is left out, never guessed. ``NAME`` is what stands for a name
    and has no letter, such as the number of an order.
    """

    PAYMENT = "payment"
    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 - a category's name
    LOCATION = "location"
    EXPIRED = "expired"
    TAX = "tax number"
    COUNTRY = "country"
    NAME = "name without a letter"
    ATTACHMENT = "attachment"
    COPIED = "in copy"
    OTHER = "other"


class OrderState(StrEnum):
    """How far an order is."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class PaymentState(StrEnum):
    """Whether an order was paid; with the date, all that is held of a payment (privacy policy, C.6)."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a record stands, in words that name no one: ``file`` is a name without its folder.

    ``position`` is ``line 5`` in a CSV file and a path like ``orders[3]`` in a JSON file, ``$`` being the whole
    document; it is empty where the file itself is meant. ``account_id`` is the store's id of the buyer's account.
    """

    file: str
    position: str = ""
    account_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedParty:
    """Who bought or subscribed, or stands on a list.

    Where the store gives a name in one piece, ``family_name`` holds all of it: it is never cut by guess.
    ``country`` is an ISO 3166-1 alpha-2 code, ``language`` an IETF tag such as ``en`` or ``nl-BE``.
    """

    account_id: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    language: str | None = None
    job_title: str | None = None
    function: str | None = None
    user_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedAddress:
    """Where an order is billed or delivered to; ``phone`` is set for a delivery only."""

    name: str | None = None
    company: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedLine:
    """One product of an order; ``amount`` is what the store states for the whole line before tax."""

    sku: str | None
    description: str
    quantity: int
    amount: str | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedShipment:
    """One parcel of an order; ``shipped_at`` is aware and in UTC."""

    carrier: str | None
    tracking: str | None
    status: str
    shipped_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedLicence:
    """A licence key that the store handed out with an order line."""

    serial: str
    sku: str | None
    product_name: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedOrder:
    """One order; amounts are decimal text without an exponent, with two decimals or as many more as are stated.

    ``number`` is what the customer quotes (FastSpring's reference, Shopify's name). ``store_order_id`` is the store's
    own id, ``None`` where the export does not tell it. ``ordered_at`` is aware and in UTC, ``paid_on`` a day in UTC.
    """

    store: str
    store_order_id: str | None
    number: str
    ordered_at: dt.datetime
    currency: str
    total: str
    tax: str | None
    state: OrderState
    payment_state: PaymentState | None
    paid_on: dt.date | None
    test: bool
    buyer: ImportedParty | None
    billing: ImportedAddress | None
    delivery: ImportedAddress | None
    lines: tuple[ImportedLine, ...]
    shipments: tuple[ImportedShipment, ...]
    licences: tuple[ImportedLicence, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedSubscription:
    """A product supplied for as long as it is paid for; days are in UTC, ``changed_at`` is aware and in UTC.

    ``state`` is the store's own word. ``ends_on`` is the day it ended or, while it runs, is planned to end.
    """

    store: str
    store_subscription_id: str
    sku: str | None
    product_name: str
    state: str
    quantity: int
    currency: str | None
    price: str | None
    started_on: dt.date | None
    changed_at: dt.datetime
    next_on: dt.date | None
    ends_on: dt.date | None
    buyer: ImportedParty | None
    test: bool


@dataclass(frozen=True, slots=True, repr=False)
class Buyer:
    """By what a store knows who bought: its account and the normalised e-mail address."""

    account_id: str | None
    email: str | None

    def is_another_than(self, other: Buyer) -> bool:
        """Say whether two buyers cannot be one: other accounts, or without both of these other addresses."""
        if self.account_id and other.account_id:
            return self.has_another_account_than(other)
        return bool(self.email and other.email and self.email != other.email)

    def has_another_account_than(self, other: Buyer) -> bool:
        """Say whether the store knows both, and as two."""
        return bool(self.account_id and other.account_id and self.account_id != other.account_id)
