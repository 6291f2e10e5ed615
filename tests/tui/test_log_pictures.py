"""A month of the log in pictures: from the log to them, from a line to what it counts, and into a report."""

from __future__ import annotations

from dataclasses import replace

from staffdesk.domain.pictures import RuleCount
from staffdesk.tui.screens.pictures import PicturesScreen
from tests.tui.conftest import SitDown
from tests.tui.looks import look_at_the_person
from tests.tui.seat import Seat, together


async def test_a_month_is_seen_in_pictures_which_lead_to_the_entries_they_count_and_into_a_report(
    sit_down: SitDown,
) -> None:
    async with sit_down((60, 20)) as seat:
        look_at_the_person(seat)
        await seat.sign_in("admin")
        before = seat.lines()[2]
        await seat.press("i")
        assert seat.acts()[-1] == ("audit.listed", "ok")
        assert "By day and hour" in seat.text()
        await seat.press("tab")
        assert "anna" in seat.text()
        assert "▓" not in seat.text()
        await seat.press("tab", "tab", "tab", "b")
        assert "is the newest month of the log" in together(seat.lines())
        await seat.press("x")
        assert "new files?" in together(seat.lines())
        await seat.press("enter")
        assert "✓ report-" in seat.text()
        assert seat.acts()[-1] == ("audit.exported", "ok")
        assert len(list(seat.home.exports.glob("report-*.svg"))) == 4
        await seat.press("x", "enter")
        assert "-2.html" in together(seat.lines())
        await _a_pruned_month_says_so_and_a_rule_leads_to_its_items(seat)
        await seat.press("shift+tab", "shift+tab", "shift+tab", "enter")
        assert "who:anna out:ok level:any" in seat.lines()[2]
        assert "customer.opened" in seat.text()
        assert "session.signed_in" not in seat.text()
        await seat.press("escape")
        assert seat.lines()[2] == before


async def _a_pruned_month_says_so_and_a_rule_leads_to_its_items(seat: Seat) -> None:
    """Show a month that has flags, long after; the seat is left where it was."""
    screen = seat.desk_screen
    assert isinstance(screen, PicturesScreen)
    assert screen._figures is not None
    screen._show(replace(screen._figures, rules=(RuleCount("own", "Own record", 1, 0),), pruned_at=1_888_185_600_000))
    await seat.settle()
    told = together(seat.lines())
    assert told.index("entries were pruned on 2029-11-01") < told.index(" by 1 employee")
    await seat.press("shift+tab", "enter")
    assert "Review" in seat.lines()[0]
    assert f"all rule:own month:{screen._figures.month}" in seat.text()
    await seat.press("escape", "escape")
    assert seat.desk_screen is screen
    await seat.press("tab")
