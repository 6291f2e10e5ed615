"""What leaves the desk by itself: nothing. No control character, picture, unlogged copy, browser, traceback, prompt."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.widgets import Input, Static

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.errors import Misconfigured
from staffdesk.services.home import Home
from staffdesk.tui.guard import GuardedApp, TerminalGuard
from tests.tui.conftest import SitDown
from tests.tui.desk_in_pty import CANARY
from tests.tui.seat import SMALL
from tests.tui.terminal import desk_in_terminal

CONTROL = "".join(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0), 0x202E, 0x2066, 0xFEFF, 0xE0041, 0xD800]))


def test_the_guard_drops_every_character_a_terminal_acts_on_and_nothing_else() -> None:
    style = Style(bold=True)
    (segment,) = TerminalGuard().apply([Segment(f"Zo\u00eb {CONTROL}王", style)], Color(0, 0, 0))
    assert (segment.text, segment.style) == ("Zo\u00eb 王", style)


def test_the_guard_is_the_last_filter_of_the_application() -> None:
    assert isinstance(GuardedApp()._filters[-1], TerminalGuard)


@pytest.mark.parametrize("name", ["save_screenshot", "deliver_screenshot", "export_screenshot", "deliver_text"])
def test_no_picture_of_the_screen_can_be_taken(name: str) -> None:
    with pytest.raises(Misconfigured):
        getattr(GuardedApp(), name)()


async def test_the_application_offers_none_of_the_frameworks_commands(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        assert list(seat.app.get_system_commands(seat.app.screen)) == []
        assert not seat.app.ENABLE_COMMAND_PALETTE
        assert not seat.app.ALLOW_SELECT
        await seat.app.run_action("screenshot")
        await seat.app.run_action("command_palette")
        assert "Sign in" in seat.text()


async def test_ctrl_c_copies_nothing(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        await seat.type("Nordlys")
        seat.desk_screen.query_one(Input).action_select_all()
        await seat.press("ctrl+c", "ctrl+x")
        assert seat.app.clipboard == ""


def test_no_browser_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\ntouch {opened}\n", encoding="utf-8")
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(browser))
    GuardedApp().open_url("https://example.test")
    assert not opened.exists()


async def test_even_a_widget_that_forgot_to_make_text_plain_writes_no_control_character() -> None:
    class Careless(GuardedApp):
        def compose(self):  # type: ignore[no-untyped-def] # noqa: ANN202 - the framework's
            yield Static(Content(f"a{CONTROL}b", strip_control_codes=False))

    app = Careless()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        line = "".join(segment.text for strip in app.screen._compositor.render_strips() for segment in strip)
    assert not any(character in line for character in CONTROL)


@pytest.mark.parametrize("fault", ["handler", "worker", "thread", "timer", "compose", "render", "task"])
def test_a_crash_says_an_id_and_nothing_of_what_it_worked_on(accounts: Path, home: Home, fault: str) -> None:
    with desk_in_terminal(str(accounts), fault) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        tty.send("\x1bOP")
        code = tty.end()
        assert code == 1
        assert CANARY.encode() not in tty.written
        assert b"Traceback" not in tty.written
        assert "No record was written to the terminal." in " ".join(tty.text().split())
    left = (home.data / "incidents.log").read_text(encoding="ascii")
    assert CANARY not in left
    assert "ValueError" in left
    assert _acts(home)[-1] == "session.ended"


def _acts(home: Home) -> list[str]:
    with sqlite_owner(home.database_file, home.read_key()) as connection:
        return [str(row[0]) for row in connection.exec_driver_sql("SELECT act FROM entry ORDER BY seq").all()]
