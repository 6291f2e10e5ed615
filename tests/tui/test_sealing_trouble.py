"""A checkpoint that cannot be made is said: on every screen with a word, once as a sentence, and by the commands."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from staffdesk.cli.seat import seat as cli_seat
from staffdesk.domain.access import Role
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, Seat, together

_SENTENCE = "The checkpoint could not be copied outside the database."


def _break(folder: Path) -> None:
    """Put a file where the folder of checkpoints was."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.touch()


async def _seal(at: Seat) -> None:
    at.app.desk.sealer.seal_quietly()
    await at.press("S")
    await at.press("f5")


@pytest.mark.parametrize("size", BOTH)
async def test_the_terminal_shows_a_word_and_says_the_sentence_once(sit_down: SitDown, size: tuple[int, int]) -> None:
    async with sit_down(size) as at:
        await at.sign_in("support")
        assert "● log" in at.lines()[0]
        _break(at.home.checkpoints)
        await _seal(at)
        assert "! log unsealed" in at.lines()[0]
        assert _SENTENCE in together(at.lines())
        await at.press("S")
        await at.press("f5")
        assert "! log unsealed" in at.lines()[0]
        assert _SENTENCE not in together(at.lines())
        at.home.checkpoints.unlink()
        await _seal(at)
        assert "● log" in at.lines()[0]


async def test_it_is_said_beneath_a_dialog_too(sit_down: SitDown) -> None:
    async with sit_down(BOTH[0]) as at:
        await at.sign_in("support")
        _break(at.home.checkpoints)
        at.app.desk.sealer.seal_quietly()
        await at.press("ctrl+n")
        at.app.acted()
        await at.settle()
        assert "! log unsealed" in at.lines()[0]
        assert _SENTENCE in together(at.lines())


def test_a_command_says_it_when_it_ends(home: Home, company: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    account = next(each for each in company.accounts if each.role == Role.SUPPORT)
    _break(home.checkpoints)
    reading, writing = os.pipe()
    os.write(writing, f"{account.password}\n".encode())
    os.close(writing)
    with cli_seat(home.config.parent, account.user, reading):
        pass
    os.close(reading)
    assert _SENTENCE in capsys.readouterr().err
