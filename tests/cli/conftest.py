"""The demo's company in a home of its own, and a way to run commands in it as they are run from a shell.

``desk``  a copy of the company for one test: ``desk.run("search", "dupont", as_="anna", purpose="support")``
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

import pytest

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from tests import demos


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> object:
        return json.loads(self.out)

    @property
    def record(self) -> dict[str, object]:
        found = self.data
        assert isinstance(found, dict)
        return found

    @property
    def rows(self) -> list[dict[str, object]]:
        found = self.data
        assert isinstance(found, list)
        return found


@contextmanager
def open_with(lines: Sequence[str]) -> Iterator[int]:
    """Give a file descriptor from which these lines are read."""
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{line}\n" for line in lines).encode())
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


TOLD: Final = ("--source", "STORE_ACCOUNT", "--obtained", "2026-01-31", "--evidence", "the store's own export")
"""What is said of a store's file when it is imported."""


@dataclass(frozen=True)
class Commands:
    """A home with the demo in it."""

    demo: Demo
    root: Path
    capture: Callable[[], tuple[str, str]]

    @property
    def home(self) -> Home:
        return Home.locate(self.root, {})

    def password(self, user: str) -> str:
        return next(each.password for each in self.demo.accounts if each.user == user)

    def run(self, *arguments: str, as_: str | None = None, secrets: Sequence[str] | None = None, **options: str) -> Ran:
        """Run a command on this home; ``as_`` signs in, ``purpose="support"`` becomes ``--purpose support``."""
        from staffdesk.cli.guard import guarded  # noqa: PLC0415 - the tests of imports want it late

        given = [*arguments, "--home", str(self.root)]
        for name, value in options.items():
            given += [f"--{name.replace('_', '-')}", value]
        lines = list(secrets) if secrets is not None else [] if as_ is None else [self.password(as_)]
        if as_ is not None:
            given += ["--as", as_]
        self.capture()
        if lines:
            with open_with(lines) as fd:
                code = guarded([*given, "--password-fd", str(fd)])
        else:
            code = guarded(given)
        out, err = self.capture()
        return Ran(code, out, err)

    def look(self, *arguments: str, as_: str = "anna", purpose: str = "support") -> Ran:
        """Run a command that looks at customers under the demo's verified case."""
        return self.run(*arguments, as_=as_, purpose=purpose, reference=self.demo.case)

    def entries(self, **options: str) -> list[dict[str, object]]:
        """Return the newest entries of the log, as the admin reads them, without his own reading."""
        ran = self.run("audit", "list", "--json", as_="frank", limit="100", **options)
        assert ran.code == 0, ran.err
        return [entry for entry in ran.rows if entry["act"] != "audit.listed"]


@contextmanager
def built_once() -> Iterator[None]:
    """Build the tree of all commands once a process: a program builds it for one command, in a tenth of a second."""
    import typer.main  # noqa: PLC0415 - as above

    really = typer.main.get_command
    if isinstance(really, partial):  # who asked for this has it already
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", partial(_built, really))
        yield


@cache
def _built(build: Callable[[object], object], app: object) -> object:
    return build(app)


@contextmanager
def commands_on(company: Demo, root: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    """Give a way to run commands on a copy of the company at ``root``."""
    demos.copied(company, root)

    def capture() -> tuple[str, str]:
        read = capfd.readouterr()
        return read.out, read.err

    with demos.cheap_passwords(), built_once():
        yield Commands(company, root, capture)


@pytest.fixture(autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash in a millisecond what is hashed in this process; a command run as a program hashes as a desk does."""
    with demos.cheap_passwords():
        yield


@pytest.fixture(autouse=True)
def commands_built_once() -> Iterator[None]:
    with built_once():
        yield


@pytest.fixture
def desk(company: Demo, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    with commands_on(company, tmp_path / "home", capfd) as commands:
        yield commands
