"""One word out of a few: what a letter chooses, and what a word does that somebody types out.

Seen to fail: with each letter of a word that is typed taken for a choice of its own.
"""

from __future__ import annotations

from textual.app import App, ComposeResult

from staffdesk.tui.widgets.choice import Choice

_WORDS = ("Proof arrived", "Other", "Passport", "Search", "Reply", "Ask again")


class _Desk(App[None]):
    def compose(self) -> ComposeResult:
        yield Choice(_WORDS)


async def test_a_letter_leads_to_the_next_word_that_begins_with_it_and_round_again_and_to_no_other() -> None:
    app = _Desk()
    async with app.run_test() as pilot:
        choice = app.query_one(Choice)
        choice.focus()
        for typed, chosen in (
            ("p", "Passport"), ("p", "Proof arrived"), ("s", "Search"), ("x", "Search"), ("P", "Proof arrived"),
        ):  # fmt: skip
            await pilot.press(typed)
            assert choice.value == chosen
        choice.choose("Other")
        await pilot.press(*"passport")
        assert choice.value == "Passport", "a word that is typed out leads to itself, not to a word of its last letter"


async def test_arrows_stand_only_where_there_is_something_to_choose() -> None:
    for words, arrows in ((("support",), False), (("support", "sale"), True)):
        choice = Choice(words)

        class _One(App[None]):
            def compose(self, choice: Choice = choice) -> ComposeResult:
                yield choice

        async with _One().run_test():
            choice.focus()
            assert ("\u2190\u2192" in str(choice.render())) is arrows
