"""A mail that asks for deletion, with its card, answered key by key in a real terminal by an officer and an approver.

What is pressed is read off the screen: a value is turned to until it stands there. Seen to fail with the page read
again after an approval, which is not the approver's any more, and with a key more than is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.services.demo import Demo
from tests import mails
from tests.cli.conftest import Commands, commands_on
from tests.tui.terminal import Terminal, staffdesk_in_terminal

KEYS: Final = 45
_HAS_NO_TWIN: Final = 12
"""How many keys it takes from the board to the answer that is sent, both people's together; signing in apart."""

NUMBER: Final = "DSR-2026-0001"
_TAB, _RIGHT, _ENTER, _ESCAPE, _QUIT = "\t", "\x1b[C", "\r", "\x1b", "\x11"
_ARROWS: Final = "\u2190\u2192"
_MOST: Final = 12


@dataclass(slots=True)
class Seat:
    """Somebody at a terminal, whose keys are counted."""

    tty: Terminal
    pressed: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tty.send(key)
            self.pressed += 1

    def turn(self, label: str, value: str) -> None:
        """Turn the choice that has the focus, and stands after ``label``, until it says ``value``."""
        for _ in range(_MOST):
            before = self.said(label)
            if before.startswith(value):
                return
            self.press(_RIGHT)
            self.tty.wait_until(lambda said=before: self.said(label) != said, f"another {label}")  # type: ignore[misc]
        raise AssertionError(f"{label} {value} is not offered:\n{self.tty.text()}")

    def focus(self, label: str) -> None:
        """Go on by Tab until the arrows stand behind this choice."""
        for _ in range(_MOST):
            if self.said(label).endswith(_ARROWS):
                return
            self.press(_TAB)
            self.tty.read(0.3)
        raise AssertionError(f"{label} does not get the focus:\n{self.tty.text()}")

    def said(self, label: str) -> str:
        lines = (line.split(f"│ {label}  ", 1) for line in self.tty.lines() if f"│ {label}  " in line)
        return next((after.partition("\u2502")[0].strip() for _, after in lines), "")

    def move(self, title: str, *, letter: bool = False, then: str) -> None:
        """Make a move that asks nothing more."""
        self.begin(title)
        self.press(_ENTER)
        self.end(letter=letter, then=then)

    def begin(self, title: str) -> None:
        self.press("m")
        self.tty.wait_for("What is next for")
        self.turn("Move", title)

    def end(self, *, letter: bool = False, then: str) -> None:
        self.tty.wait_for("enter saves it" if letter else "Enter does it")
        self.press(_ENTER)
        self.tty.wait_for(f"{NUMBER} · Deletion · {then}")


@pytest.fixture
def desk(company: Demo, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    with commands_on(company, tmp_path / "home", capfd) as commands:
        yield commands


@pytest.mark.long
def test_a_deletion_is_answered_key_by_key_by_two_people(desk: Commands, tmp_path: Path) -> None:
    mail = mails.written(tmp_path, content=_asks_for_deletion(desk))
    assert desk.run("requests", "intake", str(mail), "--destroy", as_="david").code == 0
    keys = 0
    with _seat(desk, "david") as seat:
        _decided(seat)
        keys += seat.pressed
    with _seat(desk, "emma") as seat:
        seat.begin("Approve")
        seat.press(_ENTER)
        seat.tty.wait_for("Password")
        seat.tty.send(f"{desk.password('emma')}\r")
        seat.tty.wait_for("Requests by due date", f"{NUMBER}: carrying out", "No open requests.")
        keys += seat.pressed
    with _seat(desk, "david") as seat:
        _erased(seat)
        keys += seat.pressed
    page = desk.run("requests", "show", NUMBER, "--json", as_="david").record
    assert page["state"] == "completed"
    assert keys == KEYS
    assert desk.run("run-due", "--json").record["unfinished"] == 0
    assert desk.run("audit", "verify").code == 0
    assert mails.traces(tmp_path) == []


def _decided(seat: Seat) -> None:
    seat.begin("Proof came along")
    for label, value in (("Document", "Identity card"), ("It is", "masked")):
        seat.focus(label)
        seat.turn(label, value)
    seat.press(_ENTER)
    seat.end(letter=True, then="showing identity")
    seat.begin("Verified")
    seat.focus("Mailbox copy")
    seat.turn("Mailbox copy", "deleted")
    seat.press(_ENTER)
    seat.end(then="collecting")
    seat.press("k")
    seat.tty.wait_for("5 of 5 places")
    seat.turn("Everywhere", "nothing there")
    seat.press(_ENTER)
    seat.tty.wait_until(lambda: "places are not searched" not in seat.tty.text(), "the end of the search")
    seat.move("Decide", then="deciding")
    seat.move("Submit", then="approving")


def _erased(seat: Seat) -> None:
    seat.move("Erase", then="telling recipients")
    while f"{NUMBER} · Deletion · telling recipients" in seat.tty.text():
        seat.press("i")
        seat.tty.wait_for("Recipients of")
        if not seat.said("It").startswith("was told"):
            seat.focus("It")
            seat.turn("It", "was told")
        seat.press(_ENTER)
        seat.tty.wait_until(lambda: "Recipients of" not in seat.tty.text(), "the end of telling")
        seat.tty.read(0.5)
    seat.press("e")
    seat.tty.wait_for("enter saves it")
    seat.press(_ENTER)
    seat.tty.wait_for(f"{NUMBER} · Deletion · done")
    seat.press("l")
    seat.tty.wait_for(f"Certificate of {NUMBER}", "People erased: 1", "Sweep:")
    seat.press(_ESCAPE)


@contextmanager
def _seat(desk: Commands, user: str) -> Iterator[Seat]:
    """Open the terminal, sign in by hand, open the request from the board, and sign out at the end."""
    with staffdesk_in_terminal("run", "--home", str(desk.root), size=(100, 34)) as tty:
        tty.wait_for("User name", "Everything you look at here is logged")
        tty.send(f"{user}\r")
        tty.read(0.3)
        tty.send(f"{desk.password(user)}\r")
        tty.wait_for("Requests by due date", NUMBER)
        seat = Seat(tty)
        seat.press(_ENTER)
        tty.wait_for(f"{NUMBER} · Deletion", "Go on")
        yield seat
        tty.send(_QUIT)
        assert tty.end() == 0


def _asks_for_deletion(desk: Commands) -> bytes:
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        (email,) = owner.exec_driver_sql(f"SELECT email FROM person WHERE id = {_HAS_NO_TWIN}").one()
    text = "Hello,\n\nPlease delete my account and all my data.\n\nThank you for it,\nElodie"
    return mails.mail(text, sender=f"Elodie Dupont <{email}>", card=mails.CARD)
