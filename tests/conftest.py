"""Fixtures shared by all tests.

``home_kind``  "sqlite" or "postgres": a test that asks for it, or for one of the next two, runs on both
``place``      a fresh database with the schema and the head of the log in it; ``place.open()`` is one more desk on it,
               ``place.owner()`` a connection past the door
``database``   ``place`` opened, as one desk has it
``home``       the folders of a desk that does not exist yet
``office``      the services over ``place`` as one desk has them
``company``    the demo's company, made once a run and never changed
``postgres_url``  an empty PostgreSQL database, for ``init``
``migrated_once`` lets a desk begin, or be compared with a new one, without the migrations running each time
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import run_folder

if TYPE_CHECKING:
    from staffdesk.data.database import Database
    from staffdesk.services.demo import Demo
    from staffdesk.services.home import Home
    from tests.databases import Place
    from tests.services.offices import Office


settings.register_profile("suite", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("STAFFDESK_HYPOTHESIS", "suite"))


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(50_000, 20, 20)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a run in a shell's background, and each desk it would start
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        run_folder.begin()
        if config.option.basetemp is None:
            config.option.basetemp = run_folder.folder() / "tests"


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run_folder.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: begun last, one of them alone would keep all other workers waiting for minutes."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Look for garbage no more among the collected tests and what they import: that was a fifth of a run's work."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Leave pytest nothing to look through at the end: it looks for garbage five times."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=["sqlite", "postgres"])
def home_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(home_kind: str, tmp_path: Path) -> Iterator[Place]:
    from tests import databases  # noqa: PLC0415 - tests of pure rules need no data layer, and must run without it

    if home_kind == "sqlite":
        yield databases.fresh_sqlite(tmp_path)
        return
    with databases.fresh_postgres() as fresh:
        yield fresh


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture
def office(database: Database) -> Office:
    from tests.services.offices import Office  # noqa: PLC0415 - as above

    return Office(database)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    from staffdesk.services.home import Home  # noqa: PLC0415 - as above

    return Home.locate(tmp_path / "home", os.environ)


@pytest.fixture(scope="session")
def company() -> Demo:
    from tests import demos  # noqa: PLC0415 - as above

    return demos.made()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    from tests import databases  # noqa: PLC0415 - as above

    with databases.fresh_postgres(empty=True) as fresh:
        assert fresh.url is not None
        yield fresh.url


@pytest.fixture
def migrated_once() -> Iterator[None]:
    from tests import migrated_once as made  # noqa: PLC0415 - as above

    with made.migrated_once():
        yield
