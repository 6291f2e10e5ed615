"""What a simulation returns: entries as the desk writes them, and beside them what of it was misuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from staffdesk.audit.entry import Core
from staffdesk.domain.access import Entity, Role


class Misuse(StrEnum):
    """The kinds of misuse, as the page of this package describes them."""

    NO_REFERENCE = "no_reference"
    HIMSELF = "himself"
    COLLEAGUE = "colleague"
    DECLARED = "declared"
    SAME_NAME = "same_name"
    SAME_ADDRESS = "same_address"
    SAME_DOMAIN = "same_domain"
    VOLUME_SUDDEN = "volume_sudden"
    VOLUME_RAMP = "volume_ramp"
    TRAWLING = "trawling"
    SEQUENCE = "sequence"
    AFTER_HOURS = "after_hours"
    REPEATED = "repeated"
    REVEALS = "reveals"
    AFTER_CLOSED = "after_closed"
    BREAK_GLASS = "break_glass"
    ERASED_AFTER_LOOK = "erased_after_look"
    EXPORTED_AFTER_LOOK = "exported_after_look"
    OTHER_WAY = "other_way"
    LEAVER = "leaver"


class Honest(StrEnum):
    """Honest work that looks odd: whoever flags it is wrong, but not foolish."""

    ON_CALL = "on_call"
    OVERTIME = "overtime"
    TRADE_SHOW = "trade_show"
    LEADS = "leads"
    LONG_CASE = "long_case"
    MONTH_END = "month_end"
    NAMESAKES = "namesakes"
    REFUSED_THEN_RIGHT = "refused_then_right"
    REFUSED_THEN_ASKED = "refused_then_asked"
    BREAK_GLASS = "break_glass"
    OLD_NUMBER = "old_number"
    NOBODY_ELSE = "nobody_else"
    REQUEST_BY_PHONE = "request_by_phone"
    NEW_COLLEAGUE = "new_colleague"
    HAND_OVER = "hand_over"
    FREQUENT_CALLER = "frequent_caller"


@dataclass(frozen=True, slots=True)
class Incident:
    """One misuse: its kind, whose it was, and the numbers of the entries it left; ``variant`` says how it was done."""

    kind: Misuse
    actor: str
    seqs: tuple[int, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """Honest entries that look odd, and why."""

    kind: Honest
    actor: str
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """An employee as the desk knows him."""

    staff_id: str
    roles: tuple[Role, ...]
    entity: Entity
    first_day: dt.date
    last_day: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A company's log with its labels; ``hours`` is when each account is at work, in UTC milliseconds.

    ``numbers`` is what the desk's own mapping says: which customer's or order's number an audit id stands for.
    """

    entries: tuple[Core, ...]
    incidents: tuple[Incident, ...]
    explained: tuple[Explained, ...]
    staff: tuple[Account, ...]
    numbers: Mapping[str, int]
    hours: Mapping[str, tuple[tuple[int, int], ...]]
