"""Months of a log to be pruned: what is written in them, and what stands of it afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.audit import ranges
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Opened
from staffdesk.domain.access import Act
from staffdesk.services.doubted_clock import doubted
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_export, verify_log
from tests.databases import Place
from tests.services.offices import Office, entries
from tests.services.reviewed_months import moment, opened, write
from tests.services.seals import KEY
from tests.verifying import export_log, opener

SIGN_IN = Event(act=Act.SESSION_SIGNED_IN, actor="u_1")
SEARCH = Event(act=Act.CUSTOMER_SEARCH, actor="u_1", openings=(Opened("term", "anders"),))
CALLED = replace(opened("u_1", "s_1"), openings=(Opened("reason.reference", "his call"),))


class KilledError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


def standing(place: Place) -> list[str]:
    """Return the acts of the months' entries that still stand."""
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT act, core FROM entry ORDER BY seq").all()
        stray = owner.exec_driver_sql(
            "SELECT count(*) FROM entry WHERE core IS NULL AND (seq IN (SELECT seq FROM opening) OR seq IN "
            "(SELECT seq FROM entry_subject))"
        ).scalar_one()
    assert stray == 0
    return [act for act, core in rows if core is not None and not str(act).startswith(("audit.", "system.clock"))]


def named_and_gone(place: Place) -> tuple[set[int], set[int]]:
    """Return the numbers that the prunings name, and those whose entries are gone."""
    kinds = [core.kinds for core in entries(place) if core.act == Act.AUDIT_PRUNED and core.out == "ok"]
    named = {seq for each in kinds for first, last in ranges.read(each) for seq in range(first, last + 1)}
    with place.owner() as owner:
        gone = owner.exec_driver_sql("SELECT seq FROM entry WHERE core IS NULL").all()
    return named, {int(row[0]) for row in gone}


def reviewed(place: Place, month: str) -> None:
    """Say that the review of a month was closed."""
    with place.owner() as owner:
        owner.execute(sa.text("UPDATE review_month SET closed_at = 1 WHERE month = :m"), {"m": month})


def sound(place: Place, folder: Path) -> int:
    """Verify the log where it is and as an export, and return how many entries are pruned."""
    report = verify_log(opener(place), folder, (KEY,), None)
    assert report.findings == ()
    exported, public = folder.parent / "log.jsonl", folder.parent / "seal.vkey"
    export_log(place, exported)
    public.write_text(KEY)
    again = verify_export(exported, folder, public)
    assert (again.findings, again.pruned) == ((), report.pruned)
    return report.pruned


def writing(
    database: Database, sealer: Sealer, place: Place, office: Office, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Return what writes months of 2026, reviews them as told, and moves the clock on to a day, which is believed."""
    monkeypatch.setattr("time.time_ns", lambda: office.clock.now * 1_000_000)

    def make(
        months: Sequence[int], *more: Event, on: dt.date, reviewed: Sequence[int] = (1, 2, 3), idle: bool = False
    ) -> None:
        office.clock.now = int(dt.datetime.combine(on, dt.time(12), dt.UTC).timestamp()) * 1000
        for month in months:
            first = write(database, monkeypatch, moment(month, 5), [SIGN_IN, SEARCH, CALLED, SIGN_IN, *more])
            last = first + 3 + len(more)
            sealer.seal()
            with place.owner() as owner:
                values = {"m": f"2026-{month:02}", "a": first if month > 1 else 1, "b": last, "c": None}
                values["c"] = 1 if month in reviewed else None
                owner.execute(
                    sa.text(
                        "INSERT INTO review_month (month, first_seq, last_seq, entries, opens, closed_at)"
                        " VALUES (:m, :a, :b, 4, 1, :c)"
                    ),
                    values,
                )
        for month in () if idle else months[-1:]:  # work goes on, and shows how old they are
            write(database, monkeypatch, moment(month, 6), [Event(act=Act.AUDIT_LISTED)])
        with database.append() as tx:
            jumped = doubted(tx, office.clock.now)
        if jumped is not None:
            write(database, monkeypatch, office.clock.now, [Event(act=Act.SYSTEM_CLOCK)])
        sealer.seal()

    return make
