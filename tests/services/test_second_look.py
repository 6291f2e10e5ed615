"""A review that was taken by a clock years ahead goes on once a person says that the clock is right, and looks again.

Seen to fail: with what was counted counted again; with the month that was drawn too early left drawn; with what
stands on the list put on it once more; with the days to answer begun under the wrong clock; and with items not moved.
Of a breach, with its hours left as they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import pytest

from staffdesk.data.breaches import Breaches
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.references import References
from staffdesk.data.review_months import MonthRow, ReviewMonths
from staffdesk.domain.access import Access, Act, Basis, Relation, Role, Standing
from staffdesk.domain.policy import matrix
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.reviews import HOUR_MS, BreachOutcome, ItemState, ReviewItem, behind_words
from staffdesk.parameters.shapes import policy
from staffdesk.services.breach_dates import Dated
from staffdesk.services.breaches import Breaches as Register
from staffdesk.services.cells import iso
from staffdesk.services.log_rows import EntryRow
from staffdesk.services.request_breaches import enter_breach
from staffdesk.services.review_filling import Filled, ReviewFilling
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.review_months import MonthReviews
from staffdesk.services.reviews import Reviews
from staffdesk.services.sealing import Sealer
from staffdesk.services.sessions import day_in_brussels
from tests.databases import Place
from tests.services.offices import Office, entries
from tests.services.reviewed_items import EVERYTHING, NOTE, ana, anders, month
from tests.services.reviewed_months import Written, opened, write

__all__ = ["ana", "anders", "month"]

DAY_MS = 86_400_000
YEAR = dt.datetime.now(dt.UTC).year + 1
"""The month that is read has entries of the time at which it was written."""
ON, NEXT, FAR = f"{YEAR}-05", f"{YEAR}-06", f"{YEAR + 3}-05"
R = TypeVar("R")
RIGHT = Event(act=Act.SYSTEM_CLOCK)


class Desk:
    """A desk whose clock a test sets, for its log and its review alike."""

    def __init__(self, office: Office, database: Database, sealer: Sealer, patch: pytest.MonkeyPatch) -> None:
        self.office, self.database, self.sealer, self.patch = office, database, sealer, patch

    def write(self, *events: Event) -> int:
        """Write entries at its time, seal them, and return the number of the first."""
        first = write(self.database, self.patch, self.office.clock.now, events)
        self.by_clock(self.sealer.seal)
        return first

    def fill(self) -> Filled:
        return self.by_clock(ReviewFilling(self.office.door, self.database, self.office.clock).run)

    def months(self) -> dict[str, MonthRow]:
        with self.database.append() as tx:
            return {row.month: row for row in ReviewMonths(tx).all()}

    def items(self, wanted: ItemFilter = EVERYTHING) -> dict[int, ReviewItem]:
        return {each.id: each for each in self.admin(lambda reviews, adam: reviews.list(adam, wanted)).items}

    def breaches(self) -> dict[str, tuple[int, int]]:
        """Return since when each breach is known and when it is due."""
        with self.database.append() as tx:
            return {row.number: (row.opened_at, row.due_at) for row in Breaches(tx).all()}

    def rests(self, item: int) -> tuple[EntryRow, ...]:
        return self.admin(lambda reviews, adam: reviews.open(adam, item)).entries

    def admin(self, do: Callable[[Reviews, Access], R]) -> R:
        """Do something of the review as an admin who has just signed in."""
        office = self.office
        return self.by_clock(lambda: do(Reviews(office.door, matrix(), office.clock), office.access("adam")))

    def by_clock(self, do: Callable[[], R]) -> R:
        with self.patch.context() as patch:
            patch.setattr("time.time_ns", lambda: self.office.clock.now * 1_000_000)
            return do()


@pytest.fixture
def desk(office: Office, database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch, month: Written) -> Desk:
    assert month.own, "a month long ago was taken"
    office.hire("adam", Role.ADMIN)
    office.clock.now = int(dt.datetime(YEAR, 5, 18, 10, tzinfo=dt.UTC).timestamp()) * 1000
    return Desk(office, database, sealer, monkeypatch)


def test_a_review_that_a_wrong_clock_took_years_ahead_looks_again_once_the_right_one_is_vouched_for(
    desk: Desk, database: Database, ana: str, anders: int, place: Place
) -> None:
    herself = [opened(ana, _aid(database, anders), Relation.SELF)]
    desk.write(opened(ana, "s_before"))
    right = desk.office.clock.now
    desk.office.clock.now += 3 * 366 * DAY_MS
    desk.write(RIGHT)
    ahead = desk.write(*herself, opened(ana, "s_x"))
    for _ in range(20):  # the day goes on, and more of it has the wrong clock than the right one
        desk.write(opened(ana, "s_y"))
    desk.office.clock.now += 40 * DAY_MS
    assert desk.fill().again == 0
    assert desk.months().keys() >= {ON, FAR}
    before = desk.items()
    (wrong,) = [each for each in before.values() if each.month == FAR and each.rule == "own"]
    desk.admin(lambda reviews, adam: reviews.ask(adam, wrong.id))
    desk.office.clock.now = right + 2 * DAY_MS
    following = desk.write(*herself)
    done = desk.fill()
    assert (done.again, done.days) == (0, 0)
    assert "still to come" in done.waits
    assert "which is still to come" in desk.admin(_behind)
    # It jumps once more, and days that were right are taken by it.
    desk.office.clock.now = right + (3 * 366 + 42) * DAY_MS
    desk.write(RIGHT)
    desk.office.clock.now += 2 * DAY_MS
    assert desk.fill().days
    desk.office.clock.now = right + 3 * DAY_MS
    desk.write(RIGHT)
    desk.office.clock.now += 2 * DAY_MS
    done = desk.fill()
    assert done.again == ahead - 2, "from the beginning of the day on in which the clock went wrong"
    assert done.waits == ""
    # Nothing of what stood is gone, and the look that was judged by its wrong clock was judged by the log's numbers.
    after = desk.items()
    assert before.keys() <= after.keys()
    assert all(after[each].words == before[each].words and after[each].day == before[each].day for each in before)
    flagged = [each for each in after.values() if each.rule == "own"]
    seen = {row.seq: each.day for each in flagged for row in desk.rests(each.id)}
    assert (seen[ahead], seen[following]) == (f"{ON}-18", f"{ON}-20")
    assert after[wrong.id].month == ON
    assert after[wrong.id].asked_at == desk.office.clock.now, "his days to answer are no years"
    months = desk.months()
    assert max(months) == ON
    assert months[ON].root is None, "it was drawn before it was over"
    each = months[ON]
    assert each.entries == each.last_seq - each.first_seq + 1
    took = [core for core in entries(place) if core.out == "ok" and core.kinds[:2] == ("review", "again")]
    assert [core.kinds[2:] for core in took] == [(f"from:{ahead - 2}", took[0].kinds[3])]
    desk.office.clock.now += DAY_MS
    assert desk.fill().again == 0


def test_a_review_taken_too_far_over_days_without_entries_misses_none_and_lists_none_twice(
    desk: Desk, database: Database, ana: str, anders: int
) -> None:
    herself = [opened(ana, _aid(database, anders), Relation.SELF)]
    claimed = replace(opened(ana, "s_claimed"), standing=Standing.CLAIMED, basis=Basis.OWN)
    desk.write(*herself, claimed)
    right = desk.office.clock.now
    desk.office.clock.now += 30 * DAY_MS
    desk.fill()
    listed = len(desk.items())
    desk.office.clock.now = right + 2 * DAY_MS
    desk.write(RIGHT, *herself)
    desk.office.clock.now += 10 * DAY_MS
    assert desk.fill().again
    assert len(desk.items()) == listed + 1
    assert max(desk.months()) == ON


def test_a_month_that_was_closed_before_it_was_over_stays_closed_and_what_comes_is_of_the_next(
    desk: Desk, database: Database, ana: str, anders: int
) -> None:
    herself = [opened(ana, _aid(database, anders), Relation.SELF)]
    desk.write(opened(ana, "s_before"))
    right = desk.office.clock.now
    desk.office.clock.now += 45 * DAY_MS
    desk.write(opened(ana, "s_x"))
    desk.office.clock.now += 2 * DAY_MS
    desk.fill()
    for item in desk.items(ItemFilter(month=ON)):
        desk.admin(partial(_justify, item))
    desk.admin(lambda _, adam: MonthReviews(desk.office.door, desk.office.clock).close(adam, ON))
    kept = desk.months()[ON]
    desk.office.clock.now = right + 2 * DAY_MS
    desk.write(RIGHT, *herself)
    desk.office.clock.now += 2 * DAY_MS
    assert desk.fill().again
    months = desk.months()
    assert months[ON] == kept
    assert months[NEXT].first_seq == kept.last_seq + 1
    assert [each.rule for each in desk.items(ItemFilter(rule="own", month=NEXT)).values()] == ["own"]


@pytest.mark.parametrize("years", [3, -5])
def test_a_breach_that_a_wrong_clock_opened_has_its_72_hours_by_the_order_of_the_log(
    desk: Desk, database: Database, ana: str, place: Place, years: int
) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET disabled_at = 1 WHERE user_name = 'ana'")  # so nobody need hear her
    desk.write(opened(ana, "s_before"))
    right = desk.office.clock.now
    held = desk.admin(_not_justified)
    desk.office.clock.now = right + 2 * HOUR_MS
    desk.write(opened(ana, "s_right"))
    desk.office.clock.now = wrong = right + years * 366 * DAY_MS
    number = desk.admin(_not_justified)
    asked = desk.by_clock(lambda: _found_under_a_request(database, ana, wrong))
    desk.office.clock.now += 5 * HOUR_MS
    desk.write(opened(ana, "s_still_wrong"))
    desk.fill()
    assert desk.breaches()[number] == (wrong, wrong + 72 * HOUR_MS), "nobody said yet which clock is right"
    desk.office.clock.now = right + 9 * HOUR_MS
    desk.write(RIGHT)
    desk.office.clock.now += HOUR_MS
    done = desk.fill()
    assert {each.number for each in done.dated} == {number, asked}
    really = right + 4 * HOUR_MS, right + 76 * HOUR_MS  # five of its hours were over when the clock was set
    assert desk.breaches() == {held: (right, right + 72 * HOUR_MS), number: really, asked: really}
    dated = [core for core in entries(place) if core.act == "audit.breach" and core.out == "ok"]
    assert {core.kinds[1] for core in dated} == {number, asked}
    known, due, was = map(iso, (*really, wrong + 72 * HOUR_MS))
    assert {core.kinds[3:] for core in dated} == {(f"known:{known}", f"due:{due}", f"was:{was}")}
    desk.write(RIGHT)
    desk.office.clock.now += 4 * DAY_MS
    assert desk.fill().dated == ()


@pytest.mark.parametrize("years", [3, -5])
def test_a_breach_that_was_closed_under_a_wrong_clock_is_dated_with_its_closing_and_what_was_told_stands(
    desk: Desk, ana: str, place: Place, years: int
) -> None:
    """Seen to fail: with what is closed left as it is, and with its closing left where the wrong clock was."""
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET disabled_at = 1 WHERE user_name = 'ana'")  # so nobody need hear her
    desk.write(opened(ana, "s_before"))
    right = desk.office.clock.now
    desk.office.clock.now = wrong = right + years * 366 * DAY_MS
    number = desk.admin(_not_justified)
    desk.office.clock.now += 3 * HOUR_MS
    register = Register(desk.office.door, matrix(), desk.office.clock)
    desk.admin(lambda _, adam: register.close(adam, number, BreachOutcome.NO_RISK, NOTE))
    desk.office.clock.now += HOUR_MS
    desk.write(opened(ana, "s_still_wrong"))
    desk.office.clock.now = right + 9 * HOUR_MS
    desk.write(RIGHT)
    (dated,) = desk.fill().dated
    known = right + 5 * HOUR_MS
    assert dated == Dated(number, known, known + 72 * HOUR_MS, known + 3 * HOUR_MS)
    (shown,) = desk.admin(lambda _, adam: register.list(adam))
    assert (shown.opened_at, shown.due_at, shown.closed_at) == (dated.opened_at, dated.due_at, dated.closed_at)
    told = next(core for core in reversed(entries(place)) if "again" in core.kinds and core.out == "ok")
    was = iso(wrong + 72 * HOUR_MS), iso(wrong + 3 * HOUR_MS)
    assert (told.kinds[5], told.kinds[7]) == (f"was:{was[0]}", f"closed_was:{was[1]}")
    desk.office.clock.now += HOUR_MS
    desk.write(RIGHT)
    assert desk.fill().dated == ()


def test_a_list_that_nobody_filled_for_days_says_so() -> None:
    friday = dt.date(2026, 11, 20)
    assert behind_words(None, friday) == behind_words(friday, friday + dt.timedelta(days=3)) == ""
    said = behind_words(friday, friday + dt.timedelta(days=4))
    assert said == "No day of the log was taken since 2026-11-20: staffdesk run-due"


def _not_justified(reviews: Reviews, adam: Access) -> str:
    """Sign an open item off about somebody who is heard by then, and return the breach."""
    item = next(each.id for each in reviews.list(adam, ItemFilter()).items if each.rule in {"own", "break_glass"})
    return reviews.decide(adam, item, ItemState.NOT_JUSTIFIED, NOTE)


def _found_under_a_request(database: Database, by: str, now: int) -> str:
    """Open a breach as a move of a request does, with the entry that names it."""
    with database.append() as tx:
        number = enter_breach(tx, "R-2026-0001", Moment(now=now, today=day_in_brussels(now), actor=by))
        Log(tx, policy().version).append(Event(act=Act.REQUEST_MOVED, actor=by, kinds=(number,)))
    return number


def _behind(reviews: Reviews, adam: Access) -> str:
    return reviews.list(adam, EVERYTHING).behind


def _justify(item: int, reviews: Reviews, adam: Access) -> None:
    reviews.decide(adam, item, ItemState.JUSTIFIED, "")


def _aid(database: Database, person: int) -> str:
    with database.append() as tx:
        subject = References(tx).subject("person", person)
    assert subject is not None
    return subject.aid
