"""Whom an employee was shown beside the reviewed look, and names as he answers, the admin reads by his number.

Seen to fail: with the looked-at customer's identifiers alone; with the list left out; and with the
answer read in its entry instead.
"""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.data import reviews as data
from staffdesk.data.database import Database
from staffdesk.data.reviews import NewItem
from staffdesk.domain.access import Access, RecordKind, Role
from staffdesk.domain.policy import matrix
from staffdesk.domain.reviews import ItemKind, ItemState
from staffdesk.services.audit_review import AuditReview
from staffdesk.services.review_inbox import ReviewInbox
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.reviews import Reviews
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


def _looked(front: Front, access: Access, place: Place, customer: int) -> int:
    front.gateway.open(access, RecordKind.PERSON, customer)
    return entries(place)[-1].seq


def test_the_admin_reads_the_numbers_of_others_the_employee_was_shown_then(
    office: Office, place: Place, database: Database, front: Front, review: AuditReview
) -> None:
    his, opened, listed, unseen = factories.put(
        database,
        factories.person(given_name="Ada", family_name="Lovelock"),
        factories.person(given_name="Bertha", family_name="Nordlund"),
        factories.person(given_name="Cosima", family_name="Quillfeather"),
        factories.person(given_name="Dora", family_name="Zimmer"),
    )
    ana = front.staff("ana", Role.SUPPORT, "T-1182")
    seq = _looked(front, ana, place, his)
    _looked(front, ana, place, opened)
    assert front.gateway.search(ana, "quillfeather").hits
    actor = entries(place)[-1].actor
    assert actor is not None
    with database.append() as tx:
        item = NewItem(
            kind=ItemKind.FLAG, rule="own", words="Seen.", severity=3, actor=actor, subject=None,
            day=dt.date(2026, 3, 9), month="2026-03", at=office.clock.now, seqs=(seq,),
        )  # fmt: skip
        data.Reviews(tx).add([item], office.clock.now)
    reviews, adam = Reviews(office.door, matrix(), office.clock), front.staff("adam", Role.ADMIN)
    (shown,) = reviews.list(adam, ItemFilter(rule="own")).items
    reviews.ask(adam, shown.id)
    said = "Ada Lovelock rang for Nordlund, Bertha, as Cosima Quillfeather and Dora Zimmer can tell"
    ReviewInbox(office.door, office.clock).answer(ana, shown.id, said)
    read = f"customer {his} rang for customer {opened}, as customer {listed} and Dora Zimmer can tell"
    assert reviews.open(adam, shown.id).answer == read
    answered = next(core.seq for core in entries(place) if core.act == "audit.answered" and core.out == "ok")
    assert review.entry(adam, answered).openings["reason.answer"] == read
    reviews.decide(adam, shown.id, ItemState.UNCLEAR, "Bertha Nordlund is named without a case of hers", answered)
    assert reviews.open(adam, shown.id).note == f"customer {opened} is named without a case of hers"
    assert unseen
