"""Windows of any size, floods of keys and pastes that never end: nothing is lost, nothing leaks, one still gets out.

All of it under NO_COLOR, where no byte speaks of a colour; seen to fail with the framework's greys.
"""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.services.home import Home
from tests.tui.terminal import PROGRAM, desk_in_terminal, terminal
from tests.tui.test_leaving import left_clean

_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
_LOOKS = re.compile(rb"\x1b\[([\d;]*)m")
_QUARTER_OF_A_MEGABYTE = "0123456789abcdef" * 16_384


@pytest.fixture
def no_accounts(home: Home, tmp_path: Path) -> Path:
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps({"home": str(home.config.parent), "accounts": []}), encoding="utf-8")
    return file


def test_a_window_of_any_size_and_a_flood_of_text_lose_nothing(accounts: Path, home: Home) -> None:
    with terminal(PROGRAM, str(accounts), environ={"NO_COLOR": "1"}, preloaded=True) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        tty.send("S")
        tty.wait_for("/ Search")
        for width, height in ((1, 1), (500, 1000), (2, 500), (80, 24)):
            tty.resize(width, height)
            tty.read(0.4)
        tty.wait_for("/ Search")
        tty.send(f"{_PASTE}{_QUARTER_OF_A_MEGABYTE}{_PASTED}")
        tty.wait_for("Not pasted: 262,144 characters, at most 200 fit here.")
        tty.send("and goes on")
        tty.wait_for("and goes on")
        tty.send("x" * 400)
        tty.send(f"{_PASTE}\x1b]52;c;RVZJTA==\x07\x1b[2J")
        tty.read(0.5)
        tty.send("Q\x11")
        tty.read(0.5)
        assert "/ Search" in tty.text()
        tty.signal(signal.SIGTERM)
        assert tty.end() == 0
        left_clean(tty)
        assert b"]52;" not in tty.written
        said = {code for codes in _LOOKS.findall(tty.written) for code in codes.split(b";")}
        assert said <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"22", b"23", b"24", b"27"}
    with sqlite_owner(home.database_file, home.read_key()) as owner:
        assert owner.exec_driver_sql("SELECT act FROM entry ORDER BY seq DESC LIMIT 1").scalar_one() == "session.ended"
    assert not (home.data / "incidents.log").exists()


def test_what_is_pasted_into_a_password_neither_acts_nor_shows_nor_is_cut(no_accounts: Path) -> None:
    with desk_in_terminal(str(no_accounts)) as tty:
        tty.wait_for("User name")
        tty.send("anna\t")
        tty.send(f"{_PASTE}Zephyrine\x1b]52;c;RVZJTA==\x07\x1b[2J\x9b2J\x00\x7f\u202e{_PASTED}")
        tty.wait_for("•" * 25)
        tty.send("\x03\x18\x01\x15")  # copy, cut, to the start, all away
        tty.wait_until(lambda: "•" not in tty.text(), "an empty field")
        tty.send(f"{_PASTE}{_QUARTER_OF_A_MEGABYTE}{_PASTED}\r")
        tty.wait_for("✗ over 1,024 bytes: not taken")
        tty.send(f"\x15{_PASTE}one line\nanother{_PASTED}")
        tty.wait_for("•" * 8)
        tty.send("\x11")
        assert tty.end() == 0
        left_clean(tty)
        for never in (b"]52;", b"Zephyrine", b"RVZJTA", b"0123456789abcdef", b"one line", b"\x1b[2J\xc2"):
            assert never not in tty.written
