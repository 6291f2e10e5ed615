"""What the readers of all stores do alike: build one record, count what it leaves behind, say where it stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from types import MappingProxyType

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import (
    Dropped,
    Imported,
    ImportedOrder,
    ImportedSubscription,
    PaymentState,
    Place,
    Refused,
)
from staffdesk.services.importing.fields import Fields

FASTSPRING = "fastspring"
SHOPIFY = "shopify"

STREET = 240
"""Longest line of a street address taken: two of them make one line."""


def read_one(
    place: Place, build: Callable[[], ImportedOrder | ImportedSubscription], counted: Iterable[Fields]
) -> Imported | Refused:
    """Build one record, then count what was left in ``counted``; what the builder refuses comes with the place."""
    try:
        record = build()
    except BadInput as error:
        return Refused(place, error.sentence)
    dropped: Counter[Dropped] = Counter()
    for fields in counted:
        fields.count_dropped(dropped)
    account_id = record.buyer.account_id if record.buyer else None
    return Imported(place=replace(place, account_id=account_id), record=record, dropped=MappingProxyType(dict(dropped)))


def below(place: Place, path: str) -> Place:
    """Name a place inside a record; inside the whole document the path stands alone."""
    return replace(place, position=path if place.position in {"", "$"} else f"{place.position}.{path}")


def joined(*parts: str | None, between: str = ", ") -> str | None:
    """Put the filled parts into one line."""
    return between.join(part for part in parts if part) or None


def payment_state(fields: Fields, key: str) -> PaymentState | None:
    """Take Shopify's word for whether an order is paid; the list is closed (privacy policy, C.6)."""
    word = fields.word(key)
    if word is None:
        return None
    try:
        return PaymentState(word.casefold())
    except ValueError:
        raise BadInput(f"Field {key}: it is not a payment state that Shopify documents.") from None
