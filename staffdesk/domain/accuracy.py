"""Accurate, complete and current (privacy policy, H.1): what is missing, what is old, what mail does not reach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from staffdesk.domain.classes import Exposure
from staffdesk.domain.correction import confirm_due
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read

if TYPE_CHECKING:
    from staffdesk.domain.records import Record, Row


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


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How complete and how current one record is, as far as the role sees its fields.

    ``percent`` counts the fields that ``accuracy.toml`` asks of a whole record, ``missing`` are the labels of those
    that are empty. ``since`` is the day it was last obtained or confirmed, ``due`` says that this is long ago;
    ``bounced_on`` is the day on which mail came back.
    """

    table: str
    number: int
    percent: int
    missing: tuple[str, ...]
    since: str
    due: bool
    bounced_on: str

    @property
    def complete(self) -> str:
        """How complete it is, in words."""
        return f"{self.percent} %" + (f", lacks {', '.join(self.missing)}" if self.missing else "")

    @property
    def prompt(self) -> str:
        """What is to be asked at the next contact; empty where nothing is."""
        old = f"not confirmed since {self.since}: confirm at the next contact" if self.due else ""
        back = f"mail came back on {self.bounced_on}: ask for another address" if self.bounced_on else ""
        return "; ".join(part for part in (back, old) if part)


def first_to_ask(record: Record, today: dt.date) -> str:
    """Return what is to be asked before a call ends: about the person, else about his company, which is then named."""
    whose = {"organisation": "Company: "}
    asked = (f"{whose.get(each.table, '')}{each.prompt}" for each in upkeep_of(record, today) if each.prompt)
    return next(asked, "")


def upkeep_of(record: Record, today: dt.date) -> tuple[Upkeep, ...]:
    """Return the person's upkeep, with what was put together with his record, and the organisation's.

    A class that the role does not see counts for nothing.
    """
    whole = rules().complete
    return tuple(
        _upkeep(table, columns, rows, record, today)
        for table, columns in (("person", whole.person), ("organisation", whole.organisation))
        if (rows := record.rows(table))
    )


def _upkeep(table: str, columns: tuple[str, ...], rows: tuple[Row, ...], record: Record, today: dt.date) -> Upkeep:
    seen = [column for column in columns if (cell := rows[0].cells.get(column)) and cell.exposure is not Exposure.NONE]
    missing = [column for column in seen if not any(row.cells[column].held for row in rows)]
    known = [row.text(name) for row in rows for name in ("obtained_on", "confirmed_on")]
    known += [each.text("confirmed_on") for each in record.rows("field_status") if each.text(f"{table}_id")]
    since = max((day for day in known if day), default="")
    return Upkeep(
        table=table,
        number=rows[0].id,
        percent=100 * (len(seen) - len(missing)) // len(seen) if seen else 100,
        missing=tuple(rows[0].cells[column].label for column in missing),
        since=since,
        due=bool(since) and confirm_due(dt.date.fromisoformat(since), today),
        bounced_on=next((row.text("bounced_at")[:10] for row in rows if row.text("bounced_at")), ""),
    )
