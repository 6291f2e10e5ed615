"""What a first batch needs is read in before it holds the lock: it took longer than all that the batch writes."""

from __future__ import annotations

from typing import Final

from staffdesk.domain.phone_numbers import normal_phone
from staffdesk.services.importing.profiles import Profile, of_no_customers_yet

_ANY_PHONE: Final = "02 000 00 00"
"""Nobody's; it is only looked at."""


def read_in(known: Profile) -> None:
    """Read in the other sources' profiles, which buyers are compared by, and how telephones are numbered."""
    if known.customers:
        of_no_customers_yet()
    normal_phone(_ANY_PHONE, "BE")
