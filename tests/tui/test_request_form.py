"""A request started from the record: its number and both due dates, and where the answer goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.data.maintenance import sqlite_owner
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, SMALL, Seat, together


@pytest.mark.parametrize(("key", "what"), [("e", "rectify"), ("d", "erase")])
@pytest.mark.parametrize("size", BOTH)
async def test_a_request_is_started_from_the_record_with_a_number_and_both_due_dates(
    sit_down: SitDown, size: tuple[int, int], key: str, what: str
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        assert seat.app.session is not None
        assert seat.app.session.case is not None
        seat.app.session.call.case = replace(seat.app.session.case, channel="email")
        await seat.press(key)
        assert any("It came by" in line and "e-mail" in line for line in seat.lines())
        assert "Due " in seat.text()
        if key == "e":
            await seat.type("the name is misspelt")
        before = seat.newest
        await seat.press("enter")
        assert "asked by customer" in seat.text()
        assert seat.newest == before
        await seat.press("enter")
        shown = together(seat.lines())
        assert "✓ DSR-" in shown
        assert "is registered, due " in shown
        entry = seat.entries()[-1]
        assert (entry.act, entry.out, what in entry.kinds) == ("request.received", "ok", True)
        assert "asked · DSR-" in seat.text()


@pytest.mark.parametrize("size", BOTH)
async def test_the_answer_goes_to_the_address_that_was_given_for_it(sit_down: SitDown, size: tuple[int, int]) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("enter", "d", "tab")
        assert "Answer to" in seat.text()
        await seat.type("Postbus 7, 9000 Gent", "enter", "enter")
        assert "✓ DSR-" in together(seat.lines())
        assert _reply_address(seat) == "Postbus 7, 9000 Gent"


async def test_somebody_of_whom_no_address_is_held_can_have_a_deletion_started(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
            columns = ("email", "phone", "street", "postal_code", "city", "region", "country")
            connection.exec_driver_sql(f"UPDATE person SET {', '.join(f'{each} = NULL' for each in columns)}")
        await seat.sign_in("support")
        await seat.press("enter", "d")
        await seat.press("enter", "enter")
        assert "There is no address to answer to." in together(seat.lines())
        await seat.press("tab")
        await seat.type("by post", "enter", "enter")
        assert "An answer cannot be sent to this." in together(seat.lines())
        await seat.press(*["backspace"] * 7)
        await seat.type("Postbus 7, 9000 Gent", "enter", "enter")
        assert "✓ DSR-" in together(seat.lines())
        assert _reply_address(seat) == "Postbus 7, 9000 Gent"


def _reply_address(seat: Seat) -> str:
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as connection:
        newest = "SELECT reply_address FROM request ORDER BY id DESC LIMIT 1"
        return str(connection.exec_driver_sql(newest).scalar_one())
