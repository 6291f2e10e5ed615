"""The review under clocks that are wrong, and under the people it is about.

Seen to fail: with the order of the log not put before its clocks.
"""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.data.database import Database
from staffdesk.data.references import References
from staffdesk.domain.access import Access, Relation
from staffdesk.domain.reviews import ItemState
from staffdesk.services.review_filling import Filled, ReviewFilling
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.review_months import MonthReviews
from staffdesk.services.reviews import Reviews
from tests.services.offices import Office
from tests.services.reviewed_months import MONTH, Written, moment, opened, write
from tests.services.test_reviews import adam, ana, anders, heard, month, one, reviews

__all__ = ["adam", "ana", "anders", "month", "reviews"]


def test_an_entry_with_a_wrong_clock_is_reviewed_with_those_it_was_written_among(
    office: Office, database: Database, month: Written, reviews: Reviews, adam: Access, ana: str, anders: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    own = one(reviews, adam, "own")
    heard(office, reviews, adam, own)
    for item in reviews.list(adam, ItemFilter(month=MONTH)).items:
        reviews.decide(adam, item.id, ItemState.JUSTIFIED, "")
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
    today = dt.datetime.fromtimestamp(now / 1000, dt.UTC).date().isoformat()
    flagged = reviews.list(adam, ItemFilter(shown="todo", rule="own")).items
    seen = {row.seq: each.day for each in flagged for row in reviews.open(adam, each.id).entries}
    assert set(seen) == {behind, ahead, following}
    assert {seen[behind], seen[ahead]} == {today}
    assert month.own not in seen
