"""The classes of personal data and how much of each a role sees."""

from __future__ import annotations

from enum import StrEnum


class PrivacyClass(StrEnum):
    """A closed list; the access matrix, masks, erasure and the access package are written in these words."""

    IDENTITY = "identity"
    CONTACT = "contact"
    ADDRESS = "address"
    COMPANY = "company"
    PURCHASE = "purchase"
    BILLING = "billing"
    DELIVERY = "delivery"
    LICENCE = "licence"
    NETWORK = "network"
    CASE = "case"
    REPORT = "report"
    MARKETING = "marketing"
    REQUEST = "request"
    STAFF = "staff"


class Exposure(StrEnum):
    """What a role gets of a class."""

    SHOWN = "shown"
    MASKED = "masked"
    NONE = "none"


class Whose(StrEnum):
    """Whose data a personal column holds."""

    CUSTOMER = "customer"
    STAFF = "staff"


class Erasure(StrEnum):
    """What a granted erasure does to a column of a row; SCREENED stays where nothing in it tells of anybody."""

    ERASE = "erase"
    ANONYMISE = "anonymise"
    SCREENED = "screened"
    RESTRICT = "restrict"
    KEEP = "keep"
