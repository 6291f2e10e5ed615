"""Privacy goes through who stands twice, pair after pair, without leaving the list.

Seen to fail: with the pair left on the list once it was decided, and with the command offered to support.
"""

from __future__ import annotations

from staffdesk.tui.screens.pairs import PairsDialog
from staffdesk.tui.screens.requests import RequestsScreen
from tests import factories
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, together

ADA = {"given_name": "Ada", "family_name": "Holm", "email": "ada@home.example", "country": "BE"}


async def test_a_pair_is_compared_under_a_number_merged_and_gone_from_the_list(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        one, other, third = factories.put(seat.app.desk._database, *(factories.person(**ADA) for _ in range(3)))
        await seat.press("R")
        assert isinstance(seat.screen, RequestsScreen)
        assert "request.pairs" not in {each.id for each in seat.screen.commands()}
    async with sit_down(SMALL) as seat:
        await seat.sign_in("privacy")
        await seat.press("O", "R", "s")
        shown = together(seat.lines())
        assert "3 pairs" in shown
        assert all(str(number) in shown for number in (one, other, third))
        assert (seat.entries()[-1].act, seat.entries()[-1].n) == ("customer.listed", 3)
        await seat.press("enter")
        await seat.type("T-1182", "enter")
        assert [each.act for each in seat.entries()[-2:]] == ["customer.opened", "customer.opened"]
        await seat.press("m", "enter", "enter")
        assert isinstance(seat.screen, PairsDialog)
        assert seat.entries()[-1].act == "customer.merged"
        shown = together(seat.lines())
        assert "2 pairs" in shown
        assert "is put together with" in shown
        await seat.press("home", "enter", "t", "enter", "enter")
        assert "are two people" in together(seat.lines())
        await seat.press("escape", "s")
        assert "Ada Holm" not in together(seat.lines())
