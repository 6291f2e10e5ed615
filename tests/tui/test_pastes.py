"""What is pasted where it does not fit: a line takes it whole or not at all, a text takes its beginning; both say so.

A paste that comes as keys, from a terminal that puts no brackets round it, fills a line; the keys behind go no further.

Seen to fail: with nothing said, with a line that takes what fits, and with each key handed to a line that is full.
"""

from __future__ import annotations

import time

import pytest
from textual import events

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


async def test_a_paste_that_comes_as_keys_fills_the_line_which_says_so_and_is_soon_over(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    rang: list[str] = []
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        monkeypatch.setattr(seat.app, "bell", lambda: rang.append("ring"))
        for each in _MEGABYTE[:300]:
            seat.app.post_message(events.Key(each, each))
        await seat.settle()
        box = seat.desk_screen.query_one(Field)
        assert box.value == _MEGABYTE[:200]
        assert "No more fits: at most 200 characters here." in together(seat.lines())
        assert not rang
        assert seat.app.turns.in_vain(events.Key("a", "a"))
        assert not seat.app.turns.in_vain(events.Key("backspace", None))
        await seat.press("backspace", "z")
        assert box.value == _MEGABYTE[:199] + "z"
        assert "No more fits" not in seat.text()
        await seat.press("y")
        assert "No more fits" in seat.text()
