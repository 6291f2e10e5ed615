"""A password field gives its value once, to the screen that asks, and to nothing else."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.message import Message

from staffdesk.domain.passwords import rules
from staffdesk.tui.widgets.secret_input import SecretInput

PASSWORD = "quiet otters paint seven lighthouses"


class _Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Message] = []

    def compose(self) -> ComposeResult:
        yield SecretInput()

    def on_secret_input_entered(self, message: SecretInput.Entered) -> None:
        self.seen.append(message)


async def test_what_is_typed_is_given_once_and_then_gone() -> None:
    async with _Host().run_test() as pilot:
        field = pilot.app.query_one(SecretInput)
        field.focus()
        await pilot.press(*("space" if letter == " " else letter for letter in PASSWORD))
        await pilot.press("enter")
        assert field.take() == PASSWORD
        assert field.empty


async def test_no_message_no_representation_and_no_clipboard_ever_holds_it() -> None:
    app = _Host()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.focus()
        field.post_message(Paste(PASSWORD))
        await pilot.pause()
        await pilot.press("home", "shift+end", "ctrl+shift+a", "ctrl+c", "ctrl+x", "enter")
        assert app.clipboard == ""
        told = [repr(field), *map(repr, app.seen), *(repr(vars(each)) for each in app.seen)]
        assert len(app.seen) == 1
        assert not any(PASSWORD in each for each in told)
        assert field.take() == PASSWORD


async def test_only_dots_are_painted_and_a_paste_ends_at_its_first_line() -> None:
    app = _Host()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.focus()
        field.post_message(Paste("secret\nnext line"))
        await pilot.pause()
        line = str(field.render())
        assert line.strip() == "••••••"
        assert field.take() == "secret"


async def test_backspace_takes_one_back_ctrl_u_all() -> None:
    app = _Host()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.focus()
        await pilot.press("a", "b", "c", "backspace")
        assert field.take() == "ab"
        await pilot.press("a", "b", "ctrl+u", "d")
        assert field.take() == "d"


@pytest.mark.parametrize("longest", ["x" * 1024, "é" * 512, "e\u0301" * 512, "王" * 341])
async def test_whatever_the_service_takes_is_held(longest: str) -> None:
    assert rules().most_bytes == 1024
    app = _Host()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.focus()
        field.post_message(Paste(longest))
        await pilot.press("enter")
        assert len(app.seen) == 1
        assert field.take() == longest


@pytest.mark.parametrize("too_long", ["x" * 1025, "é" * 513, "王" * 342, "x" * 1_000_000])
async def test_what_is_longer_is_not_cut_but_refused_where_one_sees_it(too_long: str) -> None:
    app = _Host()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.focus()
        field.post_message(Paste(too_long))
        await pilot.press("enter")
        assert "✗ over 1,024 bytes: not taken" in str(field.render())
        assert app.seen == []
        field.post_message(Paste("secret"))
        await pilot.press("enter")
        assert "✗" not in str(field.render())
        assert len(app.seen) == 1
        assert field.take() == "secret"


async def test_one_character_too_many_is_refused_until_something_is_taken_back() -> None:
    app = _Host()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.focus()
        field.post_message(Paste("x" * 1024))
        await pilot.press("y", "enter")
        assert app.seen == []
        await pilot.press("backspace", "z", "enter")
        assert len(app.seen) == 1
        assert field.take() == "x" * 1023 + "z"
