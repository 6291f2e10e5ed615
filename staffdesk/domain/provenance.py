"""Where a record came from: the closed list of the policy's section B (A11 to A17) and what each source must name."""

from __future__ import annotations

from enum import StrEnum


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
