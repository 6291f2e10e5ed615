"""Until when a law keeps a record that somebody wants erased, and what of it is covered (privacy policy, H.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from dateutil.relativedelta import relativedelta

from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read
from staffdesk.parameters.shapes import RetentionRules, retention

EVERYTHING: Final = "*"
UNTIL_LIFTED: Final = dt.date(9999, 12, 31)
"""The last day of a hold that a person ends and no calendar."""


class Ground(StrEnum):
    """Why a record is held; accounting and warranty follow from the record, the others are set by a person.

    A restriction (GDPR Art. 18) is the person's own wish, and ends where he wants to be erased.
    """

    ACCOUNTING = "accounting"
    WARRANTY = "warranty"
    CLAIM = "claim"
    LEGAL_OBLIGATION = "legal_obligation"
    RESTRICTION = "restriction"


LAWFUL: Final = tuple(each for each in Ground if each is not Ground.RESTRICTION)
"""The grounds on which a row outlives an erasure, and of which its letter tells; ``retention.toml`` names the same."""


@dataclass(frozen=True, slots=True, order=True)
class HeldBy:
    """One hold on a row, with its law: the last day, why, and by which law."""

    until: dt.date
    ground: Ground
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a law keeps since an erasure of rows of one kind: under which request, on which ground, until when.

    ``until`` is when the last hold on these rows ends, ``also`` what holds them until then for another reason.
    """

    request: str
    table: str
    ground: Ground
    law: str
    until: dt.date
    rows: int
    also: tuple[HeldBy, ...] = ()


def each_once(holds: Iterable[tuple[str, str, int, HeldBy]]) -> tuple[Left, ...]:
    """Count each row that is held (request, table, number) once: by the hold that ends last, with the others beside it.

    Of several holds on one ground the last is told.
    """
    by_row: dict[tuple[str, str, int], dict[Ground, HeldBy]] = {}
    for request, table, number, held in holds:
        known = by_row.setdefault((request, table, number), {})
        known[held.ground] = max(held, known.get(held.ground, held))
    counts: dict[tuple[str, str, tuple[HeldBy, ...]], int] = {}
    for (request, table, _), grounds in by_row.items():
        kind = request, table, tuple(sorted(grounds.values(), reverse=True))
        counts[kind] = counts.get(kind, 0) + 1
    return tuple(
        Left(request=request, table=table, ground=by.ground, law=by.law, until=by.until, rows=n, also=others)
        for (request, table, (by, *rest)), n in sorted(counts.items(), key=_by_day)
        for others in [tuple(rest)]
    )


def _by_day(counted: tuple[tuple[str, str, tuple[HeldBy, ...]], int]) -> tuple[object, ...]:
    (request, table, holds), _ = counted
    return holds[0].until, table, request, holds


@dataclass(frozen=True, slots=True)
class HoldLaw:
    """By which law a ground holds, and which columns (``table.column``, or ``*``) of a row it covers."""

    law: str
    covers: tuple[str, ...]

    def covers_column(self, table: str, column: str) -> bool:
        """Say whether the ground keeps this column of a held row."""
        return EVERYTHING in self.covers or f"{table}.{column}" in self.covers


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRules(Dated):
    """What each ground covers, and the times that no rule of retention has."""

    answer_days: int
    supply_months: int
    claim_notice_days: int
    server_days: int
    pages_days: int
    grounds: Mapping[Ground, HoldLaw]

    def __post_init__(self) -> None:
        """Refuse a file that leaves a ground out, or promises of a server what comes later than it says."""
        if not 0 <= self.pages_days < self.server_days:
            raise Misconfigured("holds.toml: pages_days must be less than server_days.")
        if missing := set(Ground) - set(self.grounds):
            raise Misconfigured(f"holds.toml: grounds.{min(missing)} is missing.")


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """One hold on a row: the last day it holds, and why."""

    until: dt.date
    ground: Ground

    def is_open(self, today: dt.date) -> bool:
        """Say whether the row is still held; the last day counts."""
        return self.until >= today


@cache
def rules() -> HoldRules:
    """Return the shipped rules."""
    return read("holds", HoldRules)


def accounting_hold_until(invoiced_on: dt.date, by: RetentionRules | None = None) -> dt.date:
    """Return the last day an invoice of this date is kept: 31 December, so many years after its own.

    Raises :class:`Misconfigured` where no rule reaches so far back.
    """
    for rule in sorted((by or retention()).holds[Ground.ACCOUNTING].years, key=lambda each: -each.from_year):
        if invoiced_on.year >= rule.from_year:
            return dt.date(invoiced_on.year + rule.years, 12, 31)
    raise Misconfigured("retention.toml: holds.accounting.years says nothing of this year.")


def warranty_hold_until(delivered_on: dt.date, by: RetentionRules | None = None) -> dt.date:
    """Return the last day on which the delivery may still matter to a guarantee."""
    months = (by or retention()).holds[Ground.WARRANTY].months
    if months is None:
        raise Misconfigured("retention.toml: holds.warranty.months is missing.")
    return delivered_on + relativedelta(months=months)


def supply_hold_until(ends_on: dt.date, by: HoldRules | None = None) -> dt.date:
    """Return the same for what is supplied until a day, as long as it is paid for."""
    return ends_on + relativedelta(months=(by or rules()).supply_months)


def longest(holds: Iterable[Held], today: dt.date) -> Held | None:
    """Return the open hold that ends last, or None."""
    return max((held for held in holds if held.is_open(today)), default=None)
