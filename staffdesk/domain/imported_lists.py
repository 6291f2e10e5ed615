"""What lists say, as far as it is no order: whom we met, who has a licence account, what is licensed, who gets news.

As in :mod:`staffdesk.domain.imported`, every text is cleaned and screened before it is put here and no class prints
its values.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from staffdesk.domain.imported import ImportedOrder, ImportedParty, ImportedSubscription
from staffdesk.domain.imported_tickets import ImportedMessage, ImportedTicket


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedContact:
    """Somebody on a list: met at an event, named by a partner, or with an account of the licence manager.

    ``interest`` is what he asked about; ``met_on`` the day, where the list tells it.
    """

    party: ImportedParty
    interest: str | None = None
    met_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedHeldLicence:
    """One licence of the licence manager; ``account_id`` is its holder's account there."""

    serial: str
    product_name: str
    account_id: str | None
    version: str | None
    seats: int
    issued_on: dt.date | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedActivation:
    """One computer on which the licence ``serial`` was activated; ``activated_at`` is aware and in UTC."""

    serial: str
    user_name: str | None
    mac: str | None
    ip: str | None
    activated_at: dt.datetime
    status: str


class NewsStatus(StrEnum):
    """What a campaign service says of an address: ``unreachable`` is no wish of the person's."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedSubscriber:
    """An address on a campaign service's list; both times are aware and in UTC, ``None`` where it does not tell them.

    ``opted_in_at`` is when the person said that he wants the news, ``left_at`` when he said that he does not.
    """

    party: ImportedParty
    list_name: str
    status: NewsStatus
    opted_in_at: dt.datetime | None
    left_at: dt.datetime | None


ListRecord: TypeAlias = (
    ImportedContact | ImportedHeldLicence | ImportedActivation | ImportedSubscriber | ImportedTicket | ImportedMessage
)
"""What a list yields, or a support service."""

AnyRecord: TypeAlias = ImportedOrder | ImportedSubscription | ListRecord
"""What any reader yields."""


def party_of(record: AnyRecord) -> ImportedParty | None:
    """Return whom a record names; a licence and an activation name nobody but an account."""
    match record:
        case ImportedOrder() | ImportedSubscription():
            return record.buyer
        case ImportedContact() | ImportedSubscriber() | ImportedTicket():
            return record.party
        case _:
            return None
