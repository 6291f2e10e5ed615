"""The policy on the screen: a clause unfolds below its line with rule, figures and tests, and folds up again.

Seen to fail: with the lines put anew without those that are unfolded, and with the place offered to every role.
"""

from __future__ import annotations

from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL


async def test_a_clause_unfolds_below_its_line_and_folds_up_again(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("auditor")
        await seat.press("E")
        assert seat.acts()[-1] == ("audit.evidence", "ok")
        assert "Told before anything" in seat.text()
        assert "Age of the policy" not in seat.text()
        await seat.press("end", "enter")
        assert "Says   The policy was last updated in October 2024." in seat.text()
        assert "tests/unit/test_parameters.py" in seat.text()
        assert seat.desk_screen.query_one("#clauses").has_focus
        await seat.press("enter")
        assert "Says" not in seat.text()


async def test_who_helps_and_sells_is_not_offered_it(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        before = seat.newest
        await seat.press("E")
        assert "My open cases" in seat.text()
        assert seat.newest == before
