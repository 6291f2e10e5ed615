"""Who looks, why, and how far: the closed lists every access and every log entry is written in.

Sources: privacy policy October 2024, E (only employees, only sale or support); roles and purposes are closed lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account may do; a person may hold several, but one alone is in force for an access."""

    SUPPORT = "support"
    SALES = "sales"
    FINANCE = "finance"
    PRIVACY = "privacy"
    APPROVER = "approver"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Purpose(StrEnum):
    """Why a customer's data is looked at."""

    SALE = "sale"
    SUPPORT = "support"
    RIGHTS = "rights"
    LEGAL = "legal"
    SECURITY = "security"
    SYSTEM = "system"


class Entity(StrEnum):
    """Which company of the house employs the person; transfers outside the EEA hang on it."""

    BE = "BE"
    US = "US"


class Standing(StrEnum):
    """How well the reference of an access is corroborated; computed, never typed."""

    VERIFIED = "verified"
    CLAIMED = "claimed"
    NONE = "none"


class Basis(StrEnum):
    """What the standing rests on."""

    CASE = "case"
    TICKET = "ticket"
    ORDER = "order"
    REQUEST = "request"
    OWN = "own"


class Level(StrEnum):
    """How much was exposed; the three are counted apart for ever."""

    LISTED = "listed"
    OPENED = "opened"
    REVEALED = "revealed"


class Relation(StrEnum):
    """How the looking employee stands to the person looked at, at the moment of access."""

    SELF = "self"
    COLLEAGUE = "colleague"
    DECLARED = "declared"
    SAME_NAME = "same_name"
    SAME_ADDRESS = "same_address"
    SAME_DOMAIN = "same_domain"
    RESTRICTED = "restricted"


HIMSELF: Final = frozenset({Relation.SELF, Relation.DECLARED})
"""Of whom nobody decides anything: himself, and whom he declared to be close to."""


class Outcome(StrEnum):
    """How an act ended: ``intent`` stands before a write, ``ok`` after it."""

    OK = "ok"
    INTENT = "intent"
    DENIED = "denied"
    FAILED = "failed"


class RecordKind(StrEnum):
    """What a hit is, and what it opens as."""

    PERSON = "person"
    ORDER = "order"
    LICENCE = "licence"
    ACTIVATION = "activation"
    CASE = "case"
    ORGANISATION = "organisation"


class Act(StrEnum):
    """What was done, ``subject.verb``; the log knows no other word."""

    CUSTOMER_SEARCH = "customer.search"
    CUSTOMER_LISTED = "customer.listed"
    CUSTOMER_OPENED = "customer.opened"
    CUSTOMER_REVEALED = "customer.revealed"
    CUSTOMER_COPIED = "customer.copied"
    CUSTOMER_ADDED = "customer.added"
    CUSTOMER_CHANGED = "customer.changed"
    CUSTOMER_CONFIRMED = "customer.confirmed"
    CUSTOMER_BOUNCED = "customer.bounced"
    CUSTOMER_MERGED = "customer.merged"
    CUSTOMER_SEPARATED = "customer.separated"
    CUSTOMER_BREAK_GLASS = "customer.break_glass"
    CUSTOMER_HISTORY = "customer.history"
    CASE_OPENED = "case.opened"
    CASE_LISTED = "case.listed"
    CASE_NOTED = "case.noted"
    CASE_TIED = "case.tied"
    CASE_CLOSED = "case.closed"
    CASE_LOGS_ASKED = "case.logs_asked"
    CASE_LOGS_KEPT = "case.logs_kept"
    CASE_LOGS_LISTED = "case.logs_listed"
    CASE_LOGS_READ = "case.logs_read"
    CASE_LOGS_DESTROYED = "case.logs_destroyed"
    REQUEST_RECEIVED = "request.received"
    REQUEST_LISTED = "request.listed"
    REQUEST_OPENED = "request.opened"
    REQUEST_MOVED = "request.moved"
    REQUEST_APPROVED = "request.approved"
    REQUEST_RULE = "request.rule"
    STAFF_ADDED = "staff.added"
    STAFF_ROLE = "staff.role"
    STAFF_APPROVED = "staff.approved"
    STAFF_REFUSED = "staff.refused"
    STAFF_DISABLED = "staff.disabled"
    STAFF_DEPUTY = "staff.deputy"
    STAFF_DECLARED = "staff.declared"
    STAFF_WITHDREW = "staff.withdrew"
    STAFF_LISTED = "staff.listed"
    STAFF_PASSWORD = "staff.password"  # noqa: S105 - the name of an act
    SESSION_SIGNED_IN = "session.signed_in"
    SESSION_REFUSED = "session.refused"
    SESSION_LOCKED = "session.locked"
    SESSION_UNLOCKED = "session.unlocked"
    SESSION_REFERRED = "session.referred"
    SESSION_ENDED = "session.ended"
    AUDIT_LISTED = "audit.listed"
    AUDIT_OWN = "audit.own"
    AUDIT_VERIFIED = "audit.verified"
    AUDIT_EXPORTED = "audit.exported"
    AUDIT_OPENED = "audit.opened"
    AUDIT_REVIEWED = "audit.reviewed"
    AUDIT_ASKED = "audit.asked"
    AUDIT_ANSWERED = "audit.answered"
    AUDIT_CLOSED = "audit.closed"
    AUDIT_BREACH = "audit.breach"
    AUDIT_EVIDENCE = "audit.evidence"
    AUDIT_ERASED = "audit.erased"
    AUDIT_EXPIRED = "audit.expired"
    AUDIT_PRUNED = "audit.pruned"
    IMPORT_RUN = "import.run"
    IMPORT_UNDONE = "import.undone"
    CAMPAIGN_EXPORTED = "campaign.exported"
    CAMPAIGN_COMPARED = "campaign.compared"
    CAMPAIGN_FOLDER = "campaign.folder"
    SYSTEM_BOOTSTRAP = "system.bootstrap"
    SYSTEM_RECOVERED = "system.recovered"
    SYSTEM_BACKUP = "system.backup"
    SYSTEM_RESTORED = "system.restored"
    SYSTEM_CLOCK = "system.clock"
    DENIED = "denied"


REVIEWS: Final = frozenset({Act.AUDIT_ASKED, Act.AUDIT_ANSWERED, Act.AUDIT_REVIEWED, Act.AUDIT_BREACH})
"""What is said of an access afterwards, which is between its employee and who reviews the log: no look at anybody."""

NO_LOOKS: Final = REVIEWS | {Act.STAFF_DECLARED, Act.STAFF_WITHDREW}
"""What names a customer and shows nothing of him to anybody: beside reviews, what employees say of themselves."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks and why, as the caller knows it; role, entity and standing are read again at each access.

    ``session`` is the session id of a signed-in employee; ``reference`` a case, order, licence or request number
    or an outside number; ``host`` the terminal's name, as the log shows it; ``break_glass`` the number of a grant that
    opens for one record what the role may not see.
    """

    session: str
    purpose: Purpose | None = None
    reference: str | None = None
    host: str = ""
    break_glass: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A break-glass: its number, and until when it holds in UTC milliseconds."""

    number: int
    until: int
