"""One word out of a few: what a letter chooses, and what a word does that somebody types out.

Seen to fail: with each letter of a word that is typed taken for a choice of its own, and with words meant for another
field left to choose whatever begins with one of their letters.
"""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from staffdesk.tui.widgets.choice import Choice

_WORDS = ("Proof arrived", "Other", "Passport", "Search", "Reply", "Ask again")


class _Desk(App[None]):
    def compose(self) -> ComposeResult:
        yield Choice(_WORDS)


async def test_a_letter_leads_to_the_next_word_that_begins_with_it_and_round_again_and_to_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = _Desk()
    async with app.run_test() as pilot:
        choice = app.query_one(Choice)
        choice.focus()
        await pilot.press("p", "p")
        assert choice.value == "Proof arrived"
        with monkeypatch.context() as slowly:
            slowly.setattr("staffdesk.tui.widgets.choice._A_WORD", 0)
            for typed, chosen in (("p", "Passport"), ("s", "Search"), ("x", "Search"), ("P", "Proof arrived")):
                await pilot.press(typed)
                assert choice.value == chosen
        choice.choose("Other")
        await pilot.press(*"passport")
        assert choice.value == "Passport", "a word that is typed out leads to itself, not to a word of its last letter"


async def test_words_meant_for_another_field_choose_nothing_and_a_letter_says_what_stood_there() -> None:
    app = _Desk()
    async with app.run_test() as pilot:
        choice = app.query_one(Choice)
        choice.focus()
        await pilot.press("s")
        assert "Search" in str(choice.render())
        assert "(was Proof arrived)" in str(choice.render()), "one letter chooses, and it is seen"
        await pilot.press(*"end a proof")
        assert choice.value == "Proof arrived"
        assert "was" not in str(choice.render())
        await pilot.press("right")
        assert "was" not in str(choice.render()), "an arrow is pressed for nothing else"


async def test_arrows_stand_only_where_there_is_something_to_choose() -> None:
    for words, arrows in ((("support",), False), (("support", "sale"), True)):
        choice = Choice(words)

        class _One(App[None]):
            def compose(self, choice: Choice = choice) -> ComposeResult:
                yield choice

        async with _One().run_test():
            choice.focus()
            assert ("\u2190\u2192" in str(choice.render())) is arrows
