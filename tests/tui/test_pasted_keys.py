"""What is pasted where no field has the focus is no command, also where it comes as keys, without brackets round it.

Seen to fail, each with its part of the rule taken out: with every key of a read taken as a command, with a question
answered by an Enter that came with its key, with an Enter that sends a form opened by the same read, with the keys of
the next read taken for a person's, with a key that is held down taken for a paste, and with a terminal's
answer handed on.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._parser import Parser
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.at_once import LINGERS, AtOnce, at_once_in, but_answers
from staffdesk.tui.commands import COMMANDS
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, record_of, together
from tests.tui.terminal import desk_in_terminal

_SAID = "! That was pasted: no key acted. S goes to the search box: paste there."
_READ_AS = "ad2e264cf4a604743277bc5e128593a119df763c183d82f048da1d857b0ffa2c"
"""The lines of the framework that were read when its reading thread was replaced."""
_UNSENT = "! An Enter among keys that come at once answers nothing. Look it over, then press Enter."


def _keys(text: str) -> list[events.Key]:
    named = {"\r": "enter", "\t": "tab", "\n": "ctrl+j", "/": "slash", "-": "minus", "@": "at", " ": "space"}
    return [events.Key(named.get(each, each), each) for each in text]


async def _read(seat: Seat, text: str) -> None:
    """Bring these keys as one read of the terminal does."""
    for message in at_once_in(_keys(text)):
        seat.app.post_message(message)
    await seat.settle()


@pytest.mark.parametrize(
    "pasted",
    ["u\r", "u\rxm", "xylophone\r", "mail from Jan\r", "Margot Dupont\r", "abbott@example.org", "\ru\r", "42 7"],
)
async def test_what_is_pasted_on_a_record_or_a_list_does_nothing_there(sit_down: SitDown, pasted: str) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        customer = record_of(seat).customer
        before = seat.newest
        await _read(seat, pasted)
        assert seat.acts(before) == []
        assert record_of(seat).customer == customer
        assert "! " in together(seat.lines())
        await seat.press("escape", "escape", "C")
        before = seat.newest
        await _read(seat, pasted)
        assert not any(act.startswith(("case.", "customer.ch", "request.")) for act, _ in seat.acts(before))


async def test_it_is_said_where_to_paste_and_a_paste_in_brackets_says_the_same(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await _read(seat, "Margot Dupont\r")
        assert _SAID in together(seat.lines())
        await seat.press("down")
        assert "pasted" not in seat.text()
        await seat.paste("Margot Dupont")
        assert _SAID in together(seat.lines())
        await seat.pilot.pause(2 * LINGERS)
        await seat.press("S")
        await _read(seat, "Margot Dupont")
        assert seat.desk_screen.query_one(Field).value == "Margot Dupont"


async def test_a_paste_of_several_reads_is_one_and_a_key_pressed_later_is_a_key(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        before = seat.newest
        seat.app.post_message(AtOnce(_keys("Margot Dupont\rx")))
        for key in _keys("S"):  # one more read, of one letter
            seat.app.post_message(key)
        await seat.settle()
        assert not seat.desk_screen.query(Field)
        assert seat.acts(before) == []
        await seat.pilot.pause(0.15)
        await seat.press("S")
        assert seat.desk_screen.query_one(Field).has_focus


async def test_what_a_person_types_ahead_on_a_slow_line_is_typed(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await _read(seat, "Snord pine")
        assert seat.desk_screen.query_one(Field).value == "nord pine"
        await seat.press("escape")
        await _read(seat, "pC-2026-0777")
        assert isinstance(seat.screen, PurposeDialog)
        await seat.press("escape", "C", "enter", "S")
        await _read(seat, "gmbh\r")
        assert seat.desk_screen.query_one(Rows).count > 1
        await _read(seat, "jjj\r")
        assert record_of(seat).customer


async def test_what_is_typed_ahead_into_a_form_is_not_sent_by_the_enter_behind_it(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        before = seat.newest
        await _read(seat, "nord\rx")
        assert isinstance(seat.screen, NewCaseDialog)
        assert _UNSENT in together(seat.lines())
        assert seat.acts(before) == []


def test_every_letter_that_is_a_command_is_covered() -> None:
    """A key that types but is named otherwise would go past the rule as a key that is no text."""
    for command in COMMANDS:
        for key in command.keys:
            if len(key) == 1:
                assert isinstance(next(at_once_in(_keys(f"{key}!"))), AtOnce)


@given(st.text(min_size=2), st.booleans())
def test_the_keys_of_a_read_all_come_once_and_in_their_order(text: str, moves: bool) -> None:
    read: list[Message] = [
        *_keys(text),
        *([events.MouseMove(None, 1, 1, 0, 0, 0, False, False, False)] if moves else ()),
    ]
    came = _taken_apart(list(at_once_in(read)))
    assert came == read


def _taken_apart(messages: Sequence[Message]) -> list[Message]:
    return [each for message in messages for each in (message.keys if isinstance(message, AtOnce) else (message,))]


def test_a_key_that_is_held_down_is_no_paste() -> None:
    assert list(map(type, at_once_in(_keys("jjjjjjjjjjjjjjjjjjjj")))) == [events.Key] * 20


@pytest.mark.parametrize(
    ("came", "keys"),
    [
        ("\x1b]11;rgb:dddd/eeee/uuuu\x07", []), ("\x1b]52;c;ZGVsZXRl\x07", []), ("\x1b[?62;1;2c", []), ("\x1b[?0u", []),
        ("\x1bP1$r0\x07", []), ("\x1b_xdu\x07", []), ("\x1b^xdu", []), ("\x1bXxdu", []), ("\x1b[8;24;80t", []),
        ("\x1b", ["escape"]), ("\x1bd", ["alt+d"]), ("\x1bO", ["alt+shift+o"]), ("\x1b[", ["left_square_bracket"]),
    ],
)  # fmt: skip
def test_what_a_terminal_answers_late_is_no_key(came: str, keys: list[str]) -> None:
    """Such as the colour of its background, which a shell asked for before: its letters opened screens and forms."""
    parser = XTermParser()
    assert list(parser.feed(came)) == []
    time.sleep(2 * ESCAPE_DELAY)
    assert [each.key for each in but_answers(parser.tick()) if isinstance(each, events.Key)] == keys


def test_bytes_without_brackets_on_a_record_in_a_terminal_stop_no_mail_and_close_no_case(
    home: Home, company: Demo, tmp_path: Path
) -> None:
    file = tmp_path / "accounts.json"
    listed = [{"user": each.user, "role": each.role.value, "password": each.password} for each in company.accounts]
    file.write_text(json.dumps({"home": str(home.config.parent), "accounts": listed}))
    pasted = "unsubscribe\ru\rx\rdone\rmargot.dupont@example.org\r" * 300  # 15 kB: several reads
    with desk_in_terminal(str(file)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases", "C-2026-")
        tty.send("\r")
        tty.wait_for("1 Person")
        tty.send(pasted)
        tty.wait_for("That was pasted: no key acted.", "1 Person")
        time.sleep(10 * LINGERS)
        tty.send("C")
        tty.wait_for("My open cases", "C-2026-")
        tty.send(pasted)
        tty.wait_for("That was pasted: no key acted.", "My open cases")
        time.sleep(10 * LINGERS)
        tty.send("jjkSnord")
        tty.wait_for("No match for “nord”.")
        tty.send("\x11\r")
        tty.end()


def test_the_framework_still_reads_keys_as_it_did_when_its_reading_was_replaced() -> None:
    """Seen to fail with a digest of other lines."""
    replaced: tuple[Callable[..., object], ...] = (
        LinuxDriver.run_input_thread, LinuxDriver._run_input_thread, LinuxDriver.disable_input,
        Driver.process_message, Parser.feed, Parser.tick,
    )  # fmt: skip
    digest = hashlib.sha256("".join(inspect.getsource(each) for each in replaced).encode()).hexdigest()
    assert digest == _READ_AS, (
        "This Textual reads keys otherwise. Look through staffdesk/tui/painting.py (_SlowLine.run_input_thread), which"
        f" takes the place of its reading, run the tests in a terminal, and then write here: {digest}"
    )
    assert "self._run_input_thread" in inspect.getsource(LinuxDriver.start_application_mode)
    assert "self.run_input_thread" in inspect.getsource(LinuxDriver._run_input_thread)
