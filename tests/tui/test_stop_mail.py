"""Mail is stopped by two keys from an open record, and the record says so at once.

Seen to fail: with one key enough, with the mail list still shown as subscribed, and with Enter unfolding the row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from staffdesk.domain.access import Role
from staffdesk.domain.requests import RequestType
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.marketing import Stopped
from staffdesk.tui.due import today
from staffdesk.tui.record.law import asked_already, law_lines
from staffdesk.tui.screens.record import RecordScreen
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, SMALL, together
from tests.tui.stage import calm, put

_MOVED = [
    ("request.listed", "ok"), ("request.received", "intent"), ("request.received", "ok"),
    ("request.moved", "intent"), ("request.moved", "ok"),
]  # fmt: skip


@pytest.mark.parametrize("size", BOTH)
async def test_two_keys_stop_all_mail_and_a_third_says_since_when(sit_down: SitDown, size: tuple[int, int]) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "4")
        before, folded = seat.newest, seat.text().count("▸")
        await seat.press("u")
        assert "Stop all mail to customer" in seat.text()
        assert seat.newest == before
        await seat.press("enter")
        assert seat.acts(before) == _MOVED
        assert "✓ Mail is stopped, DSR-" in together(seat.lines())
        assert "✓ No mail since " in seat.text()
        assert seat.text().count("▸") == folded
        done = seat.newest
        await seat.press("u")
        assert "Only the customer's own new opt-in undoes it." in together(seat.lines())
        assert seat.newest == done


async def test_whoever_moves_on_after_the_first_key_stops_nothing(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = seat.newest
        await seat.press("u", "down", "enter", "u", "V", "enter")
        assert "request.moved" not in [act for act, _ in seat.acts(before)]


async def test_finance_is_told_who_stops_mail(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.FINANCE)
        await put(at, RecordScreen(stage.record(), stage.access()))
        await at.pilot.press("u")
        await calm(at.app, at.pilot)
        assert "Support, sales and privacy stop mail." in together(stage.text(at).splitlines())


async def test_any_type_is_started_from_a_record_and_no_mail_stops_mail(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "a", "p", "tab", "tab")
        await seat.type(f"{today() - dt.timedelta(1)} 14:00", "enter")
        await seat.press("enter")
        entry = seat.entries()[-1]
        assert (entry.act, entry.out, "port" in entry.kinds) == ("request.received", "ok", True)
        await seat.press("a", "n")
        assert "Mail to the customer stops as it is started." in together(seat.lines())
        before = seat.newest
        await seat.press("tab", "tab")
        await seat.type(f"{today() + dt.timedelta(2)} 14:00", "enter")
        assert "cannot be received in the future" in together(seat.lines())
        await seat.press(*["backspace"] * 16)
        await seat.press("enter", "enter")
        assert seat.acts(before) == _MOVED
        assert "✓ No mail since " in seat.text()


async def test_the_record_says_no_longer_that_mail_goes_to_him(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SALES)
        lists = stage.cells(
            "subscription", 1, {"list_name": ("List", "beta news", None), "status": ("Status", "subscribed", None)}
        )
        record = replace(stage.record(), sections={**stage.record().sections, "subscription": (lists,)})
        screen = RecordScreen(record, stage.access())
        await put(at, screen)
        await at.pilot.press("end")
        await calm(at.app, at.pilot)
        assert "beta news · subscribed" in stage.text(at)
        screen._stopped(Stopped(stage.request_page().request))
        await calm(at.app, at.pilot)
        assert "beta news · unsubscribed" in stage.text(at)
        assert "✓ No mail since 2026-11-22 · DSR-2026-0019" in stage.text(at)


def test_what_is_overdue_stands_first_and_what_is_answered_stands_nowhere() -> None:
    late, later = (replace(each, kind="access") for each in stage.requests())
    late = replace(late, hard_due=today() - dt.timedelta(3), number="DSR-2026-0001")
    done = replace(late, number="DSR-2026-0002", state="completed")
    lines = law_lines(replace(stage.record(), sections={}), [later, done, late]).plain.splitlines()
    assert lines == [
        "✗ Access asked · DSR-2026-0001 · overdue by 3 days",
        "! Access asked · DSR-2026-0018 · due Mon 2099-12-21",
    ]
    assert "DSR-2026-0002" not in asked_already(stage.record(), [done], RequestType.ACCESS).plain
