"""Accurate, complete and current (privacy policy, H.1): what is missing, what is old, what mail does not reach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRecords:
    """The columns that a whole record of a person, or of an organisation, has."""

    person: tuple[str, ...]
    organisation: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a record of which nothing is asked."""
        if not (self.person and self.organisation):
            raise Misconfigured("accuracy.toml: complete names no fields.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceRules(Dated):
    """Which ``action`` and which beginnings of a status say that no mail reaches an address."""

    action: str
    statuses: tuple[str, ...]

    def says_unreachable(self, action: str, status: str) -> bool:
        """Say whether a mail server that took this action with this status found the address itself wrong."""
        begins = (status == each or status.startswith(f"{each}.") for each in self.statuses)
        return action == self.action and any(begins)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyRules(Dated):
    """When a record is whole, and when a returned mail counts."""

    complete: WholeRecords
    bounces: BounceRules


@cache
def rules() -> AccuracyRules:
    """Return the shipped rules."""
    return read("accuracy", AccuracyRules)


@dataclass(frozen=True, slots=True, repr=False)
class Returned:
    """Somebody with an address (normalised) from which mail came back.

    ``bounced_at`` (UTC milliseconds) is the mark that stands, ``known_on`` the day on which the address was last
    obtained or confirmed.
    """

    person: int
    aid: str
    email: str
    bounced_at: int | None
    known_on: dt.date

    def __repr__(self) -> str:
        return f"<Returned {self.person}>"

    def is_news(self, came_back: dt.datetime) -> bool:
        """Say whether a mail that came back then says something of the address that is not on file.

        An address that was obtained or confirmed on a later day is not doubted by it.
        """
        at = int(came_back.timestamp() * 1000)
        return self.known_on <= came_back.date() and (self.bounced_at is None or self.bounced_at < at)


@dataclass(frozen=True, slots=True)
class BouncedMail:
    """What a returned mail said of this desk's customers.

    ``marked`` are the numbers of the customers whose address is marked now, ``known`` of those whose mark or later
    confirmation it does not change; ``unknown`` counts addresses that nobody has, ``reachable`` those that are not
    found wrong.
    """

    marked: tuple[int, ...]
    known: tuple[int, ...]
    unknown: int
    reachable: int


class Mend(StrEnum):
    """Why a record is on a list of what is to be set right at the next contact."""

    BOUNCED = "bounced"
    STALE = "stale"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class ToMend:
    """A record that is to be set right: ``person`` or ``organisation``, its number, and what is to be done.

    ``missing`` are the labels of what it lacks, ``since`` the day on which it was last known to be right, or on which
    mail came back.
    """

    table: str
    number: int
    aid: str
    missing: tuple[str, ...] = ()
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class WorkList:
    """At most as many records as a search lists, the ones that wait longest or lack most first, without a name.

    ``count`` is how many there are, of the whole desk or, where ``mine``, of who asks for it: those who stand in a case
    of his own that is open. ``seq`` is the entry that lists them.
    """

    mend: Mend
    rows: tuple[ToMend, ...]
    count: int
    mine: bool
    seq: int


def todo(mend: Mend, row: ToMend) -> str:
    """Say in words what is to be done about a record."""
    if mend is Mend.INCOMPLETE:
        return f"lacks {', '.join(row.missing)}"
    return f"mail came back on {row.since}" if mend is Mend.BOUNCED else f"not confirmed since {row.since}"
