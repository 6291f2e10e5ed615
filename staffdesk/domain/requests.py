"""What a data subject may ask for, by which way it comes in, and whether it waits for proof of identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from staffdesk.domain import numbers
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read


class RequestType(StrEnum):
    """What is asked for (GDPR Art. 15 to 18, 20, 21(1) and 21(2)); a letter that asks two things is two requests."""

    ACCESS = "access"
    RECTIFY = "rectify"
    ERASE = "erase"
    RESTRICT = "restrict"
    PORT = "port"
    OBJECT = "object"
    OBJECT_MKT = "object_mkt"


class RequestChannel(StrEnum):
    """How a request reached the house; none is refused (privacy policy, preamble)."""

    EMAIL = "email"
    PHONE = "phone"
    WEB_FORM = "web_form"
    POST = "post"
    IN_PERSON = "in_person"
    EVENT = "event"


class RequestState(StrEnum):
    """How far a request is."""

    RECEIVED = "received"


class IdentityNeed(StrEnum):
    """Whether proof of identity is asked before a request is carried out."""

    ALWAYS = "always"
    ON_DOUBT = "on_doubt"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRules(Dated):
    """Whether each type waits for proof of identity."""

    identity: Mapping[RequestType, IdentityNeed]

    def __post_init__(self) -> None:
        """Refuse a table in which a type is missing."""
        for each in RequestType:
            if each not in self.identity:
                raise Misconfigured(f"requests.toml: identity.{each} is missing.")


@cache
def rules() -> RequestRules:
    """Return the shipped rules."""
    return read("requests", RequestRules)


def identity_needed(request_type: RequestType, *, by: RequestRules | None = None) -> IdentityNeed:
    """Say whether proof of identity is asked for this type (privacy policy, H.4; never to stop marketing, D.5)."""
    return (by or rules()).identity[request_type]


def format_number(year: int, n: int) -> str:
    """Return the number of a request, as ``DSR-2026-0001``."""
    return numbers.format_number(numbers.Series.REQUEST, year, n)
