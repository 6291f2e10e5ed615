"""The notice line says what is so now: no remark outlives what it was about, no key is named that is not bound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.domain.access import Role
from staffdesk.domain.records import Revealed, Row
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.sign_in import SignedIn
from staffdesk.tui.record.law import law_lines
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.session import Session
from staffdesk.tui.widgets.bars import NoticeLine
from staffdesk.tui.widgets.rows import Rows
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.seat import LARGE, SMALL, record_of, stand_on_a_masked_value, together
from tests.tui.stage import Stage, calm, put


async def _record(at: Stage) -> RecordScreen:
    at.sign_in(Role.SUPPORT)
    screen = RecordScreen(stage.record(), stage.access())
    await put(at, screen)
    return screen


def _said(screen: RecordScreen) -> str:
    return screen.query_one(NoticeLine).notice.plain


@pytest.mark.parametrize("leaving", ["down", "2", "tab"])
async def test_what_was_said_lives_until_the_next_key_that_does_something(
    home: Home, company: Demo, leaving: str
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        screen = await _record(at)
        await at.pilot.press("down", "v")
        await calm(at.app, at.pilot)
        assert _said(screen) == "This is shown already."
        await at.pilot.press("z")
        assert _said(screen) == "This is shown already."
        await at.pilot.press(leaving)
        await calm(at.app, at.pilot)
        assert _said(screen).startswith("Family name: from" if leaving == "down" else "Opened under")


async def test_what_is_waited_for_is_not_said_once_the_answer_is_there(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, LARGE) as at:
        screen = await _record(at)
        before = _said(screen)
        screen._say_busy("reading…")  # by the clock, which was striking as the answer came
        assert _said(screen) == before


async def test_that_a_value_is_shown_is_said_until_it_is_hidden_and_hiding_says_what_it_did(
    home: Home, company: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        screen = await _record(at)
        value = Revealed("person:4711:phone", "Telephone", "+45 55 55 01 42", 120, 10_443)
        screen._show_value(value)
        assert _said(screen).startswith("Telephone is shown for 120 s, entry 10,443.")
        await at.pilot.press("V")
        assert _said(screen) == "1 value hidden again."
        await at.pilot.press("V")
        assert _said(screen) == "Nothing was revealed."
        screen._show_value(value)
        monkeypatch.setattr("staffdesk.tui.record.sight.now", lambda: 10.0**12)
        screen._count_down()
        assert _said(screen).startswith("Opened under")


async def test_unfolding_a_row_takes_a_remark_back(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, LARGE) as at:
        screen = await _record(at)
        await at.pilot.press("2")
        screen.say(screen.notice().append("!"))
        await at.pilot.press("enter")
        await calm(at.app, at.pilot)
        assert _said(screen) == screen.notice().plain


async def test_a_masked_screen_says_that_it_is_and_what_shows_it_again(
    home: Home, company: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        screen = await _record(at)
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
        at.app.sentinel.tick()
        assert _said(screen) == "Masked for want of a key. Any key shows it again."
        monkeypatch.undo()
        await at.pilot.press("up")
        await calm(at.app, at.pilot)
        assert _said(screen).startswith("Opened under")


@pytest.mark.parametrize("key", ["v", "y"])
async def test_reveal_and_copy_say_the_same_of_what_is_not_shown_and_what_comes_next(
    home: Home, company: Demo, key: str
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        screen = await _record(at)
        pane = screen.query_one("#person", Rows)
        pane.go_to("person:4711:street")
        await at.pilot.press(key)
        await calm(at.app, at.pilot)
        assert _said(screen) == "Not shown: a verified reference is missing. p changes the number."


async def test_a_case_of_somebody_else_is_named_as_what_keeps_a_value_masked(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT).take(replace(stage.cases()[0], customer=12))
        await put(at, RecordScreen(stage.record(), stage.access()))
        assert "Opened under C-2026-0412, which is about somebody else." in stage.text(at)
        at.app.screen.query_one("#person", Rows).go_to("person:4711:street")
        await at.pilot.press("v")
        await calm(at.app, at.pilot)
        assert "Not shown: C-2026-0412 is about somebody else." in together(stage.text(at).splitlines())


async def test_a_copy_is_told_in_few_words(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "down", "y")
        assert "Given name sent in clear to the terminal's clipboard." in seat.text()


@pytest.mark.parametrize(
    ("truncated", "said"),
    [
        (("sales_order", "order_line"), "! Only the newest 1 orders are shown."),
        (("sales_order", "activation"), "! Only the newest 1 orders, 2 activations are shown."),
        (("order_line",), "! Only the newest 1 lines of orders are shown."),
    ],
)
def test_what_is_not_all_there_is_said_in_one_line_without_the_name_of_a_table(
    truncated: tuple[str, ...], said: str
) -> None:
    lines = law_lines(replace(stage.record(), truncated=truncated), ()).plain.splitlines()
    assert [line for line in lines if "newest" in line] == [said]


async def test_the_news_of_the_sign_in_are_told_once_and_in_the_time_of_this_place(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT)
        session = at.app.session
        assert isinstance(session, Session)
        signed_in: SignedIn = replace(session.signed_in, notices=("Last sign-in: 2026-11-22 23:30 UTC at desk 2.",))
        at.app.session = replace(session, signed_in=signed_in)
        await put(at, CasesScreen())
        assert "Last sign-in: 2026-11-23 00:30 at desk 2." in stage.text(at)
        at.app.action_go("search")
        await calm(at.app, at.pilot)
        at.app.action_go("cases")
        await calm(at.app, at.pilot)
        assert "Last sign-in" not in stage.text(at)
        assert "Enter goes on with a case." in stage.text(at)


async def test_after_a_failed_sign_in_it_says_that_the_password_must_be_typed_again(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.press("shift+tab", "shift+tab")
        await seat.type("anna", "enter")
        await seat.type("not the password", "enter")
        assert "The password must be typed again." in together(seat.lines())
        assert together(seat.lines()).count("again") == 1, "once is enough"


async def test_a_question_is_left_by_esc_and_by_every_key_that_means_something_else(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "u")
        before = seat.newest
        assert "Enter stops it · Esc leaves it" in together(seat.lines())
        await seat.press("z")
        assert "Enter stops it · Esc leaves it" in together(seat.lines())
        for way in ("escape", "down", "f1"):
            await seat.press("u", way)
            if way == "f1":
                await seat.press("escape")
            assert "Enter stops it" not in together(seat.lines())
            assert isinstance(seat.screen, RecordScreen)
        await seat.press("enter")
        assert "request.moved" not in [act for act, _ in seat.acts(before)]


async def test_what_was_refused_in_a_form_is_said_until_it_is_mended(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "d")
        await seat.press("shift+tab")
        await seat.type("yesterday", "enter")
        assert "✗ This is no time of receipt." in together(seat.lines())
        await seat.press("tab", "shift+tab")
        assert "✗ This is no time of receipt." in together(seat.lines())
        await seat.press(*["backspace"] * 9)
        assert "✗" not in seat.text()
        assert "Due " in seat.text()


async def test_a_case_in_hand_is_followed_by_keys_of_this_screen_alone(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("R", "ctrl+n")
        await seat.type("caption", "enter")
        assert "is in hand. S goes to the search." in seat.text()
        await seat.press("S", "ctrl+n")
        await seat.type("caption", "enter")
        shown = together(seat.lines())
        assert "is in hand." in shown
        assert "goes to the search" not in shown


async def test_the_same_reference_however_it_is_typed_is_shown_as_the_desk_keeps_it_with_its_standing(
    sit_down: SitDown,
) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        kept = record_of(seat).reference
        await seat.press("escape", "p")
        dialog = seat.desk_screen
        await seat.press("ctrl+u")
        await seat.type(kept.lower(), "enter")
        assert dialog is not seat.desk_screen
        assert kept in seat.lines()[0]
        assert kept.lower() not in seat.lines()[0]
        assert "✓ verified" in seat.lines()[0] or "claimed" in seat.lines()[0]


async def test_the_values_of_the_last_row_in_sight_come_into_sight_as_it_unfolds(sit_down: SitDown) -> None:
    async with sit_down((80, 20)) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        pane = seat.desk_screen.query_one("#person", Rows)
        screen = seat.desk_screen
        assert isinstance(screen, RecordScreen)
        screen.record = replace(stage.record(), sections={**stage.record().sections, "licence": _licences()})
        screen._fill()
        await seat.press("2", "end")
        await seat.press("enter")
        assert pane is not screen.focused
        assert "Serial" in seat.text()


def _licences() -> tuple[Row, ...]:
    first = stage.record().rows("licence")[0]
    return tuple(
        replace(
            first, id=n, cells={name: cell._replace(key=f"licence:{n}:{name}") for name, cell in first.cells.items()}
        )
        for n in range(1, 20)
    )


async def test_a_masked_value_that_can_be_revealed_is_told_where_it_stands(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await stand_on_a_masked_value(seat)
        await seat.press("v")
        assert "V hides it." in seat.text()


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "desk-light"])
async def test_what_a_dialog_is_about_stays_in_sight_beneath_it_in_every_theme(sit_down: SitDown, theme: str) -> None:
    """Seen to fail in the terminal's own colours: the ground of the dialog's screen covered all beneath."""
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        seat.app.theme = theme
        await seat.press("ctrl+n")
        assert "New case" in seat.text()
        assert "open case" in seat.text()
        assert "Enter goes on with a case." in seat.text()
