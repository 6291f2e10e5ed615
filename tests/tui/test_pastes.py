"""What is pasted where it does not fit: a line takes it whole or not at all, a text takes its beginning; both say so.

Seen to fail: with nothing said, and with a line that takes what fits.
"""

from __future__ import annotations

import time

import pytest

from staffdesk.tui.screens.note import NoteDialog
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.paragraph import Paragraph
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, together

_MEGABYTE = "0123456789abcdef" * 65_536


@pytest.mark.parametrize(
    ("pasted", "taken", "said"),
    [
        (_MEGABYTE, "", "Not pasted: 1,048,576 characters, at most 200 fit here."),
        ("nord\npine", "nord", "Only the first line was pasted"),
        ("nord\r\n", "nord", ""),
        ("", "", ""),
        ("\n", "", ""),
    ],
)
async def test_a_search_box_takes_one_line_that_fits_and_says_what_it_did_not(
    sit_down: SitDown, pasted: str, taken: str, said: str
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        began = time.monotonic()
        await seat.paste(pasted)
        assert time.monotonic() - began < 5
        assert seat.desk_screen.query_one(Field).value == taken
        assert said in together(seat.lines())
        assert said or "pasted" not in seat.text()
        await seat.type("y")
        assert "pasted" not in seat.text()


async def test_a_note_takes_the_beginning_and_says_how_much_that_is(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("i", *"seat", "tab")
        began = time.monotonic()
        await seat.paste(_MEGABYTE)
        assert time.monotonic() - began < 5
        assert isinstance(seat.screen, NoteDialog)
        assert seat.screen.query_one(Paragraph).text == _MEGABYTE[:20_000]
        assert "Cut: of 1,048,576 characters pasted the first 20,000 fit." in together(seat.lines())
