"""A call from the case to the revealed value: what is shown, what is logged first, and what if it cannot be."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.classes import Exposure
from staffdesk.domain.records import Cell, Record
from staffdesk.tui.idle import now
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, LARGE, SMALL, Seat, together


def _record(seat: Seat) -> Record:
    screen = seat.desk_screen
    assert isinstance(screen, RecordScreen)
    return screen.record


def _masked(record: Record) -> Cell:
    """Return a value of the person's or of an activation's that this role may reveal."""
    return next(
        cell
        for rows in record.sections.values()
        for row in rows
        for cell in row.cells.values()
        if cell.revealable and cell.exposure is Exposure.MASKED
    )


async def _stand_on_a_masked_value(seat: Seat) -> None:
    cell = _masked(_record(seat))
    table, number, _ = cell.key.split(":")
    await seat.press({"person": "1", "activation": "2", "contact_report": "4"}[table])
    pane = seat.desk_screen.focused
    assert isinstance(pane, Rows)
    if table != "person":
        pane.go_to(f"{table}:{number}")
        await seat.press("enter")
    pane.go_to(cell.key)


@pytest.mark.parametrize("size", BOTH)
async def test_nothing_is_read_before_enter_and_the_first_search_asks_why(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        before = seat.newest
        await seat.type("anna@")
        assert seat.newest == before
        await seat.press("enter")
        assert "Why do you look?" in seat.text()
        assert seat.newest == before
        await seat.press("enter")
        assert [act for act, _ in seat.acts(before)][:2] == ["customer.search", "customer.listed"]


@pytest.mark.parametrize("size", BOTH)
async def test_a_case_in_hand_leads_to_its_customer_with_two_keys(sit_down: SitDown, size: tuple[int, int]) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        record = _record(seat)
        assert record.purpose == "support"
        assert record.reference in seat.lines()[0]
        assert "✓ verified" in seat.lines()[0] or "claimed" in seat.lines()[0]
        assert seat.acts()[-1] == ("customer.opened", "ok")


async def test_one_more_letter_is_asked_for_and_nothing_else_happens(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("an", "enter")
        assert "One more letter." in together(seat.lines())
        assert "Nothing is shown." in seat.text()


async def test_what_matches_nothing_says_so(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("xyzzyplugh", "enter")
        assert "No match for “xyzzyplugh”." in seat.text()


async def test_an_answer_that_comes_after_the_next_key_is_dropped(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        await seat.type("xyzzyplugh")
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            await seat.pilot.press("enter")
            await seat.pilot.press("z")
            connection.exec_driver_sql("ROLLBACK")
        await seat.settle()
        assert seat.acts()[-1] == ("customer.listed", "ok")
        assert "No match" not in seat.text()


@pytest.mark.parametrize("size", BOTH)
async def test_a_value_is_revealed_for_a_while_under_an_entry_of_its_own(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await _stand_on_a_masked_value(seat)
        before = seat.newest
        await seat.press("v")
        assert seat.acts(before) == [("customer.revealed", "ok")]
        assert "● shown" in seat.text()
        await seat.press("V")
        assert "● shown" not in seat.text()


async def test_a_shown_value_hides_again_when_its_time_is_over(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await _stand_on_a_masked_value(seat)
        await seat.press("v")
        assert "● shown" in seat.text()
        later = now() + 121
        monkeypatch.setattr("staffdesk.tui.record.sight.now", lambda: later)
        await seat.pilot.pause(1.2)
        assert "● shown" not in seat.text()


async def test_a_copy_goes_to_the_terminal_only_after_its_entry(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = seat.newest
        await seat.press("down", "y")
        assert seat.acts(before) == [("customer.copied", "ok")]
        assert "clipboard" in seat.text()


async def test_what_the_role_may_not_see_is_not_revealed_and_nothing_is_asked(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        pane = seat.desk_screen.focused
        assert isinstance(pane, Rows)
        street = next(
            cell.key for row in _record(seat).rows("person") for name, cell in row.cells.items() if name == "street"
        )
        pane.go_to(street)
        before = seat.newest
        await seat.press("v")
        assert seat.newest == before
        assert "support does not see this." in seat.text()


async def test_who_looked_is_read_on_demand_and_is_an_entry(sit_down: SitDown) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        before = seat.newest
        assert "reads who looked" in seat.text()
        await seat.press("w")
        assert seat.acts(before) == [("customer.history", "ok")]
        assert "opened" in seat.text()


@pytest.mark.parametrize(("key", "what"), [("e", "rectify"), ("d", "erase")])
@pytest.mark.parametrize("size", BOTH)
async def test_a_request_is_started_from_the_record_with_a_number_and_both_due_dates(
    sit_down: SitDown, size: tuple[int, int], key: str, what: str
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter", key)
        await seat.press("enter")
        await seat.type("the name is misspelt", "enter")
        before = seat.newest
        await seat.press("enter")
        assert "Choose yes" in seat.text()
        assert seat.newest == before
        await seat.press("y", "enter")
        shown = together(seat.lines())
        assert "✓ DSR-" in shown
        assert "Due " in shown
        assert "with the days identity takes" in shown
        entry = seat.entries()[-1]
        assert (entry.act, entry.out, what in entry.kinds) == ("request.received", "ok", True)
        await seat.press("enter")
        assert "asked · DSR-" in seat.text()


@pytest.mark.parametrize("size", BOTH)
async def test_a_case_is_started_in_one_line_while_something_is_being_typed(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        await seat.type("nord")
        await seat.press("ctrl+n")
        assert "New case" in seat.text()
        await seat.type("MovieRecorder", "tab")
        await seat.type("Anders Bo", "tab")
        await seat.press("c", "tab")
        await seat.type("activation refused", "enter")
        session = seat.app.session
        assert session is not None
        assert session.case is not None
        assert session.case.number in seat.lines()[0]
        assert session.purpose == "support"
        assert seat.desk_screen.query_one(Input).value == "nord"


async def test_ctrl_t_goes_between_two_calls(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+t")
        assert "There is no other case in hand." in seat.text()
        for product in ("First", "Second"):
            await seat.press("ctrl+n")
            await seat.type(product, "enter")
        session = seat.app.session
        assert session is not None
        assert session.case is not None
        second = session.case.number
        await seat.press("ctrl+t")
        assert session.reference != second
        await seat.press("ctrl+t")
        assert session.reference == second


async def test_a_case_is_closed_by_the_same_key_twice(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("x")
        assert "x once more closes" in seat.text()
        await seat.press("x")
        assert ("case.closed", "ok") in seat.acts()


async def test_after_a_while_without_a_key_values_are_masked_and_come_back_with_the_next_key(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        record = _record(seat)
        person = record.rows("person")[0]
        name = person.text("family_name")
        assert name in seat.text()
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 301.0)
        seat.app.sentinel.tick()
        await seat.settle()
        assert name not in seat.text()
        assert f"customer {record.customer}" in seat.lines()[0]
        monkeypatch.undo()
        await seat.press("down")
        assert name in seat.text()


async def test_after_longer_without_a_key_the_desk_locks(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        monkeypatch.setattr("staffdesk.tui.idle.IdleClock.seconds", lambda _clock: 901.0)
        seat.app.sentinel.tick()
        await seat.settle()
        assert "What was shown here is gone." in seat.text()
        assert ("session.locked", "ok") in seat.acts()


async def test_when_the_log_cannot_be_written_nothing_is_shown(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "S")
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            connection.exec_driver_sql("ALTER TABLE entry RENAME TO entry_gone")
        await seat.type("vision", "enter")
        assert "✗" in seat.text()
        assert "Nothing is shown." in seat.text()
        assert "✗ log" in seat.lines()[0]
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            connection.exec_driver_sql("ALTER TABLE entry_gone RENAME TO entry")
        await seat.press("escape", "S")
        assert "✗ log" not in seat.lines()[0]


async def test_a_window_too_small_says_which_size_is_needed(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.pilot.resize_terminal(48, 18)
        await seat.settle()
        assert "Make the window at least 60×20 (now 48×18)." in together(seat.lines())  # noqa: RUF001 - as it is shown
        await seat.pilot.resize_terminal(80, 24)
        await seat.settle()
        assert "Sign in" in seat.text()
