"""Who may get product news: computed and explained, never set by hand (privacy policy, B, D.4 and D.5; A19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.mail_domains import shared_domains
from staffdesk.domain.provenance import Source
from staffdesk.domain.traces import untagged
from staffdesk.parameters import Dated, read


class NewsBasis(StrEnum):
    """On what ground news may go to somebody, the strongest first."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft_opt_in"
    COMPANY_MAILBOX = "company_mailbox"


class Against(StrEnum):
    """Why no news goes to somebody, in words; what weighs most comes first."""

    ERASED = "somebody with his address, telephone or account was erased at his own request"
    OBJECTED = "objected to mail"
    LEFT = "left the list"
    RESTRICTED = "use of this record is restricted"
    CONTESTED = "it is contested that the address is right"
    BOUNCED = "mail to the address came back"
    MERGED = "this record was put together with another one"
    NO_ADDRESS = "no e-mail address is on file"
    NO_EVENT = "no prior contact"
    NO_BASIS = "neither consent with its evidence, nor a paid order with an offer to get none, nor a company's mailbox"
    UNKNOWN = "not everything that decides it is known"


class Told(StrEnum):
    """What a campaign service is told of an address."""

    GIVEN = "given"
    STOPPED = "stopped"
    LEFT = "left"
    PAUSED = "paused"


_FOR_GOOD: Final = frozenset({Against.ERASED, Against.OBJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What decides whether news goes to somebody; ``None`` is what could not be told, and is never taken for a yes.

    ``bounced_at`` is when mail to the address came back, in UTC milliseconds, ``None`` where none did.
    """

    address: bool | None
    event: bool | None
    erased: bool | None
    objected: bool | None
    left: bool | None
    restricted: bool | None
    contested: bool | None
    merged: bool | None
    bounced_at: int | None
    consent: bool | None
    evidence: bool | None
    paid_order: bool | None
    opt_out_offered: bool | None
    company_mailbox: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether news goes to somebody: on which ground, and what speaks against it."""

    basis: NewsBasis | None
    against: tuple[Against, ...]

    @property
    def eligible(self) -> bool:
        """Whether he gets news: there is a ground, and nothing speaks against it."""
        return self.basis is not None and not self.against

    @property
    def told(self) -> Told:
        """What the campaign service is told: for good, for the list, or until what stands in the way is gone."""
        if self.eligible:
            return Told.GIVEN
        if _FOR_GOOD.intersection(self.against):
            return Told.STOPPED
        return Told.LEFT if Against.LEFT in self.against else Told.PAUSED


def judge(facts: Facts) -> Verdict:
    """Say whether news goes to whom these facts are about, and all that speaks against it (policy B.9; A19)."""
    basis = _basis(facts)
    stops = {
        Against.ERASED: facts.erased,
        Against.OBJECTED: facts.objected,
        Against.LEFT: facts.left,
        Against.RESTRICTED: facts.restricted,
        Against.CONTESTED: facts.contested,
        Against.BOUNCED: facts.bounced_at is not None,
        Against.MERGED: facts.merged,
        Against.NO_ADDRESS: _not(facts.address),
        Against.NO_EVENT: _not(facts.event),
        Against.NO_BASIS: basis is None,
    }
    against = [why for why, stands in stops.items() if stands]
    if None in stops.values():
        against.append(Against.UNKNOWN)
    return Verdict(basis, tuple(against))


def _basis(facts: Facts) -> NewsBasis | None:
    grounds = {
        NewsBasis.CONSENT: facts.consent is True and facts.evidence is True,
        NewsBasis.SOFT_OPT_IN: facts.paid_order is True and facts.opt_out_offered is True,
        NewsBasis.COMPANY_MAILBOX: facts.company_mailbox is True,
    }
    return next((basis for basis, stands in grounds.items() if stands), None)


def _not(known: bool | None) -> bool | None:
    return None if known is None else not known


@dataclass(frozen=True, slots=True)
class _Consent:
    bases: frozenset[str]


@dataclass(frozen=True, slots=True)
class _SoftOptIn:
    paid: tuple[str, ...]
    offered_since: Mapping[str, dt.date]


@dataclass(frozen=True, slots=True)
class _CompanyMailbox:
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRules(Dated):
    """What counts as a contact, as consent, as an order with an opt-out, and as a company's mailbox."""

    events: frozenset[Source]
    services: tuple[str, ...]
    bases: Mapping[NewsBasis, str]
    consent: _Consent
    soft_opt_in: _SoftOptIn
    company_mailbox: _CompanyMailbox

    def __post_init__(self) -> None:
        """Refuse rules in which a ground has no words."""
        for basis in NewsBasis:
            if basis not in self.bases:
                raise Misconfigured(f"campaign.toml: bases.{basis} is missing.")

    def is_company_mailbox(self, address: str | None, *, of_a_company: bool) -> bool:
        """Say whether an address is a mailbox of a company and no person's."""
        try:
            name, _, domain = untagged(normal_email(address or "")).rpartition("@")
        except BadInput:
            return False
        return of_a_company and name in self.company_mailbox.names and domain not in shared_domains()

    def offers_opt_out(self, store: str, ordered_on: dt.date) -> bool:
        """Say whether a store offered, on the day of an order, to get no news."""
        since = self.soft_opt_in.offered_since.get(store)
        return since is not None and ordered_on >= since


@cache
def rules() -> CampaignRules:
    """Return the shipped rules."""
    return read("campaign", CampaignRules)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explained:
    """Why somebody gets news, or why not, as a role is told it; ``seq`` is the entry it was read under.

    ``event`` is the contact he was obtained by, ``evidence`` what shows the ground, ``given_on`` the day on which the
    campaign service was last given the address he has now; empty and None where there is none.
    """

    customer: int
    eligible: bool
    event: str
    basis: str
    evidence: tuple[str, ...]
    against: tuple[str, ...]
    given_on: dt.date | None
    seq: int

    def __repr__(self) -> str:
        return "<Explained>"


class Drift(StrEnum):
    """How a campaign service's own list differs from ours."""

    LEFT = "active there, though he left"
    ERASED = "active there, though he was erased"
    UNKNOWN = "active there, and unknown here"
    NOT_ELIGIBLE = "active there, and may get no news"
    LEFT_THERE = "left there, and not here"
    MISSING = "gets news, and is missing there"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Drifted:
    """One address on which the two lists differ: ``customer`` where there is one, ``place`` where the file has it.

    ``address`` is masked.
    """

    drift: Drift
    customer: int | None
    place: str
    address: str
    why: str = ""

    def __repr__(self) -> str:
        return f"<Drifted {self.drift.name}>"
