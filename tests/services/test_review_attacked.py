"""The review under clocks that are wrong, and under the people it is about.

Seen to fail: with the order of the log not put before its clocks; with a breach closed by whom it is about; with an
item and a breach looked up before it was asked who may.
"""

from __future__ import annotations

from functools import partial

import pytest

from staffdesk.data.database import Database
from staffdesk.data.references import References
from staffdesk.domain.access import Access, Relation, Role
from staffdesk.domain.errors import Conflict, Denied, NotFound
from staffdesk.domain.policy import matrix
from staffdesk.domain.reviews import BreachOutcome, ItemState
from staffdesk.services.breaches import Breaches
from staffdesk.services.review_filling import Filled, ReviewFilling
from staffdesk.services.review_inbox import ReviewInbox
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.review_months import MonthReviews
from staffdesk.services.reviews import Reviews
from staffdesk.services.sessions import day_in_brussels
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.reviewed_items import NOTE, WHY, adam, ana, anders, answer_of, heard, month, one, reviews
from tests.services.reviewed_months import MONTH, Written, moment, opened, write

__all__ = ["adam", "ana", "anders", "month", "reviews"]


def test_an_entry_with_a_wrong_clock_is_reviewed_with_those_it_was_written_among(
    office: Office, database: Database, month: Written, reviews: Reviews, adam: Access, ana: str, anders: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    own = one(reviews, adam, "own")
    heard(office, reviews, adam, own)
    for item in reviews.list(adam, ItemFilter(month=MONTH)).items:
        reviews.decide(adam, item.id, ItemState.JUSTIFIED, "", item.answer_entry)
    MonthReviews(office.door, office.clock).close(adam, MONTH)
    with database.append() as tx:
        subject = References(tx).subject("person", anders)
    assert subject is not None
    herself = [opened(ana, subject.aid, Relation.SELF)]
    now, day = office.clock(), 86_400_000
    behind = write(database, monkeypatch, moment(3, 20), herself)
    write(database, monkeypatch, now, [opened(ana, "s_x")])
    ahead = write(database, monkeypatch, moment(3, 20) + 3650 * day, herself)
    following = write(database, monkeypatch, now + day, herself)
    write(database, monkeypatch, now + 2 * day, [opened(ana, "s_y")])
    office.clock.forward(days=20)
    filling, later = ReviewFilling(office.door, database, office.clock), office.clock() * 1_000_000
    with monkeypatch.context() as patch:
        patch.setattr("time.time_ns", lambda: later)
        found = filling.run()
        assert (found.misdated, found.waits) == ([behind, ahead], "")
        assert filling.run() == Filled()
    today = day_in_brussels(now).isoformat()
    flagged = reviews.list(adam, ItemFilter(shown="todo", rule="own")).items
    seen = {row.seq: each.day for each in flagged for row in reviews.open(adam, each.id).entries}
    assert set(seen) == {behind, ahead, following}
    assert {seen[behind], seen[ahead]} == {today}
    assert month.own not in seen


@pytest.mark.usefixtures("month")
def test_an_answer_that_came_since_the_item_was_read_is_read_before_it_is_decided(
    office: Office, reviews: Reviews, adam: Access
) -> None:
    """Seen to fail: with what whoever decides has read not compared."""
    item = one(reviews, adam, "own")
    reviews.ask(adam, item)
    seen = reviews.open(adam, item).item
    ReviewInbox(office.door, office.clock).answer(office.access("ana"), item, WHY)
    for decision in (ItemState.JUSTIFIED, ItemState.NOT_JUSTIFIED):
        with pytest.raises(Conflict, match="ana has answered"):
            reviews.decide(adam, item, decision, NOTE, seen.answer_entry)
    assert reviews.decide(adam, item, ItemState.NOT_JUSTIFIED, NOTE, answer_of(reviews, adam, item))
    with pytest.raises(Conflict, match="not justified already"):
        reviews.decide(adam, item, ItemState.JUSTIFIED, "")


@pytest.mark.usefixtures("month")
def test_whom_a_breach_is_about_closes_it_only_where_nobody_else_can(
    office: Office, reviews: Reviews, adam: Access, place: Place
) -> None:
    item, register = one(reviews, adam, "own"), Breaches(office.door, matrix(), office.clock)
    heard(office, reviews, adam, item)
    number = reviews.decide(adam, item, ItemState.NOT_JUSTIFIED, NOTE, answer_of(reviews, adam, item))
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff_role SET role = 'admin'")
    close = partial(
        register.close, office.access("ana"), number, BreachOutcome.NO_RISK, "nobody was hurt by this look at all"
    )
    with pytest.raises(Denied, match="your own"):
        close()
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET disabled_at = 1 WHERE user_name = 'adam'")
    close()
    assert entries(place)[-1].kinds == ("breaches", number, "no_risk", "own")


@pytest.mark.usefixtures("month")
def test_who_may_not_review_learns_of_no_item_and_no_breach_whether_it_is_there(
    office: Office, reviews: Reviews, adam: Access, front: Front, place: Place
) -> None:
    known, pia = one(reviews, adam, "own"), front.staff("pia", Role.PRIVACY)
    register = Breaches(office.door, matrix(), office.clock)
    for item in (known, 999_999):
        for tried in (
            partial(reviews.open, pia, item),
            partial(reviews.ask, pia, item),
            partial(reviews.decide, pia, item, ItemState.JUSTIFIED, ""),
            partial(register.close, pia, f"BR-2026-{item}", BreachOutcome.NO_RISK, NOTE),
        ):
            with pytest.raises(Denied):
                tried()
            assert entries(place)[-1].out == "denied"
    with pytest.raises(NotFound):
        reviews.open(adam, 999_999)
