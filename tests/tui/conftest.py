"""The demo's company in a home of its own, and a person in front of a terminal on it.

``company``  one demo, made once a process and never changed
``home``     a copy of it for one test
``sit_down`` opens the terminal in a size: ``async with sit_down((80, 24)) as seat: await seat.press("s")``
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home
from tests.tui.seat import Seat, seat_at

SizeOfWindow = tuple[int, int]
SitDown = Callable[[SizeOfWindow], AbstractAsyncContextManager[Seat]]

PEOPLE = 40


@pytest.fixture(autouse=True)
def brussels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Brussels")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    root = tmp_path_factory.mktemp("company") / "home"
    return make_demo(Home.locate(root, {}), people=PEOPLE, seed=3)


@pytest.fixture
def home(company: Demo, tmp_path: Path) -> Home:
    root = tmp_path / "home"
    shutil.copytree(company.home.config.parent, root)
    return Home.locate(root, os.environ)


@pytest.fixture
def sit_down(company: Demo, home: Home) -> SitDown:
    @asynccontextmanager
    async def sit(size: SizeOfWindow) -> AsyncIterator[Seat]:
        async with seat_at(home, company, size) as seat:
            yield seat

    return sit
