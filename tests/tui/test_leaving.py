"""Every way out of the desk leaves a last entry and a clean terminal, in whatever state somebody left it."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from staffdesk.services.home import Home
from tests import demos
from tests.data.lock_holder import another_desk_holds_the_lock
from tests.databases import Place
from tests.tui.conftest import listed
from tests.tui.terminal import Terminal, desk_in_terminal

NO_MODE_OF_A_DESK = {1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048}
"""Mouse, focus, the other screen, pasting, held frames and sizes as keys."""


def _at_sign_in(_tty: Terminal) -> None:
    """Nobody has signed in."""


def on_a_record(tty: Terminal) -> None:
    tty.send("s")
    tty.wait_for("My open cases")
    tty.send("\r")
    tty.wait_for("Opened under")


def _in_a_dialog(tty: Terminal) -> None:
    on_a_record(tty)
    tty.send("d")
    tty.wait_for("Delete the data of customer")


def _locked(tty: Terminal) -> None:
    on_a_record(tty)
    tty.send("\x0c")
    tty.wait_for("Locked")


STATES: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "at the sign-in": (_at_sign_in, signal.SIGTERM),
    "a record open": (on_a_record, signal.SIGHUP),
    "a dialog open": (_in_a_dialog, signal.SIGQUIT),
    "locked": (_locked, signal.SIGTERM),
}


def left_clean(tty: Terminal) -> None:
    assert tty.cooked
    assert not tty.modes & NO_MODE_OF_A_DESK
    assert tty.modes >= {7, 25}
    assert tty.written.count(b"\x1b[<u") >= tty.written.count(b"\x1b[>")


@pytest.mark.parametrize("state", STATES)
def test_a_signal_signs_out_and_leaves_the_terminal_as_it_was(accounts: Path, home: Home, state: str) -> None:
    arrive, number = STATES[state]
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        before = acts_in(_place(home))
        arrive(tty)
        tty.signal(number)
        tty.signal(number)
        assert tty.end() == 0
        left_clean(tty)
    acts = acts_in(_place(home))
    assert acts == before if state == "at the sign-in" else (acts[-1], acts.count("session.ended")) == (
        "session.ended", before.count("session.ended") + 1,
    )  # fmt: skip
    assert not (home.data / "incidents.log").exists()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[tuple[Path, Place]]:
    """A small company on PostgreSQL, and what ``desk_in_pty.py`` wants to know of it."""
    with demos.team(tmp_path / "team") as (demo, place):
        yield listed(demo, demo.home, tmp_path / "team.json"), place


@pytest.fixture
def alone(accounts: Path, home: Home) -> tuple[Path, Place]:
    return accounts, _place(home)


@pytest.mark.parametrize("where", ["alone", "team"])
def test_a_signal_while_a_service_is_asked_waits_for_the_log_and_signs_out(
    where: str, request: pytest.FixtureRequest
) -> None:
    accounts, place = request.getfixturevalue(where)
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        with another_desk_holds_the_lock(place):
            tty.send("R")
            tty.wait_for("Requests by due date")
            tty.signal(signal.SIGTERM)
            tty.read(0.4)
        assert tty.end() == 0
        left_clean(tty)
    acts = acts_in(place)
    # What was asked meanwhile may get its turn at the log after the sign-out, and is refused then.
    assert set(acts[acts.index("session.ended") + 1 :]) <= {"denied"}


@pytest.mark.parametrize("where", ["alone", "team"])
def test_a_signal_where_the_log_cannot_be_written_says_so_and_leaves_too(
    where: str, request: pytest.FixtureRequest
) -> None:
    accounts, place = request.getfixturevalue(where)
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        with place.owner() as owner:
            owner.exec_driver_sql("ALTER TABLE entry RENAME TO entry_gone")
        tty.signal(signal.SIGTERM)
        assert tty.end(20) == 1
        left_clean(tty)
        assert "The session ends by itself." in " ".join(tty.text().split())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that takes nothing")
def test_a_desk_whose_last_words_are_not_taken_leaves_clean_with_a_code(accounts: Path, home: Home) -> None:
    """Seen to fail: with the words printed as any others are, which was a crash."""
    with desk_in_terminal(str(accounts), "mute") as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        shutil.rmtree(home.checkpoints, ignore_errors=True)
        home.checkpoints.touch()
        tty.send("\x11")
        assert tty.end() == 1
        left_clean(tty)
        assert b"Traceback" not in tty.written
    assert acts_in(_place(home))[-1] == "session.ended"
    assert not (home.data / "incidents.log").exists()


def test_a_terminal_that_is_gone_ends_the_process_and_the_session(accounts: Path, home: Home) -> None:
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        on_a_record(tty)
        desk = tty.below()
        tty.hang_up()
        tty.end(20)
        desk.wait(20)
    assert acts_in(_place(home))[-1] == "session.ended"


@pytest.mark.parametrize("slept", [True, False], ids=["longer than the lock", "for a moment"])
def test_a_desk_that_was_stopped_shows_no_data_until_it_knows_how_long(accounts: Path, slept: bool) -> None:
    with desk_in_terminal(str(accounts), "asleep" if slept else "none") as tty:
        tty.wait_for("one key signs in")
        on_a_record(tty)
        tty.wait_until(lambda: not tty.lines()[0].startswith(" staffdesk"), "the name on the first line")
        name = tty.lines()[0].split()[0]
        if slept:
            _leave_unread(tty)
        tty.below().suspend()
        _until(lambda: name not in tty.text(), tty)
        if slept:
            Path(f"{accounts}.slept").touch()
        stood = len(tty.written)
        tty.below().resume()
        tty.wait_for("Locked" if slept else "1 Person")
        if slept:
            assert name.encode() not in tty.written[stood:]
        else:
            assert name in tty.lines()[0]
        tty.send("\x11\r")
        assert tty.end() == 0
        left_clean(tty)


def _leave_unread(tty: Terminal) -> None:
    """Let frames wait for a terminal that reads nothing for a while."""
    for n in range(60):
        tty.resize(160 + n % 2, 48)
        time.sleep(0.04)


def _until(holds: Callable[[], bool], tty: Terminal) -> None:
    until = time.monotonic() + 60
    while not holds():
        tty.read()
        assert time.monotonic() < until, tty.text()


def _place(home: Home) -> Place:
    return Place("sqlite", path=home.database_file, key=home.read_key())


def acts_of(home: Home) -> list[str]:
    """Return the acts in the log of a home, oldest first."""
    return acts_in(_place(home))


def acts_in(place: Place) -> list[str]:
    with place.owner() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql("SELECT act FROM entry ORDER BY seq").all()]
