"""Items of the work-list as the tests find them, ask about them and have them answered."""

from __future__ import annotations

import pytest

from staffdesk.data.database import Database
from staffdesk.data.references import References
from staffdesk.domain.access import Access, Role
from staffdesk.domain.policy import matrix
from staffdesk.services.review_filling import ReviewFilling
from staffdesk.services.review_inbox import ReviewInbox
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.reviews import Reviews
from staffdesk.services.sealing import Sealer
from tests import factories
from tests.services.front import Front
from tests.services.offices import Office
from tests.services.reviewed_months import Written, a_month, moment

WHY = "I opened my own record to see the new screen"
NOTE = "he looked himself up without any reason"
EVERYTHING = ItemFilter(shown="all")


@pytest.fixture
def ana(office: Office) -> str:
    return office.hire("ana", Role.SUPPORT)


@pytest.fixture
def anders(database: Database, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as patch:
        patch.setattr("time.time_ns", lambda: moment(2, 27) * 1_000_000)
        return factories.customer(database).person


@pytest.fixture
def month(
    database: Database, ana: str, anders: int, sealer: Sealer, office: Office, monkeypatch: pytest.MonkeyPatch
) -> Written:
    with database.append() as tx:
        subject = References(tx).subject("person", anders)
    assert subject is not None
    written = a_month(database, monkeypatch, ana, subject.aid)
    sealer.seal()
    ReviewFilling(office.door, database, office.clock).run()
    return written


@pytest.fixture
def reviews(office: Office) -> Reviews:
    return Reviews(office.door, matrix(), office.clock)


@pytest.fixture
def adam(front: Front) -> Access:
    return front.staff("adam", Role.ADMIN)


def one(reviews: Reviews, admin: Access, rule: str) -> int:
    return reviews.list(admin, ItemFilter(shown="all", rule=rule)).items[0].id


def answer_of(reviews: Reviews, admin: Access, item: int) -> int | None:
    """Read an item, and return the entry of the answer to it."""
    return reviews.open(admin, item).item.answer_entry


def heard(office: Office, reviews: Reviews, admin: Access, item: int) -> None:
    """Ask ana about an item and let her answer."""
    reviews.ask(admin, item)
    ReviewInbox(office.door, office.clock).answer(office.access("ana"), item, WHY)
