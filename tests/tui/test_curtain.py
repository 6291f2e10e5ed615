"""What waits for a slow terminal when the desk is locked, hidden or stopped is not painted after all.

Seen to fail: with every frame written whenever its turn comes, and with nothing taken back where the desk locks.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from staffdesk.domain.errors import SessionEnded, StorageUnavailable
from staffdesk.tui.curtain import Curtain, Painted, Paper
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat

_MORE_THAN_A_TERMINAL_HOLDS = 40_000


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """The two ends of a terminal: what reads, and what is written to."""
    there, here = os.openpty()
    yield there, here
    os.close(there)
    os.close(here)


def test_a_frame_that_waits_when_the_curtain_falls_is_not_written(ends: tuple[int, int]) -> None:
    there, here = ends
    curtain = Curtain()
    paper = Paper(curtain, here)
    paper.write("\x1b[?25l")
    paper.write(Painted("Zephyrine", curtain.fallen) + "\x1b[1;1H")
    curtain.fall()
    paper.write("\x1b[2J")
    paper.write(Painted("Locked", curtain.fallen))
    paper.flush()
    written = b""
    while not written.endswith(b"Locked"):  # a terminal hands over in pieces what was written in pieces
        written += os.read(there, 100)
    assert written == b"\x1b[?25l\x1b[2JLocked"


def test_a_frame_of_which_the_terminal_has_taken_a_part_is_broken_off(ends: tuple[int, int]) -> None:
    there, here = ends
    curtain = Curtain()
    paper = Paper(curtain, here)
    frame = Painted("Zephyrine" * _MORE_THAN_A_TERMINAL_HOLDS, curtain.fallen)

    def write() -> None:
        for text in (frame, Painted("Quillfeather", curtain.fallen), "\x1b[2J.", Painted("Locked!", (1, 0))):
            paper.write(text)
        paper.flush()

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.3)
    assert writer.is_alive()
    curtain.fall()
    written = b""
    while not written.endswith(b"!"):
        written += os.read(there, 65_536)
    writer.join()
    assert len(written) < len(frame)
    assert written.endswith(b"\x18\x1b[0m\x1b[2J.Locked!")


def _lock(seat: Seat) -> None:
    seat.app.action_lock()


def _end(seat: Seat) -> None:
    seat.app.session_over(SessionEnded("Your session has ended.", "Sign in again."))


def _lose(seat: Seat) -> None:
    seat.app.sentinel.trouble(StorageUnavailable("The database cannot be reached.", "Try again."))


@pytest.mark.parametrize("hide", [_lock, _end, _lose])
async def test_where_the_desk_locks_ends_or_hides_what_is_painted_is_taken_back(
    sit_down: SitDown, hide: Callable[[Seat], None]
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        begun = seat.app.curtain.fallen
        hide(seat)
        assert seat.app.curtain.hides(begun)
        await seat.settle()
