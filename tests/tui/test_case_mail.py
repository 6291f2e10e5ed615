"""A mail attached to a case by keys: dropped on the terminal, and kept in one's own words where its own may not be.

Seen to fail: with a path in quotes not found, and with a form that has no place for one's own words.
"""

from __future__ import annotations

from pathlib import Path

from tests.mails import mail, written
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, together


async def test_a_mail_that_is_dropped_on_the_terminal_is_attached(sit_down: SitDown, tmp_path: Path) -> None:
    file = written(tmp_path, "his mail.eml", mail("The red key does nothing.", message_id="<dropped@nordlys.example>"))
    async with sit_down(BOTH[0]) as seat:
        await seat.sign_in("support")
        await seat.press("m")
        await seat.paste(f"'{file}'", "enter")
        assert "mail from" in together(seat.lines())


async def test_of_a_mail_whose_words_may_not_be_held_ones_own_are_kept(sit_down: SitDown, tmp_path: Path) -> None:
    text = "Take 4111 1111 1111 1111."
    file = written(tmp_path, "card.eml", mail(text, message_id="<card@nordlys.example>"))
    async with sit_down(BOTH[0]) as seat:
        await seat.sign_in("support")
        await seat.press("m")
        await seat.paste(str(file), "enter")
        assert "card number" in together(seat.lines())
        await seat.press("tab", "tab")
        await seat.type("he wants to pay", "enter")
        assert "mail from" in together(seat.lines())
        await seat.press("enter", "4")
        assert "he wants to pay" in seat.text()
        assert "4111" not in seat.text()
