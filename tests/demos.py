"""The demo's companies, each made once a run for all tests and workers, and copied for each test that changes it."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final
from unittest import mock

from argon2 import Parameters, Type

from staffdesk.services import sealed_box
from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.settings import read_settings
from tests import databases, run_folder
from tests.databases import Place

PEOPLE: Final = 60
_SEED: Final = 7
_FEW: Final = 3


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Hash in a millisecond what is hashed in this process: hundreds of tests sign in."""
    make = PasswordHashes.__init__
    costs, make.__defaults__ = make.__defaults__, (1, 8, 1)
    try:
        yield
    finally:
        make.__defaults__ = costs


@contextmanager
def cheap_seals() -> Iterator[None]:
    """Seal in a millisecond what this process seals under a passphrase; no other process opens it."""
    costs = Parameters(type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=8, parallelism=1)
    with mock.patch.object(sealed_box, "_COSTS", costs):
        yield


def made() -> Demo:
    """Return the company of the run; its home is never changed."""
    return _made("company", PEOPLE, _SEED)


def small() -> Demo:
    """Return a company as small as the team's, in the encrypted file; its home is never changed."""
    return _made("small", _FEW, 1)


@contextmanager
def team(root: Path) -> Iterator[tuple[Demo, Place]]:
    """Give a small company on the team's database: a copy of one made once a run, with its home under ``root``."""

    def fill(url: str) -> None:
        _made("team", _FEW, 1, url)

    with databases.copied_postgres("team", fill) as place:
        demo = _made("team", _FEW, 1)
        assert place.url is not None
        home = copied(demo, root)
        settings, kept = home.settings_file, read_settings(home).postgres_url
        assert kept is not None
        settings.write_text(settings.read_text(encoding="utf-8").replace(kept, place.url), encoding="utf-8")
        yield replace(demo, home=home), place


def _made(name: str, people: int, seed: int, url: str | None = None) -> Demo:
    kept = run_folder.folder() / f"{name}.pickle"
    with run_folder.locked(f"{name}-home"):
        if not kept.exists():
            root = run_folder.folder() / f"{name}-home"
            with cheap_passwords():
                demo = make_demo(Home.locate(root, os.environ), people=people, seed=seed, database_url=url)
            kept.write_bytes(pickle.dumps(demo))
    found = pickle.loads(kept.read_bytes())  # noqa: S301 - written above, in a folder of this user's
    assert isinstance(found, Demo)
    return found


def copied(demo: Demo, root: Path) -> Home:
    """Return a copy of the company's home under ``root``."""
    shutil.copytree(demo.home.config.parent, root)
    return Home.locate(root, os.environ)
