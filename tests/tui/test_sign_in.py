"""Signing in, the first screen of each role, the one-time password, and what ends a session."""

from __future__ import annotations

import pytest

from staffdesk.domain.access import Access, Entity, Role
from staffdesk.tui.screens.record import RecordScreen
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, SMALL, together


@pytest.mark.parametrize("size", BOTH)
async def test_before_anything_else_it_says_that_everything_is_logged_and_under_which_policy(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        shown = together(seat.lines())
    assert "Everything you look at here is logged with its purpose." in shown
    assert "Privacy policy: October 2024" in shown


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("support", "My open cases"),
        ("sales", "My open cases"),
        ("finance", "Nothing is read until you press Enter."),
        ("privacy", "Requests by due date"),
        ("approver", "Requests by due date"),
        ("admin", "Reading the log is itself an entry."),
        ("auditor", "Reading the log is itself an entry."),
    ],
)
async def test_in_the_demo_one_key_signs_in_and_each_role_begins_where_its_work_is(
    sit_down: SitDown, role: str, first: str
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in(role)
        assert first in seat.text()


async def test_a_typed_name_and_password_sign_in_and_the_password_stands_nowhere(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        account = next(each for each in seat.demo.accounts if each.role == Role.SUPPORT)
        await seat.press("shift+tab", "shift+tab")
        await seat.type(account.user, "enter")
        await seat.type(account.password)
        assert account.password not in seat.text()
        assert "•" * len(account.password) in seat.text()
        await seat.press("enter")
        assert "My open cases" in seat.text()


async def test_a_wrong_password_says_so_and_opens_nothing(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.press("shift+tab", "shift+tab")
        await seat.type("anna", "enter")
        await seat.type("not the password", "enter")
        assert "✗" in seat.text()
        assert seat.app.session is None
        assert seat.acts()[-1] == ("session.refused", "denied")
        # Nothing is kept of what was typed, not even to ask it anew.
        assert seat.desk_screen._asked is None


async def test_a_first_password_must_be_changed_before_anything_else(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        desk, demo = seat.app.desk_coming.result(), seat.demo
        password = {each.role: each.password for each in demo.accounts}
        name = {each.role: each.user for each in demo.accounts}
        admin = desk.sign_in.sign_in(name[Role.ADMIN], password[Role.ADMIN], "test")
        approver = desk.sign_in.sign_in(name[Role.APPROVER], password[Role.APPROVER], "test")
        pending, once = desk.staff.add(
            Access(session=admin.sid, host="test"),
            user_name="nora",
            full_name="Nora Bakker",
            employee_number="N1",
            entity=Entity.BE,
            roles=[Role.SUPPORT],
        )
        assert pending.pending_id is not None
        desk.staff.approve(Access(session=approver.sid, host="test"), pending.pending_id)

        await seat.press("shift+tab", "shift+tab")
        await seat.type("nora", "enter")
        await seat.paste(once, "enter")
        assert "Choose your own password" in seat.text(), seat.text()
        await seat.press("escape", "S")
        assert "Choose your own password" in seat.text(), seat.text()

        own = "nine quiet herons walk home"
        await seat.press("ctrl+u")
        await seat.paste(once, "enter")
        await seat.paste(own, "enter")
        await seat.paste(own + "!", "enter")
        assert "The two did not match" in seat.text()
        # What was given on a slip of paper is typed once: only what was refused is typed again.
        for text in ("too short", "too short", own, own):
            await seat.paste(text, "enter")
        assert "My open cases" in seat.text()
        assert ("staff.password", "ok") in seat.acts()


async def test_leaving_ends_the_session_in_the_log(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.pilot.press("ctrl+q")
        await seat.pilot.pause(0.5)
        assert seat.app.return_code == 0
        assert ("session.ended", "ok") in seat.acts()


async def test_a_session_ended_elsewhere_disappears_from_the_screen(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        session = seat.app.session
        assert session is not None
        seat.app.desk.sign_in.sign_out(session.sid, "ended by the admin")
        seat.app.sentinel.pulse()
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        assert "Your session has ended. Sign in again." in together(seat.lines())
        assert "My open cases" not in seat.text()


async def test_the_help_of_the_lock_gives_the_lock_back(sit_down: SitDown) -> None:
    async with sit_down(BOTH[0]) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+l")
        await seat.press("f1")
        assert "Help" in seat.text()
        await seat.press("escape")
        account = next(each for each in seat.demo.accounts if each.role == Role.SUPPORT)
        await seat.paste(account.password, "enter")
        assert "My open cases" in seat.text()


@pytest.mark.parametrize("size", BOTH)
async def test_the_lock_takes_everything_away_and_the_password_gives_the_desk_back(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        record = seat.desk_screen
        assert isinstance(record, RecordScreen)
        await seat.press("ctrl+l")
        assert "Locked" in seat.text()
        assert not record.is_attached
        assert ("session.locked", "ok") in seat.acts()

        await seat.type("something else", "enter")
        assert "✗" in seat.text()
        account = next(each for each in seat.demo.accounts if each.role == Role.SUPPORT)
        await seat.paste(account.password, "enter")
        assert "My open cases" in seat.text()
        assert seat.app.session is not None
        assert seat.app.session.purpose is None
