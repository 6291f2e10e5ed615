"""Nothing a customer wrote acts: markup stands as it was written, control characters as badges, on every screen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from staffdesk.domain.access import Role
from staffdesk.domain.text import visible
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.search import SearchScreen
from tests.tui import stage
from tests.tui.seat import SMALL, shown
from tests.tui.stage import Stage, calm, put

MARKUP = (
    "[red]x[/red]", "[/]", "[/a", "[@click=app.quit]x[/]", "[bob@x.org]", "[$x]", "[b", "\\[x]", "[reverse]x",
    "[@click=app.leave()]Zo", "[link=file:///etc/passwd]x[/link]",
)  # fmt: skip
CONTROL = (
    "\x1b]52;c;RVZJTA==\x1b\\", "\x1b]0;PWNED\x07", "\x1b[2J\x1b[H", "\x9b2J", "\x90q\x9c", "a\x00b", "\x7f\x08\x0b",
    "\u202egnirts", "a\u2066b\u2069", "a\u200bb", "\ufeffx", "\U000e0041", "a\u2028b", "\x0e\x0f", "e" + "\u0301" * 300,
    "\ud800", "\x85",
)  # fmt: skip
_RAW = "".join(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0)])) + "\u202e\u2066\u2069\u200b\ufeff\U000e0041\u2028"


def _pairs(words: Sequence[str]) -> list[str]:
    """Return the words two by two: a record is laid out once for both."""
    return [" ".join(words[at : at + 2]) for at in range(0, len(words), 2)]


async def _panes(at: Stage, word: str) -> list[str]:
    """Open a record in which a customer wrote ``word`` wherever he could; return each pane, rows unfolded."""
    await put(at, RecordScreen(stage.record(word), stage.access()))
    panes = [shown(at.app)]
    for pane in ("2", "3", "4"):
        await at.pilot.press(pane, "enter")
        await calm(at.app, at.pilot)
        panes.append(shown(at.app))
    return panes


async def test_markup_in_a_record_is_shown_as_it_was_written(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT)
        for word in _pairs(MARKUP):
            person, licences, orders, cases = await _panes(at, word)
            assert f"Given name      {word}" in person
            assert f"Nordlys Post ApS {word}" in person
            assert f"MovieRecorder {word}" in licences
            assert f"MovieRecorder 4, {word}" in orders
            assert "activation refused" in cases
            for row in (3, 6, 9):
                await at.pilot.click(offset=(20, row))
            assert at.app.is_running, word
            assert at.app.session is not None, word
            await at.app.pop_screen()


async def test_a_control_character_in_a_record_is_a_badge(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT)
        for word in _pairs(CONTROL):
            panes = await _panes(at, word)
            assert f"Given name      {visible(word)}"[:41] in panes[0], ascii(word)
            assert not [char for char in "".join(panes).replace("\n", "") if char in _RAW], ascii(word)
            await at.app.pop_screen()


async def test_in_a_list_of_hits_too(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT).take(stage.cases()[0])
        screen = SearchScreen()
        await put(at, screen)
        for word in (*MARKUP, *CONTROL):
            screen.show("", stage.page(word), 12)
            await calm(at.app, at.pilot)
            text = shown(at.app)
            assert visible(word)[:15] in text, ascii(word)
            assert not [char for char in text.replace("\n", "") if char in _RAW], ascii(word)
            assert {len(line) for line in text.splitlines() if line.isascii()} <= {80}, ascii(word)


@pytest.mark.parametrize("text", ["[/a", "[red]x", "[@click=app.quit]x", "?:/-_+\\@"])
async def test_what_is_typed_into_the_search_box_is_text(home: Home, company: Demo, text: str) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT).take(stage.cases()[0])
        await put(at, SearchScreen())
        await at.pilot.press(*text, "enter")
        await calm(at.app, at.pilot)
        assert text in shown(at.app)
        assert at.app.is_running
