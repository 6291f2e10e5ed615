"""What a slow line is asked to carry: bounds for a key and a page, in a real terminal; and who chooses calm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from staffdesk.domain.errors import Misconfigured
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.settings import read_settings, stated_calm
from staffdesk.tui.calm import choose, is_calm, typing_pause
from tests.bench.presses import MOST_BYTES, Kind
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, together
from tests.tui.terminal import Terminal, terminal

PROGRAM = str(Path(__file__).with_name("desk_in_pty.py"))
_SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}


@pytest.fixture
def accounts(home: Home, company: Demo, tmp_path: Path) -> Path:
    file = tmp_path / "accounts.json"
    listed = [{"user": each.user, "role": each.role.value, "password": each.password} for each in company.accounts]
    file.write_text(json.dumps({"home": str(home.config.parent), "accounts": listed}), encoding="utf-8")
    return file


def _cost(tty: Terminal, keys: str, *texts: str) -> int:
    """Return how many bytes are written for keys, until the terminal shows these texts and is quiet."""
    before = len(tty.written)
    tty.send(keys)
    tty.wait_for(*texts)
    while tty.read(0.3):
        pass
    return len(tty.written) - before


@pytest.mark.long
def test_over_a_slow_line_a_key_and_a_page_cost_little(accounts: Path) -> None:
    with terminal(PROGRAM, str(accounts), environ=_SSH, preloaded=True) as tty:
        tty.wait_for("one key signs in")
        pages = {"my cases": _cost(tty, "s", "My open cases", "C-2026-")}
        keys = {"down": _cost(tty, "\x1b[B"), "up": _cost(tty, "\x1b[A")}
        pages["record"] = _cost(tty, "\r", "1 Person", "Given name")
        keys |= {f"step {n}": _cost(tty, "\x1b[B") for n in range(4)}
        pages |= {f"pane {n}": _cost(tty, each) for n, each in enumerate("\t\t6521")}
        pages |= {"help": _cost(tty, "?", "Help"), "back": _cost(tty, "\x1b", "1 Person")}
        pages["search"] = _cost(tty, "S", "Type a name")
        keys |= {f"letter {each}": _cost(tty, each) for each in "ltd"}
        pages["results"] = _cost(tty, "\r", "found")
        keys |= {"row": _cost(tty, "\x1b[B"), "box": _cost(tty, "/"), "letter again": _cost(tty, "x", "No match")}
        pages |= {"commands": _cost(tty, "\x10", "Commands")}
        keys |= {f"letter {each} of a command": _cost(tty, each) for each in "ca\x7f"}
        pages |= {"back again": _cost(tty, "\x1b", "No match")}
        pages |= {"new case": _cost(tty, "\x0e", "New case"), "gone": _cost(tty, "\x1b", "No match")}
        idle = len(tty.written)
        tty.read(2.5)
        assert len(tty.written) == idle
    assert {name: cost for name, cost in keys.items() if cost > MOST_BYTES[Kind.KEY]} == {}
    assert {name: cost for name, cost in pages.items() if cost > MOST_BYTES[Kind.PAGE]} == {}
    assert max(cost for name, cost in pages.items() if name.startswith("pane")) < 2_000  # a pane is painted once


@pytest.mark.parametrize(
    ("environ", "calm"),
    [({}, False), (_SSH, True), ({**_SSH, "STAFFDESK_CALM": "0"}, False), ({"STAFFDESK_CALM": "1"}, True)],
    ids=["here", "ssh", "ssh-not", "chosen"],
)
def test_calm_is_what_was_chosen_and_else_what_came_over_ssh(environ: dict[str, str], calm: bool) -> None:
    assert is_calm(environ) is calm
    assert typing_pause(environ) == (0.3 if calm else 0.15)


def test_a_later_choice_of_nothing_leaves_the_one_that_was_made() -> None:
    environ = dict(_SSH)
    choose(environ, False)
    choose(environ, None)
    assert not is_calm(environ)


@pytest.mark.parametrize(("written", "stated"), [("true", True), ("false", False), ('"auto"', None)])
def test_the_settings_choose_calm_or_leave_it_to_the_line(home: Home, written: str, stated: bool | None) -> None:
    _set(home, lambda text: f"{text}\ncalm = {written}\n")
    assert stated_calm(home) is stated
    assert read_settings(home).calm == (stated if stated is not None else "auto")


def test_settings_that_say_nothing_of_calm_leave_it_to_the_line_and_another_word_is_refused(home: Home) -> None:
    assert stated_calm(home) is None
    _set(home, lambda text: f'{text}\ncalm = "very"\n')
    with pytest.raises(Misconfigured, match="calm"):
        stated_calm(home)
    with pytest.raises(Misconfigured, match="calm"):
        read_settings(home)


def _set(home: Home, change: Callable[[str], str]) -> None:
    home.settings_file.write_text(change(home.settings_file.read_text(encoding="utf-8")), encoding="utf-8")


async def test_over_ssh_one_is_told_once_of_the_colours_that_cost_less_and_takes_them(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: with the theme changed to the light one instead."""
    monkeypatch.setenv("SSH_CONNECTION", _SSH["SSH_CONNECTION"])
    monkeypatch.delenv("STAFFDESK_CALM", raising=False)
    hint = "On a slow line, Own colours (ctrl+p) sends less."
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        assert hint in together(seat.lines())
        assert not seat.app.native_ansi_color
        await seat.press("ctrl+p", *"own", "space", *"col", "enter")
        assert seat.app.native_ansi_color
        await seat.press("S", "f5")
        assert hint not in together(seat.lines())
        await seat.press("ctrl+p", *"own", "space", *"col", "enter")
        assert not seat.app.native_ansi_color
