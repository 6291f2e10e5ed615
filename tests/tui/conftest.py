"""The demo's company in a home of its own, and a person in front of a terminal on it.

``home``     a copy of the company for one test
``accounts`` what ``desk_in_pty.py`` wants to know of that home
``sit_down`` opens the terminal in a size: ``async with sit_down((80, 24)) as seat: await seat.press("s")``
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from tests import demos
from tests.tui.seat import Seat, seat_at

SizeOfWindow = tuple[int, int]
SitDown = Callable[[SizeOfWindow], AbstractAsyncContextManager[Seat]]


@pytest.fixture(autouse=True)
def brussels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Brussels")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def nobody_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be counted while a test types, but where it says that somebody pauses."""
    monkeypatch.setattr("staffdesk.tui.screens.search.typing_pause", lambda: 3600.0)


@pytest.fixture
def home(company: Demo, tmp_path: Path) -> Iterator[Home]:
    with demos.cheap_passwords():
        yield demos.copied(company, tmp_path / "home")


@pytest.fixture
def accounts(home: Home, company: Demo, tmp_path: Path) -> Path:
    return listed(company, home, tmp_path / "accounts.json")


def listed(demo: Demo, home: Home, file: Path) -> Path:
    """Write down for ``desk_in_pty.py`` where a demo's desk is and who signs in there."""
    each = [{"user": each.user, "role": each.role.value, "password": each.password} for each in demo.accounts]
    file.write_text(json.dumps({"home": str(home.config.parent), "accounts": each}), encoding="utf-8")
    return file


@pytest.fixture
def sit_down(company: Demo, home: Home) -> SitDown:
    @asynccontextmanager
    async def sit(size: SizeOfWindow) -> AsyncIterator[Seat]:
        async with seat_at(home, company, size) as seat:
            yield seat

    return sit
