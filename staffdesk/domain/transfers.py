"""Where data may go outside the EEA, and who may read it from there (privacy policy, F; GDPR Art. 44 to 49).

Every check says yes only on a ground it can name; what it does not know is blocked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from staffdesk.domain.access import Entity
from staffdesk.domain.deadlines import nominal
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read


class Safeguard(StrEnum):
    """On what ground data leaves the EEA: a decision, clauses, rules, a scheme, or a derogation."""

    ADEQUACY = "ADEQUACY"
    SCC = "SCC"
    BCR = "BCR"
    SCHEME = "SCHEME"
    ART49 = "ART49"


class Mark(StrEnum):
    """What a recipient must be for an adequacy decision to cover it."""

    PIPEDA = "pipeda"
    PRIVATE_SECTOR = "private_sector"
    FRAMEWORK_CERTIFICATE = "framework_certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """A safeguard with its evidence; ``valid_until`` is the last day it holds."""

    kind: Safeguard
    document: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    authority: str | None = None
    approved_on: dt.date | None = None
    certificate: str | None = None
    reason: str | None = None

    def missing(self) -> str | None:
        """Say in words which evidence is missing, or nothing (privacy policy, F.2 and F.3)."""
        needed: dict[Safeguard, dict[str, object]] = {
            Safeguard.ADEQUACY: {},
            Safeguard.SCC: {"the document": self.document, "the day it ends": self.valid_until},
            Safeguard.BCR: {"the approving authority": self.authority, "the day of approval": self.approved_on},
            Safeguard.SCHEME: {"the certificate": self.certificate, "the day it ends": self.valid_until},
            Safeguard.ART49: {"the privacy officer's reason": self.reason},
        }
        return next((words for words, value in needed[self.kind].items() if not value), None)

    def blocked(self, today: dt.date) -> str | None:
        """Say why this safeguard does not hold today, or nothing."""
        if missing := self.missing():
            return f"{missing} is not recorded"
        if self.valid_from is not None and today < self.valid_from:
            return f"the safeguard {self.kind} begins on {self.valid_from}"
        if self.valid_until is not None and today > self.valid_until:
            return f"the safeguard {self.kind} ended on {self.valid_until}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody outside the house to whom data may be given; ``country`` is an ISO code.

    ``certified_on`` is the day the certificate under the US framework was last looked up.
    """

    country: str
    mechanism: Mechanism | None = None
    marks: frozenset[Mark] = frozenset()
    certified_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecipient:
    """A recipient the house names from the start; unconfirmed until privacy has entered who it is.

    ``contact`` is the mailbox for notices under Art. 19, which are written in ``language``; ``fields`` are the only
    ones it is ever given (``person.email``), where that is known; without them its disclosures say which classes.
    """

    code: str
    kind: str
    name: str
    country: str
    purpose: str
    confirmed: bool
    contract: str | None = None
    mechanism: Safeguard | None = None
    valid_until: dt.date | None = None
    contact: str = ""
    language: str = "en"
    fields: tuple[str, ...] = ()

    def recipient(self) -> Recipient:
        """Return what a transfer check asks about."""
        mechanism = None if self.mechanism is None else Mechanism(kind=self.mechanism, valid_until=self.valid_until)
        return Recipient(country=self.country, mechanism=mechanism)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRules(Dated):
    """The recipients the house names from the start.

    ``contains`` says of a class of what was given which other classes of a person's own fields it repeats.
    """

    recipients: tuple[KnownRecipient, ...]
    contains: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Adequacy:
    """A decision under Art. 45; ``needs`` is what the recipient must be, ``because`` says so in words."""

    decision: str
    valid_until: dt.date | None = None
    needs: Mark | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRules(Dated):
    """The countries, the decisions, and the house's own companies with what lets them read data of the EEA."""

    countries: frozenset[str]
    eea: frozenset[str]
    territories: frozenset[str]
    aliases: Mapping[str, str]
    adequacy: Mapping[str, Adequacy]
    entities: Mapping[Entity, Recipient]
    warn_days_before_expiry: int
    certificate_months: int
    us_framework: bool

    def __post_init__(self) -> None:
        """Refuse a table in which a company of the house is missing, or a country that nobody lists."""
        for entity in Entity:
            if entity not in self.entities:
                raise Misconfigured(f"transfers.toml: entities.{entity} is missing.")
        for code in sorted({*self.eea, *self.territories, *self.adequacy, *self.aliases.values()} - self.countries):
            raise Misconfigured(f"transfers.toml: {code} is used and does not stand among the countries.")

    def country(self, code: str) -> str:
        """Return the ISO code for what was written: upper case, EL as GR, UK as GB."""
        upper = code.strip().upper()
        return self.aliases.get(upper, upper)

    def in_eea(self, code: str) -> bool:
        """Say whether data in this country has not left the EEA."""
        country = self.country(code)
        return country in self.eea or country in self.territories

    def known(self, code: str) -> bool:
        """Say whether this is a country's code at all."""
        return self.country(code) in self.countries


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says: allowed, under which safeguard where one is needed, or the reason why not."""

    allowed: bool
    safeguard: Safeguard | None = None
    reason: str = ""


OK = Verdict(allowed=True)
"""Allowed without a safeguard: the data does not leave the EEA."""


@cache
def rules() -> TransferRules:
    """Return the shipped countries and decisions."""
    return read("transfers", TransferRules)


@cache
def known_recipients() -> tuple[KnownRecipient, ...]:
    """Return the recipients the house names from the start."""
    return read("recipients", RecipientRules).recipients


def known_recipient(code: str) -> KnownRecipient | None:
    """Return a recipient the house names from the start, or nothing."""
    return next((each for each in known_recipients() if each.code == code), None)


def was_given(code: str, classes: Collection[str], place: str, privacy_class: str | None) -> bool:
    """Say whether a recipient who was given these classes of data has a field: its ``table.column`` and its class."""
    known = known_recipient(code)
    if known is not None and known.fields:
        return place in known.fields
    contains = read("recipients", RecipientRules).contains
    return any(privacy_class in {given, *contains.get(given, ())} for given in classes)


def transfer_check(recipient: Recipient, today: dt.date, *, by: TransferRules | None = None) -> Verdict:
    """Say whether data may be given to this recipient today, and on what ground."""
    table = by or rules()
    if not table.known(recipient.country):
        return Verdict(allowed=False, reason="the country of the recipient is not known")
    if table.in_eea(recipient.country):
        return OK
    not_adequate = _not_adequate(recipient, today, table)
    if not_adequate is None:
        return Verdict(allowed=True, safeguard=Safeguard.ADEQUACY)
    mechanism = recipient.mechanism
    if mechanism is None or mechanism.kind is Safeguard.ADEQUACY:
        return Verdict(allowed=False, reason=f"{not_adequate}, and no other safeguard is recorded")
    if blocked := mechanism.blocked(today):
        return Verdict(allowed=False, reason=blocked)
    return Verdict(allowed=True, safeguard=mechanism.kind)


def may_open(
    entity: Entity,
    country: str | None,
    entities: Mapping[Entity, Recipient],
    today: dt.date,
    *,
    by: TransferRules | None = None,
) -> Verdict:
    """Say whether someone employed by ``entity`` may open a record of ``country`` today.

    The employing company decides, not where the employee sits (EDPB Guidelines 05/2021, example 5). A record whose
    country is not given or not known is taken for one of the EEA, and a company without a line is closed.
    """
    table = by or rules()
    employer = entities.get(entity)
    outside = country is not None and table.known(country) and not table.in_eea(country)
    if employer is None:
        return Verdict(allowed=False, reason="the employing company is not recorded")
    if outside and table.known(employer.country):
        return OK
    return transfer_check(employer, today, by=table)


def _not_adequate(recipient: Recipient, today: dt.date, table: TransferRules) -> str | None:
    """Say why no adequacy decision covers the recipient today, or nothing where one does."""
    decision = table.adequacy.get(table.country(recipient.country))
    if decision is None:
        return "no adequacy decision covers the country"
    if decision.valid_until is not None and today > decision.valid_until:
        return f"the adequacy decision ended on {decision.valid_until}"
    if decision.needs is None:
        return None
    if decision.needs not in recipient.marks:
        return decision.because
    if decision.needs is Mark.FRAMEWORK_CERTIFICATE:
        return _not_certified(recipient, today, table)
    return None


def _not_certified(recipient: Recipient, today: dt.date, table: TransferRules) -> str | None:
    if not table.us_framework:
        return "the framework with the United States is switched off here"
    looked_up = recipient.certified_on
    if looked_up is None or looked_up > today or nominal(looked_up, table.certificate_months) < today:
        return f"the certificate was not looked up within {table.certificate_months} months"
    return None
