"""Without a key values are masked, then the desk locks; the key that wakes a locked desk does nothing else."""

from __future__ import annotations

import pytest
from textual import events

from staffdesk.audit.entry import FIELDS
from staffdesk.domain.access import Role
from staffdesk.services.audit_review import EntryDetail
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.log_rows import EntryRow
from staffdesk.tui.idle import now
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.record import RecordScreen
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.seat import LARGE, SMALL, Seat, record_of, stand_on_a_masked_value
from tests.tui.stage import calm, put


async def test_after_a_while_without_a_key_values_are_masked_and_come_back_with_the_next_key(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        record = record_of(seat)
        person = record.rows("person")[0]
        name = person.text("family_name")
        assert name in seat.text()
        told = [each.text("list_name") for each in record.rows("subscription")]
        assert told
        assert all(each in seat.text() for each in told)
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
        seat.app.sentinel.tick()
        await seat.settle()
        assert name not in seat.text()
        assert not any(each in seat.text() for each in told), "that he gets news is told of him too"
        assert f"customer {record.customer}" in seat.lines()[0]
        monkeypatch.undo()
        await seat.press("down")
        assert name in seat.text()


async def test_where_nothing_is_hidden_nothing_is_said_to_be(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: with the words for hidden values on every screen."""
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        before = seat.lines()
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
        seat.app.sentinel.tick()
        await seat.settle()
        assert seat.lines() == before
        monkeypatch.undo()
        await seat.press("S")
        await seat.type("dupont")
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
        seat.app.sentinel.tick()
        await seat.settle()
        assert "Masked for want of a key." in seat.text()
        assert "dupont" not in seat.text()


async def test_after_longer_without_a_key_the_desk_locks(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 901.0)
        seat.app.sentinel.tick()
        await seat.settle()
        assert "What was shown here is gone." in seat.text()
        assert ("session.locked", "ok") in seat.acts()


def _sleep(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let time pass without a key and without a tick of the clock, as a laptop does that sleeps."""
    later = now() + seconds
    monkeypatch.setattr("staffdesk.tui.idle.now", lambda: later)


@pytest.mark.parametrize("keys", ["S", "vS", "v"])
async def test_the_key_that_wakes_the_desk_after_a_long_sleep_locks_it_and_does_nothing_else(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        name = record_of(seat).rows("person")[0].text("family_name")
        await stand_on_a_masked_value(seat)
        before = seat.newest
        _sleep(monkeypatch, 3 * 3600)
        for key in keys:
            seat.app.post_message(events.Key(key, key))
        await seat.settle()
        assert "What was shown here is gone." in seat.text()
        assert name not in seat.text()
        assert seat.acts(before) == [("session.locked", "ok")]


async def test_the_key_after_a_short_sleep_finds_what_was_revealed_hidden_again(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await stand_on_a_masked_value(seat)
        await seat.press("v")
        assert "● shown" in seat.text()
        _sleep(monkeypatch, 301)
        await seat.press("down")
        assert "● shown" not in seat.text()
        assert record_of(seat).rows("person")[0].text("family_name") in seat.text()


async def _wait(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press no key for five minutes."""
    monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
    seat.app.sentinel.tick()
    await seat.settle()
    monkeypatch.undo()


async def test_what_was_typed_into_a_search_box_is_masked_and_comes_back(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("xyzzyplugh", "enter")
        assert "No match for “xyzzyplugh”." in seat.text()
        await _wait(seat, monkeypatch)
        assert "xyzzy" not in seat.text()
        await seat.press("shift+tab")
        assert "No match for “xyzzyplugh”." in seat.text()
        assert seat.text().count("xyzzyplugh") == 2


async def test_what_was_typed_into_a_new_case_is_masked_and_comes_back(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n", "tab")
        await seat.type("Zephyrine", "tab", "tab")
        await seat.type("asked for Quillfeather")
        await _wait(seat, monkeypatch)
        for word in ("Zephyrine", "Quillfeather"):
            assert word not in seat.text()
        await seat.press("tab")
        for word in ("Zephyrine", "Quillfeather"):
            assert word in seat.text()


async def test_what_was_typed_into_a_request_is_masked_with_the_record_beneath_and_comes_back(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        name = record_of(seat).rows("person")[0].text("family_name")
        await seat.press("e", "enter", "enter")
        await seat.type("the name is Quillfeather")
        assert name in seat.text()
        await _wait(seat, monkeypatch)
        assert "Quillfeather" not in seat.text()
        assert name not in seat.text()
        await seat.press("tab")
        assert "Quillfeather" in seat.text()
        assert name in seat.text()


async def test_what_staff_wrote_into_an_entry_is_masked_and_comes_back(
    home: Home, company: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        at.sign_in(Role.ADMIN)
        fields = {**dict.fromkeys(FIELDS), "seq": 7, "act": "customer.opened", "out": "ok"}
        row = EntryRow(7, fields, "anna", "C-2026-0412", (4711,))
        await put(at, EntryScreen(EntryDetail(row, {"reason": "Quillfeather asked"}, ())))
        assert "Quillfeather" in stage.text(at)
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
        at.app.sentinel.tick()
        await calm(at.app, at.pilot)
        assert "Quillfeather" not in stage.text(at)
        monkeypatch.undo()
        await at.pilot.press("down")
        await calm(at.app, at.pilot)
        assert "Quillfeather" in stage.text(at)


async def test_a_screen_that_comes_while_everything_is_masked_is_masked_too(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
        seat.app.sentinel.tick()
        await seat.app.push_screen(RecordScreen(stage.record("Zephyrine"), stage.access()))
        await seat.settle()
        assert "Zephyrine Bo" not in seat.text()
        assert "Given name      ••••••••" in seat.text()
        assert "customer 4711" in seat.lines()[0]
