"""A look that several rules saw, or that was drawn too, is one question to its employee; his answer serves all of it.

Seen to fail: with each item a question of its own; with what nobody asked about left open; and with an item that came
on the list after the answer asked about again.
"""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.data import reviews as data
from staffdesk.data.database import Database
from staffdesk.data.review_serving import Serving
from staffdesk.data.reviews import NewItem
from staffdesk.domain.access import Access
from staffdesk.domain.errors import Conflict
from staffdesk.domain.reviews import ItemKind, ItemState
from staffdesk.services.asked import Asked
from staffdesk.services.review_inbox import ReviewInbox
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.reviews import Reviews
from tests.databases import Place
from tests.services.offices import Office, entries
from tests.services.reviewed_items import WHY, adam, ana, anders, answer_of, month, one, reviews
from tests.services.reviewed_months import MONTH, Written, moment

__all__ = ["adam", "ana", "anders", "month", "reviews"]

AGAIN = "He called twice, and the second call is in the same case"


def _item(rule: str, actor: str, *seqs: int) -> NewItem:
    return NewItem(
        kind=ItemKind.RANDOM if rule == "random" else ItemKind.FLAG, rule=rule, words="Seen.", severity=1, actor=actor,
        subject=None, day=dt.date(2026, 3, 9), month=MONTH, at=moment(3, 9), seqs=seqs,
    )  # fmt: skip


def _put(database: Database, now: int, *items: NewItem) -> None:
    with database.append() as tx:
        data.Reviews(tx).add(items, now)
        Serving(tx).serve_new(now)


def _state(reviews: Reviews, admin: Access, rule: str) -> tuple[ItemState, str]:
    detail = reviews.open(admin, one(reviews, admin, rule))
    return detail.item.state, detail.answer


def test_one_look_is_one_question_and_the_answer_stands_at_all_its_items(
    office: Office, place: Place, month: Written, reviews: Reviews, adam: Access, ana: str
) -> None:
    flagged, inbox = one(reviews, adam, "own"), ReviewInbox(office.door, office.clock)
    _put(
        office.database, office.clock.now,
        _item("surname", ana, month.own), _item("street", ana, month.own, month.first),
        _item("repeated", ana, month.own), _item("volume", ana, month.first + 1),
    )  # fmt: skip
    for rule in ("own", "surname", "street"):
        reviews.ask(adam, one(reviews, adam, rule))
    mine = office.access("ana")
    assert Asked(office.door).waiting(mine) == 1
    assert "You are asked about an access of yours: answer in your inbox." in office.come_in("ana").notices
    (question,) = inbox.questions(mine)
    assert (question.item.id, [each.rule for each in question.also]) == (flagged, ["surname", "street"])
    assert [row.seq for row in question.entries] == [month.first, month.own]
    inbox.answer(mine, flagged, WHY)
    for rule in ("own", "surname", "street", "repeated"):
        assert _state(reviews, adam, rule) == (ItemState.ANSWERED, WHY)
    assert _state(reviews, adam, "volume") == (ItemState.OPEN, ""), "another look"
    answered = [core for core in entries(place) if core.act == "audit.answered" and core.out == "ok"]
    # The share that was drawn of the month may have these looks too.
    assert [core.n for core in answered] == [len(reviews.list(adam, ItemFilter(shown="answered")).items)]
    assert inbox.questions(mine) == ()
    with pytest.raises(Conflict):
        inbox.answer(mine, question.also[0].id, WHY)


def test_a_look_that_was_answered_for_and_is_drawn_later_is_asked_about_no_more_but_the_admin_may_ask_again(
    office: Office, month: Written, reviews: Reviews, adam: Access, ana: str
) -> None:
    flagged, inbox = one(reviews, adam, "own"), ReviewInbox(office.door, office.clock)
    reviews.ask(adam, flagged)
    mine = office.access("ana")
    inbox.answer(mine, flagged, WHY)
    later = office.clock.now + 1
    _put(office.database, later, _item("repeated", ana, month.own), _item("street", ana, month.first, month.own))
    assert _state(reviews, adam, "repeated") == (ItemState.ANSWERED, WHY)
    assert _state(reviews, adam, "street") == (ItemState.OPEN, ""), "of another look he said nothing"
    (drawn,) = reviews.list(adam, ItemFilter(rule="repeated")).items
    reviews.ask(adam, drawn.id)
    (question,) = inbox.questions(mine)
    assert drawn.id in {question.item.id, *(each.id for each in question.also)}
    assert flagged in {question.item.id, *(each.id for each in question.also)}, "it is one question, asked again"
    inbox.answer(mine, question.item.id, AGAIN)
    assert _state(reviews, adam, "repeated") == _state(reviews, adam, "own") == (ItemState.ANSWERED, AGAIN)


def test_what_was_decided_by_an_answer_is_not_asked_about_again(
    office: Office, month: Written, reviews: Reviews, adam: Access, ana: str
) -> None:
    flagged, inbox = one(reviews, adam, "own"), ReviewInbox(office.door, office.clock)
    _put(office.database, office.clock.now, _item("repeated", ana, month.own))
    reviews.ask(adam, flagged)
    mine = office.access("ana")
    inbox.answer(mine, flagged, WHY)
    reviews.decide(adam, flagged, ItemState.JUSTIFIED, "", answer_of(reviews, adam, flagged))
    reviews.ask(adam, one(reviews, adam, "repeated"))
    assert _state(reviews, adam, "own") == (ItemState.JUSTIFIED, WHY)
