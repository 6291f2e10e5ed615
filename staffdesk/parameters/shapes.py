"""The shapes of the parameter files that no pure rule uses, and the shipped ones, read once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache

from staffdesk.domain.access import Role
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read


def _above_zero(where: str, rules: object) -> None:
    for name in (each.name for each in fields(rules)):  # type: ignore[arg-type] # called with the dataclasses below
        value = getattr(rules, name)
        if isinstance(value, int | float) and value <= 0:
            raise Misconfigured(f"{where}{name} must be more than 0.")


@dataclass(frozen=True, slots=True)
class RevealRules:
    """For how long a revealed value stays on the screen, in seconds; a class may have its own time."""

    seconds: int
    by_class: Mapping[PrivacyClass, int] = field(default_factory=dict)

    def for_class(self, privacy_class: PrivacyClass) -> int:
        """Return the seconds a revealed value of this class stays."""
        return self.by_class.get(privacy_class, self.seconds)


@dataclass(frozen=True, slots=True)
class LogRules:
    """How long an append may take, when a checkpoint is made, and from when an uncovered tail is too old."""

    deadline_seconds: float
    tail_hours: int
    checkpoint_entries: int
    checkpoint_minutes: int

    def __post_init__(self) -> None:
        """Refuse a time or a count of nothing."""
        _above_zero("sessions.toml: log.", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrottleRules(Dated):
    """How long the next sign-in waits after failures in a row."""

    free_failures: int
    delays_seconds: tuple[int, ...]
    most_failures: int

    def __post_init__(self) -> None:
        """Refuse a table that would never wait, or that would wait less after more failures."""
        if not self.delays_seconds or list(self.delays_seconds) != sorted(self.delays_seconds):
            raise Misconfigured("sessions.toml: throttle.delays_seconds must name delays that grow.")

    def delay(self, failures: int) -> int:
        """Return how many seconds the next try waits after ``failures`` failures in a row."""
        if failures < self.free_failures:
            return 0
        return self.delays_seconds[min(failures - self.free_failures, len(self.delays_seconds) - 1)]

    def exhausted(self, failures: int) -> bool:
        """Say whether no password is taken until the count begins anew or a new password is given."""
        return failures >= self.most_failures


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRules(Dated):
    """For how long a terminal is known by a sign-in at it, and for how long one that failed too often rests."""

    known_days: int
    rest_hours: int

    def __post_init__(self) -> None:
        """Refuse a time of nothing."""
        _above_zero("sessions.toml: sources.", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules(Dated):
    """How long a terminal stays open without a key and in all."""

    mask_after_minutes: int
    lock_after_minutes: int
    absolute_hours: int
    open_record_minutes: int
    first_password_days: int
    reveal: RevealRules
    log: LogRules
    throttle: ThrottleRules
    sources: SourceRules

    def __post_init__(self) -> None:
        """Refuse a time of nothing, and a lock that comes before the mask."""
        _above_zero("sessions.toml: ", self)
        if self.lock_after_minutes < self.mask_after_minutes:
            raise Misconfigured("sessions.toml: lock_after_minutes must not be less than mask_after_minutes.")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long a kind of record is kept: the sentence a person reads, and the time where it is one number."""

    text: str
    months: int | None = None
    days: int | None = None
    most_months: int | None = None
    counted_from: str | None = None
    permanent: bool = False
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldYears:
    """How many years after the end of the document's year, for documents from ``from_year`` on."""

    from_year: int
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Dated):
    """A reason of law to keep a record longer, and how its end is found."""

    text: str
    years: tuple[HoldYears, ...] = ()
    months: int | None = None
    review_months: int | None = None


class LicenceContact(StrEnum):
    """Whom a licence in force keeps: whom it names, and the only contact of the company it is of."""

    NAMED = "named"
    ONLY_CONTACT = "only_contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceContacts(Dated):
    """Whom a licence keeps, and the statuses in which it is in force."""

    text: str
    in_force: tuple[str, ...]
    keeps: tuple[LicenceContact, ...]

    def __post_init__(self) -> None:
        """Refuse a licence in force that would not keep whom it names: nobody could be told of it."""
        if not self.in_force or LicenceContact.NAMED not in self.keeps:
            raise Misconfigured("retention.toml: licence_contacts must name a status in force, and keep who is named.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules(Dated):
    """How long each kind is kept, by the names the tables and columns declare, and the holds they name."""

    kinds: Mapping[str, Keep]
    holds: Mapping[str, Hold]
    licence_contacts: LicenceContacts

    def __post_init__(self) -> None:
        """Refuse a hold that is named and not described."""
        for kind, keep in self.kinds.items():
            for hold in keep.holds:
                if hold not in self.holds:
                    raise Misconfigured(f"retention.toml: kinds.{kind} names the hold {hold}, which is not described.")


@dataclass(frozen=True, slots=True)
class House:
    """A company as letters and screens name it; ``country`` is its ISO code."""

    name: str
    address: tuple[str, ...]
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRules(Dated):
    """The privacy policy in force: ``version`` is written in every entry, ``dated`` is what a person reads.

    ``contact`` is where a customer asks what he wants to know.
    """

    version: str
    in_force_on: dt.date
    dated: str
    reference: str
    contact: str
    text: str
    banner: str
    footer: str
    controller: House
    affiliate: House

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def notice(self) -> str:
        """Return the sentence shown before anything else."""
        return self.banner.format(dated=self.dated)

    @property
    def foot(self) -> str:
        """Return the line at the foot of a screen."""
        return self.footer.format(dated=self.dated)


@dataclass(frozen=True, slots=True)
class Firm:
    """Who holds which roles, one set a person."""

    people: tuple[frozenset[Role], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetRules(Dated):
    """Firms of usual sizes, by the number of people in them."""

    firms: Mapping[str, Firm]

    def of(self, people: int) -> Firm | None:
        """Return the preset for a firm of so many, or nothing where there is none."""
        return self.firms.get(str(people))


@dataclass(frozen=True, slots=True)
class TrigramSizes:
    """From how many words on their trigrams are kept, and below how many no longer; between them all stays as it is."""

    built_from: int
    emptied_below: int

    def __post_init__(self) -> None:
        """Refuse sizes between which an index would be built and emptied by turns."""
        _above_zero("search.toml: trigrams.", self)
        if self.emptied_below > self.built_from:
            raise Misconfigured("search.toml: trigrams.emptied_below must not be more than built_from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRules(Dated):
    """How the search looks for a part of a word."""

    trigrams: TrigramSizes


@cache
def search() -> SearchRules:
    """Return the shipped rules of the search."""
    return read("search", SearchRules)


@cache
def sessions() -> SessionRules:
    """Return the shipped session, log and throttle rules."""
    return read("sessions", SessionRules)


@cache
def retention() -> RetentionRules:
    """Return the shipped retention rules."""
    return read("retention", RetentionRules)


@cache
def policy() -> PolicyRules:
    """Return the shipped privacy policy's date, text and controller."""
    return read("policy", PolicyRules)


@cache
def presets() -> PresetRules:
    """Return the shipped role presets."""
    return read("presets", PresetRules)
