"""A list whose last lines are words: the cursor stays on what can be chosen, and the words come into sight.

Seen to fail: with a step past the last line doing nothing; with a list that scrolled by the height it has while hidden.
"""

from __future__ import annotations

from functools import partial

from textual.app import App, ComposeResult

from staffdesk.tui.plain import fit, plain
from staffdesk.tui.widgets.rows import Line, Rows, words


class _Host(App[None]):
    CSS = "Rows { height: 4; overflow-x: hidden; }"

    def compose(self) -> ComposeResult:
        yield Rows()


async def test_beyond_the_last_line_the_words_come_into_sight_and_no_further() -> None:
    async with _Host().run_test(size=(30, 10)) as pilot:
        rows = pilot.app.query_one(Rows)
        lines = [Line(each, partial(fit, plain(each))) for each in "ab"]
        rows.put([*lines, *(words(plain(f"word {n}")) for n in range(6))])
        rows.focus()
        seen = []
        for _ in range(7):
            await pilot.press("down")
            seen.append((rows.current, round(rows.scroll_y)))
        assert seen == [("b", 0), ("b", 1), ("b", 2), ("b", 3), ("b", 4), ("b", 4), ("b", 4)]
        await pilot.press("up")
        assert (rows.current, round(rows.scroll_y)) == ("a", 0)
        await pilot.press("pagedown", "pagedown")
        assert (rows.current, round(rows.scroll_y)) == ("b", 3)


async def test_a_step_on_a_list_that_is_just_coming_back_scrolls_nothing_out_of_sight() -> None:
    async with _Host().run_test(size=(30, 10)) as pilot:
        rows = pilot.app.query_one(Rows)
        rows.put([Line(each, partial(fit, plain(each))) for each in "abcdefgh"])
        rows.focus()
        rows.display = False
        await pilot.pause()
        rows.display = True
        rows.go_to("c")
        await pilot.pause()
        assert (rows.current, round(rows.scroll_y)) == ("c", 0)
        rows.display = False
        rows.go_to("h")
        await pilot.pause()
        rows.display = True
        await pilot.pause()
        assert (rows.current, round(rows.scroll_y)) == ("h", 4)


async def test_no_line_is_asked_for_where_there_are_words_alone_and_a_key_finds_none() -> None:
    async with _Host().run_test(size=(30, 10)) as pilot:
        rows = pilot.app.query_one(Rows)
        rows.put([words(plain("Nothing matches."))])
        rows.focus()
        rows.go_to("")
        await pilot.press("down", "pageup", "end", "home", "enter")
        assert rows.current == ""
