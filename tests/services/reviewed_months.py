"""A month of a firm's log long ago, to be reviewed: honest opens, one of oneself, one by break-glass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pytest

from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log, Opened
from staffdesk.domain.access import Act, Basis, Entity, Level, Purpose, Relation, Role, Standing

MONTH: Final = "2026-03"
OPENS: Final = 31


@dataclass(frozen=True, slots=True)
class Written:
    """The numbers of the entries that matter."""

    first: int
    own: int
    glass: int


def moment(month: int, day: int) -> int:
    """Return the morning of a day of 2026 in UTC milliseconds."""
    return int(dt.datetime(2026, month, day, 10, tzinfo=dt.UTC).timestamp()) * 1000


def opened(actor: str, subject: str, *rel: Relation) -> Event:
    """Return an open as the gateway writes it, verified by a ticket of the customer."""
    return Event(
        act=Act.CUSTOMER_OPENED,
        actor=actor,
        role=Role.SUPPORT,
        entity=Entity.BE,
        purpose=Purpose.SUPPORT,
        standing=Standing.VERIFIED,
        basis=Basis.TICKET,
        level=Level.OPENED,
        rel=rel,
        obj=(subject,),
        kinds=("person",),
        n=1,
    )


def granted(actor: str, subject: str) -> Event:
    """Return a break-glass as it is written."""
    return Event(
        act=Act.CUSTOMER_BREAK_GLASS,
        actor=actor,
        role=Role.SUPPORT,
        entity=Entity.BE,
        purpose=Purpose.SUPPORT,
        level=Level.OPENED,
        obj=(subject,),
        kinds=("break-glass", "person"),
        n=1,
        openings=(Opened("reason.break_glass", "the parcel went to a wrong street"),),
    )


def write(database: Database, monkeypatch: pytest.MonkeyPatch, when: int, events: Sequence[Event]) -> int:
    """Append entries at a moment and return the number of the first."""
    with monkeypatch.context() as patch:
        patch.setattr("time.time_ns", lambda: when * 1_000_000)
        with database.append() as tx:
            numbers = [Log(tx, "2024-10").append(event).seq for event in events]
    return numbers[0]


def a_month(database: Database, monkeypatch: pytest.MonkeyPatch, staff_id: str, subject: str) -> Written:
    """Write a month of somebody's work, and of the next what lets it be judged."""
    firsts = [
        write(database, monkeypatch, moment(3, day), [opened(staff_id, f"s_{day}_{n}") for n in range(5)])
        for day in range(2, 8)
    ]
    own = write(database, monkeypatch, moment(3, 9), [opened(staff_id, subject, Relation.SELF)])
    glass = write(database, monkeypatch, moment(3, 10), [granted(staff_id, "s_glass")])
    for day in (8, 9):
        write(database, monkeypatch, moment(4, day), [opened(staff_id, f"s_april_{day}")])
    return Written(firsts[0], own, glass)
