"""The admin in front of the log: filters, pages, one entry, the verification; every reading is itself an entry."""

from __future__ import annotations

import pytest

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.access import Access, Act, Purpose, RecordKind, Standing
from staffdesk.domain.entry_filter import EntryFilter, parse_filter
from staffdesk.domain.errors import BadInput, Denied, SignInFailed
from staffdesk.services.log_rows import EntryRow
from staffdesk.tui.log.entries import entry_lines
from staffdesk.tui.opening import open_record
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.looks import look_at_the_person
from tests.tui.seat import BOTH, LARGE, SMALL, Seat, together


@pytest.mark.parametrize("size", BOTH)
async def test_the_admin_finds_the_look_at_one_customer_by_who_act_whom_purpose_and_standing(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        whom = look_at_the_person(seat)
        await seat.sign_in("admin")
        await seat.press("f")
        await seat.type(f"who:anna act:customer.opened whom:{whom} purpose:support standing:verified", "enter")
        rows = [line for line in seat.lines() if "customer.opened" in line and "anna" in line and "act:" not in line]
        assert len(rows) == 1
        assert str(whom) in rows[0]
        assert "✓ verified" in rows[0]
        assert seat.acts()[-1] == ("audit.listed", "ok")


async def test_entries_are_paged_by_key_and_back(sit_down: SitDown) -> None:
    async with sit_down(LARGE) as seat:
        for _ in range(30):
            _look_in_the_log(seat)
        await seat.sign_in("admin")
        first = seat.lines()
        assert "o older" in seat.text()
        await seat.press("o")
        assert "b newer" in seat.text()
        assert seat.lines()[5] != first[5]
        await seat.press("b")
        assert "b newer" not in seat.text()


def _look_in_the_log(seat: Seat) -> None:
    desk, demo = seat.app.desk_coming.result(), seat.demo
    account = next(each for each in demo.accounts if each.role == "support")
    signed_in = desk.sign_in.sign_in(account.user, account.password, "desk 2")
    desk.sign_in.sign_out(signed_in.sid)


@pytest.mark.parametrize("size", BOTH)
async def test_one_entry_is_shown_in_full_and_the_reading_is_an_entry(sit_down: SitDown, size: tuple[int, int]) -> None:
    async with sit_down(size) as seat:
        look_at_the_person(seat)
        await seat.sign_in("admin")
        await seat.press("f")
        await seat.type("act:customer.search", "enter")
        await seat.press("enter")
        for field in ("entry", "when", "who", "session", "purpose", "reference", "basis", "relation", "policy", "log"):
            assert f"{field} " in seat.text()
        assert seat.demo.case in seat.text()
        assert "not for your role, or emptied" in seat.text()
        assert "vision" not in seat.text()
        assert seat.acts()[-1] == ("audit.opened", "ok")


async def test_keys_lead_from_an_entry_to_its_person_reference_employee_and_session_and_esc_goes_back(
    sit_down: SitDown,
) -> None:
    async with sit_down(SMALL) as seat:
        whom = look_at_the_person(seat)
        await seat.sign_in("admin")
        before = seat.lines()[2]
        await seat.press("f")
        await seat.type("level:opened", "enter", "c")
        assert f"ref:{seat.demo.case}" in seat.lines()[2]
        assert "customer.search" in seat.text()
        await seat.press("escape", "w")
        assert f"whom:{whom}" in seat.lines()[2]
        await seat.press("e")
        assert "who:anna" in seat.lines()[2]
        await seat.press("enter", "t")
        session = next(core.sid for core in reversed(seat.entries()) if core.act == "customer.opened")
        assert f"sid:{session}" in seat.lines()[2]
        assert "session.signed_in" in seat.text()
        for text in ("who:anna", f"whom:{whom}", "level:opened"):
            await seat.press("escape")
            assert text in seat.lines()[2]
        await seat.press("escape")
        assert seat.lines()[2] == before
        await seat.press("escape")
        assert seat.lines()[2] == before


async def test_a_filter_that_came_back_is_gone_on_with_at_its_end(sit_down: SitDown) -> None:
    """Seen to fail with the cursor left where the shorter filter ended."""
    async with sit_down(SMALL) as seat:
        look_at_the_person(seat)
        await seat.sign_in("admin")
        await seat.press("f")
        await seat.type("act:customer.opened level:opened", "enter", "w", "escape", "f")
        await seat.type(" who:anna", "enter")
        assert "act:customer.opened level:opened who:anna" in seat.lines()[2]


async def test_a_filter_is_chosen_by_its_name_kept_and_forgotten(sit_down: SitDown) -> None:
    """Seen to fail with the focus left in the field once a filter is kept."""
    async with sit_down((60, 20)) as seat:
        look_at_the_person(seat)
        await seat.sign_in("auditor")
        await seat.press("n")
        assert "reveals" in seat.text()
        assert "act:customer.* standing:claimed" in together(seat.lines())
        await seat.press("down", "down", "enter")
        assert "standing:claimed" in seat.lines()[2]
        assert "No entries match." in seat.text()
        await seat.press("f", "ctrl+u")
        await seat.type("out:denied", "enter")
        assert "No entries match." in seat.text()
        assert isinstance(seat.app.focused, Rows)
        await seat.press("f", "ctrl+u")
        await seat.type("act:customer.* who:anna", "enter", "n", "tab")
        await seat.type("anna", "enter")
        assert "✓ anna is kept." in seat.text()
        assert ("audit.listed", "intent") in seat.acts()
        await seat.press("x")
        assert "? Forget anna?" in seat.text()
        assert "Enter forgets it · Esc leaves it" in seat.text()
        await seat.press("enter")
        assert "✓ anna is forgotten." in seat.text()
        await seat.press("home", "x")
        assert "A shipped filter is not forgotten." in seat.text()


@pytest.mark.parametrize("size", BOTH)
async def test_privacy_opens_a_look_from_the_record_and_reads_nothing_else_of_the_log(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        look_at_the_person(seat)
        await seat.sign_in("privacy")
        session = seat.app.session
        assert session is not None
        session.work_for(Purpose.RIGHTS, seat.demo.case)
        screen = seat.desk_screen
        assert isinstance(screen, RequestsScreen)
        open_record(screen, RecordKind.PERSON, seat.demo.person)
        await seat.settle()
        await seat.press("w", "down", "enter")
        assert "Record" in seat.lines()[0]
        assert " entry " in seat.lines()[0]
        assert "customer.opened" in seat.text()
        assert seat.acts()[-1] == ("audit.opened", "ok")
        await seat.press("t", "ctrl+g")
        assert "Record" in seat.lines()[0]
        assert " entry " in seat.lines()[0]


@pytest.mark.parametrize("size", BOTH)
async def test_the_verification_shows_how_far_it_is_and_says_that_the_log_is_sound(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("admin")
        await seat.press("v")
        assert "100%" in seat.text()
        assert "✓ The log is sound." in seat.text()
        assert [act for act, _ in seat.acts()][-2:] == ["audit.verified", "audit.verified"]


async def test_the_verification_names_what_was_changed_in_its_own_sentence(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        look_at_the_person(seat)
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'opening'"
            for name in connection.exec_driver_sql(guards).scalars().all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
            connection.exec_driver_sql("DELETE FROM opening WHERE seq = (SELECT max(seq) FROM opening)")
        await seat.sign_in("admin")
        await seat.press("v")
        assert "✗ The log is not sound: 1 fault." in seat.text()
        assert "opening" in seat.text()


async def test_a_filter_that_means_nothing_says_which_words_there_are_and_shows_nothing(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("admin")
        before = seat.newest
        await seat.press("f")
        await seat.type("whot:anna", "enter")
        assert "who, act, out, whom, ref, purpose, standing, level" in together(seat.lines())
        assert seat.newest == before
        await seat.press(*["backspace"] * 9)
        await seat.type("who:nobody", "enter")
        assert "✗ There is no account with this user name." in together(seat.lines())
        assert "Nothing is shown." in seat.text()


def test_a_filter_reads_days_of_this_terminal_and_includes_the_last_one() -> None:
    wanted = parse_filter("since:2026-11-01 until:2026-11-02")
    assert wanted.since_ms == 1_793_487_600_000
    assert wanted.until_ms == wanted.since_ms + 2 * 24 * 3_600_000 - 1


@pytest.mark.parametrize(
    ("until", "lasts"), [("2026-11-02T12:00", 60_000), ("2026-11-02T12:00:30", 1000), ("2026-11-02T12", 3_600_000)]
)
def test_the_whole_minute_that_until_names_is_included(until: str, lasts: int) -> None:
    wanted = parse_filter(f"since:{until} until:{until}")
    assert wanted.since_ms is not None
    assert wanted.until_ms == wanted.since_ms + lasts - 1


def test_an_act_nearly_written_is_answered_with_those_like_it() -> None:
    with pytest.raises(BadInput) as refused:
        parse_filter("act:sesion.refusd")
    assert "session.refused" in refused.value.hint
    assert "customer.search" not in refused.value.hint


async def test_what_was_refused_is_named_in_the_list_and_in_full_by_words_the_filter_takes(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        desk = seat.app.desk_coming.result()
        with pytest.raises(SignInFailed):
            desk.sign_in.sign_in("anna", "not the password", "desk 2")
        account = next(each for each in seat.demo.accounts if each.role == "support")
        signed_in = desk.sign_in.sign_in(account.user, account.password, "desk 2")
        with pytest.raises(Denied):
            desk.audit.list(Access(session=signed_in.sid, host="desk 2"), EntryFilter())
        await seat.sign_in("admin")
        assert "denied audit.listed" in seat.text()
        for act in ("session.refused", "denied"):
            await seat.press("f", "ctrl+u")
            await seat.type(f"act:{act}", "enter")
            rows = [line for line in seat.lines() if act in line and "act:" not in line]
            assert rows, seat.text()
        await seat.press("enter")
        assert "refused      audit.listed" in seat.text()


async def test_the_intent_of_a_write_is_called_so(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("x", "enter", "ctrl+q")
    async with sit_down(SMALL) as seat:
        await seat.sign_in("admin")
        assert "case.closed intent" in seat.text()


@pytest.mark.parametrize("width", [75, 55], ids=["80x24", "60x20"])
def test_every_act_stands_whole_in_the_list_and_how_it_ended(width: int) -> None:
    """Seen to fail with a column of 25 cells for the act."""
    for act in Act:
        for kinds, out, words in (((), "intent", f"{act} intent"), ((act.value,), "denied", f"denied {act}")):
            fields = {"act": "denied" if kinds else act.value, "out": out, "kinds": kinds, "t": 0, "n": 1}
            row = EntryRow(10_455, fields | {"standing": "verified"}, "gabriel", "", (60_455,))
            head, line = (each.draw(width).plain for each in entry_lines([row]))
            assert " gabriel " in line
            assert f" {words} " in line
            assert len(head) == len(line) == width
            assert line.index(words) == head.index("act")
            assert line.index("60455") == head.index("whom")


def test_a_long_name_gives_way_to_the_act_and_short_ones_stand_where_they_always_do() -> None:
    fields = {"out": "intent", "kinds": (), "t": 0, "n": 1, "standing": "verified"}
    short = EntryRow(455, fields | {"act": "case.noted"}, "anna", "", (4711,))
    long = EntryRow(456, fields | {"act": "customer.break_glass"}, "wilhelmina.vandenberghe", "", (4711,))
    assert "wilhelmina.… customer.break_glass intent" in entry_lines([short, long])[2].draw(75).plain
    usual = "entry   when         who       act                      whom    standing"
    assert entry_lines([short])[0].draw(75).plain.rstrip() == usual


def test_a_filter_takes_every_word_of_the_closed_lists() -> None:
    for act in Act:
        assert parse_filter(f"act:{act}").act == act
    for purpose in Purpose:
        assert parse_filter(f"purpose:{purpose}").purpose == purpose
    for standing in Standing:
        assert parse_filter(f"standing:{standing}").standing == standing


@pytest.mark.parametrize(
    "text", ["anna", "who:", "act:nothing", "whom:Dupont", "purpose:fun", "standing:good", "since:yesterday", "x:y"]
)
def test_what_a_filter_cannot_mean_is_refused_with_the_next_step(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_filter(text)
    assert refused.value.hint
    assert text not in refused.value.sentence
