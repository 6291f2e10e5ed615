"""Requests by due date: what is overdue is so in Brussels, wherever the terminal stands."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from staffdesk.domain.access import Role
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.screens.requests import RequestsScreen
from tests.tui import stage
from tests.tui.seat import SMALL
from tests.tui.stage import calm, put


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
        assert f"✗ {yesterday}" in stage.text(at)
        assert f"! {today}" in stage.text(at)
