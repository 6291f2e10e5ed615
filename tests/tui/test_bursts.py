"""In a real terminal: a burst of keys, as a paste or a slow line brings it, is typed where it was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from tests.tui.terminal import Terminal, desk_in_terminal

_NEW_CASE = "\x0e"


@pytest.fixture
def accounts(home: Home, company: Demo, tmp_path: Path) -> Path:
    return _listed(home, company, tmp_path, demo=True)


@pytest.fixture
def no_accounts(home: Home, company: Demo, tmp_path: Path) -> Path:
    return _listed(home, company, tmp_path, demo=False)


def _listed(home: Home, company: Demo, folder: Path, *, demo: bool) -> Path:
    file = folder / "accounts.json"
    listed = [{"user": each.user, "role": each.role.value, "password": each.password} for each in company.accounts]
    file.write_text(json.dumps({"home": str(home.config.parent), "accounts": listed if demo else []}))
    return file


def test_a_password_typed_in_one_burst_behind_the_user_name_does_not_land_beside_it(
    no_accounts: Path, company: Demo
) -> None:
    account = next(each for each in company.accounts if each.role == "admin")
    with desk_in_terminal(str(no_accounts)) as tty:
        tty.wait_for("User name")
        for _ in range(5):
            tty.send(f"{account.user}\r{account.password[:8]}")
            tty.wait_for("•" * 8)
            assert account.password[:4] not in tty.text()
            tty.send("\x15\x1b[Z\x15")  # back to an empty form
            _gone(tty, account.user)
        tty.send(f"{account.user}\r{account.password}\r")
        tty.wait_for("Reading the log is itself an entry.")


def _gone(tty: Terminal, text: str) -> None:
    for _ in range(100):
        tty.read(0.05)
        if text not in tty.text():
            return
    raise AssertionError(tty.text())


def test_what_is_typed_behind_the_key_of_a_dialog_is_in_the_dialog(accounts: Path) -> None:
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases", "C-2026-")
        for n in range(10):
            tty.send(f"{_NEW_CASE}Movie{n}\tZephyrine")
            tty.wait_for(f"Movie{n}", "Zephyrine")
            tty.send("\x1b")
            _gone(tty, "Zephyrine")
        tty.send("pC-2026-0777")
        tty.wait_for("Why do you look?", "C-2026-0777")
        tty.send("\x1b")
        _gone(tty, "Why do you look?")
        tty.send("S")
        tty.wait_for("Type a name")
        for n in range(5):
            tty.send(f"{_NEW_CASE}other: Movie{n}\rnord{n}")
            tty.wait_for("Results", f"nord{n} ")
            tty.send("\x7f" * 5)
            _gone(tty, f"nord{n} ")


def test_what_is_typed_behind_the_key_of_another_screen_is_in_its_box(accounts: Path) -> None:
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases", "C-2026-")
        for _ in range(5):
            tty.send("Snord pine")
            tty.wait_for("nord pine", "Nothing is read until you press Enter.")
            tty.send("\x1b")
            tty.wait_for("My open cases")
