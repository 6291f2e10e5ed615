"""The demo's company, made once a run for all tests and workers, and copied for each test that changes it."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home
from staffdesk.services.password_hashes import PasswordHashes
from tests import run_folder

PEOPLE: Final = 60
_SEED: Final = 7


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Hash in a millisecond what is hashed in this process: hundreds of tests sign in."""
    make = PasswordHashes.__init__
    costs, make.__defaults__ = make.__defaults__, (1, 8, 1)
    try:
        yield
    finally:
        make.__defaults__ = costs


def made() -> Demo:
    """Return the company of the run; its home is never changed."""
    kept = run_folder.folder() / "company.pickle"
    with run_folder.locked("company"):
        if not kept.exists():
            root = run_folder.folder() / "company"
            with cheap_passwords():
                demo = make_demo(Home.locate(root, os.environ), people=PEOPLE, seed=_SEED)
            kept.write_bytes(pickle.dumps(demo))
    found = pickle.loads(kept.read_bytes())  # noqa: S301 - written above, in a folder of this user's
    assert isinstance(found, Demo)
    return found


def copied(demo: Demo, root: Path) -> Home:
    """Return a copy of the company's home under ``root``."""
    shutil.copytree(demo.home.config.parent, root)
    return Home.locate(root, os.environ)
