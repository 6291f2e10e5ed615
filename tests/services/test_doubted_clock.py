"""A clock that jumped years ahead forgets nothing: the log tells up to when time went on, and a person says the rest.

Seen to fail: with the clock believed as it is; with what was sealed under the wrong clock taken for proof; with what
somebody said long before counted for the next jump too; with what falls due not asking the clock; and with a person's
word under a right clock not written where that was not doubted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.data.log import Event
from staffdesk.domain.access import Act, Role
from staffdesk.domain.declared import Whom
from staffdesk.services.declaring import Declaring
from staffdesk.services.pruning import Pruning
from staffdesk.services.sealing import Sealer
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.pruned_months import SIGN_IN, sound, standing
from tests.services.reviewed_months import write
from tests.services.workflows import due_of

DAY_MS = 24 * 3600 * 1000


def _sealed_at(when: int, database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch, *events: Event) -> None:
    write(database, monkeypatch, when, events or [Event(act=Act.AUDIT_LISTED)])
    with monkeypatch.context() as patch:
        patch.setattr("time.time_ns", lambda: when * 1_000_000)
        sealer.seal()


def test_a_clock_three_years_ahead_forgets_nothing_before_a_person_says_that_it_is_right(
    work: Callable[..., None], pruning: Pruning, office: Office, place: Place, folder: Path,
    database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    work([1, 2, 3], on=dt.date(2026, 11, 1))
    assert pruning.run().clock is None
    before, right = standing(place), office.clock.now
    office.clock.now = wrong = right + 3 * 366 * DAY_MS
    assert pruning.run(dry=True).months == {}
    # Whoever works under the wrong clock seals what he does by it.
    for more in range(3):
        _sealed_at(wrong + more * DAY_MS, database, sealer, monkeypatch)
    done = pruning.run()
    assert done.clock is not None
    assert (done.clock.believed, done.clock.shown) == (right, wrong)
    assert (done.months, done.expired, standing(place)) == ({}, {}, before)
    assert pruning.run(dry=True, clock_is_right=True).months == {"2026-01": 4, "2026-02": 4, "2026-03": 4}
    assert standing(place) == before
    done = pruning.run(clock_is_right=True)
    assert (done.clock, done.months) == (None, {"2026-01": 4, "2026-02": 4, "2026-03": 4})
    assert [core.out for core in entries(place) if core.act == Act.SYSTEM_CLOCK] == ["ok"]
    assert sound(place, folder) == 12


def test_a_clock_that_is_set_right_again_is_believed_by_itself_and_another_jump_is_not(
    work: Callable[..., None], pruning: Pruning, office: Office,
    database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    work([1], on=dt.date(2026, 11, 1))
    right = office.clock.now
    _sealed_at(right + 1000 * DAY_MS, database, sealer, monkeypatch, SIGN_IN)
    _sealed_at(right + 30 * DAY_MS, database, sealer, monkeypatch, SIGN_IN)
    office.clock.now = right + 60 * DAY_MS
    assert pruning.run().clock is None
    office.clock.now = right + 90 * DAY_MS
    assert pruning.run().clock is not None
    office.clock.now = right + 1001 * DAY_MS
    assert pruning.run().clock is not None
    write(database, monkeypatch, office.clock.now, [Event(act=Act.SYSTEM_CLOCK)])
    assert pruning.run().clock is None
    office.clock.now += 41 * DAY_MS
    assert pruning.run().clock is not None


def test_nothing_falls_due_by_a_clock_that_is_doubted_and_all_of_it_by_one_set_right(
    work: Callable[..., None], office: Office, place: Place, tmp_path: Path, front: Front
) -> None:
    declaring, ana = Declaring(office.door, clock=office.clock), front.staff("ana", Role.SUPPORT)
    declaring.declare(ana, Whom.PERSON, factories.customer(office.database).person, "family")
    declaring.withdraw(ana, declaring.own(ana)[0].id)
    work([1], on=dt.date(2026, 11, 1))
    due, right = due_of(office, tmp_path / "home", place), office.clock.now
    office.clock.now = right + 1500 * DAY_MS
    report = due.run()
    assert report.clock is not None
    assert (report.review.days, report.failed) == (0, [])
    assert _declared(place) == 1
    office.clock.now = right + 30 * DAY_MS
    assert due.run().clock is None
    assert _declared(place) == 1


def _declared(place: Place) -> int:
    with place.owner() as owner:
        return int(owner.exec_driver_sql("SELECT count(*) FROM declared_relation").scalar_one())


def test_what_was_said_under_a_wrong_clock_is_taken_back_by_saying_it_under_the_right_one(
    work: Callable[..., None], pruning: Pruning, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    work([1], on=dt.date(2026, 11, 1))
    right = office.clock.now
    monkeypatch.setattr("time.time_ns", lambda: office.clock.now * 1_000_000)
    for now in (right + 1500 * DAY_MS, right):
        office.clock.now = now
        assert pruning.run(clock_is_right=True).clock is None
    office.clock.now = right + 800 * DAY_MS
    assert pruning.run().clock is not None
