"""Requests by due date, and each on its page: what is overdue is so in Brussels, wherever the terminal stands.

Seen to fail: with today's date taken in the terminal's zone, with a request's channel shown as it is stored, with
the letter copied without an entry, and with one invoice told of as invoices; with a saved letter called sent, with the
keys of a request in one order for all, and with the state of what is due first in place of what it waits for.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.access import Role
from staffdesk.domain.erasure import Action as Fate
from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_moves import Identity, Letter
from staffdesk.domain.request_pages import Posted
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.domain.text import visible
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.letters import Language
from staffdesk.services.request_letters import Drafted
from staffdesk.services.request_plans import Decided, ErasurePlan, PlannedKind
from staffdesk.tui.due import instant
from staffdesk.tui.phrases import date_of, local, moment, short_moment, weekday
from staffdesk.tui.screens.letter import LetterDialog
from staffdesk.tui.screens.password_again import PasswordAgainDialog
from staffdesk.tui.screens.plan import plan_lines
from staffdesk.tui.screens.request import RequestScreen
from staffdesk.tui.screens.request_lines import page_lines
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.waiting import request_lines
from tests.tui import stage, staged_requests
from tests.tui.conftest import SitDown
from tests.tui.request_questions import a_refusal_to_confirm
from tests.tui.seat import LARGE, SMALL, record_of, together
from tests.tui.stage import calm, put
from tests.tui.staged_requests import NOON


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Etc/GMT-14"])
async def test_a_request_is_overdue_from_the_day_after_its_due_date_in_brussels(
    home: Home, company: Demo, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    today = dt.datetime.now(ZoneInfo("Europe/Brussels")).date()
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.PRIVACY)
        screen = RequestsScreen()
        await put(at, screen)
        first, other = stage.requests()
        yesterday = today - dt.timedelta(1)
        screen._show([replace(first, hard_due=yesterday), replace(other, hard_due=today)])
        await calm(at.app, at.pilot)
        assert f"✗ {yesterday:%m-%d} late" in stage.text(at)
        assert f"! {today:%m-%d}" in stage.text(at)


async def test_no_word_of_the_database_stands_in_the_list(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, LARGE) as at:
        at.sign_in(Role.PRIVACY)
        screen = RequestsScreen()
        await put(at, screen)
        first, other = stage.requests()
        screen._show([replace(first, kind="object_mkt", state="notifying"), replace(other, channel="web_form")])
        await calm(at.app, at.pilot)
        assert "_" not in stage.text(at)
        assert "telling recipients" in stage.text(at)


async def test_privacy_reads_a_request_copies_its_letter_and_opens_its_customer(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "u", "enter")
        customer = record_of(seat).customer
    async with sit_down(SMALL) as seat:
        await seat.sign_in("privacy")
        await seat.press("enter")
        shown = together(seat.lines())
        assert isinstance(seat.screen, RequestScreen)
        for words in ("✓ carried out", "▶ telling recipients", "support · ", "no proof of identity is asked"):
            assert words in shown
        assert (seat.entries()[-1].act, seat.entries()[-1].out) == ("request.opened", "ok")
        copied: list[str] = []
        monkeypatch.setattr(seat.app, "hand_over", copied.append)
        before = seat.newest
        await seat.press("y")
        assert "DSR-" in copied[0]
        assert seat.acts(before) == [("request.opened", "ok")]
        await seat.press("o")
        assert record_of(seat).customer == customer
        await seat.press("escape", "w")
        assert record_of(seat).customer == customer
        assert seat.acts()[-1] == ("customer.history", "ok")
        await seat.press("1")
        assert "✓ No mail since " in seat.text()


async def test_a_wrong_password_approves_nothing_and_leaves_the_rest_as_it_was_typed(sit_down: SitDown) -> None:
    """Seen to fail with the dialog closed by what was refused."""
    async with sit_down(SMALL) as seat:
        await seat.sign_in("approver")
        await a_refusal_to_confirm(seat)
        assert isinstance(seat.screen, PasswordAgainDialog)
        before = seat.newest
        await seat.paste("not the password at all", "enter")
        assert "✗ The password is not right. Type it again." in together(seat.lines())
        assert seat.acts(before) == [("session.refused", "denied")]
        await seat.press("escape")
        assert "the cards differ" in seat.text()
        await seat.press("enter")
        await seat.press("enter")
        await seat.paste(next(each.password for each in seat.demo.accounts if each.role == "approver"), "enter")
        assert isinstance(seat.screen, RequestsScreen)
        assert ": refused. The letter is saved to be sent by hand: " in together(seat.lines())
        moved = [core.kinds for core in seat.entries() if (core.act, core.out) == ("request.approved", "ok")]
        assert moved[-1] == ("request", "access", "refuse_unproven", "refused", "confirmed by password")


async def test_of_a_request_about_nobody_yet_the_page_says_so(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, (60, 20)) as at:
        at.sign_in(Role.PRIVACY)
        page = stage.request_page()
        nobody = replace(page, request=replace(page.request, customer=None), letter="", told=())
        await put(at, RequestScreen(nobody, stage.access()))
        for key, words in (("o", "names no customer yet"), ("y", "no letter to send yet")):
            await at.pilot.press(key)
            await calm(at.app, at.pilot)
            assert words in together(stage.text(at).splitlines())


@pytest.mark.parametrize("word", ["[@click=app.quit]x[/]", "\x1b]52;c;RVZJTA==\x1b\\", "\u202egnirts"])
async def test_nothing_that_was_written_into_a_request_acts(home: Home, company: Demo, word: str) -> None:
    async with stage.stage(home, company, LARGE) as at:
        at.sign_in(Role.PRIVACY)
        await put(at, RequestScreen(stage.request_page(word), stage.access()))
        assert f"no more mail, {visible(word)}" in stage.text(at)
        assert at.app.is_running


async def test_the_key_line_names_first_what_leads_a_request_on(home: Home, company: Demo) -> None:
    page = stage.request_page()
    collected = replace(
        page, letter="", told=(), request=replace(page.request, kind="access", state="assessment", carried_out_at=None),
        standing=staged_requests.standing(RequestType.ACCESS, RequestState.ASSESSMENT),
    )  # fmt: skip
    answered = replace(page, request=replace(page.request, kind="access", state="replying"))
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.PRIVACY)
        for shown, keys in (
            (page, ["i Told", "e Send", "m Go on"]),
            (collected, ["k Searched", "m Go on", "h Others"]),
            (answered, ["e Send", "m Go on", "h Others", "i Told"]),
        ):
            await put(at, RequestScreen(shown, stage.access()))
            line = stage.text(at).splitlines()[-1].split("   ")
            assert [key.strip() for key in line][: len(keys)] == keys
            assert "f1 Help" in [key.strip() for key in line]


@pytest.mark.parametrize(("way", "said"), [(Way.MAIL, "sent"), (Way.HAND, "saved to be sent by hand")])
def test_a_letter_is_sent_where_it_left_by_mail_and_saved_where_nobody_sent_it_yet(way: Way, said: str) -> None:
    page = stage.request_page()
    told = replace(page.told[0], code="transpond")
    posted = (Posted(Letter.MARKETING_STOPPED, NOON, way), Posted(Letter.RECIPIENT, NOON, way, told.code))
    gone = replace(page, letter_sent=True, letters=posted, told=(replace(told, state="sent", sent_at=NOON),))
    lines = page_lines(gone, 200).plain
    assert f"The letter · {said} · y copies it" in lines
    assert f"Letter (mail stopped): {said}\n" in lines
    assert f"Letter (notice to a recipient) to {told.recipient}: {said}\n" in lines
    assert f"✓ {'told' if way is Way.MAIL else f'notice {said}'} " in lines


async def test_a_saved_notice_about_whom_we_erased_says_how_long_it_lies_and_to_nobody_is_not_an_address(
    home: Home, company: Demo
) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.PRIVACY)
        notice = Drafted("DSR-2026-0019", 3, Letter.RECIPIENT, Language.EN, staged_requests.letter(), "", kept=False)
        await put(at, LetterDialog(notice, Way.HAND, stage.access()))
        shown = together(stage.text(at).splitlines())
        assert "It is saved to be sent by hand. Send it within 7 days: it names whom we erased" in shown
        assert "and is destroyed then." in shown


def test_the_first_screen_says_what_the_request_that_is_due_first_waits_for_and_whose_move_it_is() -> None:
    late, later = stage.requests()
    late = replace(late, hard_due=dt.date(2026, 1, 5))
    approved = replace(later, kind="erase", state="executing", identity=Identity.VERIFIED)
    lines = [" ".join(each.draw(78).plain.split()) for each in request_lines([late, later, approved])]
    assert lines == [
        "✗ 1 request overdue: DSR-2026-0017, its acknowledgement (privacy) R Requests",
        "! 1 decided: DSR-2026-0018, its carrying out: Erase (privacy) R Requests",
    ]


@given(st.integers(0, 4_000_000_000_000))
def test_a_time_that_the_desk_shows_is_one_it_reads(milliseconds: int) -> None:
    shown = moment(milliseconds)
    read = instant(f"  {shown} ")
    assert read is not None
    assert moment(read) == shown


def test_a_plan_tells_of_one_row_as_of_one() -> None:
    tables = ("invoice", "person", "order_line", "request_move", "organisation")
    for n, told in (
        (1, ("invoice", "person", "line of an order", "move of a request", "company")),
        (1204, ("invoices", "people", "lines of orders", "moves of requests", "companies")),
    ):
        plan = ErasurePlan(tuple((PlannedKind(table, Fate.ERASE), n) for table in tables), "5a", changed=False)
        decided = Decided("DSR-2026-0017", RequestType.ERASE, RequestState.DECISION, plan, None, "", "", "")
        lines = [" ".join(line.said.plain.split()) for line in plan_lines(decided)]
        assert lines[2:7] == [f"{n:,} {each} deleted" for each in told]


def test_every_date_is_written_alike() -> None:
    noon = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC).astimezone()
    stamp = int(noon.timestamp() * 1000)
    assert moment(stamp) == f"2026-03-04 {noon:%H:%M}"
    assert short_moment(stamp) == f"03-04 {noon:%H:%M}"
    assert date_of(stamp) == "2026-03-04"
    assert weekday(noon.date()) == "Wed 2026-03-04"
    assert local("2026-03-04T12:00:00Z") == moment(stamp)


@pytest.mark.parametrize("text", ["yesterday 14:00", "2026-13-01", "2026-11-25 25:00", "25/11/2026", "0000-01-01"])
def test_what_is_no_time_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        instant(text)
    assert "2026-11-25 14:00" in caught.value.hint
    assert instant("  ") is None
