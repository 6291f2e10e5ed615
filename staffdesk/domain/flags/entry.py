"""What the rules read of an entry of the log, and a look as they see it: nothing of a customer but random ids."""

# ruff: noqa: D102 - what each field says stands in help/log-format.md
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Protocol, Self
from zoneinfo import ZoneInfo

from staffdesk.domain.access import Act, Basis, Outcome, Purpose, Relation, Standing


class Entry(Protocol):
    """An entry of the log, by the fields that rules read; ``audit.entry.Core`` is one."""

    @property
    def seq(self) -> int: ...
    @property
    def t(self) -> int: ...
    @property
    def act(self) -> str: ...
    @property
    def out(self) -> str: ...
    @property
    def actor(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def entity(self) -> str | None: ...
    @property
    def purpose(self) -> str | None: ...
    @property
    def ref(self) -> str | None: ...
    @property
    def standing(self) -> str | None: ...
    @property
    def basis(self) -> str | None: ...
    @property
    def rel(self) -> tuple[str, ...]: ...
    @property
    def obj(self) -> tuple[str, ...]: ...
    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def n(self) -> int: ...
    def dated(self, t: int) -> Self: ...


VALUES: Final = frozenset({Act.CUSTOMER_REVEALED, Act.CUSTOMER_COPIED})
LOOKS: Final = frozenset({Act.CUSTOMER_OPENED, Act.CUSTOMER_HISTORY, *VALUES})
"""The acts by which one person is looked at, on purpose."""

GLASS: Final = "break-glass"
"""What stands first among the kinds of every entry made under one."""

_PERSON: Final = "person"

DAY_MS: Final = 24 * 60 * 60 * 1000
HOUR_MS: Final = 60 * 60 * 1000
MINUTE_MS: Final = 60 * 1000
_QUARTER_MS: Final = 15 * MINUTE_MS
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """When it was where the house is: the day as an ordinal number, the hour, and whether no weekday."""

    day: int
    hour: int
    weekend: bool


@dataclass(slots=True, kw_only=True)
class Look:
    """One look at one person; ``away`` says how many hours it is from an hour of the looker's own.

    ``table`` is the kind of record of which a value was shown, nothing for another look.
    ``marks`` are the entries that a rule has against it, by the rule's name, noted as it happened or after it.
    """

    seq: int
    t: int
    at: Moment
    act: str
    actor: str
    role: str
    entity: str
    purpose: str
    ref: str | None
    verified: bool
    own: bool
    order: bool
    request: bool
    kind: str
    rel: frozenset[str]
    subject: str
    glass: bool
    table: str = ""
    away: int = 0
    marks: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def value(self) -> bool:
        """Whether a masked value was shown or copied."""
        return self.act in VALUES

    @property
    def under_an_order(self) -> bool:
        """Whether an order's number let him at a person, and not at the order or a value of it alone.

        The number is known to many, and says nothing of why its buyer is looked at.
        """
        return self.order and _PERSON in {self.kind, self.table}

    @property
    def vouched(self) -> bool:
        """Whether a number that somebody else made stands for it."""
        return self.verified and not self.under_an_order

    def has(self, relation: Relation) -> bool:
        """Say whether the looker stood so to the person."""
        return relation.value in self.rel


def is_look(entry: Entry) -> bool:
    """Say whether somebody was shown one person."""
    shown = entry.out == Outcome.OK and entry.act in LOOKS
    return shown and entry.actor is not None and entry.purpose != Purpose.SYSTEM


def look_of(entry: Entry, at: Moment) -> Look:
    """Return an entry as the look it is; who is looked at stands first among those it names."""
    return Look(
        seq=entry.seq,
        t=entry.t,
        at=at,
        act=entry.act,
        actor=entry.actor or "",
        role=entry.role or "",
        entity=entry.entity or "",
        purpose=entry.purpose or "",
        ref=entry.ref,
        verified=entry.standing == Standing.VERIFIED,
        own=entry.basis is None or entry.basis == Basis.OWN,
        order=entry.basis == Basis.ORDER,
        request=entry.basis == Basis.REQUEST,
        kind=entry.kinds[0] if entry.kinds else "",
        rel=frozenset(entry.rel),
        subject=entry.obj[0] if entry.obj else "",
        glass=entry.kinds[:1] == (GLASS,),
        table=_table(entry.kinds) if entry.act in VALUES else "",
    )


def _table(kinds: tuple[str, ...]) -> str:
    """Return the table of the column that stands among the kinds of a value that was shown."""
    return next((table for table, dot, _ in (each.partition(".") for each in kinds) if dot), "")


def moment_of(t: int, zone: str) -> Moment:
    """Return where in the house's days and hours a moment of UTC milliseconds lies."""
    return _of_quarter(t // _QUARTER_MS, zone)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _of_quarter(quarter: int, zone: str) -> Moment:
    """Return the moment of a quarter of an hour since 1970: no zone in use changes within one."""
    local = dt.datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, _zone(zone))
    return Moment(local.toordinal(), local.hour, local.weekday() >= SATURDAY)
