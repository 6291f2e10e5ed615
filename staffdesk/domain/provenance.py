"""Where a record came from: the closed list of the policy's section B (A11 to A17) and what each source must name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """How Softron obtained a customer's data; there is no other way (privacy policy, B; A10)."""

    STORE_ACCOUNT = "STORE_ACCOUNT"
    SLM_ACCOUNT = "SLM_ACCOUNT"
    EMAIL_IN = "EMAIL_IN"
    CALL_IN = "CALL_IN"
    REGISTRATION = "REGISTRATION"
    ACTIVATION = "ACTIVATION"
    SUPPORT = "SUPPORT"
    EVENT_OWN = "EVENT_OWN"
    EVENT_PARTNER = "EVENT_PARTNER"
    PARTNER = "PARTNER"


NEEDS_PARTNER = frozenset({Source.EVENT_PARTNER, Source.PARTNER})
"""Sources that name the partner who gave the data (Art. 15(1)(g); A16, A17)."""

NEEDS_EVENT = frozenset({Source.EVENT_OWN, Source.EVENT_PARTNER})
"""Sources that name the event (A16)."""

WORDS: Final[Mapping[str, str]] = {
    Source.STORE_ACCOUNT: "online store",
    Source.SLM_ACCOUNT: "licence account",
    Source.EMAIL_IN: "e-mail to us",
    Source.CALL_IN: "call to us",
    Source.REGISTRATION: "registration",
    Source.ACTIVATION: "activation",
    Source.SUPPORT: "support",
    Source.EVENT_OWN: "own event",
    Source.EVENT_PARTNER: "event of a partner",
    Source.PARTNER: "partner",
}
"""What each source is called where people read it."""
