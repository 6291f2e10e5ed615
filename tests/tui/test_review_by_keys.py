"""A month reviewed to its certificate, key by key in a real terminal: an admin asks, the employee answers, he decides.

Seen to fail with an item that stays once it is signed off.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from staffdesk.audit.checkpoint import parse
from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.access import Relation
from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_database, open_desk
from staffdesk.services.sessions import day_in_brussels
from tests import demos
from tests.cli.conftest import Commands, built_once
from tests.services.reviewed_months import granted, opened, write
from tests.tui.terminal import Terminal, staffdesk_in_terminal

KEYS: Final = 31
"""How many keys it takes from the first screens to the certificate, both people's together; the two sentences apart."""

ANSWER: Final = "I opened my own record to see the new screen"
NOTE: Final = "nobody opens his own record, whatever the screen"
_DAY_MS: Final = 86_400_000
_MONTH_AGO: Final = 100
_JUDGED: Final = 45
"""Days ago: when the month was worked in, and a day after all its claims were judged, of a month that is over too."""
_ITEMS: Final = 8
_ENTER, _QUIT = "\r", "\x11"


class Seat:
    """Somebody at a terminal, whose keys are counted."""

    def __init__(self, tty: Terminal) -> None:
        self.tty = tty
        self.pressed = 0

    def press(self, key: str, *then: str, gone: str = "") -> None:
        """Press a key, and wait until what it leads to stands there."""
        self.tty.send(key)
        self.pressed += 1
        self.tty.wait_for(*then)
        if gone:
            self.tty.wait_until(lambda: gone not in self.tty.text(), f"{gone} to go")

    def write(self, sentence: str, *then: str) -> None:
        self.tty.send(sentence)
        self.press(_ENTER, *then)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    """Give the desk of a small firm whose support looked itself up in a month long over, which is filled in by now."""

    def capture() -> tuple[str, str]:
        read = capfd.readouterr()
        return read.out, read.err

    with demos.cheap_passwords(), built_once():
        root = tmp_path / "home"
        with monkeypatch.context() as patch:
            patch.setattr("time.time_ns", _days_ago(_MONTH_AGO))
            demo = make_demo(Home.locate(root, os.environ), people=3, seed=1)
        _worked(demo, monkeypatch)
        commands = Commands(demo, root, capture)
        assert commands.run("audit", "prune", "--clock-is-right").code == 0, "nobody worked for so long"
        assert commands.run("run-due").code == 0
        yield commands


def test_a_month_is_reviewed_to_its_certificate_key_by_key(desk: Commands) -> None:
    month = day_in_brussels(_ms(_MONTH_AGO)).isoformat()[:7]
    keys = 0
    with _seat(desk, "frank", f"review: {_ITEMS} to decide") as seat:
        seat.press("W", "Own record", f"{month} open: 7 of 7 left")
        seat.press(_ENTER, "Opened the record of himself", "customer.opened", "the employee was not asked yet")
        seat.press("a", "Ask anna about this?")
        seat.press(_ENTER, "anna is asked", "→ asked")
        keys += seat.pressed
    with _seat(desk, "anna", "asked about a look of yours") as seat:
        seat.press("I", "Asked about looks of yours", "Own record")
        seat.press(_ENTER, "why did you look?", "customer.opened")
        seat.write(ANSWER, "Answered; the admin goes on from here.", "Nothing is asked.")
        keys += seat.pressed
    # Two, where her look is among those that were drawn besides: one answer serves both items.
    with _seat(desk, "frank", f"review: {_ITEMS} to decide, ", " answered") as seat:
        seat.press("W", "! answered")
        seat.press(_ENTER, ANSWER)
        seat.press("d", "is this look justified?")
        seat.press("n", "Opens a breach")
        seat.press(_ENTER)
        seat.write(NOTE, "✗ not justified", "BR-", "the authority is to be told by")
        seat.press("n", "Break-glass", gone=NOTE)
        for left in range(_ITEMS - 1, 0, -1):
            seat.press("d", "The note may stay empty.")
            seat.press(_ENTER, *([] if left > 1 else ["Nothing is left to sign off."]), gone="is this look justified?")
            seat.tty.wait_for(": justified.")
        seat.press("m", "Months of the log", f"{month}  ", "✓ can be closed (x)")
        seat.press("x", f"Close {month} for good?")
        seat.press(_ENTER, f"Certificate of {month}", "justified 6, not justified 1, unclear 0", "BR-")
        keys += seat.pressed
    made = desk.run("audit", "review", "certificate", month, "--json", as_="grace").record
    assert (made["items"], made["closed_by"], made["own"]) == (7, "frank", 0)
    assert parse(str(made["checkpoint"]))[0].root.hex() == made["checkpoint_root"]
    assert keys == KEYS
    assert desk.run("audit", "verify").code == 0


def _worked(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let anna look herself up, break the glass once, and open six records; and one more, later."""
    with sqlite_owner(demo.home.database_file, demo.home.read_key()) as owner:
        anna = str(owner.exec_driver_sql("SELECT id FROM staff WHERE user_name = 'anna'").scalar_one())
        subject = str(owner.exec_driver_sql("SELECT aid FROM person ORDER BY id").scalars().first())
    looks = [opened(anna, subject, Relation.SELF), granted(anna, subject), *(opened(anna, f"s_{n}") for n in range(6))]
    database = open_database(demo.home)
    try:
        write(database, monkeypatch, _ms(_MONTH_AGO), looks)
        write(database, monkeypatch, _ms(_JUDGED), [opened(anna, "s_later")])
    finally:
        database.close()
    desk = open_desk(demo.home)
    desk.sealer.seal()
    desk.close()


def _ms(days: int) -> int:
    return time.time_ns() // 1_000_000 - days * _DAY_MS


def _days_ago(days: int) -> Callable[[], int]:
    really = time.time_ns
    return lambda: really() - days * _DAY_MS * 1_000_000


@contextmanager
def _seat(desk: Commands, user: str, *waits: str) -> Iterator[Seat]:
    """Sign in by hand, and out at the end; the first screen tells what waits."""
    with staffdesk_in_terminal("run", "--home", str(desk.root), size=(100, 34)) as tty:
        tty.wait_for("User name", "Everything you look at here is logged")
        tty.send(f"{user}\r")
        tty.read(0.3)
        tty.send(f"{desk.password(user)}\r")
        tty.wait_for(*waits)
        yield Seat(tty)
        tty.send(_QUIT)
        assert tty.end() == 0
