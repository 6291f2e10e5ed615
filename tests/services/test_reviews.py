"""The work-list: every flag, every break-glass and a share that nobody chose, until all are seen and a month is closed.

Seen to fail: with an entry left out between two days; with the share drawn by another seed; with a decision taken
before the employee was heard; with one's own access signed off beside another admin, and without its mark; with the
state left out of the guard of a decision; with no breach opened, and one due a day late; with a month closed beside an
open item; with the answer's entry naming nobody and its number one too low; with the inbox of a colleague answered;
with an item opened by privacy; with nobody told at his sign-in that he is asked; with a breach due when it was opened;
with an own look said to be open to a decision beside another admin; with an e-mail address taken into an answer; with a
breach that is due told by nothing but its register; with the log taken no further than its last entry; and with a day
taken that is still on.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from staffdesk.audit.checkpoint import parse
from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, MustNotBeHeld, NotFound, StaffdeskError
from staffdesk.domain.flags import flags_of, rules
from staffdesk.domain.policy import matrix
from staffdesk.domain.review_certificates import digest_of
from staffdesk.domain.reviews import (
    DAY_MS,
    HOUR_MS,
    BreachOutcome,
    ItemKind,
    ItemState,
    breach_words,
    drawn,
    hours_in_words,
)
from staffdesk.services.asked import Asked
from staffdesk.services.breaches import Breaches
from staffdesk.services.review_filling import Filled, ReviewFilling
from staffdesk.services.review_inbox import ReviewInbox
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.review_months import MonthReviews
from staffdesk.services.reviews import Reviews
from staffdesk.services.sessions import day_in_brussels
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Clock, Office, at_once, entries
from tests.services.reviewed_items import (
    EVERYTHING,
    NOTE,
    WHY,
    adam,
    ana,
    anders,
    answer_of,
    heard,
    month,
    one,
    reviews,
)
from tests.services.reviewed_months import MONTH, OPENS, Written, opened, write
from tests.services.workflows import due_of

__all__ = ["adam", "ana", "anders", "month", "reviews"]


def test_every_flag_every_break_glass_and_the_share_come_on_the_list_once(
    office: Office, database: Database, place: Place, month: Written, reviews: Reviews, adam: Access, anders: int
) -> None:
    listed = reviews.list(adam, EVERYTHING).items
    assert [(each.kind, each.rule) for each in listed[:2]] == [("flag", "own"), ("break_glass", "break_glass")]
    assert (listed[0].customer, listed[0].who, listed[0].month, listed[0].state) == (anders, "ana", MONTH, "open")
    assert {each.kind for each in listed[2:]} == {ItemKind.RANDOM}
    told = [(each.rule, each.actor, each.seqs[0]) for each in flags_of(entries(place), rules())]
    flagged = [each for each in listed if each.kind is not ItemKind.RANDOM]
    assert [(each.rule, each.actor) for each in flagged] == [(rule, who) for rule, who, _ in told]
    assert [row.seq for row in reviews.open(adam, listed[0].id).entries] == [month.own]
    assert ReviewFilling(office.door, database, office.clock).run() == Filled(0, 0)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE review SET rule = 'curious' WHERE rule = 'own'")
    assert reviews.list(adam, EVERYTHING).items[0].title == "curious", "a rule that is none any more keeps its name"


def test_whoever_has_the_checkpoint_draws_the_same_share(
    place: Place, month: Written, reviews: Reviews, office: Office, adam: Access
) -> None:
    (row,) = [each for each in MonthReviews(office.door, office.clock).months(adam) if each.month == MONTH]
    assert (row.opens, row.drawn, row.entries) == (OPENS, 5, OPENS + 1)
    with place.owner() as owner:
        note = owner.exec_driver_sql("SELECT note FROM checkpoint ORDER BY size LIMIT 1").scalar_one()
    opens = [
        core.seq for core in entries(place) if core.act == "customer.opened" and month.first <= core.seq <= month.glass
    ]
    share = reviews.list(adam, ItemFilter(rule="random", month=MONTH)).items
    found = sorted(reviews.open(adam, each.id).entries[0].seq for each in share)
    assert tuple(found) == drawn(parse(note)[0].root, opens, 5)


def test_the_employee_is_heard_before_an_access_is_not_justified(
    office: Office, place: Place, month: Written, reviews: Reviews, adam: Access, anders: int
) -> None:
    item, inbox = one(reviews, adam, "own"), ReviewInbox(office.door, office.clock)
    office.hire("bea", Role.SUPPORT)
    bea = office.access("bea")
    with pytest.raises(Conflict, match="was not asked yet"):
        reviews.decide(adam, item, ItemState.NOT_JUSTIFIED, NOTE)
    with pytest.raises(NotFound):
        inbox.answer(office.access("ana"), item, WHY)
    reviews.ask(adam, item)
    with pytest.raises(Conflict, match="5 more days to answer"):
        reviews.decide(adam, item, ItemState.UNCLEAR, NOTE)
    mine = office.access("ana")
    assert ([Asked(office.door).waiting(each) for each in (mine, bea)], inbox.questions(bea)) == ([1, 0], ())
    asked = "You are asked about an access of yours: answer in your inbox."
    assert [asked in office.come_in(who).notices for who in ("ana", "bea")] == [True, False]
    (question,) = inbox.questions(mine)
    assert (question.item.id, [row.seq for row in question.entries]) == (item, [month.own])
    with pytest.raises(NotFound):
        inbox.answer(bea, item, WHY)
    with pytest.raises(BadInput):
        inbox.answer(mine, item, ".")
    with pytest.raises(MustNotBeHeld):
        inbox.answer(mine, item, "he paid with card 4111 1111 1111 1111 at the desk")
    for contact in ("bea@nordlys.example", "her +32 (0)470 55 51 42", "his 0470/55.51.42"):
        with pytest.raises(MustNotBeHeld, match="whoever reviews the log"):
            inbox.answer(mine, item, f"{WHY}, and took the line of {contact}")
    with pytest.raises(MustNotBeHeld):
        reviews.decide(adam, item, ItemState.JUSTIFIED, f"{NOTE}, bea@nordlys.example")
    inbox.answer(mine, item, f"{WHY}, Anders")
    subject = next(core for core in entries(place) if core.seq == month.own).obj
    assert (entries(place)[-1].act, entries(place)[-1].obj) == ("audit.answered", subject)
    detail = reviews.open(adam, item)
    assert detail.answer == f"{WHY}, customer {anders}"
    first = f"BR-{day_in_brussels(office.clock()).year}-0001"
    assert reviews.decide(adam, item, ItemState.NOT_JUSTIFIED, NOTE, detail.item.answer_entry) == first
    last = entries(place)[-1]
    assert (last.act, last.obj) == ("audit.reviewed", subject)
    assert last.kinds == ("review", f"item:{item}", "not_justified", first)
    with pytest.raises(Conflict, match="not justified already"):
        reviews.decide(adam, item, ItemState.JUSTIFIED, "")
    assert reviews.open(adam, item).note == NOTE


@pytest.mark.usefixtures("month")
def test_who_does_not_answer_in_time_or_has_left_is_decided_about(
    office: Office, reviews: Reviews, adam: Access, place: Place
) -> None:
    item, glass = one(reviews, adam, "own"), one(reviews, adam, "break_glass")
    reviews.ask(adam, item)
    office.clock.forward(days=5)
    assert reviews.decide(adam, item, ItemState.UNCLEAR, NOTE) == ""
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET disabled_at = 1 WHERE user_name = 'ana'")
    with pytest.raises(Conflict, match="ana has left"):
        reviews.ask(adam, glass)
    assert reviews.decide(adam, glass, ItemState.NOT_JUSTIFIED, NOTE)


@pytest.mark.usefixtures("month")
def test_a_breach_has_72_hours_and_is_closed_with_what_was_done(
    office: Office, reviews: Reviews, adam: Access, place: Place, tmp_path: Path
) -> None:
    item, register = one(reviews, adam, "own"), Breaches(office.door, matrix(), office.clock)
    heard(office, reviews, adam, item)
    number = reviews.decide(adam, item, ItemState.NOT_JUSTIFIED, NOTE, answer_of(reviews, adam, item))
    (breach,) = register.list(adam)
    page = reviews.open(adam, item)
    assert (page.breach, page.breach_due) == (number, breach.due_at)
    assert (breach.number, breach.due_at - breach.opened_at, breach.hours_left) == (number, 72 * HOUR_MS, 72)
    assert [(each.number, each.hours_left) for each in reviews.to_review(adam).breaches] == [(number, 72)]
    office.clock.forward(hours=73)
    assert register.list(adam)[0].hours_left == -1
    (late,) = reviews.list(adam, ItemFilter(rule="random")).breaches
    assert "authority to be told by noon, 1 h late" in breach_words(late, "noon")
    assert (late.late, late.hours_left, late.hours_late, hours_in_words(1_000)) == (True, 0, 1, "1,000 h left")
    assert due_of(office, tmp_path, place).run().breaches == (late,)
    with pytest.raises(BadInput):
        register.close(adam, number, BreachOutcome.NO_RISK, "ok")
    register.close(adam, number, BreachOutcome.NO_RISK, "only his own record was seen by himself")
    with pytest.raises(Conflict):
        register.close(adam, number, BreachOutcome.AUTHORITY, "only his own record was seen by himself")
    assert (register.list(adam)[0].outcome, register.list(adam)[0].hours_left) == ("no_risk", None)
    assert reviews.to_review(adam).breaches == ()


@pytest.mark.usefixtures("month")
def test_ones_own_access_is_signed_off_with_a_mark_and_only_where_nobody_else_can(
    office: Office, reviews: Reviews, place: Place, front: Front
) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff_role SET role = 'admin'")
    ana, other = office.access("ana"), front.staff("bo", Role.ADMIN)
    item = one(reviews, ana, "own")
    page = reviews.open(ana, item)
    assert (page.not_asked, set(page.closed.values())) == (
        "nobody asks himself", {"it is your own access, so another admin decides"},
    )  # fmt: skip
    with pytest.raises(Denied, match="Nobody asks himself"):
        reviews.ask(ana, item)
    with pytest.raises(Denied, match="your own"):
        reviews.decide(ana, item, ItemState.JUSTIFIED, NOTE)
    reviews.ask(other, item)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET disabled_at = 1 WHERE user_name = 'bo'")
    assert set(reviews.open(ana, item).closed.values()) == {""}
    reviews.decide(ana, item, ItemState.JUSTIFIED, NOTE)
    assert reviews.open(ana, item).item.own
    assert entries(place)[-2].kinds[-1] == "own"


@pytest.mark.usefixtures("month")
def test_of_two_admins_at_once_one_decides(office: Office, place: Place, front: Front, adam: Access) -> None:
    other, second = front.staff("bo", Role.ADMIN), place.open()
    desks = [Reviews(office.door, matrix(), office.clock), Reviews(Office(second).door, matrix(), office.clock)]
    item = one(desks[0], adam, "own")
    came = at_once(
        *(
            partial(desk.decide, who, item, ItemState.JUSTIFIED, NOTE)
            for desk, who in zip(desks, (adam, other), strict=True)
        )
    )
    second.close()
    assert sorted(str(type(each).__name__) for each in came) == ["Conflict", "str"]


def test_a_month_closes_when_nothing_is_open_and_its_certificate_stands_in_the_log(
    office: Office, month: Written, reviews: Reviews, adam: Access, place: Place
) -> None:
    months = MonthReviews(office.door, office.clock)
    with pytest.raises(Conflict, match="7 items are not decided"):
        months.close(adam, MONTH)
    # Nothing was written in May, and its eighth day was taken all the same.
    with pytest.raises(Conflict, match="2 items are not decided"):
        months.close(adam, "2026-04")
    own = one(reviews, adam, "own")
    heard(office, reviews, adam, own)
    number = reviews.decide(adam, own, ItemState.NOT_JUSTIFIED, NOTE, answer_of(reviews, adam, own))
    for item in reviews.list(adam, ItemFilter(month=MONTH)).items:
        reviews.decide(adam, item.id, ItemState.JUSTIFIED, "", item.answer_entry)
    made = months.close(adam, MONTH)
    assert entries(place)[-1].kinds == ("review", f"month:{MONTH}", f"sha256:{digest_of(made.to_json())}")
    assert (made.first_entry, made.last_entry, made.opens, made.share) == (month.first, month.glass, OPENS, 5)
    assert (made.flags, made.break_glass, made.breaches) == ({"own": 1}, 1, (number,))
    assert made.decided == {"justified": 6, "not_justified": 1, "unclear": 0}
    assert parse(made.checkpoint)[0].root.hex() == made.checkpoint_root
    assert made.oldest_open_days is not None
    facts = made.facts()
    assert re.fullmatch(rf"{number}: open, due 2\d.+ UTC, 7[12] h left", facts["Breaches"])
    assert facts["Flags"] == "Own record 1"
    front = Front(office)
    assert months.certificate(front.staff("uma", Role.AUDITOR), MONTH) == made
    with pytest.raises(Conflict, match="closed already"):
        months.close(adam, MONTH)


@pytest.mark.usefixtures("month")
def test_the_auditor_reads_and_writes_nothing_and_nobody_else_reads(
    office: Office, reviews: Reviews, front: Front, adam: Access
) -> None:
    uma, item = front.staff("uma", Role.AUDITOR), one(reviews, adam, "own")
    assert reviews.list(uma, EVERYTHING).items == reviews.list(adam, EVERYTHING).items
    assert reviews.open(uma, item).item.id == item
    for refused in (
        partial(reviews.ask, uma, item),
        partial(reviews.decide, uma, item, ItemState.JUSTIFIED, ""),
        partial(MonthReviews(office.door).close, uma, MONTH),
        partial(reviews.list, office.access("ana"), EVERYTHING),
        partial(reviews.open, front.staff("pia", Role.PRIVACY), item),
    ):
        with pytest.raises(Denied):
            refused()


@pytest.mark.usefixtures("month")
def test_the_list_is_filled_a_day_at_a_time_and_read_a_page_at_a_time(
    office: Office, database: Database, reviews: Reviews, adam: Access, ana: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    whole = reviews.list(adam, EVERYTHING).items
    found, after = list[int](), None
    while True:
        page = reviews.list(adam, EVERYTHING, after, 3)
        found += [each.id for each in page.items]
        if (after := page.after) is None:
            break
    assert found == [each.id for each in whole]
    for wrong in (ItemFilter(shown="everything"), ItemFilter(rule="x"), ItemFilter(month="March")):
        with pytest.raises(StaffdeskError):
            reviews.list(adam, wrong)
    assert {each.who for each in reviews.list(adam, ItemFilter(who="ana")).items} == {"ana"}
    clock = Clock((office.clock() // DAY_MS + 1) * DAY_MS + 10 * HOUR_MS)  # an hour at which no clock is on another day
    monkeypatch.setattr("time.time_ns", lambda: clock() * 1_000_000)
    filling = ReviewFilling(office.door, database, clock)
    filling.run()
    write(database, monkeypatch, clock(), [opened(ana, "s_first")])
    clock.forward(days=1)
    write(database, monkeypatch, clock(), [opened(ana, "s_second")])
    assert [filling.run().days, filling.run().days] == [1, 0], "the second day is still on"
    clock.forward(days=1)
    assert filling.run().days == 1
