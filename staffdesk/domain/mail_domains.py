"""Mail providers that strangers share, as ``mail_domains.toml`` has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class _MailDomains(Dated):
    shared: frozenset[str]


@cache
def shared_domains() -> frozenset[str]:
    """Return the domains of which two users need not know each other."""
    return read("mail_domains", _MailDomains).shared
