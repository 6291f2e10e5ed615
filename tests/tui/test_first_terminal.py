"""A first day on real orders: what two stores exported is found, opened, revealed, and a deletion started, in a real
terminal; then the admin finds exactly those entries.

It runs in tmux, as over SSH, where there is one; else in the pseudo-terminal alone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from staffdesk.services.demo import Demo
from tests.cli.conftest import TOLD, Commands, commands_on
from tests.services.store_files import real
from tests.tui.terminal import Terminal, terminal

ORDER: Final = "FUR171013-2389-33111B"
_CLEAR: Final = "\x15"
_NEW_CASE, _QUIT, _ESCAPE = "\x0e", "\x11\r", "\x1b"


@pytest.fixture
def desk(company: Demo, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    with commands_on(company, tmp_path / "home", capfd) as commands:
        yield commands


@pytest.mark.long
def test_a_call_about_real_orders_and_the_admin_who_reviews_it(desk: Commands, tmp_path: Path) -> None:
    for store in ("fastspring", "shopify"):
        files = map(str, real(store))
        assert desk.run("import", store, *files, "--test-orders", *TOLD, as_="david").code == 0

    with _seat(desk, "anna", tmp_path) as tty:
        tty.wait_for("My open cases")
        tty.send("S")
        tty.wait_for("Nothing is read until you press Enter.")
        tty.send(f"{ORDER[:-1]}x\x7f{ORDER[-1]}")  # at once, as a slow line brings them
        tty.wait_for(ORDER)
        tty.send(_NEW_CASE)
        tty.wait_for("Recognised by")
        tty.send("caption\r")
        tty.wait_for("is in hand")
        case = _found(r"C-2026-\d{4}", tty)
        _look(tty, "", f"order      {ORDER}")
        tty.send("\r")
        tty.wait_for(f"{case} names nobody yet", "Leeroy Jenkins II", "! same account, other name")
        assert "ne1@all.com" not in tty.text()
        tty.send(_ESCAPE)
        tty.wait_for("Results")
        for text, hit in (
            ("indochina", "Marcellus Walrus"),
            ("ne1@all.com", "3 found"),
            ("bob.norman@hostmail.com", "Bob Norman"),
        ):
            _look(tty, f"/{_CLEAR}{text}", hit)
        tty.send("\r")
        tty.wait_for(f"{case} names nobody yet", "Bob Norman", "•••07")
        assert "6136120707" not in tty.text()
        tty.send("jjjjv")
        tty.wait_for("+16136120707", "● shown")
        tty.send("d")
        tty.wait_for("Delete the data of customer")
        customer = int(_found(r"Delete the data of customer (\d+)", tty))
        tty.send("\r")
        tty.wait_for("Deletion asked by customer")
        tty.send("\r")
        tty.wait_for("is registered, due ")
        request = _found(r"DSR-2026-\d{4}", tty)
        tty.wait_for(f"! Deletion asked · {request}")
        tty.send(_QUIT)
        assert tty.end() == 0

    with _seat(desk, "frank", tmp_path) as tty:
        tty.wait_for("Entries", "newest first")
        for words, acts in {
            f"whom:{customer} act:customer.revealed": ["customer.revealed"],
            f"whom:{customer} act:request.received": ["request.received", "request.received intent"],
            f"whom:{customer} who:anna act:customer.opened": ["customer.opened"],
            "who:anna act:case.opened": ["case.opened", "case.opened intent"],
            "who:anna act:customer.search": ["customer.search"] * 4,
        }.items():
            tty.send(f"f{_CLEAR}{words}\r")
            tty.wait_for(words, f"newest first · {len(acts)} entr")
            tty.wait_until(partial(_shows, tty, acts), str(acts), seconds=20)
            assert "Bob" not in tty.text()
            assert "Leeroy" not in tty.text()
        tty.send(_QUIT)
        assert tty.end() == 0

    listed = [(row["act"], row["out"]) for row in reversed(desk.entries(who="anna"))]
    assert listed == [
        ("session.signed_in", "ok"),
        ("case.opened", "intent"), ("case.opened", "ok"),
        ("customer.search", "ok"), ("customer.listed", "ok"), ("customer.opened", "ok"),
        ("customer.search", "ok"), ("customer.listed", "ok"),
        ("customer.search", "ok"), ("customer.listed", "ok"),
        ("customer.search", "ok"), ("customer.listed", "ok"), ("customer.opened", "ok"),
        ("customer.revealed", "ok"),
        ("request.received", "intent"), ("request.received", "ok"),
        ("session.ended", "ok"),
    ]  # fmt: skip
    assert desk.run("audit", "verify").code == 0


@contextmanager
def _seat(desk: Commands, user: str, folder: Path) -> Iterator[Terminal]:
    """Open the terminal and sign in by hand."""
    tmux = ("tmux", "-S", str(folder / "tmux"), "-f", "/dev/null", "new-session")
    within = tmux if shutil.which("tmux") else ()
    with terminal("-m", "staffdesk", "run", "--home", str(desk.root), size=(120, 40), within=within) as tty:
        tty.wait_for("User name", "Everything you look at here is logged")
        tty.send(f"{user}\r")
        tty.read(0.3)
        tty.send(f"{desk.password(user)}\r")
        yield tty


def _look(tty: Terminal, typed: str, hit: str) -> None:
    tty.send(f"{typed}\r")
    tty.wait_for(hit, "Masked. Opening a row is logged with the number above.")


def _found(pattern: str, tty: Terminal) -> str:
    found = re.search(pattern, tty.text())
    assert found is not None, tty.text()
    return found[found.re.groups]


def _shows(tty: Terminal, acts: list[str]) -> bool:
    """Whether the list of entries shows these acts and no other, newest first."""
    return acts == re.findall(r"(?m)^│ [\d,]+ +[\d-]+ [\d:]+ +\w+ +([a-z]+\.[a-z_]+(?: intent)?)", tty.text())
