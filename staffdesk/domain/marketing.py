"""Product news: whether a person gets it, and by what somebody who objects is remembered (privacy policy, D.4, D.5)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CAMPAIGN_SERVICE: Final = "CAMPAIGN_SERVICE"
"""The recipient that sends product news, as ``recipients.toml`` names it."""


class SubscriptionStatus(StrEnum):
    """Whether a list's mail goes to a person."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"


class Suppressed(StrEnum):
    """By what a suppression knows somebody; never by MAC, IP address or user name, which are for licensing alone."""

    EMAIL = "email"
    PHONE = "phone"
    ACCOUNT = "account"


class TaskState(StrEnum):
    """How far a recipient has been told."""

    OPEN = "open"
    SENT = "sent"
    CONFIRMED = "confirmed"
    EXEMPT = "exempt"
